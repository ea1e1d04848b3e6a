"""Status lists: one bit per ticket number, as a Token Status List in CWT form (IETF draft-ietf-oauth-status-list).

A shard is an organisation's tickets with the same upper 12 bits of the number; the lower 20 bits are the place in the
list. The numbers are drawn at random, so the list tells nobody how many tickets there are or who comes after whom.
With the number alone, every reader of the VDV barcode can look a ticket up too.
"""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import cbor2

from issuance.barcode.qr import cose
from issuance.barcode.refusal import Unreadable
from issuance.lists import compact

KIND = "application/statuslist+cwt"
PLACES = compact.PLACES
_CLAIM_SUBJECT, _CLAIM_EXPIRY, _CLAIM_ISSUED, _CLAIM_STATUS_LIST, _CLAIM_TTL = 2, 4, 6, 65533, 65534
_CLAIM_VERSION = -65537
"""Own claim (private use): versions of a shard only grow."""


class Shard(NamedTuple):
    organisation_id: int
    number: int
    """0 to 4095."""

    def __str__(self) -> str:
        return f"{self.organisation_id}-{self.number}"


def parse_shard(text: str) -> Shard:
    """`32838-96`. Raises Unreadable `shard_name`."""
    organisation, _, number = text.partition("-")
    known = organisation.isascii() and organisation.isdecimal() and number.isascii() and number.isdecimal()
    if known and len(organisation) <= 5 and len(number) <= 4:
        shard = Shard(int(organisation), int(number))
        if str(shard) == text and shard.organisation_id < 1 << 16 and shard.number < 1 << 12:
            return shard
    raise Unreadable("shard_name")


def shard_of(organisation_id: int, ticket_number: int) -> Shard:
    return Shard(organisation_id, ticket_number >> 20)


def place_of(ticket_number: int) -> int:
    return ticket_number & (PLACES - 1)


@dataclass(frozen=True)
class StatusList:
    """The state of all tickets of a shard at `published_at`. `bits`: 128 KiB, place 0 is the lowest bit of byte 0."""

    shard: Shard
    version: int
    published_at: datetime
    expires_at: datetime
    bits: bytes

    def is_revoked(self, place: int) -> bool:
        return bool(self.bits[place >> 3] >> (place & 7) & 1)

    def encode(self, subject: str) -> bytes:
        """CWT claims. `subject` is the URI under which the list is published."""
        claims = {
            _CLAIM_SUBJECT: subject,
            _CLAIM_EXPIRY: int(self.expires_at.timestamp()),
            _CLAIM_ISSUED: int(self.published_at.timestamp()),
            _CLAIM_STATUS_LIST: {"bits": 1, "lst": zlib.compress(self.bits, 9)},
            _CLAIM_TTL: int(timedelta(hours=1).total_seconds()),
            _CLAIM_VERSION: self.version,
        }
        return cbor2.dumps(claims, canonical=True)

    def sign(self, subject: str, key_id: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        return cose.sign_list(key_id, KIND, self.encode(subject), sign)


def bits_of(revoked: Iterable[int]) -> bytes:
    """The bit list of a shard from the places that are revoked."""
    return compact.bits_of(revoked)


def subject_of(public_url: str, shard: Shard) -> str:
    """Where the list of a shard is published."""
    return f"{public_url.rstrip('/')}/v1/status-lists/{shard}"


def unwrap(data: bytes) -> cose.Signed:
    """The signed bytes, unchecked."""
    return cose.open_list(data, KIND)


def parse(payload: bytes) -> StatusList:
    """A payload whose signature was checked. Inflates to 128 KiB at most. Raises Unreadable `status_list`."""
    match cose.decode_canonical(payload):
        case {2: str(subject), 4: int(expires), 6: int(issued), 65533: dict(lists), -65537: int(version)}:
            shard = parse_shard(subject.rpartition("/")[2])
        case _:
            raise Unreadable("status_list")
    if lists.keys() != {"bits", "lst"} or lists["bits"] != 1 or not isinstance(lists["lst"], bytes):
        raise Unreadable("status_list", "list")
    if not (0 <= expires < 1 << 33 and 0 <= issued < 1 << 33):
        raise Unreadable("status_list", "time")
    times = datetime.fromtimestamp(issued, UTC), datetime.fromtimestamp(expires, UTC)
    return StatusList(shard, version, *times, _inflate(lists["lst"]))


def _inflate(packed: bytes) -> bytes:
    try:
        machine = zlib.decompressobj()
        bits = machine.decompress(packed, PLACES // 8 + 1)
    except zlib.error as error:
        raise Unreadable("status_list", "compression") from error
    if len(bits) != PLACES // 8 or not machine.eof or machine.unused_data:
        raise Unreadable("status_list", "size")
    return bits
