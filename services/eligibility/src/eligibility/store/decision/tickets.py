"""Tickets as the signer tells of them, what stands against a right to ride, and what the desk asked."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.dialect import insert_of
from shared.events import AuthorityId
from sqlmodel import Field

from eligibility.domain.ids import ApplicationId
from eligibility.domain.ticket import KnownTicket, RightMark, TicketRequest, What
from eligibility.store.base import Tables
from eligibility.store.tables import Row, where


class TicketRow(Row, table=True):
    __tablename__ = "ticket"
    ticket_id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(index=True, max_length=36)
    authority_id: str = Field(max_length=32)
    number: int = Field(sa_type=sa.BigInteger)
    organisation_id: int
    state: str = Field(max_length=10)
    reason: str = Field(max_length=20)
    since: datetime = Field(sa_type=UtcDateTime)
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_until: datetime = Field(sa_type=UtcDateTime)
    step: int
    replaces: str | None = Field(default=None, max_length=36)
    last_day: date | None = None


class RightMarkRow(Row, table=True):
    """Of an application, and by the child's digest of every other one of the child."""

    __tablename__ = "right_mark"
    __table_args__: ClassVar[Any] = (
        sa.Index("right_mark_open", "application_id", **where("settled_at IS NULL OR settled_at < at")),
    )
    application_id: str = Field(primary_key=True, max_length=36)
    what: str = Field(primary_key=True, max_length=10)
    child: str | None = Field(default=None, index=True, max_length=64)
    """Keyed digest; None: not known, or told apart from another child."""
    reason: str = Field(max_length=20)
    at: datetime = Field(sa_type=UtcDateTime)
    """As the signer says, not when it was heard: its news come in any order."""
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """What was marked until then stands against nothing."""


class TicketRequestRow(Row, table=True):
    __tablename__ = "ticket_request"
    request_id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(index=True, max_length=36)
    number: int = Field(sa_type=sa.BigInteger)
    organisation_id: int
    change: str = Field(max_length=10)
    reason: str = Field(max_length=200)
    asked_by: str = Field(max_length=255)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=10)
    refused: str = Field(max_length=40)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class QuotaRow(Row, table=True):
    __tablename__ = "signature_quota"
    authority_id: str = Field(primary_key=True, max_length=32)
    until: datetime = Field(sa_type=UtcDateTime)


QUOTA: sa.Table = Row.metadata.tables["signature_quota"]
QUOTA_OF = sa.select(QUOTA.c.until).where(QUOTA.c.authority_id == sa.bindparam("of"))
TICKET: sa.Table = Row.metadata.tables["ticket"]
RIGHT_MARK: sa.Table = Row.metadata.tables["right_mark"]
TICKET_REQUEST: sa.Table = Row.metadata.tables["ticket_request"]
OF_APPLICATION = (
    sa.select(TICKET).where(TICKET.c.application_id == sa.bindparam("of")).order_by(TICKET.c.valid_from, TICKET.c.since)
)
ONE = sa.select(TICKET.c.step, TICKET.c.since).where(TICKET.c.ticket_id == sa.bindparam("of"))
MINE = (RIGHT_MARK.c.application_id == sa.bindparam("mine")) | RIGHT_MARK.c.child.in_(
    sa.bindparam("digests", expanding=True)
)
UNSETTLED = RIGHT_MARK.c.settled_at.is_(None) | (RIGHT_MARK.c.settled_at < RIGHT_MARK.c.at)
OPEN_MARKS = sa.select(RIGHT_MARK).where(MINE, UNSETTLED).order_by(RIGHT_MARK.c.at)
REQUESTS = (
    sa.select(TICKET_REQUEST)
    .where(TICKET_REQUEST.c.application_id == sa.bindparam("of"))
    .order_by(TICKET_REQUEST.c.asked_at)
)


