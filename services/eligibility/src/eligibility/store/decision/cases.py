"""Cases, and what people did with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from shared.events import AuthorityId

from eligibility.domain.case import Case, CaseState
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.name_search import search_names
from eligibility.domain.transitions import CASE_STATES
from eligibility.store.base import Tables, from_text, not_by, to_text
from eligibility.store.decision.decisions import NOT_DROPPED, decision_from
from eligibility.store.desk.messages import has_messages
from eligibility.store.desk.open_work import count_some, open_of
from eligibility.store.tables import CASE, DECISION, PROPOSAL, QUESTION
from eligibility.workflow.case_queries import WORK, CaseFilter, Page

CASE_OF = (
    sa.select(CASE)
    .where(CASE.c.application_id == sa.bindparam("application"))
    .order_by(CASE.c.school_year.desc())
    .limit(1)
)
CASE_BY_ID = sa.select(CASE).where(CASE.c.id == sa.bindparam("case"))
ADD_CASE = CASE.insert().inline()
OF_CASE = CASE.update().where(CASE.c.id == sa.bindparam("case"))
INTO = {state: OF_CASE.where(CASE.c.state.in_(CASE_STATES.before(state))) for state in CASE_STATES.follows}
"""By the state that is written: only where the table of transitions lets it follow."""
SET_STATE = {state: into.values(state=state, changed_at=sa.bindparam("now")) for state, into in INTO.items()}


class CaseTables(Tables):
    def case_of(self, application_id: ApplicationId) -> Case | None:
        """The case of an application's newest school year; None where there is none."""
        row = self.one(CASE_OF, application=str(application_id))
        return None if row is None else case_from(row)

    def case(self, case_id: CaseId) -> Case | None:
        """The case of this id, whatever authority it belongs to; None where there is none."""
        row = self.one(CASE_BY_ID, case=str(case_id))
        return None if row is None else case_from(row)

    def page_of_all(self, after: CaseId | None, limit: int) -> Sequence[Case]:
        """Of all authorities, by id, those after `after`."""
        chosen = sa.select(CASE).order_by(CASE.c.id).limit(limit)
        if after is not None:
            chosen = chosen.where(CASE.c.id > str(after))
        return [case_from(row) for row in self.rows(chosen)]

    def add_case(self, case: Case) -> None:
        """Keep a new case. `changed_at` is the moment in which it was opened.

        Raises:
            Conflict: in a state in which none begins.
        """
        CASE_STATES.check(None, case.state)
        self.run(
            ADD_CASE,
            {
                "id": str(case.id),
                "application_id": str(case.application_id),
                "authority_id": case.authority_id,
                "state": case.state,
                "school_number": case.school_number,
                "school_year": case.school_year,
                "opened_at": case.opened_at,
                "changed_at": case.opened_at,
                "submission": to_text(case.submission),
                "reasons": to_text(case.reasons),
                "facts": to_text(case.facts),
                "ways": to_text(case.routes),
                "change_number": case.change_number,
                "dangers": to_text(case.dangers),
                "search_names": search_names(case.submission),
            },
        )

    def revise(self, case: Case, now: datetime) -> None:
        """New facts in place of those before. Who has taken the case keeps it.

        Raises:
            Unavailable: where its state may not follow the present one.
        """
        self.change_one(
            INTO[case.state],
            {
                "case": str(case.id),
                "state": case.state,
                "school_number": case.school_number,
                "school_year": case.school_year,
                "changed_at": now,
                "submission": to_text(case.submission),
                "reasons": to_text(case.reasons),
                "facts": to_text(case.facts),
                "ways": to_text(case.routes),
                "change_number": case.change_number,
                "dangers": to_text(case.dangers),
                "search_names": search_names(case.submission),
            },
            CASE_STATES.refused,
        )

    def name_page(self, limit: int) -> int:
        """Write the names that are looked for of cases that have none yet; how many there were."""
        chosen = sa.select(CASE.c.id, CASE.c.submission).where(CASE.c.search_names.is_(None)).limit(limit)
        found = self.rows(chosen)
        for row in found:
            names = search_names(from_text(row["submission"]))
            self.run(CASE.update().where(CASE.c.id == row["id"]).values(search_names=names))
        return len(found)

    def set_change_number(self, case_id: CaseId, number: int) -> None:
        """Note which change of the family the case holds."""
        self.run(CASE.update().where(CASE.c.id == str(case_id)).values(change_number=number))

    def set_state(self, case_id: CaseId, state: CaseState, now: datetime) -> None:
        """Set the state, and since when it is so.

        Raises:
            Unavailable: where it may not follow the present one.
        """
        self.change_one(SET_STATE[state], {"case": str(case_id), "now": now}, CASE_STATES.refused)

    def page(self, authority_id: AuthorityId, wanted: CaseFilter, limit: int, offset: int) -> Page:
        """Newest first; each case with its latest decision."""
        mine = _mine(authority_id, wanted)
        total = self.session.connection().execute(count_some(mine)).scalar_one()
        newest = CASE.c.opened_at.desc(), CASE.c.id.desc()
        chosen = sa.select(CASE).where(mine).order_by(*newest).limit(limit).offset(offset)
        cases = [case_from(row) for row in self.rows(chosen)]
        ids = [str(case.id) for case in cases]
        of_these = sa.select(DECISION).where(DECISION.c.case_id.in_(ids), NOT_DROPPED)
        latest = {row["case_id"]: decision_from(row) for row in self.rows(of_these.order_by(DECISION.c.round))}
        open_ = sa.select(PROPOSAL.c.case_id, PROPOSAL.c.proposed_by)
        open_ = open_.where(PROPOSAL.c.case_id.in_(ids), PROPOSAL.c.closed_at.is_(None))
        proposed = {CaseId(UUID(row["case_id"])): row["proposed_by"] for row in self.rows(open_)}
        return Page([(case, latest.get(str(case.id))) for case in cases], total, proposed)

    def clear_grants(self, authority_id: AuthorityId, subject: str, limit: int) -> Sequence[CaseId]:
        """Neither taken by another person, nor with an override, a question or a message that waits, nor in place of a
        decision in force."""
        chosen = _clear_grants(sa.select(CASE.c.id), authority_id, subject)
        return [CaseId(UUID(row["id"])) for row in self.rows(chosen.order_by(CASE.c.opened_at, CASE.c.id).limit(limit))]

    def count_clear_grants(self, authority_id: AuthorityId, subject: str) -> int:
        """How many grants of the rules this person could release at once: no question, proposal or message is open."""
        counted = _clear_grants(sa.select(sa.func.count().label("n")).select_from(CASE), authority_id, subject)
        return int(self.rows(counted)[0]["n"])


