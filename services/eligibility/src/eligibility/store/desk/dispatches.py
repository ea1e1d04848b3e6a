"""How notices are on their way to their addressees, and each step of that. All of it goes with its notice."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar, cast
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.errors import Unavailable
from shared.events import AuthorityId
from shared.runtime.backlog import key_column, may_be_tried
from sqlmodel import Field

from eligibility.domain.decision import Decision
from eligibility.domain.dispatch import (
    DISPATCH_STATES,
    Dispatch,
    DispatchId,
    DispatchState,
    DispatchStep,
    FailureReason,
    Way,
)
from eligibility.domain.ids import CaseId, DecisionId, NoticeToken
from eligibility.domain.seal import SealState
from eligibility.notice.notice import Notice
from eligibility.store.base import Tables, from_text
from eligibility.store.decision.decisions import decision_from
from eligibility.store.tables import DECISION, NOTICE, Row, where
from eligibility.workflow.delivery.steps import WORKER

IS_OPEN = "state IN ('provided', 'announced', 'queued', 'printed')"


class DispatchRow(Row, table=True):
    """`dispatch_open`: an addressee has one open dispatch of a notice at most, so no letter is made twice."""

    __tablename__ = "dispatch"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("token", "recipient", "number", name="dispatch_number"),
        sa.Index("dispatch_open", "token", "recipient", unique=True, **where(IS_OPEN)),
        sa.Index("dispatch_to_look_at", "look_on", **where("look_on IS NOT NULL")),
        sa.Index("dispatch_letters", "authority_id", "way", "state", "since", "id"),
        sa.Index("dispatch_of_case", "case_id"),
    )
    id: str = Field(primary_key=True, max_length=36)
    token: str = Field(foreign_key="notice.token", ondelete="CASCADE", max_length=32)
    decision_id: str = Field(max_length=36)
    case_id: str = Field(max_length=36)
    authority_id: str = Field(max_length=32)
    recipient: int
    number: int
    way: str = Field(max_length=10)
    state: str = Field(max_length=10)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    since: datetime = Field(sa_type=UtcDateTime)
    provided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    announced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str | None = Field(default=None, max_length=16)
    day: date | None = None
    look_on: date | None = None


class DispatchStepRow(Row, table=True):
    __tablename__ = "dispatch_step"
    token: str = Field(primary_key=True, foreign_key="notice.token", ondelete="CASCADE", max_length=32)
    number: int = Field(primary_key=True)
    dispatch_id: str = Field(max_length=36)
    state: str = Field(max_length=10)
    at: datetime = Field(sa_type=UtcDateTime)
    noted_at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=255)
    reason: str | None = Field(default=None, max_length=16)
    day: date | None = None


DISPATCH: sa.Table = Row.metadata.tables["dispatch"]
STEP: sa.Table = Row.metadata.tables["dispatch_step"]
BEGIN = DISPATCH.insert().inline()
NOTE = STEP.insert().inline()
OF_NOTICE = (
    sa.select(DISPATCH).where(DISPATCH.c.token == sa.bindparam("of")).order_by(DISPATCH.c.recipient, DISPATCH.c.number)
)
STEPS_OF_NOTICE = sa.select(STEP).where(STEP.c.token == sa.bindparam("of")).order_by(STEP.c.number)
IS_READY = NOTICE.c.pdf_digest.is_not(None) & (NOTICE.c.seal.is_(None) | (NOTICE.c.seal != SealState.WAITING))
READY = sa.select(NOTICE.c.token).where(NOTICE.c.token == DISPATCH.c.token, IS_READY)
DISPATCHES_DUE = (
    sa.select(DISPATCH)
    .where(
        DISPATCH.c.look_on.is_not(None),
        DISPATCH.c.look_on <= sa.bindparam("today", type_=sa.Date),
        may_be_tried(WORKER, key_column(DISPATCH.c.id)),
        (DISPATCH.c.way != "portal") | (DISPATCH.c.state != "queued") | DISPATCH.c.token.in_(READY),
    )
    .order_by(DISPATCH.c.look_on, DISPATCH.c.id)
    .limit(sa.bindparam("most"))
)


class DispatchTables(Tables):
    def begin_dispatch(self, dispatch: Dispatch, step: DispatchStep) -> None:
        """Raises Unavailable where this addressee has an open one of the notice already."""
        DISPATCH_STATES.check(None, dispatch.state)
        try:
            self.run(BEGIN, _values(dispatch))
            self.run(NOTE, _step_values(dispatch.token, step))
        except sa.exc.IntegrityError as error:
            raise Unavailable(DISPATCH_STATES.refused) from error

    def move_dispatch(self, dispatch: Dispatch, step: DispatchStep) -> None:
        """Raises Unavailable where it stands otherwise in the meantime."""
        before = DISPATCH.c.state.in_(DISPATCH_STATES.before(dispatch.state))
        values = _values(dispatch)
        moved = DISPATCH.update().where(DISPATCH.c.id == str(dispatch.id), before).values(values)
        try:
            self.change_one(moved, {}, DISPATCH_STATES.refused)
            self.run(NOTE, _step_values(dispatch.token, step))
        except sa.exc.IntegrityError as error:
            raise Unavailable(DISPATCH_STATES.refused) from error

    def dispatch(self, dispatch_id: DispatchId) -> Dispatch | None:
        """None where there is none."""
        row = self.one(sa.select(DISPATCH).where(DISPATCH.c.id == str(dispatch_id)))
        return None if row is None else _dispatch(row)

    def dispatches_of(self, token: NoticeToken) -> Sequence[Dispatch]:
        """Of all addressees, the oldest first."""
        return [_dispatch(row) for row in self.rows(OF_NOTICE, of=token)]

    def steps_of(self, token: NoticeToken) -> Sequence[DispatchStep]:
        """Of all dispatches of a notice, the oldest first."""
        return [_step(row) for row in self.rows(STEPS_OF_NOTICE, of=token)]

    def decision_of_notice(self, token: NoticeToken) -> tuple[Decision, datetime] | None:
        """The decision of which it tells, and when it was written; None: nobody has such a token."""
        chosen = sa.select(DECISION, NOTICE.c.written_at).join(NOTICE, NOTICE.c.decision_id == DECISION.c.id)
        row = self.one(chosen.where(NOTICE.c.token == token))
        return None if row is None else (decision_from(row), row["written_at"])

    def is_ready(self, token: NoticeToken) -> bool:
        """Whether it is printed, and waits for no seal."""
        return self.one(sa.select(NOTICE.c.token).where(NOTICE.c.token == token, IS_READY)) is not None

    def decision_by_id(self, decision_id: DecisionId) -> Decision | None:
        """Of whatever case."""
        row = self.one(sa.select(DECISION).where(DECISION.c.id == str(decision_id)))
        return None if row is None else decision_from(row)

    def dispatches_due(self, today: date, limit: int, now: datetime) -> Sequence[Dispatch]:
        """Those at which the worker looks today, the longest due first; without those that failed and are not to be
        tried now, and those that wait for their seal."""
        return [_dispatch(row) for row in self.rows(DISPATCHES_DUE, today=today, most=limit, now=now)]

    def notice_content(self, dispatch: Dispatch) -> tuple[Notice, datetime]:
        """What the notice of a dispatch says, and when it was written."""
        row = self.one(sa.select(NOTICE.c.content, NOTICE.c.written_at).where(NOTICE.c.token == dispatch.token))
        if row is None:
            raise LookupError("a dispatch goes with its notice")
        return from_text(row["content"]), row["written_at"]

    def letters(self, authority_id: AuthorityId, state: DispatchState, limit: int) -> Sequence[Dispatch]:
        """An authority's letters in one state, the oldest first."""
        mine = (DISPATCH.c.authority_id == authority_id) & (DISPATCH.c.way == "post") & (DISPATCH.c.state == state)
        chosen = sa.select(DISPATCH).where(mine).order_by(DISPATCH.c.since, DISPATCH.c.id).limit(limit)
        return [_dispatch(row) for row in self.rows(chosen)]

    def posted_letters(self, authority_id: AuthorityId, limit: int) -> Sequence[Dispatch]:
        """Those that were given to the post, the newest first."""
        mine = (DISPATCH.c.authority_id == authority_id) & (DISPATCH.c.way == "post") & (DISPATCH.c.state == "posted")
        chosen = sa.select(DISPATCH).where(mine).order_by(DISPATCH.c.since.desc(), DISPATCH.c.id.desc()).limit(limit)
        return [_dispatch(row) for row in self.rows(chosen)]

    def count_letters(self, authority_id: AuthorityId) -> dict[DispatchState, int]:
        """By state, how many letters an authority has."""
        mine = (DISPATCH.c.authority_id == authority_id) & (DISPATCH.c.way == "post")
        wanted = mine & DISPATCH.c.state.in_(("queued", "printed", "returned"))
        chosen = sa.select(DISPATCH.c.state, sa.func.count().label("many")).where(wanted).group_by(DISPATCH.c.state)
        return {row["state"]: row["many"] for row in self.rows(chosen)}