class TicketTables(Tables):
    def keep_ticket(self, ticket: KnownTicket) -> datetime | None:
        """Keep what the signer told, unless a later step is known. Returns since when it holds; None: it was known, or
        is older."""
        known = self.one(ONE, of=str(ticket.ticket_id))
        if known is not None and known["step"] >= ticket.step:
            return None
        since = ticket.since if known is None else max(ticket.since, known["since"])
        row = vars(ticket) | {"ticket_id": str(ticket.ticket_id), "application_id": str(ticket.application_id)}
        row |= {"replaces": str(ticket.replaces) if ticket.replaces else None, "since": since}
        self.upsert(TICKET, ["ticket_id"], [row])
        return since

    def tickets_of(self, application_id: ApplicationId) -> Sequence[KnownTicket]:
        """All tickets of the application, by their first day."""
        return [_ticket(row) for row in self.rows(OF_APPLICATION, of=str(application_id))]

    def keep_quota(self, authority_id: AuthorityId, until: datetime) -> None:
        """The latest counts, whenever it is heard."""
        known = self.quota_until(authority_id)
        if known is None or known < until:
            self.upsert(QUOTA, ["authority_id"], [{"authority_id": authority_id, "until": until}])

    def quota_until(self, authority_id: AuthorityId) -> datetime | None:
        """Until when the signer signs no more for this authority; None: it was not told so."""
        row = self.one(QUOTA_OF, of=authority_id)
        return None if row is None else row["until"]

    def mark_right(self, mark: RightMark, child: str | None, *, in_turn: bool = False) -> None:
        """The newest stands, whenever it is heard; one from before it was settled opens nothing again.

        Args:
            in_turn: known to come after what was settled at the same moment.
        """
        row = {"application_id": str(mark.application_id), "what": mark.what, "child": child, "reason": mark.reason}
        insert = insert_of(self.session)(RIGHT_MARK)
        told, kept = insert.excluded, RIGHT_MARK.c
        newer = told.at >= kept.at
        again = (told.at > kept.settled_at) | ((told.at == kept.settled_at) if in_turn else sa.false())
        values = {
            "child": told.child,
            "reason": sa.case((newer, told.reason), else_=kept.reason),
            "at": sa.case((newer, told.at), else_=kept.at),
            "settled_at": sa.case((again, sa.null()), else_=kept.settled_at),
        }
        newest = insert.on_conflict_do_update(index_elements=["application_id", "what"], set_=values)
        self.run(newest, [row | {"at": mark.at}])

    def marks_against(self, application_id: ApplicationId, digests: Collection[str]) -> Sequence[RightMark]:
        """What stands against the right of this application or of a child with one of these digests, the oldest
        first."""
        rows = self.rows(OPEN_MARKS, mine=str(application_id), digests=sorted(digests))
        return [right_mark(row) for row in rows]

    def settle_marks(
        self, application_id: ApplicationId, digests: Collection[str], what: Collection[What], at: datetime
    ) -> None:
        """What was marked until `at`. Of the application's own it is kept besides, for a mark that is heard later."""
        mine = {"mine": str(application_id), "digests": sorted(digests)}
        earlier = MINE & RIGHT_MARK.c.what.in_(sorted(what)) & (RIGHT_MARK.c.at <= at)
        self.run(RIGHT_MARK.update().where(earlier, _settled_before(at)).values(settled_at=at), mine)
        insert = insert_of(self.session)(RIGHT_MARK).on_conflict_do_nothing()
        row = {"application_id": str(application_id), "child": None, "reason": "", "at": at, "settled_at": at}
        self.run(insert, [row | {"what": each} for each in sorted(what)])

    def settle_shown(self, marks: Collection[RightMark], now: datetime) -> None:
        """These alone, as they were when a person was told of them."""
        for each in marks:
            mine = RIGHT_MARK.c.application_id == str(each.application_id), RIGHT_MARK.c.what == each.what
            at = max(now, each.at)
            self.run(RIGHT_MARK.update().where(*mine, RIGHT_MARK.c.at == each.at).values(settled_at=at))

    def keep_ticket_request(self, request: TicketRequest) -> None:
        """Keep what a person asked of a ticket."""
        ids = {"request_id": str(request.request_id), "application_id": str(request.application_id)}
        self.run(TICKET_REQUEST.insert(), vars(request) | ids)

    def answer_ticket_request(self, request_id: UUID, state: str, refused: str, now: datetime) -> None:
        """Note what became of it. One that is answered already stays as it is."""
        waiting = TICKET_REQUEST.c.request_id == str(request_id), TICKET_REQUEST.c.state == "asked"
        self.run(TICKET_REQUEST.update().where(*waiting).values(state=state, refused=refused, answered_at=now))

    def ticket_requests_of(self, application_id: ApplicationId) -> Sequence[TicketRequest]:
        """What was asked of this application's tickets, the oldest first."""
        return [_request(row) for row in self.rows(REQUESTS, of=str(application_id))]


def right_mark(row: sa.RowMapping) -> RightMark:
    """A row of the table of what stands against rights."""
    return RightMark(ApplicationId(UUID(row["application_id"])), row["what"], row["reason"], row["at"])


def _settled_before(at: datetime) -> sa.ColumnElement[bool]:
    return RIGHT_MARK.c.settled_at.is_(None) | (RIGHT_MARK.c.settled_at < at)


def _ticket(row: sa.RowMapping) -> KnownTicket:
    values: dict[str, Any] = dict(row)
    ids = {"ticket_id": UUID(row["ticket_id"]), "application_id": ApplicationId(UUID(row["application_id"]))}
    return KnownTicket(**values | ids | {"replaces": UUID(row["replaces"]) if row["replaces"] else None})


def _request(row: sa.RowMapping) -> TicketRequest:
    values: dict[str, Any] = dict(row)
    ids = {"request_id": UUID(row["request_id"]), "application_id": ApplicationId(UUID(row["application_id"]))}
    return TicketRequest(**values | ids)
