"""Status for scanners that come back often: a compact snapshot, and signed deltas that form a chain. Pure.

Both are tagged COSE_Sign1 by a key of use `status`. Payloads are canonical CBOR maps:

snapshot  1 [organisation id, shard number], 2 version, 3 published at, 4 expires at, 5 revoked places (compact.py)
delta     1 to 4 the same, of the state after it, 5 newly revoked places, 6 restored places,
          7 SHA-256 of the bit list before, 8 SHA-256 of the bit list after

A delta leads from version n-1 to n. The hashes make every omission, rollback and fork show: see follow.py.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import cbor2

from issuance.barcode.qr import cbor, cose
from issuance.barcode.qr.cbor import is_whole
from issuance.barcode.refusal import Unreadable
from issuance.lists import compact
from issuance.lists.status_list import Shard

SNAPSHOT_KIND = "application/schulticket-status+cbor"
DELTA_KIND = "application/schulticket-delta+cbor"

_MOST_VERSION = 1 << 53
MOST_SECONDS = 1 << 33

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Head:
    shard: Shard
    version: int
    published_at: datetime
    expires_at: datetime
    epoch: int = 0
    """Of the signer's database; lists of one bit do not say it."""

    def out(self) -> dict[int, object]:
        """The claims that snapshots, deltas and filters begin with: shard, version, times in seconds since 1970."""
        times = {3: int(self.published_at.timestamp()), 4: int(self.expires_at.timestamp())}
        return {1: list(self.shard), 2: self.version, **times}


@dataclass(frozen=True)
class Snapshot:
    head: Head
    bits: bytes
    """128 KiB, place 0 is the lowest bit of byte 0."""

    def sign(self, key_id: bytes, sign: Sign) -> bytes:
        """A COSE_Sign1 over the head and the places that are revoked, compact."""
        claims = {**self.head.out(), 5: compact.encode(compact.places_of(self.bits))}
        return cose.sign_list(key_id, SNAPSHOT_KIND, cbor2.dumps(claims, canonical=True), sign)


@dataclass(frozen=True)
class Delta:
    head: Head
    revoked: tuple[int, ...]
    restored: tuple[int, ...]
    before: bytes
    after: bytes

    @classmethod
    def between(cls, head: Head, old: bytes, new: bytes) -> "Delta":
        """What changed from the bit list `old` to `new`; `head` is the new state's."""
        before, after = (int.from_bytes(bits, "little") for bits in (old, new))
        size = len(new)
        revoked, restored = after & ~before, before & ~after
        died, live = (tuple(compact.places_of(one.to_bytes(size, "little"))) for one in (revoked, restored))
        return cls(head, died, live, hash_of(old), hash_of(new))

    def sign(self, key_id: bytes, sign: Sign) -> bytes:
        """A COSE_Sign1 over what was revoked and restored since, and SHA-256 of the bits before and after."""
        changes = {5: compact.encode(self.revoked), 6: compact.encode(self.restored)}
        claims = {**self.head.out(), **changes, 7: self.before, 8: self.after}
        return cose.sign_list(key_id, DELTA_KIND, cbor2.dumps(claims, canonical=True), sign)

    def applied_to(self, bits: bytes) -> bytes:
        """The bit list after.

        Raises:
            Unreadable: `delta_does_not_fit` where it was not made for `bits`.
        """
        if hash_of(bits) != self.before:
            raise Unreadable("delta_does_not_fit", "before")
        changed = bytearray(bits)
        for place in (*self.revoked, *self.restored):
            changed[place >> 3] ^= 1 << (place & 7)
        after = bytes(changed)
        if hash_of(after) != self.after:
            raise Unreadable("delta_does_not_fit", "after")
        return after


def hash_of(bits: bytes) -> bytes:
    """SHA-256 of a shard's bits: a delta names it for the state that it begins at, and for the one that it leads to."""
    return hashlib.sha256(bits).digest()


def unwrap_snapshot(data: bytes) -> cose.SignedPayload:
    """The signed bytes, unchecked."""
    return cose.open_list(data, SNAPSHOT_KIND)


def unwrap_delta(data: bytes) -> cose.SignedPayload:
    """The signed bytes, unchecked."""
    return cose.open_list(data, DELTA_KIND)


def parse_snapshot(payload: bytes) -> Snapshot:
    """A payload whose signature was checked.

    Raises:
        Unreadable: `snapshot` or `compact`.
    """
    claims = claims_of(payload, range(1, 6), "snapshot")
    match claims[5]:
        case bytes(places):
            return Snapshot(head_of(claims, "snapshot"), compact.bits_of(compact.decode(places)))
    raise Unreadable("snapshot")


def parse_delta(payload: bytes) -> Delta:
    """A payload whose signature was checked.

    Raises:
        Unreadable: `delta` or `compact`.
    """
    claims = claims_of(payload, range(1, 9), "delta")
    match [claims[key] for key in range(5, 9)]:
        case [bytes(revoked), bytes(restored), bytes(before), bytes(after)] if len(before) == len(after) == 32:
            places = tuple(compact.decode(revoked)), tuple(compact.decode(restored))
            return Delta(head_of(claims, "delta"), *places, before, after)
    raise Unreadable("delta")


def claims_of(payload: bytes, keys: Sequence[int], what: str) -> Mapping[object, object]:
    """Exactly these.

    Args:
        keys: the whole numbers by which the claims are named.

    Raises:
        Unreadable.
    """
    claims = cbor.decode(payload)
    if not isinstance(claims, dict) or claims.keys() != set(keys):
        raise Unreadable(what)
    return claims


def head_of(claims: Mapping[object, object], what: str) -> Head:
    """Keys 1 to 4, and 9 where the list has two bits.

    Raises:
        Unreadable.
    """
    match claims[1]:
        case [organisation, number] if is_whole(organisation, 1 << 16) and is_whole(number, 1 << 12):
            shard = Shard(organisation, number)
        case _:
            raise Unreadable(what, "head")
    version, published, expires, epoch = (claims.get(key) for key in (2, 3, 4, 9))
    if not is_whole(version, _MOST_VERSION, 1) or (9 in claims and not is_whole(epoch, _MOST_VERSION, 1)):
        raise Unreadable(what, "head")
    if not is_whole(published, MOST_SECONDS) or not is_whole(expires, MOST_SECONDS):
        raise Unreadable(what, "head")
    times = datetime.fromtimestamp(published, UTC), datetime.fromtimestamp(expires, UTC)
    return Head(shard, version, *times, epoch if isinstance(epoch, int) else 0)
