"""Mistakes that only a cluster shows, and control runs: a cluster without a safeguard of which it is said that it needs
it. What is not found here would say that the safeguard, or the checker, is for nothing."""

# mypy: disable-error-code="assignment,method-assign,attr-defined,misc"

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from chaos.planted.defect import Defect
from chaos.planted.one_machine import event_after_commit, look_away, marked_before_ack, no_inbox_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.cluster import Cluster
    from shared.copies.fence import Claim
    from shared.copies.keepers import SessionKeeper
    from sqlalchemy.orm import Session

SYNC = "sync_interval: always,"
UNSYNCED = "synchronous_commit = off\nwal_writer_delay = 10s\nwal_writer_flush_after = 1GB\n"
ALL_KILLS = ("service-away", "third-killed", "any-killed")


def _no_turns() -> None:
    from shared.bus import erasures

    erasures.take_turns = lambda _session, _of: None


def _one_address() -> None:
    from shared.bus import connection

    read = connection.read_addresses

    def read_first(url: str) -> Sequence[str]:
        return read(url)[:1]

    connection.read_addresses = read_first


def _no_fence() -> None:
    from shared.copies.fence import Claim
    from shared.copies.keepers import SessionKeeper

    def claim(_self: SessionKeeper, own: int | None) -> Claim:
        return Claim(own or 1)

    def check(_self: SessionKeeper, _session: Session, _own: int) -> bool:
        return True

    SessionKeeper.claim, SessionKeeper.check = claim, check


def _any_broker() -> None:
    """What comes back is used as it is, and nobody compares it with what was told."""
    from shared.bus import declared

    declared._check_sync = lambda _told: None
    look_away()


def sync_seldom(cluster: Cluster) -> None:
    """NATS's own default: each two minutes."""
    for each in cluster.plan.servers.members:
        text = each.configuration.read_text(encoding="utf-8")
        assert SYNC in text
        each.configuration.write_text(text.replace(SYNC, ""), encoding="utf-8")


def commit_unsynced(cluster: Cluster) -> None:
    with (cluster.plan.postgresql.data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write(UNSYNCED)
        file.flush()
        os.fsync(file.fileno())


def _no_outbox() -> None:
    event_after_commit()
    marked_before_ack()


def _nothing() -> None:
    pass


CLUSTER_DEFECTS: dict[str, Defect] = {
    "turns-not-taken": Defect("two copies handle events of one application at one moment", _no_turns,
                              ("service-away", "copy-paused")),
    "one-address": Defect("clients know one server of the bus", _one_address, ("server-away",)),
    "two-signers": Defect("control: both signers work, nothing fences them", _no_fence, ("any-killed",)),
    "no-inbox": Defect("control: hearers do not note what they have heard", no_inbox_row, ALL_KILLS),
    "no-outbox": Defect("control: events are told after the commit, by who then waits for no answer", _no_outbox,
                        ("quorum-lost", *ALL_KILLS)),
    "lazy-sync": Defect("control: the bus syncs each two minutes, as NATS does by itself, and is used so",
                        _any_broker, ("power-cut-of-all",), prepare=sync_seldom, needs_disks=True),
    "lazy-commit": Defect("control: PostgreSQL acknowledges before it has synced", _nothing, ("power-cut-of-all",),
                          prepare=commit_unsynced, needs_disks=True),
    "asynchronous-standby": Defect("control: a standby that nobody waited for is promoted", _nothing,
                                   ("postgresql-failed-over",), environment={"CHAOS_ASYNCHRONOUS": "yes"}),
}  # fmt: skip
