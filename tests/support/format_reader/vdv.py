"""The VDV code, as the document says: envelope, chain of certificates, message."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha1
from zoneinfo import ZoneInfo

from support.format_reader.forms import Stop, Ticket, tlv, tlvs

BERLIN = ZoneInfo("Europe/Berlin")
MODULUS = {3: 192, 4: 128, 5: 128, 6: 128, 7: 248}


@dataclass
class Certificate:
    profile: int
    issuer: bytes
    holder: bytes
    cha: bytes
    end: date
    oid: bytes
    n: int
    e: int

    @property
    def size(self) -> int:
        return MODULUS[self.profile]


def content_of(data: bytes) -> Certificate:
    if len(data) < 34 or data[0] not in MODULUS:
        raise Stop("unreadable", "certificate_profile")
    at = 32 + (9 if data[32] == 0x2A else 7)
    end = at + MODULUS[data[0]]
    if len(data) != end + 4:
        raise Stop("unreadable", "certificate_length")
    try:
        until = datetime.strptime(data[28:32].hex(), "%Y%m%d").date()
    except ValueError:
        raise Stop("unreadable", "date_impossible") from None
    n, e = int.from_bytes(data[at:end], "big"), int.from_bytes(data[end:], "big")
    if data[at] < 128 or e < 3 or e % 2 == 0:
        raise Stop("unreadable", "certificate_modulus")
    return Certificate(data[0], data[1:9], data[9:21], data[21:28], until, data[32:at], n, e)


def recovered(signature: bytes, rest: bytes, key: Certificate) -> bytes:
    if len(signature) != key.size:
        raise Stop("unreadable", "signature_length")
    number = int.from_bytes(signature, "big")
    block = pow(number, key.e, key.n).to_bytes(key.size, "big")
    if number >= key.n or block[0] != 0x6A or block[-1] != 0xBC:
        raise Stop("invalid", "signature_wrong")
    message = block[1:-21] + rest
    if sha1(message).digest() != block[-21:-1]:
        raise Stop("invalid", "hash_wrong")
    return message


def authorities(certificates: list[bytes]) -> dict[bytes, Certificate]:
    """Sub-CAs that open under a root of the set, by name."""
    roots, rest, found = list[Certificate](), list[dict[int, bytes]](), dict[bytes, Certificate]()
    for data in certificates:
        inner = dict(tlvs(tlv(data, 0)[1]))
        if 0x5F4E in inner and content_of(inner[0x5F4E]).holder[4:] == content_of(inner[0x5F4E]).issuer:
            roots.append(content_of(inner[0x5F4E]))
        else:
            rest.append(inner)
    for inner in rest:
        for root in roots:
            try:
                one = content_of(recovered(inner[0x5F37], inner[0x5F38], root))
            except Stop:
                continue
            if one.issuer == root.holder[4:] and one.cha == b"VDV_KA\x30" and one.holder[:4] == bytes(4):
                found[one.holder[4:]] = one
    return found


def envelopes(data: bytes) -> list[tuple[bytes, bytes, bytes, bytes]]:
    """Signature, rest, certificate, name of the sub-CA of each ticket."""
    if data[:1] == b"\xef":
        if len(data) > 2048:
            raise Stop("unreadable", "too_long")
        _, inner, end = tlv(data, 0)
        _end_at(data, end)
        count, at = _expected(inner, 0, 0x90)
        if len(count) != 1 or not 1 <= count[0] <= 4:
            raise Stop("unreadable", "ticket_count")
        return _full(inner, at, count[0])
    if data[:3] != b"\x9e\x81\x80":
        raise Stop("unreadable", "not_a_vdv_ticket")
    if len(data) > 1024:
        raise Stop("unreadable", "too_long")
    return _full(data, 0, 1)


def _full(data: bytes, at: int, count: int) -> list[tuple[bytes, bytes, bytes, bytes]]:
    pairs = []
    for _ in range(count):
        signature, at = _expected(data, at, 0x9E)
        rest, at = _expected(data, at, 0x9A)
        pairs.append((signature, rest))
    is_reduced = tlv(data, at)[0] == 0x5F20 and data[0] == 0x9E
    last, at = _expected(data, at, 0x5F20 if is_reduced else 0x7F21)
    issuer, at = (last, at) if is_reduced else _expected(data, at, 0x42)
    if not is_reduced and len(issuer) != 8:
        raise Stop("unreadable", "issuer_name_length")
    if any(len(rest) < 5 or rest[-5:-2] != b"VDV" for _, rest in pairs):
        raise Stop("unreadable", "message_trailer")
    if is_reduced and len(last) != 12:
        raise Stop("unreadable", "holder_length")
    if not (is_reduced and len(data) == at + 1 and data[at] in (len(data), len(data) - 1)):
        _end_at(data, at)
    if is_reduced:
        return [(b"", b"", b"", b"")]
    if [tag for tag, _ in tlvs(last)] != [0x5F37, 0x5F38]:
        raise Stop("unreadable", "certificate_form")
    return [(signature, rest, last, issuer) for signature, rest in pairs]


def _expected(data: bytes, at: int, tag: int) -> tuple[bytes, int]:
    found, value, end = tlv(data, at)
    if found != tag:
        raise Stop("unreadable", "envelope_order")
    return value, end


def _end_at(data: bytes, end: int) -> None:
    after = data[end:]
    if after in (b"\r", b"\n", b"\r\n", b"\t"):
        raise Stop("unreadable", "line_end_after_code")
    if after:
        raise Stop("invalid", "trailing_bytes")


def opened(
    one: tuple[bytes, bytes, bytes, bytes], known: dict[bytes, Certificate]
) -> tuple[bytes, Certificate, Certificate]:
    """Message, module, sub-CA."""
    signature, rest, certificate, issuer = one
    if not certificate:
        raise Stop("unknown_issuer", "module_certificate_not_enclosed")
    if issuer not in known:
        raise Stop("unknown_issuer", "unknown_sub_ca")
    inner = dict(tlvs(certificate))
    module = content_of(recovered(inner[0x5F37], inner[0x5F38], known[issuer]))
    if module.issuer != issuer:
        raise Stop("invalid", "certificate_linkage")
    if module.holder[:4] == bytes(4) or module.cha != b"VDV_KA\x22":
        raise Stop("invalid", "certificate_role")
    if module.oid != bytes.fromhex("2B240304020201") or module.size != 128:
        raise Stop("invalid", "certificate_use")
    return recovered(signature, rest, module), module, known[issuer]


def ticket_of(message: bytes, module: Certificate) -> Ticket:
    if len(message) < 111:
        raise Stop("unreadable", "message_length")
    body = message[:-5]
    tag, product, at = tlv(body, 18)
    extra, _, at = tlv(body, at + 17)
    issue, padding = body[at : at + 12], body[at + 12 :]
    if tag != 0x85 or extra != 0x8A or len(issue) != 12:
        raise Stop("unreadable", "message_product_tag")
    if any(padding):
        raise Stop("unreadable", "message_padding")
    if issue[9:] != module.holder[9:]:
        raise Stop("invalid", "module_number_wrong")
    elements = tlvs(product)
    if len({tag for tag, _ in elements}) != len(elements):
        raise Stop("unreadable", "product_element_twice")
    first, last, born = _holder(dict(elements).get(0xDB, bytes(5)))
    return {
        "number": int.from_bytes(body[:4], "big"),
        "organisation_id": int.from_bytes(body[4:6], "big"),
        "product": int.from_bytes(body[6:8], "big"),
        "from": moment(int.from_bytes(body[10:14], "big"), 0),
        "until": moment(int.from_bytes(body[14:18], "big"), 1),
        "first_name": first,
        "last_name": last,
        "birth_date": born,
    }


def _holder(data: bytes) -> tuple[str, str, str | None]:
    name, digits = data[5:].rstrip(b"\0").decode("iso-8859-15"), data[1:5].hex()
    mark = "#" if "#" in name else "@" if "@" in name else ""
    first, last = name.split(mark, 1) if mark else ("", name)
    born = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return first, last, None if digits == "00000000" else born


def moment(value: int, fold: int) -> float | None:
    """Seconds since 1970."""
    if not value:
        return None
    hour = value >> 11 & 31
    try:
        day = datetime(
            1990 + (value >> 25), value >> 21 & 15, value >> 16 & 31, hour % 24, value >> 5 & 63, value % 32 * 2
        )
    except ValueError:
        raise Stop("unreadable", "time_impossible") from None
    return (day + timedelta(days=hour // 24)).replace(tzinfo=BERLIN, fold=fold).timestamp()


def end_of_key(at: float, module: Certificate, sub_ca: Certificate) -> str:
    day = datetime.fromtimestamp(at, BERLIN).date()
    digits = module.holder[2:7].hex()
    first = date(2000 + int(digits[4:6]), int(digits[6:8]), int(digits[8:]))
    months = int(digits[:2]) * 12 + int(digits[2:4])
    last = date(2000 + months // 12, months % 12 + 1, 1) - timedelta(days=1)
    if day > sub_ca.end:
        return "sub_ca_certificate_expired"
    if day > module.end or day > last:
        return "module_certificate_expired"
    return "module_certificate_not_yet_valid" if day < first else ""
