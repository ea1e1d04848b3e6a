"""Cases that may lie on somebody's pile: from these the lists of open work are taken, however many were decided."""

import sqlalchemy as sa
from shared.events import AuthorityId

from eligibility.store.base import not_by
from eligibility.store.decision.attendance import ATTENDANCE, TO_LOOK_AT
from eligibility.store.desk.messages import MESSAGE, UNREAD
from eligibility.store.tables import CASE, IN_WORK, PROPOSAL, QUESTION
from eligibility.workflow.case_queries import MOST_COUNTED


def open_work(authority_id: AuthorityId) -> sa.ColumnElement[bool]:
    """In work, or with a question, a hearing, a proposal, a message, or a school's statement: each found by an index of
    only such rows."""
    in_work = sa.select(CASE.c.id).where(CASE.c.authority_id == authority_id, sa.text(f"case_file.{IN_WORK}"))
    asked = sa.select(QUESTION.c.case_id).where(QUESTION.c.answered_at.is_(None))
    heard = sa.select(QUESTION.c.case_id).where(sa.text("question.hearing"))
    proposed = sa.select(PROPOSAL.c.case_id).where(PROPOSAL.c.closed_at.is_(None))
    written = sa.select(MESSAGE.c.application_id).where(MESSAGE.c.authority_id == authority_id, UNREAD)
    told = sa.select(CASE.c.id).where(CASE.c.application_id.in_(written))
    attended = sa.select(ATTENDANCE.c.application_id).where(ATTENDANCE.c.authority_id == authority_id, TO_LOOK_AT)
    of_school = sa.select(CASE.c.id).where(CASE.c.application_id.in_(attended))
    return CASE.c.id.in_(sa.union(in_work, asked, heard, proposed, told, of_school))


def open_of(authority_id: AuthorityId, taken_by: str | None = None) -> sa.ColumnElement[bool]:
    """Those of this authority, or of them those that this person has taken."""
    own = open_work(authority_id) & (not_by(CASE.c.authority_id) == authority_id)
    return own if taken_by is None else own & (not_by(CASE.c.assigned_to) == taken_by)


def count_some(condition: sa.ColumnElement[bool]) -> sa.Select[int]:
    """How many cases, at most MOST_COUNTED."""
    some = sa.select(sa.literal(1).label("one")).select_from(CASE).where(condition).limit(MOST_COUNTED)
    return sa.select(sa.func.count()).select_from(some.subquery())
