"""How many applications there are for each school, and what is known of its entrances."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from geography.model import Entrance, Point, School
from shared.events import AuthorityId

from eligibility.store.base import Tables
from eligibility.store.places.places import school_from
from eligibility.store.places.tables import ENTRANCE_SET
from eligibility.store.tables import CASE, ENTRANCE, SCHOOL
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.desk.entrances import CaseCount


class EntranceTables(Tables):
    def case_counts(self, authority_id: AuthorityId) -> Sequence[CaseCount]:
        """Without those that the family laid down."""
        open_cases = sa.func.count().filter(CASE.c.state.in_(WORK))
        chosen = sa.select(
            CASE.c.school_number, CASE.c.school_year, sa.func.count().label("all"), open_cases.label("open")
        )
        chosen = chosen.where(CASE.c.authority_id == authority_id, CASE.c.state != "withdrawn")
        rows = self.rows(chosen.group_by(CASE.c.school_number, CASE.c.school_year))
        return [CaseCount(row["school_number"], row["school_year"], row["all"], row["open"]) for row in rows]

    def schools_of(self, numbers: Sequence[str]) -> Sequence[School]:
        """The schools of these numbers that the register holds, in no order."""
        return [school_from(row) for row in self.rows(sa.select(SCHOOL).where(SCHOOL.c.number.in_(numbers)))]

    def confirmed_of(self, numbers: Sequence[str]) -> frozenset[str]:
        """Those of these schools whose entrances a person has set."""
        chosen = sa.select(ENTRANCE_SET.c.school_number).where(ENTRANCE_SET.c.school_number.in_(numbers))
        return frozenset(row["school_number"] for row in self.rows(chosen))

    def known_entrances(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Entrance]]:
        """Entrances by school number, from whatever source; a school without any is missing."""
        found: dict[str, list[Entrance]] = {}
        chosen = sa.select(ENTRANCE).where(ENTRANCE.c.school_number.in_(numbers)).order_by(ENTRANCE.c.id)
        for row in self.rows(chosen):
            entrance = Entrance(Point(row["lat"], row["lon"]), row["origin"], row["name"])
            found.setdefault(row["school_number"], []).append(entrance)
        return found
