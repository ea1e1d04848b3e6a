"""What stands against the right of children named much like one: in whatever school year, laid down or not."""

from collections.abc import Collection, Sequence
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
YEARS = (
    sa.select(CASE.c.school_year)
    .select_from(MARKED)
    .where(UNSETTLED, not_by(CASE.c.authority_id) == sa.bindparam("of"))
    .distinct()
    .order_by(CASE.c.school_year)
)
OF_AUTHORITY = (
    sa.select(*(RIGHT_MARK.c[name] for name in ("application_id", "what", "reason", "at")))
    .select_from(MARKED)
    .where(UNSETTLED, not_by(CASE.c.authority_id) == sa.bindparam("of"))
    .distinct()
    .order_by(RIGHT_MARK.c.at)
)
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
        return [row["school_year"] for row in self.rows(YEARS, of=authority_id)]

    def marked_like(
        self, digests: Collection[str], application_id: ApplicationId
    ) -> Sequence[tuple[NamingCase, RightMark]]:
        """Cases of other applications that share a digest and have a right that something stands against, with that,
        the oldest first."""
        rows = self.rows(LIKE, digests=sorted(digests), mine=str(application_id))
        return [(naming_case(row), right_mark(row)) for row in rows]

    def marked_of(self, authority_id: AuthorityId) -> Sequence[RightMark]:
        """What stands against rights of this authority's cases, the oldest first."""
        return [right_mark(row) for row in self.rows(OF_AUTHORITY, of=authority_id)]

    def apart_from(self, application_id: ApplicationId) -> frozenset[ApplicationId]:
        """Applications of which a person has said that they are of another child."""
        rows = self.rows(TOLD_APART, mine=str(application_id))
        found = {ApplicationId(UUID(each)) for row in rows for each in (row["one"], row["other"])}
        return frozenset(found - {application_id})
