"""What stands against the right of children named much like one: in whatever school year, laid down or not."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from shared.events import AuthorityId

from eligibility.domain.child import NamingCase
from eligibility.domain.ids import ApplicationId
from eligibility.domain.ticket import RightMark
from eligibility.store.base import Tables, not_by
from eligibility.store.decision.children import MARK, NAMING, TOLD_APART, naming_case
from eligibility.store.decision.tickets import RIGHT_MARK, UNSETTLED, right_mark
from eligibility.store.decision.ties import TIE
from eligibility.store.tables import CASE

MARKED = RIGHT_MARK.join(CASE, CASE.c.application_id == RIGHT_MARK.c.application_id)
OPEN = (
    sa.select(*(RIGHT_MARK.c[name] for name in ("application_id", "what", "reason", "at")))
    .where(UNSETTLED)
    .order_by(RIGHT_MARK.c.at, RIGHT_MARK.c.application_id)
)
"""Few, by an index of their own. Joined with cases in one statement PostgreSQL would begin with all cases, as it takes
what a policy asks of each mark for dear."""
CASES_OF = sa.select(CASE.c.application_id, CASE.c.school_year).where(
    CASE.c.application_id.in_(sa.bindparam("ids", expanding=True)), not_by(CASE.c.authority_id) == sa.bindparam("of")
)
AT_ONCE = 200
"""Applications whose cases are asked for by one statement."""
IS_ALIKE = sa.exists().where(MARK.c.case_id == CASE.c.id, MARK.c.digest.in_(sa.bindparam("digests", expanding=True)))
LIKE = (
    sa.select(*NAMING, *(RIGHT_MARK.c[name] for name in ("what", "reason", "at")))
    .add_columns(TIE.c.household, TIE.c.home, TIE.c.names_siblings, sa.false().label("has_ticket"))
    .select_from(MARKED.outerjoin(TIE, TIE.c.case_id == CASE.c.id))
    .where(UNSETTLED, IS_ALIKE, CASE.c.application_id != sa.bindparam("mine"))
    .order_by(RIGHT_MARK.c.at, CASE.c.id)
)


class MarkedTables(Tables):
    def marked_years(self, authority_id: AuthorityId) -> Sequence[str]:
        """School years of this authority's cases whose right to ride something stands against, the earliest first."""
        return sorted({year for years in self._years_of(self.rows(OPEN), authority_id).values() for year in years})

    def _years_of(self, marks: Sequence[sa.RowMapping], authority_id: AuthorityId) -> Mapping[str, set[str]]:
        """Of the marks' applications those that have cases at this authority, with their school years."""
        ids, found = sorted({str(each["application_id"]) for each in marks}), dict[str, set[str]]()
        for first in range(0, len(ids), AT_ONCE):
            for row in self.rows(CASES_OF, ids=ids[first : first + AT_ONCE], of=authority_id):
                found.setdefault(row["application_id"], set()).add(row["school_year"])
        return found

    def marked_like(
        self, digests: Collection[str], application_id: ApplicationId
    ) -> Sequence[tuple[NamingCase, RightMark]]:
        """Cases of other applications that share a digest and have a right that something stands against, with that,
        the oldest first."""
        rows = self.rows(LIKE, digests=sorted(digests), mine=str(application_id))
        return [(naming_case(row), right_mark(row)) for row in rows]

    def marked_of(self, authority_id: AuthorityId) -> Sequence[RightMark]:
        """What stands against rights of this authority's cases, the oldest first."""
        marks = self.rows(OPEN)
        own = self._years_of(marks, authority_id)
        return [right_mark(row) for row in marks if row["application_id"] in own]

    def apart_from(self, application_id: ApplicationId) -> frozenset[ApplicationId]:
        """Applications of which a person has said that they are of another child."""
        rows = self.rows(TOLD_APART, mine=str(application_id))
        found = {ApplicationId(UUID(each)) for row in rows for each in (row["one"], row["other"])}
        return frozenset(found - {application_id})
