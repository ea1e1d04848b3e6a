"""The product part `85` of a ticket message (section 6): DA (basic data), DB (traveller), DC (area), D7 (medium)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from issuance.barcode.refusal import Unreadable
from issuance.barcode.vdv import names, tlv
from issuance.barcode.vdv.calendar import decode_bcd, encode_bcd

TAG_BASIC, TAG_TRAVELLER, TAG_AREA, TAG_MEDIUM = 0xDA, 0xDB, 0xDC, 0xD7
PASSENGER_PUPIL = 19
AREA_LIST_3_BYTES, AREA_LIST_2_BYTES = 0x0D, 0x0F


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
        (first, first_count), (second, second_count) = self.companions
        head = (self.payment_type, self.passenger_type, first, first_count, second, second_count)
        money = self.price_cents.to_bytes(3, "big") + self.value_added_tax.to_bytes(2, "big")
        tail = bytes((self.price_level,)) + self.sales_product.to_bytes(3, "big")
        return bytes((*head, self.transport_category, self.service_class)) + money + tail


def parse_basic(value: bytes) -> Basic:
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
    birth_date: date | None
    gender: int = 0

    def encode(self) -> bytes:
        return bytes((self.gender,)) + encode_bcd(self.birth_date) + self.name.encode()


def parse_traveller(value: bytes) -> Traveller:
    """5 bytes and the name. A birth date that is no date (partly unknown, such as 1984-00-00) is taken as not given."""
    if len(value) < 5:
        raise Unreadable("traveller_length", str(len(value)))
    try:
        birth_date = decode_bcd(value[1:5])
    except Unreadable:
        birth_date = None
    return Traveller(names.parse(value[5:]), birth_date, value[0])


@dataclass(frozen=True)
class Area:
    """Where the ticket is valid: for the plain lists the numbers of areas of an organisation, else raw bytes.

    Organisation 5000: 1 is Germany, 11 is North Rhine-Westphalia.
    """

    organisation_id: int
    numbers: tuple[int, ...] = ()
    kind: int = AREA_LIST_2_BYTES
    raw: bytes = b""

    def encode(self) -> bytes:
        head = bytes((self.kind,)) + self.organisation_id.to_bytes(2, "big")
        if self.kind not in (AREA_LIST_2_BYTES, AREA_LIST_3_BYTES):
            return head + self.raw
        width = 2 if self.kind == AREA_LIST_2_BYTES else 3
        return head + b"".join(number.to_bytes(width, "big") for number in self.numbers)


def parse_area(value: bytes) -> Area:
    """The two plain big-endian lists are taken apart; the other types keep their bytes."""
    if len(value) < 3:
        raise Unreadable("area_length", str(len(value)))
    kind, organisation_id, body = value[0], int.from_bytes(value[1:3], "big"), value[3:]
    width = {AREA_LIST_3_BYTES: 3, AREA_LIST_2_BYTES: 2}.get(kind)
    if width is None:
        return Area(organisation_id, (), kind, body)
    if len(body) % width:
        raise Unreadable("area_length", f"{len(body)} bytes in a list of {width}-byte numbers")
    numbers = tuple(int.from_bytes(body[at : at + width], "big") for at in range(0, len(body), width))
    return Area(organisation_id, numbers, kind)


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
    """Set only where the part is not made of elements (free text, or RMV's 68 bytes)."""

    def encode(self) -> bytes:
        if self.raw:
            return self.raw
        parts = []
        if self.basic is not None:
            parts.append(tlv.write(TAG_BASIC, self.basic.encode()))
        if self.traveller is not None:
            parts.append(tlv.write(TAG_TRAVELLER, self.traveller.encode()))
        if self.medium:
            parts.append(tlv.write(TAG_MEDIUM, self.medium.encode("iso-8859-15")))
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
    others = []
    for tag, value, _ in elements:
        if tag == TAG_BASIC:
            basic = parse_basic(value)
        elif tag == TAG_TRAVELLER:
            traveller = parse_traveller(value)
        elif tag == TAG_AREA:
            area = parse_area(value)
        elif tag == TAG_MEDIUM:
            medium = value.decode("iso-8859-15")
        else:
            others.append((tag, value))
    return Product(basic, traveller, area, medium, tuple(others))
