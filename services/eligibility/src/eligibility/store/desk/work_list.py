"""The work list's questions to the tables of cases."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from shared.events import AuthorityId

from eligibility.domain.ids import CaseId
from eligibility.store.base import Tables
from eligibility.store.decision.cases import case_from
from eligibility.store.decision.decisions import NOT_DROPPED, decision_from
from eligibility.store.tables import CASE, DECISION, PROPOSAL, QUESTION
from eligibility.workflow.desk.work_list import PILES, Entry, Pile

MOST_LOOKED_AT = 2000
"""By name: rows that the database proposes and that are then read exactly."""
OPEN = ("review", "prepared")
ASKED = (*OPEN, "granted")
"""States in which a question to the family may be open: a granted case's is a hearing."""


class WorkTables(Tables):
    def pile_counts(self, authority_id: AuthorityId, subject: str, *, mine: bool) -> dict[Pile, int]:
        counted = [sa.func.count().filter(_on(each, subject)) for each in PILES]
        chosen = sa.select(*counted).select_from(CASE).where(_of(authority_id, subject if mine else None))
        row = self.session.connection().execute(chosen).one()
        return dict(zip(PILES, row, strict=True))

    def pile(  # what a page of a list is made of
        self, authority_id: AuthorityId, pile: Pile, subject: str, *, mine: bool, newest: bool, limit: int, offset: int
    ) -> Sequence[Entry]:
        """The longest waiting first."""
        order = CASE.c.opened_at.desc() if newest else CASE.c.opened_at
        own = _of(authority_id, subject if mine else None)
        chosen = sa.select(CASE).where(own, _on(pile, subject)).order_by(order, CASE.c.id)
        return self._entries(chosen.limit(limit).offset(offset))

    def by_number(self, authority_id: AuthorityId, beginning: str, limit: int) -> Sequence[Entry]:
        like = f"{beginning}%"
        of_decision = sa.exists().where(DECISION.c.case_id == CASE.c.id, DECISION.c.id.like(like))
        named = CASE.c.id.like(like) | CASE.c.application_id.like(like) | of_decision
        return self._entries(sa.select(CASE).where(_of(authority_id, None), named).order_by(CASE.c.id).limit(limit))

    def by_name(self, authority_id: AuthorityId, words: Sequence[str], limit: int) -> Sequence[Entry]:
        """SQLite compares A to Z alone without case: the database proposes by every spelling, then names are read."""
        proposed = sa.select(CASE).where(_of(authority_id, None)).order_by(CASE.c.opened_at.desc(), CASE.c.id)
        for word in words:
            spellings = {word, word.lower(), word.upper(), word.capitalize()}
            parts = [CASE.c.submission.icontains(each, autoescape=True) for each in sorted(spellings)]
            proposed = proposed.where(sa.or_(*parts))
        looked_at = self._entries(proposed.limit(MOST_LOOKED_AT))
        return [each for each in looked_at if _bears(each.case.submission, words)][:limit]

    def these(self, authority_id: AuthorityId, case_ids: Sequence[CaseId]) -> Sequence[Entry]:
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
        waiting = sa.select(PROPOSAL.c.case_id, PROPOSAL.c.proposed_by)
        waiting = waiting.where(PROPOSAL.c.case_id.in_(ids), PROPOSAL.c.closed_at.is_(None))
        proposed = {row["case_id"]: row["proposed_by"] for row in self.rows(waiting)}
        return [
            Entry(case, latest.get(number), due.get(number) if case.state in ASKED else None, proposed.get(number))
            for case, number in zip(cases, ids, strict=True)
        ]


def _of(authority_id: AuthorityId, mine: str | None) -> sa.ColumnElement[bool]:
    own: sa.ColumnElement[bool] = CASE.c.authority_id == authority_id
    return own if mine is None else own & (CASE.c.assigned_to == mine)


def _on(pile: Pile, subject: str) -> sa.ColumnElement[bool]:
    mine = QUESTION.c.case_id == CASE.c.id
    asked = sa.exists().where(mine, QUESTION.c.answered_at.is_(None))
    hearing = sa.exists().where(mine, QUESTION.c.answered_at.is_(None), QUESTION.c.hearing)
    if pile == "all":
        return sa.true()
    if pile == "confirm":
        return to_confirm(subject)
    if pile == "waiting":
        return (CASE.c.state.in_(OPEN) & asked) | ((CASE.c.state == "granted") & hearing)
    if pile == "review":  # a hearing that was answered, and on which nothing was decided since
        said = sa.exists().where(
            mine, QUESTION.c.answered_at.is_not(None), QUESTION.c.hearing, QUESTION.c.asked_at >= CASE.c.changed_at
        )
        proposed = sa.exists().where(PROPOSAL.c.case_id == CASE.c.id, PROPOSAL.c.closed_at.is_(None))
        return ((CASE.c.state == "review") & ~asked) | ((CASE.c.state == "granted") & said & ~hearing & ~proposed)
    return (CASE.c.state == pile) & ~asked


def to_confirm(subject: str) -> sa.ColumnElement[bool]:
    """Another decision is proposed, by somebody else: this person may be the second of two."""
    waiting = PROPOSAL.c.closed_at.is_(None) & (PROPOSAL.c.proposed_by != subject)
    return sa.exists().where(PROPOSAL.c.case_id == CASE.c.id, waiting)


def _bears(submission: dict[str, Any], words: Sequence[str]) -> bool:
    people = (submission.get("child") or {}, submission.get("addressee") or {})
    names = [" ".join(map(str, person.values())).casefold() for person in people]
    return any(all(word.casefold() in name for word in words) for name in names)
