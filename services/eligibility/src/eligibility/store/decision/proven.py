"""What earlier decisions on an application hold of siblings and benefits."""

import sqlalchemy as sa
from shared.calendar import SchoolYear
from shared.events import ApplicationSubmitted

from eligibility.rules import Facts, canonical_json
from eligibility.store.base import Tables, from_text
from eligibility.store.renewal import TOLD
from eligibility.store.tables import CASE
from eligibility.workflow.decision.reductions import NOTHING_PROVEN, ProvenFacts, still_proven

KNOWN = (
    sa.select(CASE.c.facts, TOLD.c.content)
    .outerjoin(TOLD, TOLD.c.case_id == CASE.c.id)
    .where(CASE.c.application_id == sa.bindparam("application"), CASE.c.school_year <= sa.bindparam("year"))
    .order_by(CASE.c.school_year.desc())
    .limit(1)
)


class ProvenTables(Tables):
    def proven_for(self, event: ApplicationSubmitted) -> ProvenFacts:
        """Of the case of that school year, else of the year before, as far as the family tells nothing else now."""
        row = self.one(KNOWN, application=str(event.application_id), year=event.school_year)
        facts = from_text(row["facts"]) if row is not None else {}
        if row is None or not (facts.get("siblings") or facts.get("benefits")):
            return NOTHING_PROVEN
        before = ApplicationSubmitted.model_validate_json(row["content"]).circumstances if row["content"] else None
        kept = Facts.model_validate_json(canonical_json(facts))
        return still_proven(kept, before, event.circumstances, SchoolYear.parse(event.school_year).first_day)
