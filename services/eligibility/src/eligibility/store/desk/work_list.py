"""The work list's questions to the tables of cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from shared.events import AuthorityId

from eligibility.domain.attendance import KnownAttendance
from eligibility.domain.case import Case
from eligibility.domain.ids import CaseId
from eligibility.domain.name_search import bearer
from eligibility.store.base import Tables, from_text, not_by
from eligibility.store.decision.attendance import ATTENDANCE, TO_LOOK_AT, attendance_from, must_look
from eligibility.store.decision.cases import case_from
from eligibility.store.decision.decisions import NOT_DROPPED, decision_from
from eligibility.store.desk.messages import MESSAGE, UNREAD, has_messages
from eligibility.store.desk.open_work import count_some, open_of
from eligibility.store.tables import CASE, DECISION, PROPOSAL, QUESTION
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.desk.work_list import PILES, Entry, Pile, PileQuery

MOST_LOOKED_AT = 2000
"""By name: rows that the database proposes and that are then read exactly."""
ASKED = (*WORK, "granted")
"""States in which a question to the family may be open: a granted case's is a hearing."""


class WorkTables(Tables):
    def pile_counts(self, authority_id: AuthorityId, subject: str, today: date, *, mine: bool) -> dict[Pile, int]:
        """How many cases lie on each pile. All cases are counted up to a bound.

        Args:
            mine: only those that `subject` has taken.
        """
        whose = subject if mine else None
        piles = [each for each in PILES if each != "all"]
        counted = [sa.func.count().filter(_on(each, subject, today)) for each in piles]
        chosen = sa.select(*counted).select_from(CASE).where(open_of(authority_id, whose))
        found = self.session.connection().execute
        counts: dict[Pile, int] = dict(zip(piles, found(chosen).one(), strict=True))
        return counts | {"all": found(count_some(_of(authority_id, whose))).scalar_one()}

    def pile(self, authority_id: AuthorityId, which: PileQuery, subject: str, today: date) -> Sequence[Entry]:
        """The longest waiting first, with `newest` last: of messages by the oldest that nobody has looked at, of
        proposals since they were made."""
        whose = subject if which.mine else None
        own = _of(authority_id, whose) if which.pile == "all" else open_of(authority_id, whose)
        waits: sa.ColumnElement[datetime] = CASE.c.opened_at
        if which.pile == "messages":
            oldest = sa.select(sa.func.min(MESSAGE.c.told_at)).where(UNREAD)
            waits = oldest.where(MESSAGE.c.application_id == CASE.c.application_id).scalar_subquery()
        if which.pile == "confirm":
            made = sa.select(sa.func.min(PROPOSAL.c.proposed_at)).where(PROPOSAL.c.closed_at.is_(None))
            waits = made.where(PROPOSAL.c.case_id == CASE.c.id).scalar_subquery()
        order = (waits.desc(), CASE.c.id.desc()) if which.newest else (waits, CASE.c.id)
        chosen = sa.select(CASE).where(own, _on(which.pile, subject, today)).order_by(*order)
        if which.free_for is not None:
            chosen = chosen.where(CASE.c.assigned_to.is_(None) | (CASE.c.assigned_to == which.free_for))
        return self._entries(chosen.limit(which.limit).offset(which.offset))

    def by_number(self, authority_id: AuthorityId, beginning: str, limit: int) -> Sequence[Entry]:
        """Cases whose own number, or that of application or decision, begins so; none for what is no beginning of a
        number."""
        between = _ids_from(beginning)
        if between is None:
            return []
        of_decision = sa.select(DECISION.c.case_id).where(DECISION.c.id.between(*between))
        named = [sa.select(CASE.c.id).where(each.between(*between)) for each in (CASE.c.id, CASE.c.application_id)]
        own = CASE.c.id.in_(sa.union(of_decision, *named)) & (not_by(CASE.c.authority_id) == authority_id)
        found = self._entries(sa.select(CASE).where(own).order_by(CASE.c.id).limit(limit))
        return [replace(each, found_by=_whose(each.case, beginning)) for each in found]

    def by_name(self, authority_id: AuthorityId, words: Sequence[str], limit: int) -> Sequence[Entry]:
        """The database proposes, then the names are read person by person."""
        if not words:
            return []
        proposed = sa.select(CASE.c.id, CASE.c.submission).where(_of(authority_id, None))
        for word in words:
            proposed = proposed.where(CASE.c.search_names.contains(word, autoescape=True))
        newest = proposed.order_by(CASE.c.opened_at.desc(), CASE.c.id)
        looked_at = self.rows(newest.limit(MOST_LOOKED_AT))
        borne = {row["id"]: bearer(from_text(row["submission"]), words) for row in looked_at}
        found = [each for each in borne if borne[each]][:limit]
        chosen = sa.select(CASE).where(CASE.c.id.in_(found))
        entries = self._entries(chosen.order_by(CASE.c.opened_at.desc(), CASE.c.id))
        return [replace(each, found_by=borne[str(each.case.id)]) for each in entries]

    def these(self, authority_id: AuthorityId, case_ids: Sequence[CaseId]) -> Sequence[Entry]:
        """Those of these cases that belong to the authority, as the list shows them."""
        ids = [str(each) for each in case_ids]
        return self._entries(sa.select(CASE).where(_of(authority_id, None), CASE.c.id.in_(ids)))

    def _entries(self, chosen: sa.Select[Any]) -> list[Entry]:
        """Each case with its latest decision and the day until which its family was asked."""
        cases = [case_from(row) for row in self.rows(chosen)]
        ids = [str(case.id) for case in cases]
        of_these = sa.select(DECISION).where(DECISION.c.case_id.in_(ids), NOT_DROPPED).order_by(DECISION.c.round)
        latest = {row["case_id"]: decision_from(row) for row in self.rows(of_these)}
        asked = sa.select(QUESTION.c.case_id, sa.func.min(QUESTION.c.due).label("due"))
        asked = asked.where(QUESTION.c.case_id.in_(ids), QUESTION.c.answered_at.is_(None)).group_by(QUESTION.c.case_id)
        due = {row["case_id"]: row["due"] for row in self.rows(asked)}
        parts = PROPOSAL.c.case_id, PROPOSAL.c.proposed_by, PROPOSAL.c.content, PROPOSAL.c.proposed_at
        waiting = sa.select(*parts)
        waiting = waiting.where(PROPOSAL.c.case_id.in_(ids), PROPOSAL.c.closed_at.is_(None))
        proposed = {
            row["case_id"]: (row["proposed_by"], from_text(row["content"]), row["proposed_at"])
            for row in self.rows(waiting)
        }
        unread, nothing = self._unread(cases), (0, 0, None, None)
        attended = self._attended(cases)
        return [
            Entry(
                case,
                latest.get(number),
                due.get(number) if case.state in ASKED else None,
                *proposed.get(number, (None, None, None)),
                unread=unread.get(str(case.application_id), nothing)[0],
                unread_documents=unread.get(str(case.application_id), nothing)[1],
                look_by=unread.get(str(case.application_id), nothing)[2],
                told_at=unread.get(str(case.application_id), nothing)[3],
                attendance=attended.get((str(case.application_id), case.school_year)),
            )
            for case, number in zip(cases, ids, strict=True)
        ]

    def _attended(self, cases: Sequence[Case]) -> dict[tuple[str, str], KnownAttendance]:
        """By application and school year: what the school says, where a person has to look at it."""
        ids = [str(case.application_id) for case in cases]
        found = self.rows(sa.select(ATTENDANCE).where(ATTENDANCE.c.application_id.in_(ids), TO_LOOK_AT))
        return {(row["application_id"], row["school_year"]): attendance_from(row) for row in found}

    def _unread(self, cases: Sequence[Case]) -> dict[str, tuple[int, int, date | None, datetime | None]]:
        """By application: how many messages nobody has looked at, how many of them are documents, by when the first
        must be, and since when it is there."""
        counted = sa.select(
            MESSAGE.c.application_id,
            sa.func.count().label("unread"),
            sa.func.count().filter(MESSAGE.c.text == "").label("documents"),
            sa.func.min(MESSAGE.c.look_by).label("look_by"),
            sa.func.min(MESSAGE.c.told_at).label("told_at"),
        )
        ids = [str(case.application_id) for case in cases]
        counted = counted.where(MESSAGE.c.application_id.in_(ids), UNREAD).group_by(MESSAGE.c.application_id)
        return {
            row["application_id"]: (row["unread"], row["documents"], row["look_by"], row["told_at"])
            for row in self.rows(counted)
        }


