"""The work list's questions to the tables of cases."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from shared.events import AuthorityId

from eligibility.domain.ids import CaseId
from eligibility.store.base import Tables
from eligibility.store.decision.cases import case_from
from eligibility.store.decision.decisions import NOT_DROPPED, decision_from
from eligibility.store.tables import CASE, DECISION, QUESTION
from eligibility.workflow.desk.work_list import PILES, Entry, Pile

MOST_LOOKED_AT = 2000
"""By name: rows that the database proposes and that are then read exactly."""
OPEN = ("review", "prepared")


class WorkTables(Tables):
    def pile_counts(self, authority_id: AuthorityId, mine: str | None) -> dict[Pile, int]:
        counted = [sa.func.count().filter(_on(each)) for each in PILES]
        chosen = sa.select(*counted).select_from(CASE).where(_of(authority_id, mine))
        row = self.session.connection().execute(chosen).one()
        return dict(zip(PILES, row, strict=True))

    def pile(  # what a page of a list is made of
        self, authority_id: AuthorityId, pile: Pile, mine: str | None, *, newest: bool, limit: int, offset: int
    ) -> Sequence[Entry]:
        """The longest waiting first."""
        order = CASE.c.opened_at.desc() if newest else CASE.c.opened_at
        chosen = sa.select(CASE).where(_of(authority_id, mine), _on(pile)).order_by(order, CASE.c.id)
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
        return [
            Entry(case, latest.get(str(case.id)), due.get(str(case.id)) if case.state in OPEN else None)
            for case in cases
        ]


def _of(authority_id: AuthorityId, mine: str | None) -> sa.ColumnElement[bool]:
    own: sa.ColumnElement[bool] = CASE.c.authority_id == authority_id
    return own if mine is None else own & (CASE.c.assigned_to == mine)


def _on(pile: Pile) -> sa.ColumnElement[bool]:
    asked = sa.exists().where(QUESTION.c.case_id == CASE.c.id, QUESTION.c.answered_at.is_(None))
    if pile == "all":
        return sa.true()
    if pile == "waiting":
        return CASE.c.state.in_(OPEN) & asked
    return (CASE.c.state == pile) & ~asked


def _bears(submission: dict[str, Any], words: Sequence[str]) -> bool:
    people = (submission.get("child") or {}, submission.get("addressee") or {})
    names = [" ".join(map(str, person.values())).casefold() for person in people]
    return any(all(word.casefold() in name for word in words) for name in names)
