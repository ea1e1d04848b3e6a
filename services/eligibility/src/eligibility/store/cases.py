"""Cases, and what people did with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

import sqlalchemy as sa
from shared.events import AuthorityId

from eligibility.domain import ApplicationId, Case, CaseId, CaseState
from eligibility.store.base import Tables, from_text, to_text
from eligibility.store.decisions import decision_from
from eligibility.store.tables import AUDIT, CASE, DECISION
from eligibility.workflow.ports import Page

CASE_OF = sa.select(CASE).where(CASE.c.application_id == sa.bindparam("application"))
CASE_BY_ID = sa.select(CASE).where(CASE.c.id == sa.bindparam("case"))
ADD_CASE = CASE.insert().inline()
SET_STATE = (
    CASE.update()
    .where(CASE.c.id == sa.bindparam("case"))
    .values(state=sa.bindparam("new"), changed_at=sa.bindparam("now"))
)


class CaseTables(Tables):
    def case_of(self, application_id: ApplicationId) -> Case | None:
        row = self.one(CASE_OF, application=str(application_id))
        return None if row is None else case_from(row)

    def case(self, case_id: CaseId) -> Case | None:
        row = self.one(CASE_BY_ID, case=str(case_id))
        return None if row is None else case_from(row)

    def page_of_all(self, after: CaseId | None, limit: int) -> Sequence[Case]:
        chosen = sa.select(CASE).order_by(CASE.c.id).limit(limit)
        if after is not None:
            chosen = chosen.where(CASE.c.id > str(after))
        return [case_from(row) for row in self.rows(chosen)]

    def add_case(self, case: Case) -> None:
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
                "ways": to_text(case.ways),
            },
        )

    def set_state(self, case_id: CaseId, state: CaseState, now: datetime) -> None:
        self.run(SET_STATE, {"case": str(case_id), "new": state, "now": now})

    def page(
        self,
        authority_id: AuthorityId,
        state: CaseState | None,
        application_id: ApplicationId | None,
        limit: int,
        offset: int,
    ) -> Page:
        """Newest first; each case with its latest decision."""
        mine = CASE.c.authority_id == authority_id
        if state is not None:
            mine &= CASE.c.state == state
        if application_id is not None:
            mine &= CASE.c.application_id == str(application_id)
        total = self.session.connection().execute(sa.select(sa.func.count()).select_from(CASE).where(mine)).scalar_one()
        chosen = sa.select(CASE).where(mine).order_by(CASE.c.opened_at.desc(), CASE.c.id).limit(limit).offset(offset)
        cases = [case_from(row) for row in self.rows(chosen)]
        ids = [str(case.id) for case in cases]
        decided = self.rows(sa.select(DECISION).where(DECISION.c.case_id.in_(ids)).order_by(DECISION.c.prepared_at))
        latest = {row["case_id"]: decision_from(row) for row in decided}
        return Page([(case, latest.get(str(case.id))) for case in cases], total)

    def clear_grants(self, authority_id: AuthorityId, limit: int) -> Sequence[CaseId]:
        chosen = (
            sa.select(CASE.c.id)
            .join(DECISION, DECISION.c.case_id == CASE.c.id)
            .where(CASE.c.authority_id == authority_id, CASE.c.state == "prepared")
            .where(DECISION.c.outcome == "granted", DECISION.c.decided_by == "rules")
            .order_by(CASE.c.opened_at, CASE.c.id)
            .limit(limit)
        )
        return [CaseId(UUID(row["id"])) for row in self.rows(chosen)]

    def audit(self, *, authority_id: AuthorityId, subject: str, act: str, case_id: CaseId, now: datetime) -> None:
        self.run(
            AUDIT.insert(),
            {
                "id": str(uuid4()),
                "at": now,
                "authority_id": authority_id,
                "subject": subject,
                "act": act,
                "case_id": str(case_id),
            },
        )


def case_from(row: sa.RowMapping) -> Case:
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
        ways=from_text(row["ways"]),
    )