def _values(dispatch: Dispatch) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(dispatch, name) for name in Dispatch.__slots__}
    return values | {name: str(values[name]) for name in ("id", "decision_id", "case_id")}


def _step_values(token: NoticeToken, step: DispatchStep) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(step, name) for name in DispatchStep.__slots__}
    return values | {"token": token, "dispatch_id": str(step.dispatch_id)}


def _dispatch(row: sa.RowMapping) -> Dispatch:
    return Dispatch(
        id=DispatchId(UUID(row["id"])),
        token=NoticeToken(row["token"]),
        decision_id=DecisionId(UUID(row["decision_id"])),
        case_id=CaseId(UUID(row["case_id"])),
        authority_id=row["authority_id"],
        recipient=row["recipient"],
        number=row["number"],
        way=cast(Way, row["way"]),
        state=cast(DispatchState, row["state"]),
        begun_at=row["begun_at"],
        since=row["since"],
        provided_at=row["provided_at"],
        announced_at=row["announced_at"],
        failure=cast(FailureReason | None, row["failure"]),
        day=row["day"],
        look_on=row["look_on"],
    )


def _step(row: sa.RowMapping) -> DispatchStep:
    return DispatchStep(
        dispatch_id=DispatchId(UUID(row["dispatch_id"])),
        number=row["number"],
        state=cast(DispatchState, row["state"]),
        at=row["at"],
        noted_at=row["noted_at"],
        by=row["by"],
        reason=cast(FailureReason | None, row["reason"]),
        day=row["day"],
    )
