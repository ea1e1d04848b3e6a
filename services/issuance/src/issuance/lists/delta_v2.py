"""Status of two bits for scanners that come back often: snapshot and deltas, as delta.py has them of one bit. Pure.

snapshot  1 [organisation id, shard number], 2 version, 3 published at, 4 expires at, 9 epoch,
          10 revoked places, 11 suspended places (compact.py)
delta     1 to 4 and 9 the same, of the state after it, 10 places that are revoked since, 11 suspended since,
          12 good again, 13 SHA-256 of the bit list before, 14 SHA-256 of the bit list after

The bit list is two_bits.py's. A shard's versions are those of its lists of one bit: both are published together.
"""

from dataclasses import dataclass

import cbor2

from issuance.barcode.qr import cose
from issuance.barcode.refusal import Unreadable
from issuance.lists import compact, two_bits
from issuance.lists.delta import Head, Sign, claims_of, hash_of, head_of
from issuance.lists.two_bits import GOOD, REVOKED, SUSPENDED

SNAPSHOT_KIND = "application/schulticket-status.v2+cbor"
DELTA_KIND = "application/schulticket-delta.v2+cbor"
_HEAD = (1, 2, 3, 4, 9)
_SNAPSHOT, _DELTA = (*_HEAD, 10, 11), (*_HEAD, *range(10, 15))
_VALUES = (REVOKED, SUSPENDED, GOOD)


@dataclass(frozen=True)
class SnapshotV2:
    head: Head
    bits: bytes

    def sign(self, key_id: bytes, sign: Sign) -> bytes:
        """A COSE_Sign1 over the head with the epoch, and the places that are revoked and suspended, compact."""
        revoked, suspended = two_bits.places_of(self.bits).encode()
        claims = {**self.head.out(), 9: self.head.epoch, 10: revoked, 11: suspended}
        return cose.sign_list(key_id, SNAPSHOT_KIND, cbor2.dumps(claims, canonical=True), sign)


@dataclass(frozen=True)
class DeltaV2:
    head: Head
    changes: tuple[tuple[int, ...], ...]
    """Places that are revoked, suspended, good since."""
    before: bytes
    after: bytes

    @classmethod
    def between(cls, head: Head, old: bytes, new: bytes) -> "DeltaV2":
        """What changed from the bit list `old` to `new`; `head` is the new state's."""
        changes: tuple[list[int], ...] = [], [], []
        difference = int.from_bytes(old, "little") ^ int.from_bytes(new, "little")
        for at, byte in enumerate(difference.to_bytes(len(new), "little")):
            if byte:
                for place in (at * 4 + lane for lane in range(4) if byte >> 2 * lane & 3):
                    changes[_VALUES.index(two_bits.value_of(new, place))].append(place)
        return cls(head, tuple(map(tuple, changes)), hash_of(old), hash_of(new))

    def sign(self, key_id: bytes, sign: Sign) -> bytes:
        """A COSE_Sign1 over the places that changed, by what they are now, and the hashes before and after."""
        revoked, suspended, good = map(compact.encode, self.changes)
        claims = {**self.head.out(), 9: self.head.epoch, 10: revoked, 11: suspended, 12: good}
        claims |= {13: self.before, 14: self.after}
        return cose.sign_list(key_id, DELTA_KIND, cbor2.dumps(claims, canonical=True), sign)

    def applied_to(self, bits: bytes) -> bytes:
        """The bit list after.

        Raises:
            Unreadable: `delta_does_not_fit` where it was not made for `bits`.
        """
        if hash_of(bits) != self.before:
            raise Unreadable("delta_does_not_fit", "before")
        changed = bytearray(bits)
        for value, places in zip(_VALUES, self.changes, strict=True):
            for place in places:
                shift = 2 * (place & 3)
                changed[place >> 2] = changed[place >> 2] & ~(3 << shift) | value << shift
        after = bytes(changed)
        if hash_of(after) != self.after:
            raise Unreadable("delta_does_not_fit", "after")
        return after


def unwrap_snapshot(data: bytes) -> cose.SignedPayload:
    """The signed bytes, unchecked."""
    return cose.open_list(data, SNAPSHOT_KIND)


def unwrap_delta(data: bytes) -> cose.SignedPayload:
    """The signed bytes, unchecked."""
    return cose.open_list(data, DELTA_KIND)


def parse_snapshot(payload: bytes) -> SnapshotV2:
    """A payload whose signature was checked.

    Raises:
        Unreadable: `snapshot` or `compact`.
    """
    claims = claims_of(payload, _SNAPSHOT, "snapshot")
    match [claims[10], claims[11]]:
        case [bytes(revoked), bytes(suspended)]:
            return SnapshotV2(head_of(claims, "snapshot"), two_bits.decode(revoked, suspended))
    raise Unreadable("snapshot")


def parse_delta(payload: bytes) -> DeltaV2:
    """A payload whose signature was checked.

    Raises:
        Unreadable: `delta` or `compact`.
    """
    claims = claims_of(payload, _DELTA, "delta")
    match [claims[key] for key in range(10, 15)]:
        case [bytes(revoked), bytes(suspended), bytes(good), bytes(before), bytes(after)]:
            if len(before) == len(after) == 32:
                changes = tuple(tuple(compact.decode(one)) for one in (revoked, suspended, good))
                return DeltaV2(head_of(claims, "delta"), changes, before, after)
    raise Unreadable("delta")
