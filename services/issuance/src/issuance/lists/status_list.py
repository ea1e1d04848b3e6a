"""Status lists: one or two bits per ticket number, as Token Status Lists in CWT form (draft-ietf-oauth-status-list).

The list of two bits (0 good, 1 revoked, 2 suspended) has a kind and claims of its own, and says the epoch of the
signer's database. The one of one bit stays beside it for readers from before: who is suspended is on it too.

A shard is an organisation's tickets with the same upper 12 bits of the number; the lower 20 bits are the place in the
list. The numbers are derived by a key, so the list tells nobody how many tickets there are or who comes after whom.
With the number alone, every reader of the VDV barcode can look a ticket up too.
"""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import cbor2

from issuance.barcode.qr import cbor, cose
from issuance.barcode.qr.cbor import is_whole
from issuance.barcode.refusal import Unreadable
from issuance.lists import compact, two_bits
from issuance.lists.two_bits import REVOKED, SUSPENDED

KIND = "application/statuslist+cwt"
KIND_V2 = "application/schulticket-statuslist.v2+cwt"
PLACES = compact.PLACES
_CLAIM_SUBJECT, _CLAIM_EXPIRY, _CLAIM_ISSUED, _CLAIM_STATUS_LIST, _CLAIM_TTL = 2, 4, 6, 65533, 65534
_CLAIM_VERSION = -65537
"""Own claim (private use): versions of a shard only grow."""
_CLAIM_VERSION_V2, _CLAIM_EPOCH = -65538, -65539
_MOST_VERSION = 1 << 53


class Shard(NamedTuple):
    organisation_id: int
    number: int
    """0 to 4095."""

    def __str__(self) -> str:
        return f"{self.organisation_id}-{self.number}"


def parse_shard(text: str) -> Shard:
    """`32838-96`.

    Raises:
        Unreadable: `shard_name`.
    """
    organisation, _, number = text.partition("-")
    known = organisation.isascii() and organisation.isdecimal() and number.isascii() and number.isdecimal()
    if known and len(organisation) <= 5 and len(number) <= 4:
        shard = Shard(int(organisation), int(number))
        if str(shard) == text and shard.organisation_id < 1 << 16 and shard.number < 1 << 12:
            return shard
    raise Unreadable("shard_name")


def shard_of(organisation_id: int, ticket_number: int) -> Shard:
    """The shard of a ticket: its organisation, and its number without the 20 low bits."""
    return Shard(organisation_id, ticket_number >> 20)


def place_of(ticket_number: int) -> int:
    """The place of a ticket in its shard: the 20 low bits of its number."""
    return ticket_number & (PLACES - 1)