def _clear_grants(chosen: sa.Select[Any], authority_id: AuthorityId, subject: str) -> sa.Select[Any]:
    waiting = sa.exists().where(PROPOSAL.c.case_id == CASE.c.id, PROPOSAL.c.closed_at.is_(None))
    asked = sa.exists().where(QUESTION.c.case_id == CASE.c.id, QUESTION.c.answered_at.is_(None))
    return (
        chosen.join(DECISION, DECISION.c.case_id == CASE.c.id)
        .where(CASE.c.authority_id == authority_id, CASE.c.state == "prepared", ~waiting, ~asked, ~has_messages())
        .where(CASE.c.assigned_to.is_(None) | (CASE.c.assigned_to == subject))
        .where(DECISION.c.outcome == "granted", DECISION.c.decided_by == "rules")
        .where(DECISION.c.released_at.is_(None), DECISION.c.withdrawn_at.is_(None), DECISION.c.because.is_(None))
    )


def _mine(authority_id: AuthorityId, wanted: CaseFilter) -> sa.ColumnElement[bool]:
    is_open = set(wanted.states) <= set(WORK) and (
        wanted.states or wanted.confirmed_by is not None or wanted.with_messages or wanted.overdue_on is not None
    )
    own = CASE.c.authority_id if wanted.application_id is None else not_by(CASE.c.authority_id)
    mine: sa.ColumnElement[bool] = open_of(authority_id) if is_open else own == authority_id
    any_of: list[sa.ColumnElement[bool]] = [CASE.c.state.in_(wanted.states)] if wanted.states else []
    if wanted.confirmed_by is not None:
        waiting = PROPOSAL.c.closed_at.is_(None) & (PROPOSAL.c.proposed_by != wanted.confirmed_by)
        any_of.append(sa.exists().where(PROPOSAL.c.case_id == CASE.c.id, waiting))
    if wanted.with_messages:
        any_of.append(has_messages())
    if any_of:
        mine &= sa.or_(*any_of)
    if wanted.application_id is not None:
        mine &= CASE.c.application_id == str(wanted.application_id)
    if wanted.assigned_to is not None:
        mine &= CASE.c.assigned_to == wanted.assigned_to
    if wanted.overdue_on is not None:
        open_question = (QUESTION.c.case_id == CASE.c.id) & QUESTION.c.answered_at.is_(None)
        mine &= sa.exists().where(open_question, QUESTION.c.due < wanted.overdue_on) & CASE.c.state.in_(WORK)
    return mine


def case_from(row: sa.RowMapping) -> Case:
    """A row of the table of cases, with its JSON read."""
    return Case(
        id=CaseId(UUID(row["id"])),
        application_id=ApplicationId(UUID(row["application_id"])),
        authority_id=row["authority_id"],
        state=cast(CaseState, row["state"]),
        school_number=row["school_number"],
        school_year=row["school_year"],
        opened_at=row["opened_at"],
        submission=from_text(row["submission"]),
        reasons=tuple(from_text(row["reasons"])),
        facts=from_text(row["facts"]),
        routes=from_text(row["ways"]),
        assigned_to=row["assigned_to"],
        assigned_at=row["assigned_at"],
        change_number=row["change_number"],
        changed_at=row["changed_at"],
        dangers=tuple(from_text(row["dangers"])),
    )
