"""Mails as rows: written in the transaction of what they tell, worked off afterwards.

A row has no name and no words, only which template it is, and a link. The address goes when the mail was taken or is
given up. The row stays for some weeks, so that a report that comes late finds what it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.database import UtcDateTime
from shared.errors import Language
from shared.runtime.worker import Backoff
from shared.transitions import Transitions

PAUSES = Backoff(first_seconds=60.0, longest_seconds=4 * 3600.0)
"""Between two tries of one mail. A greylisting server takes it after some minutes; our own choice."""
KEPT = timedelta(days=30)
"""So long a row stays when it is over: servers try for five days at most (RFC 5321, 4.5.4.1), and people may be slow to
mend a mailbox for reports."""


class MailState(StrEnum):
    """`refused`: no server takes it. `expired`: nobody took it in time. Both mean that it was not delivered."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"
    EXPIRED = "expired"


MAIL_STATES = Transitions(
    begins=frozenset({MailState.WAITING}),
    follows={
        MailState.WAITING: frozenset({MailState.TAKEN, MailState.REFUSED, MailState.EXPIRED}),
        MailState.TAKEN: frozenset({MailState.REFUSED}),
        MailState.REFUSED: frozenset(),
        MailState.EXPIRED: frozenset(),
    },
)


@dataclass(frozen=True)
class Mail:
    """One that is to go out. `id` is drawn by whoever writes it, or derived from what it tells: one id goes once."""

    id: UUID
    template: str
    language: Language
    address: str
    link: str
    queued_at: datetime


@dataclass(frozen=True)
class MailEnd:
    """How a mail ended: taken by the server, or not delivered. A taken one may still come back."""

    id: UUID
    template: str
    state: MailState
    code: str
    at: datetime
    row: Mapping[str, Any]
    """All columns, so also those by which the service says what the mail is about."""

    @property
    def failed(self) -> bool:
        """It did not reach the mailbox."""
        return self.state in (MailState.REFUSED, MailState.EXPIRED)

    @property
    def of_recipient(self) -> bool:
        """It failed for the mailbox's own sake: not for a server of ours that was away, or did not know us (5.7)."""
        code = self.code.rpartition(" ")[2]
        return self.state is MailState.REFUSED or (self.state is MailState.EXPIRED and code != "" and code[1:3] != ".7")


