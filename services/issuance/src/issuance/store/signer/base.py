"""What every part of the store has: the session, and the outbox."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.audit.rows import Kind
from shared.bus import outbox, stations
from shared.events import Event
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

TICKETS = "pairs of holder and grant"
"""The one turn of all who keep a pair or change tickets, taken before the first row is locked: transactions have whole
batches, which meet the same pairs, tickets, ends, shards and counters in another order, and would wait for each other.
Who deletes what waits, or publishes a shard, locks rows too. SQLite has one writer anyway, and signatures are made
outside."""


class Tables:
    """A part of the store, in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._turn_taken_in: SessionTransaction | None = None

    def emit(self, *events: Event) -> None:
        """Puts the events into the outbox, in this transaction."""
        outbox.emit(self.session, *events)
        stations.note(self.session, *events)

    def on_record(self, kind: Kind, key: UUID) -> None:
        """Rows of this key were written (store.signer.on_record)."""
        trail.keep(self.session, kind, key)

    def _in_turn(self, what: str, *, beside_others: bool = False) -> None:
        """Until this transaction ends no other one that names the same goes on: it then sees what this one has written.
        SQLite has one writer anyway.

        Args:
            beside_others: only those that do not say so wait.
        """
        if self.session.get_bind().dialect.name == "sqlite":
            return
        number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big") >> 1
        lock = sa.func.pg_advisory_xact_lock_shared if beside_others else sa.func.pg_advisory_xact_lock
        self.session.connection().execute(sa.select(lock(number)))

    def _tickets_in_turn(self) -> None:
        """Asked once in a transaction, and once in each savepoint, with which it would be given back."""
        within = self.session.get_nested_transaction() or self.session.get_transaction()
        if within is None or within is not self._turn_taken_in:
            self._in_turn(TICKETS)
            self._turn_taken_in = within

    def _execute(self, statement: Any) -> int:
        return int(self.session.exec(statement).rowcount)

    def _all(self, query: Any, **values: Any) -> Sequence[sa.Row[Any]]:
        return self.session.connection().execute(query, values).all()

    def _run(self, statement: Any, values: Sequence[dict[str, Any]]) -> None:
        if values:
            self.session.connection().execute(statement, values)
