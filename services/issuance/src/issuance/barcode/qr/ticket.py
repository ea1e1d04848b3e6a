"""The ticket in the signed QR: CWT claims (RFC 8392) and own ones, as integer keys, in canonical CBOR.

| key | claim |
|---|---|
| 4, 5 | valid until and from: seconds since 1970 (CWT exp, nbf) |
| 7 | 8 random bytes, unique for ever (CWT cti): all state hangs on it or on the number, never on the scanned text |
| -1 | organisation id of the customer contract partner |
| -2 | ticket number; its upper 12 bits name the status shard, its lower 20 bits the place there |
| -3 | product number |
| -4 | area, as number in the list of organisation 5000 (1 Germany, 11 North Rhine-Westphalia); missing: another list |
| -5 | birth date: days since 1900-01-01; where it is known in part 2^17 + 13 * year + month (0: not known) |
| -6, -7 | first name (missing where there is none), last name |
| -8 | 1 where the name was cut |

CWT leaves -1 to -255 unassigned; a one-byte key is worth the symbol size. -5 to -8 are missing in the profile
without personal data.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from struct import Struct
from typing import Any, NamedTuple

import cbor2
from shared.birth_dates import BirthDate, PartlyKnownDate

from issuance.barcode.qr import base45, cbor, cose
from issuance.barcode.qr.names import shorten
from issuance.barcode.refusal import NotGenuine, Unreadable

PREFIX = "S1:"
_ROTATING = re.compile(r"#[0-9]{1,12}\.[0-9]{6,8}\Z")
"""What wallets add behind a code that changes (FORMAT.md): nobody has signed it, and no verdict hangs on it."""
MOST_CHARACTERS = 262
"""Version 9, level M, alphanumeric mode (ISO/IEC 18004, table 7)."""
MOST_ANONYMOUS_CHARACTERS = 221
"""Version 8: the profile without personal data is read from farther away."""
_EPOCH = date(1900, 1, 1)
_KNOWN_IN_PART = 1 << 17
"""As days this would be in 2258: no child's, so readers of before show a wrong date but refuse no ticket."""
_LATEST_YEAR = 2199
_EPOCH_ORDINAL = _EPOCH.toordinal()
_REQUIRED = {4: int, 5: int, 7: bytes, -1: int, -2: int, -3: int}
_OPTIONAL = {-4: int, -5: int, -6: str, -7: str, -8: int}
_KNOWN = {**_REQUIRED, **_OPTIONAL}
_NEEDED = frozenset(_REQUIRED)
_USUAL = Struct(">B2sI2sI2s8s2sH2sI2sH")
"""Nearly every ticket begins so: a map, and claims 4, 5, 7, -1, -2, -3 with these heads between the values."""
_HEADS = tuple(bytes.fromhex(head) for head in ("041A", "051A", "0748", "2019", "211A", "2219"))
_AREA, _BIRTH_DATE, _FIRST_NAME, _LAST_NAME, _CUT = 0x23, 0x24, 0x25, 0x26, 0x27
"""-4 to -8 as CBOR writes them."""
_LIMITS = {4: 1 << 33, 5: 1 << 33, -1: 1 << 16, -2: 1 << 32, -3: 1 << 16, -4: 1 << 16, -5: 1 << 18, -8: 2}


class QrTicket(NamedTuple):
    """What the QR code says. Times are aware; names as cut by names.shorten."""

    token_id: bytes
    organisation_id: int
    number: int
    product: int
    valid_from: datetime
    valid_until: datetime
    area: int | None = None
    birth_date: BirthDate | None = None
    first_name: str = ""
    last_name: str = ""
    name_cut: bool = False

    @classmethod
    def of(
        cls,
        *,
        token_id: bytes,
        organisation_id: int,
        number: int,
        product: int,
        valid_from: datetime,
        valid_until: datetime,
        area: int | None = None,
        birth_date: BirthDate | None = None,
        first_name: str = "",
        last_name: str = "",
    ) -> "QrTicket":
        """A ticket from full names: they are cut here where the symbol has no room for them.

        Args:
            product, area: numbers of the organisation.
        """
        name = shorten(first_name, last_name)
        # in UTC: Python holds times of a doubled hour in another zone unequal to everything
        times = valid_from.astimezone(UTC), valid_until.astimezone(UTC)
        head = token_id, organisation_id, number, product, *times
        return cls(*head, area, birth_date, name.first, name.last, name.cut)

    def encode(self) -> bytes:
        """The payload as a deterministic CBOR map of claims (FORMAT.md); what is empty is left out."""
        claims: dict[int, object] = {
            4: int(self.valid_until.timestamp()),
            5: int(self.valid_from.timestamp()),
            7: self.token_id,
            -1: self.organisation_id,
            -2: self.number,
            -3: self.product,
        }
        if self.area is not None:
            claims[-4] = self.area
        if self.birth_date is not None:
            claims[-5] = _birth_number(self.birth_date)
        if self.first_name:
            claims[-6] = self.first_name
        if self.last_name:
            claims[-7] = self.last_name
        if self.name_cut:
            claims[-8] = 1
        return cbor2.dumps(claims, canonical=True)