def mail_table(metadata: sa.MetaData, *of_service: sa.Column[Any] | sa.Index) -> sa.Table:
    """`of_service`: columns that say what a mail is about, with foreign keys by which its rows go with a family."""
    waits = sa.text("state = 'waiting'")
    return sa.Table(
        "mail",
        metadata,
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("address", sa.String(254)),
        sa.Column("link", sa.String(500)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("queued_at", UtcDateTime, nullable=False),
        sa.Column("next_try_at", UtcDateTime),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("code", sa.String(20), nullable=False, server_default=""),
        sa.Column("ended_at", UtcDateTime),
        *of_service,
        sa.Index("mail_waiting", "next_try_at", sqlite_where=waits, postgresql_where=waits),
        sa.Index("mail_ended_at", "ended_at"),
    )


class MailRows:
    """The statements on a service's table of mails, in one session."""

    def __init__(self, session: Session, table: sa.Table) -> None:
        self._connection = session.connection()
        self._table = table

    def queue(self, mail: Mail, **of_service: Any) -> bool:
        """Have it sent, if this transaction commits. False, and nothing written, where one of its id is there."""
        table = self._table
        if self._connection.execute(sa.select(table.c.id).where(table.c.id == str(mail.id))).first() is not None:
            return False
        values = {
            **vars(mail),
            "id": str(mail.id),
            "state": MAIL_STATES.begin(MailState.WAITING),
            "next_try_at": mail.queued_at,
        }
        self._connection.execute(table.insert().values(**values, **of_service))
        return True

    def is_due(self, now: datetime, queued_before: datetime) -> bool:
        """Whether one is to be tried, or has waited since before that moment."""
        values = {"now": now, "queued_before": queued_before}
        return self._connection.execute(_due(self._table), values).first() is not None

    def take_next(self, now: datetime) -> Mapping[str, Any] | None:
        """The one that is due longest, with its next try put off: whoever dies while sending does not hammer.

        None where nothing is due.
        """
        table = self._table
        due = (waits(table), table.c.next_try_at <= now)
        query = sa.select(table).where(*due).order_by(table.c.next_try_at).limit(1).with_for_update(skip_locked=True)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        attempts = row["attempts"] + 1
        pause = timedelta(seconds=PAUSES.pause_after(attempts))
        self._set(row["id"], {"attempts": attempts, "next_try_at": now + pause})
        return dict(row)

    def put_back(self, mail_id: UUID, now: datetime) -> None:
        """It was not tried: due at once."""
        put_back = {"next_try_at": now, "attempts": self._table.c.attempts - 1}
        self._set(str(mail_id), put_back, waits(self._table))

    def note_delay(self, mail_id: UUID, code: str) -> None:
        """It is tried again when its pause is over."""
        self._set(str(mail_id), {"code": code})

    def end(self, mail_id: UUID, state: MailState, code: str, now: datetime) -> MailEnd | None:
        """Not waiting any more; its address and link go. None where it has ended so before, or has not been here."""
        row = self._find(mail_id)
        if row is None or MailState(row["state"]) not in MAIL_STATES.before(state):
            return None
        values = {"state": state, "code": code, "ended_at": now, "address": None, "link": None, "next_try_at": None}
        self._set(str(mail_id), values)
        return MailEnd(mail_id, row["template"], state, code, now, row)

    def last_code(self, mail_id: UUID) -> str:
        """What the server said last; empty where it said nothing, or there is no such mail."""
        query = sa.select(self._table.c.code).where(self._table.c.id == str(mail_id))
        return self._connection.execute(query).scalar_one_or_none() or ""

    def over_due(self, queued_before: datetime, limit: int) -> list[UUID]:
        """Those that wait for too long, by id."""
        table = self._table
        late = (waits(table), table.c.queued_at < queued_before)
        return [
            UUID(each) for each in self._connection.execute(sa.select(table.c.id).where(*late).limit(limit)).scalars()
        ]

    def forget(self, ended_before: datetime, limit: int) -> int:
        """Drop those that ended longest ago. Returns how many went."""
        table = self._table
        old = sa.select(table.c.id).where(table.c.ended_at < ended_before).order_by(table.c.ended_at).limit(limit)
        gone = list(self._connection.execute(old).scalars())
        self._connection.execute(table.delete().where(table.c.id.in_(gone)))
        return len(gone)

    def _find(self, mail_id: UUID) -> Mapping[str, Any] | None:
        query = sa.select(self._table).where(self._table.c.id == str(mail_id)).with_for_update()
        row = self._connection.execute(query).mappings().first()
        return None if row is None else dict(row)

    def _set(self, mail_id: str, values: Mapping[str, Any], *more: sa.ColumnElement[bool]) -> None:
        self._connection.execute(self._table.update().where(self._table.c.id == mail_id, *more).values(**values))


@cache
def _due(table: sa.Table) -> sa.Select[Any]:
    """Built once: every commit wakes who asks, and building took longer than asking."""
    now = sa.bindparam("now", type_=UtcDateTime)
    queued_before = sa.bindparam("queued_before", type_=UtcDateTime)
    due = (table.c.next_try_at <= now) | (table.c.queued_at < queued_before)
    return sa.select(table.c.id).where(waits(table), due).limit(1)


def waits(table: sa.Table) -> sa.ColumnElement[bool]:
    """Written out: only so SQLite uses the partial index, and no look goes through all that were sent."""
    return table.c.state == sa.literal_column("'waiting'")


def waiting_since(table: sa.Table) -> sa.Select[Any]:
    """For the gauge of the backlog (`shared.runtime.operations.show_work`)."""
    return sa.select(table.c.queued_at.label("since")).where(waits(table))
