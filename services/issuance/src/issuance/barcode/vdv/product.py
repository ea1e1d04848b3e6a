"""The product part `85` of a ticket message (section 6): DA basic data, DB traveller, DC area, D7 medium, D6 device."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.birth_dates import BirthDate

from issuance.barcode.refusal import Unreadable
from issuance.barcode.vdv import areas, names, tlv
from issuance.barcode.vdv.areas import Area
from issuance.barcode.vdv.calendar import decode_birth_date, encode_birth_date

TAG_BASIC, TAG_TRAVELLER, TAG_AREA, TAG_MEDIUM, TAG_SECURE_ELEMENT = 0xDA, 0xDB, 0xDC, 0xD7, 0xD6
TAG_EFM_PRODUCT, TAG_PRIVATE = 0xDD, 0xDE
"""Named by one reader, without contents; kept as they are, like every element that nobody describes."""
PASSENGER_PUPIL = 19
FIXED_BYTES = 68
"""Length of the untagged product part of one association (RMV)."""


@dataclass(frozen=True)
class Basic:
    """Exactly 17 bytes; all zero is legal and says nothing."""

    payment_type: int = 0
    passenger_type: int = PASSENGER_PUPIL
    companions: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    """Two pairs of passenger type and count."""
    transport_category: int = 0
    service_class: int = 0
    price_cents: int = 0
    value_added_tax: int = 0
    """Raw: readers disagree about the unit; 0 is safe."""
    price_level: int = 0
    sales_product: int = 0

    def encode(self) -> bytes:
        """The 17 bytes of TAG_BASIC."""
        (first, first_count), (second, second_count) = self.companions
        head = (self.payment_type, self.passenger_type, first, first_count, second, second_count)
        money = self.price_cents.to_bytes(3, "big") + self.value_added_tax.to_bytes(2, "big")
        tail = bytes((self.price_level,)) + self.sales_product.to_bytes(3, "big")
        return bytes((*head, self.transport_category, self.service_class)) + money + tail


def parse_basic(value: bytes) -> Basic:
    """The value of TAG_BASIC.

    Raises:
        Unreadable: `basic_data_length` unless it has 17 bytes.
    """
    if len(value) != 17:
        raise Unreadable("basic_data_length", str(len(value)))
    companions = ((value[2], value[3]), (value[4], value[5]))
    price, tax = int.from_bytes(value[8:11], "big"), int.from_bytes(value[11:13], "big")
    sales_product = int.from_bytes(value[14:17], "big")
    return Basic(value[0], value[1], companions, value[6], value[7], price, tax, value[13], sales_product)


@dataclass(frozen=True)
class Traveller:
    """`gender`: 0 not given, 1 male, 2 female, 3 diverse. Names as they stand in the barcode."""

    name: names.BarcodeName
    birth_date: BirthDate | None
    gender: int = 0

    def encode(self) -> bytes:
        """The value of TAG_TRAVELLER: gender, birth date (BCD), name."""
        return bytes((self.gender,)) + encode_birth_date(self.birth_date) + self.name.encode()


def parse_traveller(value: bytes) -> Traveller:
    """5 bytes and the name. Of a birth date day and month may be 00; what is no date is taken as not given."""
    if len(value) < 5:
        raise Unreadable("traveller_length", str(len(value)))
    return Traveller(names.parse(value[5:]), decode_birth_date(value[1:5]), value[0])


@dataclass(frozen=True)
class SecureElement:
    """To which device a ticket is bound (D6, Motics): registering organisation, type, serial number."""

    organisation_id: int
    kind: int
    serial: bytes

    def encode(self) -> bytes:
        """The value of TAG_SECURE_ELEMENT: organisation, kind, serial number."""
        return self.organisation_id.to_bytes(2, "big") + self.kind.to_bytes(2, "big") + self.serial


def parse_secure_element(value: bytes) -> SecureElement:
    """The value of TAG_SECURE_ELEMENT; a serial of any length, also of none."""
    return SecureElement(int.from_bytes(value[:2], "big"), int.from_bytes(value[2:4], "big"), value[4:])


@dataclass(frozen=True)
class Product:
    """The elements in the order in which readers have met them: DA, DB, D7, DC, others."""

    basic: Basic | None = None
    traveller: Traveller | None = None
    area: Area | None = None
    medium: str = ""
    """Identification medium: a letter (S pupil's card, P identity card …) and its number."""
    others: tuple[tuple[int, bytes], ...] = ()
    raw: bytes = b""
    """Set only where the part is not made of elements: `free_text`, or RMV's 68 bytes."""
    secure_element: SecureElement | None = None

    @property
    def free_text(self) -> str | None:
        """What some issuers write instead of elements; None where it is no text."""
        if not self.raw or len(self.raw) == FIXED_BYTES:
            return None
        text = self.raw.decode("iso-8859-15")
        return text if text.isprintable() else None

    def encode(self) -> bytes:
        """The parts that are there, as TLV; what was read from a code comes out as it came in (`raw`)."""
        if self.raw:
            return self.raw
        parts = []
        if self.basic is not None:
            parts.append(tlv.write(TAG_BASIC, self.basic.encode()))
        if self.traveller is not None:
            parts.append(tlv.write(TAG_TRAVELLER, self.traveller.encode()))
        if self.medium:
            parts.append(tlv.write(TAG_MEDIUM, self.medium.encode("iso-8859-15")))
        if self.secure_element is not None:
            parts.append(tlv.write(TAG_SECURE_ELEMENT, self.secure_element.encode()))
        if self.area is not None:
            parts.append(tlv.write(TAG_AREA, self.area.encode()))
        return b"".join(parts) + b"".join(tlv.write(tag, value) for tag, value in self.others)


def parse_product(value: bytes) -> Product:
    """By tag, in any order; the same element twice is refused, because readers would show different ones."""
    try:
        elements = tlv.read_all(value)
    except Unreadable:
        return Product(raw=value)
    tags = [element.tag for element in elements]
    if len(set(tags)) != len(tags):
        raise Unreadable("product_element_twice")
    return _product(elements)


def _product(elements: Sequence[tlv.Element]) -> Product:
    basic: Basic | None = None
    traveller: Traveller | None = None
    area: Area | None = None
    medium = ""
    secure_element: SecureElement | None = None
    others = []
    for tag, value, _ in elements:
        if tag == TAG_BASIC:
            basic = parse_basic(value)
        elif tag == TAG_TRAVELLER:
            traveller = parse_traveller(value)
        elif tag == TAG_AREA:
            area = areas.parse(value)
        elif tag == TAG_MEDIUM:
            medium = value.decode("iso-8859-15")
        elif tag == TAG_SECURE_ELEMENT and len(value) >= 4:
            secure_element = parse_secure_element(value)
        else:
            others.append((tag, value))
    return Product(basic, traveller, area, medium, tuple(others), secure_element=secure_element)
