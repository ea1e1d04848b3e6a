"""What was told of an application, for the next school year, and which grants were looked at. Erased with the case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.dialect import insert_of
from shared.events import ApplicationSubmitted, AuthorityId
from sqlmodel import Field

from eligibility.domain.case import Case
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.store.base import Tables
from eligibility.store.decision.cases import case_from
from eligibility.store.tables import CASE, DECISION, Row


class ToldRow(Row, table=True):
    """The application as told last: the home, for example, is needed to measure the way of the next year."""

    __tablename__ = "told"
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    content: str


class RenewalRow(Row, table=True):
    """A grant was looked at for the next school year, once and for good."""

    __tablename__ = "renewal"
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    school_year: str = Field(max_length=7)
    outcome: str = Field(max_length=24)
    at: datetime = Field(sa_type=UtcDateTime)


TOLD: sa.Table = Row.metadata.tables["told"]
RENEWAL: sa.Table = Row.metadata.tables["renewal"]
IN_FORCE = sa.exists().where(
    DECISION.c.case_id == CASE.c.id,
    DECISION.c.outcome == "granted",
    DECISION.c.released_at.is_not(None),
    DECISION.c.withdrawn_at.is_(None),
)


class RenewalTables(Tables):
    def put_told(self, case_id: CaseId, event: ApplicationSubmitted) -> None:
        """Keep the application as the family told it last, whole."""
        self.upsert(TOLD, ["case_id"], [{"case_id": str(case_id), "content": event.model_dump_json()}])

    def told_of(self, case_id: CaseId) -> ApplicationSubmitted | None:
        """The application as the family told it last; None where it is not kept."""
        row = self.one(sa.select(TOLD.c.content).where(TOLD.c.case_id == str(case_id)))
        return None if row is None else ApplicationSubmitted.model_validate_json(row["content"])

    def cases_of(self, application_id: ApplicationId) -> Sequence[Case]:
        """One for each school year, the first first."""
        chosen = sa.select(CASE).where(CASE.c.application_id == str(application_id))
        return [case_from(row) for row in self.rows(chosen.order_by(CASE.c.school_year))]

    def grants_to_renew(self, authority_id: AuthorityId, school_year: str, limit: int) -> Sequence[CaseId]:
        """Cases of that year with a grant in force that were not looked at yet."""
        chosen = self._open(authority_id, school_year).order_by(CASE.c.id).limit(limit)
        return [CaseId(UUID(row["id"])) for row in self.rows(chosen)]

    def count_to_renew(self, authority_id: AuthorityId, school_year: str) -> int:
        """How many grants in force of that school year were not looked at yet."""
        return len(self.rows(self._open(authority_id, school_year)))

    def authorities_with_grants(self, school_year: str) -> Sequence[AuthorityId]:
        """Authorities with grants in force in that school year, by number."""
        chosen = sa.select(CASE.c.authority_id).where(CASE.c.school_year == school_year, IN_FORCE).distinct()
        return [row["authority_id"] for row in self.rows(chosen.order_by(CASE.c.authority_id))]

    def _open(self, authority_id: AuthorityId, school_year: str) -> sa.Select[Any]:
        looked = sa.exists().where(RENEWAL.c.case_id == CASE.c.id)
        mine = (CASE.c.authority_id == authority_id) & (CASE.c.school_year == school_year)
        return sa.select(CASE.c.id).where(mine, IN_FORCE, ~looked)

    def note_renewal(self, case_id: CaseId, school_year: str, outcome: str, now: datetime) -> bool:
        """False where it was looked at already, perhaps by another process a moment ago."""
        row = {"case_id": str(case_id), "school_year": school_year, "outcome": outcome, "at": now}
        statement = insert_of(self.session)(RENEWAL).values(row).on_conflict_do_nothing().returning(RENEWAL.c.case_id)
        return self.session.connection().execute(statement).first() is not None