def _ids_from(beginning: str) -> tuple[str, str] | None:
    """The first and the last id that begin so; None: no id does. Whole ids, which every order of letters keeps in one
    order."""
    first, last = (beginning + whole[len(beginning) :] for whole in ("0" * 36, "f" * 36))
    places = [(each[:8], each[9:13], each[14:18], each[19:23], each[24:]) for each in (first, last)]
    first, last = ("-".join(each) for each in places)
    is_one = first.startswith(beginning) and not any("-" in part for part in places[0])
    return (first, last) if is_one else None


def _whose(case: Case, beginning: str) -> str:
    numbers = {"case": case.id, "application": case.application_id}
    return next((whose for whose, number in numbers.items() if str(number).startswith(beginning)), "decision")


def _of(authority_id: AuthorityId, mine: str | None) -> sa.ColumnElement[bool]:
    own: sa.ColumnElement[bool] = CASE.c.authority_id == authority_id
    return own if mine is None else own & (CASE.c.assigned_to == mine)


def _on(pile: Pile, subject: str, today: date) -> sa.ColumnElement[bool]:
    """A question whose day has passed waits for the family no more: a person looks again."""
    if pile == "all":
        return sa.true()
    if pile == "confirm":
        return to_confirm(subject)
    if pile == "messages":
        return has_messages()
    mine = (QUESTION.c.case_id == CASE.c.id) & QUESTION.c.answered_at.is_(None)
    asked, passed = sa.exists().where(mine), sa.exists().where(mine, QUESTION.c.due < today)
    hearing = sa.exists().where(mine, QUESTION.c.hearing)
    unheard = sa.exists().where(mine, QUESTION.c.hearing, QUESTION.c.due < today)
    if pile == "waiting":
        return (CASE.c.state.in_(WORK) & asked & ~passed) | ((CASE.c.state == "granted") & hearing & ~unheard)
    if pile == "review":
        to_review = (CASE.c.state == "review") & (~asked | passed)
        return (
            to_review
            | ((CASE.c.state == "prepared") & passed)
            | ((CASE.c.state == "granted") & _heard(hearing, unheard))
            | must_look(today)
        )
    return (CASE.c.state == pile) & ~asked


def _heard(hearing: sa.ColumnElement[bool], unheard: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A hearing was answered, or its day has passed, and nothing was decided or proposed since."""
    said = sa.exists().where(
        QUESTION.c.case_id == CASE.c.id,
        QUESTION.c.answered_at.is_not(None),
        QUESTION.c.hearing,
        QUESTION.c.asked_at >= CASE.c.changed_at,
    )
    proposed = sa.exists().where(PROPOSAL.c.case_id == CASE.c.id, PROPOSAL.c.closed_at.is_(None))
    return ((said & ~hearing) | unheard) & ~proposed


def to_confirm(subject: str) -> sa.ColumnElement[bool]:
    """Another decision is proposed, by somebody else: this person may be the second of two."""
    waiting = PROPOSAL.c.closed_at.is_(None) & (PROPOSAL.c.proposed_by != subject)
    return sa.exists().where(PROPOSAL.c.case_id == CASE.c.id, waiting) & (CASE.c.state != "withdrawn")