def write(ticket: QrTicket, key_id: bytes, sign: Callable[[bytes], bytes]) -> str:
    """The text of the QR code.

    Raises:
        ValueError: where a claim is out of range: nothing unreadable is signed.
    """
    payload = ticket.encode()
    if parse_claims(payload) != ticket:
        raise ValueError("the ticket would not be read as it was meant")
    text = PREFIX + base45.encode(cose.sign_ticket(key_id, payload, sign))
    is_anonymous = not ticket.last_name and ticket.birth_date is None
    most, version = (MOST_ANONYMOUS_CHARACTERS, 8) if is_anonymous else (MOST_CHARACTERS, 9)
    if len(text) > most:
        raise ValueError(f"{len(text)} characters do not fit version {version} at level M")
    return text


def unwrap(text: str) -> cose.SignedPayload:
    """The signed bytes of a QR text, unchecked.

    Raises:
        Unreadable: `not_a_schulticket_qr`, `too_long`, `base45` ….
    """
    if not text.startswith(PREFIX) or not text.isascii():
        raise Unreadable("not_a_schulticket_qr", "does not begin with S1:")
    text = _ROTATING.sub("", text)
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long", f"{len(text)} characters")
    return cose.open_ticket(base45.decode(text[len(PREFIX) :]))


def parse_claims(payload: bytes) -> QrTicket:
    """The claims of a payload whose signature was checked.

    Raises:
        NotGenuine: `claims` for what is not as above.
    """
    return _usual(payload) or _any(payload)


def _usual(payload: bytes) -> QrTicket | None:
    """A ticket of the usual widths in canonical form, read without a CBOR library: a fifth of the time. None for all
    else, be it another width, another form or nonsense: `_any` decides, and a test holds both side by side.
    """
    size, at = len(payload), _USUAL.size
    if size < at:
        return None
    count, h4, until, h5, start, h7, token, h_1, org, h_2, number, h_3, product = _USUAL.unpack_from(payload)
    # a number that would fit a shorter head is not in canonical form
    is_short = until < 0x10000 or start < 0x10000 or org < 0x100 or number < 0x10000 or product < 0x100
    if (h4, h5, h7, h_1, h_2, h_3) != _HEADS or is_short:
        return None
    previous, more = 0, dict[int, Any]()
    try:
        while at < size:
            key, head = payload[at], payload[at + 1]
            if key <= previous:
                return None
            at, more[key] = _claim(payload, key, head, at + 2)
            previous = key
    except (IndexError, ValueError):  # cut, no UTF-8, or not of the usual widths
        return None
    if at != size or count != 0xA6 + len(more):
        return None
    get = more.get
    times = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(until, UTC)
    names = get(_FIRST_NAME, ""), get(_LAST_NAME, "")
    return QrTicket(token, org, number, product, *times, get(_AREA), get(_BIRTH_DATE), *names, _CUT in more)


def _claim(payload: bytes, key: int, head: int, at: int) -> tuple[int, Any]:
    """Where the claim ends, and its value.

    Raises:
        ValueError.
        IndexError: for what is not of the usual width.
    """
    if _FIRST_NAME <= key <= _LAST_NAME and 0x61 <= head <= 0x77:
        end = at + head - 0x60
        return end, payload[at:end].decode()
    if key == _BIRTH_DATE and head == 0x19 and payload[at]:
        return at + 2, date.fromordinal(_EPOCH_ORDINAL + (payload[at] << 8 | payload[at + 1]))
    if (key == _AREA and head < 24) or (key == _CUT and head == 1):
        return at, head
    raise ValueError


def _any(payload: bytes) -> QrTicket:
    claims: Any = cbor.decode(payload)
    if not isinstance(claims, dict) or not _NEEDED <= claims.keys() <= _KNOWN.keys():
        raise NotGenuine("claims", "missing or unknown")
    for key, value in claims.items():
        _check_claim(key, value)
    if len(claims[7]) != 8 or claims.get(-6) == "" or claims.get(-7) == "" or claims.get(-8) == 0:
        raise NotGenuine("claims", "not in canonical form")
    birth_date = _birth_date(claims[-5]) if -5 in claims else None
    until, start = (datetime.fromtimestamp(claims[key], UTC) for key in (4, 5))
    head = claims[7], claims[-1], claims[-2], claims[-3], start, until
    return QrTicket(*head, claims.get(-4), birth_date, claims.get(-6, ""), claims.get(-7, ""), -8 in claims)


def _birth_number(born: BirthDate) -> int:
    if isinstance(born, PartlyKnownDate):
        return _KNOWN_IN_PART + 13 * born.year + born.month
    return (born - _EPOCH).days


def _birth_date(number: int) -> BirthDate:
    if number < _KNOWN_IN_PART:
        return _EPOCH + timedelta(days=number)
    year, month = divmod(number - _KNOWN_IN_PART, 13)
    if not _EPOCH.year <= year <= _LATEST_YEAR:
        raise NotGenuine("claims", "range of -5")
    return PartlyKnownDate(year, month)


def _check_claim(key: int, value: object) -> None:
    if type(value) is not _KNOWN[key]:  # not isinstance: True is no number here
        raise NotGenuine("claims", f"type of {key}")
    if isinstance(value, int) and not 0 <= value < _LIMITS[key]:
        raise NotGenuine("claims", f"range of {key}")
