"""By what phones follow the status lists: snapshots and the deltas between them, checked under a trust list's keys."""

from issuance.lists import delta, delta_v2
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.verification.trust import Trust, check_status_key


def open_snapshot(data: bytes, trust: Trust) -> Snapshot:
    """A snapshot with a checked signature.

    Raises:
        Refusal.
    """
    signed = delta.unwrap_snapshot(data)
    one = delta.parse_snapshot(signed.payload)
    check_status_key(signed, one.head.shard, trust.status_keys)
    return one


def open_delta(data: bytes, trust: Trust) -> Delta:
    """A delta with a checked signature.

    Raises:
        Refusal.
    """
    signed = delta.unwrap_delta(data)
    one = delta.parse_delta(signed.payload)
    check_status_key(signed, one.head.shard, trust.status_keys)
    return one


def open_snapshot_v2(data: bytes, trust: Trust) -> SnapshotV2:
    """The same of two bits."""
    signed = delta_v2.unwrap_snapshot(data)
    one = delta_v2.parse_snapshot(signed.payload)
    check_status_key(signed, one.head.shard, trust.status_keys)
    return one


def open_delta_v2(data: bytes, trust: Trust) -> DeltaV2:
    """The same of two bits."""
    signed = delta_v2.unwrap_delta(data)
    one = delta_v2.parse_delta(signed.payload)
    check_status_key(signed, one.head.shard, trust.status_keys)
    return one
