"""How a scanner follows lists from version to version, and notices when somebody holds something back. Pure.

What comes in has a checked signature; here is asked whether it continues what the scanner has already seen.
Codes: `rollback` an older version, `fork` another history of the same version, `omission` a link is missing,
`other_issuer` another root or shard, `over` past its end.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from issuance.barcode.refusal import Refusal, Unreadable
from issuance.lists.delta import Delta, Head, Snapshot, hash_of
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.trust_list import TrustList


class Broken(Refusal):
    """A list that does not continue what was seen before. The scanner keeps what it has, and it grows old visibly."""


@dataclass(frozen=True)
class ShardState:
    """The state of a shard as a scanner has it."""

    head: Head
    bits: bytes

    @classmethod
    def of(cls, snapshot: Snapshot | SnapshotV2) -> "ShardState":
        """The state that a snapshot describes."""
        return cls(snapshot.head, snapshot.bits)


def start(known: ShardState | None, snapshot: Snapshot | SnapshotV2, at: datetime) -> ShardState:
    """Begin with a snapshot, or jump to a newer one.

    Raises:
        Broken.
    """
    if at > snapshot.head.expires_at:
        raise Broken("over")
    if known is not None:
        _check_newer(known, snapshot)
    return ShardState.of(snapshot)


def follow(known: ShardState, deltas: Iterable[Delta | DeltaV2], at: datetime) -> ShardState:
    """Apply deltas in the order of their versions; what is known already is passed over.

    All or nothing: where one link is missing, the state stays as it was, and a snapshot is needed.

    Raises:
        Broken.
    """
    state = known
    for delta in deltas:
        head = delta.head
        if head.shard != state.head.shard:
            raise Broken("other_issuer", str(head.shard))
        if head.version < state.head.version:
            continue
        if head.version == state.head.version:
            if delta.after != hash_of(state.bits):
                raise Broken("fork", str(head.version))
            continue
        if head.version > state.head.version + 1:
            raise Broken("omission", f"{state.head.version} to {head.version}")
        if head.published_at < state.head.published_at or head.epoch < state.head.epoch:
            raise Broken("rollback", "time or epoch")
        try:
            state = ShardState(head, delta.applied_to(state.bits))
        except Unreadable as error:
            raise Broken("fork", str(head.version)) from error
    if at > state.head.expires_at:
        raise Broken("over")
    return state


def _check_newer(known: ShardState, snapshot: Snapshot | SnapshotV2) -> None:
    head = snapshot.head
    if head.shard != known.head.shard:
        raise Broken("other_issuer", str(head.shard))
    if head.version < known.head.version or head.published_at < known.head.published_at:
        raise Broken("rollback", f"{known.head.version} to {head.version}")
    # a list of two bits follows one of one bit, and the other way round: their bits cannot be compared
    is_of_one_form = len(snapshot.bits) == len(known.bits)
    if is_of_one_form and head.epoch < known.head.epoch:
        raise Broken("rollback", f"epoch {known.head.epoch} to {head.epoch}")
    if is_of_one_form and head.version == known.head.version and snapshot.bits != known.bits:
        raise Broken("fork", str(head.version))


@dataclass(frozen=True)
class Pin:
    """What a scanner remembers of the trust list that it has."""

    root: bytes
    version: int
    digest: bytes

    @classmethod
    def of(cls, listed: TrustList) -> "Pin":
        """Root, version and SHA-256 of the claims: another list of the same version is not the same one."""
        return cls(listed.root, listed.version, hashlib.sha256(listed.encode()).digest())


def pin(known: Pin | None, listed: TrustList, at: datetime) -> Pin:
    """Take a trust list whose signature by its root was checked.

    Raises:
        Broken.
    """
    newer = Pin.of(listed)
    if at > listed.expires_at:
        raise Broken("over")
    if known is None:
        return newer
    if newer.root != known.root:
        raise Broken("other_issuer")
    if newer.version < known.version:
        raise Broken("rollback", f"{known.version} to {newer.version}")
    if newer.version == known.version and newer.digest != known.digest:
        raise Broken("fork", str(newer.version))
    return newer