@dataclass(frozen=True)
class StatusList:
    """The state of all tickets of a shard at `published_at`.

    `bits`: one bit a place (128 KiB, place 0 is the lowest bit of byte 0), or two (two_bits.py).
    """

    shard: Shard
    version: int
    published_at: datetime
    expires_at: datetime
    bits: bytes
    epoch: int = 0
    """Of the signer's database; a list of one bit does not say it."""

    @property
    def has_two_bits(self) -> bool:
        """Whether it tells suspended from revoked; by the length of its bits."""
        return len(self.bits) == two_bits.SIZE

    def value_of(self, place: int) -> int:
        """GOOD, REVOKED or SUSPENDED. A list of one bit calls a suspended ticket revoked.

        Args:
            place: within the shard.
        """
        return two_bits.value_of(self.bits, place) if self.has_two_bits else self.bits[place >> 3] >> (place & 7) & 1

    def is_revoked(self, place: int) -> bool:
        """Whether the ticket at this place is revoked; in a list of one bit it may only be suspended."""
        return self.value_of(place) == REVOKED

    def is_suspended(self, place: int) -> bool:
        """Whether it is not good for now; a list of one bit never says so.

        Args:
            place: within the shard.
        """
        return self.value_of(place) == SUSPENDED

    def encode(self, subject: str) -> bytes:
        """CWT claims. `subject` is the URI under which the list is published."""
        versions = {_CLAIM_VERSION_V2: self.version, _CLAIM_EPOCH: self.epoch} if self.has_two_bits else {}
        claims = {
            _CLAIM_SUBJECT: subject,
            _CLAIM_EXPIRY: int(self.expires_at.timestamp()),
            _CLAIM_ISSUED: int(self.published_at.timestamp()),
            _CLAIM_STATUS_LIST: {"bits": 1 + self.has_two_bits, "lst": zlib.compress(self.bits, 9)},
            _CLAIM_TTL: int(timedelta(hours=1).total_seconds()),
            **(versions or {_CLAIM_VERSION: self.version}),
        }
        return cbor2.dumps(claims, canonical=True)

    def sign(self, subject: str, key_id: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        """A COSE_Sign1 (Token Status List, CWT).

        Args:
            subject: the address under which it is published.
        """
        return cose.sign_list(key_id, KIND_V2 if self.has_two_bits else KIND, self.encode(subject), sign)


def bits_of(revoked: Iterable[int]) -> bytes:
    """The bit list of a shard from the places that are revoked."""
    return compact.bits_of(revoked)


def subject_of(public_url: str, status: StatusList) -> str:
    """Where the list of a shard is published."""
    return f"{public_url.rstrip('/')}/{'v2' if status.has_two_bits else 'v1'}/status-lists/{status.shard}"


def unwrap(data: bytes) -> cose.SignedPayload:
    """The signed bytes of a list of one bit, unchecked."""
    return cose.open_list(data, KIND)


def unwrap_v2(data: bytes) -> cose.SignedPayload:
    """The signed bytes of a list of two bits, unchecked."""
    return cose.open_list(data, KIND_V2)


def parse(payload: bytes) -> StatusList:
    """A payload of one bit whose signature was checked. Inflates to 128 KiB.

    Raises:
        Unreadable: `status_list`.
    """
    claims = cbor.decode(payload)
    return _parsed(claims, 1, claims.get(_CLAIM_VERSION) if isinstance(claims, dict) else None)


def parse_v2(payload: bytes) -> StatusList:
    """The same of two bits: 256 KiB at most."""
    claims = cbor.decode(payload)
    if not isinstance(claims, dict) or not is_whole(claims.get(_CLAIM_EPOCH), _MOST_VERSION, 1):
        raise Unreadable("status_list", "epoch")
    one = _parsed(claims, 2, claims.get(_CLAIM_VERSION_V2))
    two_bits.check(one.bits)
    return replace(one, epoch=claims[_CLAIM_EPOCH])


def _parsed(claims: object, width: int, version: object) -> StatusList:
    match claims:
        case {2: str(subject), 4: expires, 6: issued, 65533: dict(lists)}:
            shard = parse_shard(subject.rpartition("/")[2])
        case _:
            raise Unreadable("status_list")
    packed = lists.get("lst")
    is_list = lists.keys() == {"bits", "lst"} and is_whole(lists["bits"], width + 1, width)
    if not is_list or not isinstance(packed, bytes) or not is_whole(version, _MOST_VERSION, 1):
        raise Unreadable("status_list", "list")
    if not is_whole(expires, 1 << 33) or not is_whole(issued, 1 << 33):
        raise Unreadable("status_list", "time")
    times = datetime.fromtimestamp(issued, UTC), datetime.fromtimestamp(expires, UTC)
    return StatusList(shard, version, *times, _inflate(packed, width * PLACES // 8))


def _inflate(packed: bytes, size: int) -> bytes:
    try:
        machine = zlib.decompressobj()
        bits = machine.decompress(packed, size + 1)
    except zlib.error as error:
        raise Unreadable("status_list", "compression") from error
    if len(bits) != size or not machine.eof or machine.unused_data:
        raise Unreadable("status_list", "size")
    return bits
