"""Authorities, schools, entrances and addresses."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import sqlalchemy as sa
from geography.address_search.pick import RANK
from geography.model import Address, Entrance, Point, School, lookup_keys
from shared.events import AuthorityId

from eligibility.domain.authority import Authority
from eligibility.store.base import to_text
from eligibility.store.places.sets import PlaceSetTables
from eligibility.store.tables import ADDRESS, AUTHORITY, ENTRANCE, SCHOOL

OPERATING = ("0", "1", "2", "6")
"""Opening keys of schools that pupils can attend now (School.operating)."""
METRES_PER_DEGREE = 111_000.0
"""A little less than the true length: the box around a point is never too small."""


AUTHORITY_BY_ID = sa.select(AUTHORITY.c.settings).where(AUTHORITY.c.id == sa.bindparam("authority"))
SCHOOL_BY_NUMBER = sa.select(SCHOOL).where(SCHOOL.c.number == sa.bindparam("of"))
ADDRESS_BY_CODE = sa.select(ADDRESS).where(ADDRESS.c.key == sa.bindparam("by_code"))
ALIKE = (
    sa.select(SCHOOL)
    .where(
        SCHOOL.c.form == sa.bindparam("of_form"),
        SCHOOL.c.lat.between(sa.bindparam("south"), sa.bindparam("north")),
        SCHOOL.c.lon.between(sa.bindparam("west"), sa.bindparam("east")),
        SCHOOL.c.number != sa.bindparam("itself"),
        SCHOOL.c.private.is_(False),
        SCHOOL.c.opening_key.in_(OPERATING),
    )
    .order_by(SCHOOL.c.number)
)
ALIKE_SAME_KIND = ALIKE.where(SCHOOL.c.kind == sa.bindparam("of_kind"))
ENTRANCES_OF = (
    sa.select(ENTRANCE)
    .where(ENTRANCE.c.school_number.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(ENTRANCE.c.id)
)


class PlaceTables(PlaceSetTables):
    def set_authority(self, authority: Authority) -> None:
        self.upsert(AUTHORITY, ["id"], [{"id": authority.id, "settings": to_text(authority.model_dump(mode="json"))}])

    def authority(self, authority_id: AuthorityId) -> Authority | None:
        row = self.one(AUTHORITY_BY_ID, authority=authority_id)
        return None if row is None else _authority(row["settings"])

    def school(self, number: str) -> School | None:
        row = self.one(SCHOOL_BY_NUMBER, of=number)
        return None if row is None else school_from(row)

    def schools(self) -> list[School]:
        return [school_from(row) for row in self.rows(sa.select(SCHOOL).order_by(SCHOOL.c.number))]

    def home(self, street: str, house_number: str, postal_code: str, city: str) -> Address | None:
        """The house, found with the postal code, else with the city; None where it is not there, or not one place.

        A row found by city counts only if it has no postal code or the same. A marked door goes before a building's
        middle; several places of one address are a question for a person.
        """
        by_code, by_city = lookup_keys(street, house_number, postal_code, city)
        found = self.rows(ADDRESS_BY_CODE, by_code=by_code) if by_code else []
        if not found and by_city:
            in_city = sa.select(ADDRESS).where(ADDRESS.c.city_key == by_city)
            found = self.rows(in_city.where(ADDRESS.c.postal_code.in_(("", postal_code))) if postal_code else in_city)
        if not found:
            return None
        best = min(found, key=lambda row: (RANK[row["origin"]], row["source"]))
        return None if any(_apart(best, row) > FAR_APART_M for row in found) else address_from(best)

    def alike(self, school: School, *, same_kind: bool, around: Point, radius_m: float) -> Sequence[School]:
        """Operating public schools of the same form in the box around a point, the school itself left out."""
        high = radius_m / METRES_PER_DEGREE
        wide = high / math.cos(math.radians(around.lat))
        box = {
            "south": around.lat - high,
            "north": around.lat + high,
            "west": around.lon - wide,
            "east": around.lon + wide,
        }
        values = {**box, "of_form": school.form, "itself": school.number}
        found = self.rows(ALIKE_SAME_KIND, **values, of_kind=school.kind) if same_kind else self.rows(ALIKE, **values)
        return [school_from(row) for row in found]

    def entrances(self, schools: Sequence[School]) -> Mapping[str, Sequence[Entrance]]:
        """The known entrances of each school, else its point in the register; schools without either are left out."""
        numbers = [school.number for school in schools]
        found: dict[str, list[Entrance]] = {}
        for row in self.rows(ENTRANCES_OF, numbers=numbers):
            entrance = Entrance(Point(row["lat"], row["lon"]), row["origin"], row["name"])
            found.setdefault(row["school_number"], []).append(entrance)
        for school in schools:
            if school.number not in found and school.point is not None:
                found[school.number] = [Entrance(school.point, "school_point")]
        return found


@lru_cache(maxsize=1024)
def _authority(settings: str) -> Authority:
    return Authority.model_validate_json(settings)


FAR_APART_M = 50.0
"""Two points of one address farther apart than this are two houses (or a mistake in the map): nobody guesses."""


def _apart(one: sa.RowMapping, other: sa.RowMapping) -> float:
    north = (one["lat"] - other["lat"]) * METRES_PER_DEGREE
    east = (one["lon"] - other["lon"]) * METRES_PER_DEGREE * math.cos(math.radians(one["lat"]))
    return math.hypot(north, east)


SCHOOL_FIELDS = School.__dataclass_fields__.keys() - {"point"}
ADDRESS_FIELDS = Address.__dataclass_fields__.keys() - {"point"}


def school_from(row: sa.RowMapping) -> School:
    point = Point(row["lat"], row["lon"]) if row["lat"] is not None and row["lon"] is not None else None
    return School(**{name: row[name] for name in SCHOOL_FIELDS}, point=point)


def address_from(row: sa.RowMapping) -> Address:
    return Address(**{name: row[name] for name in ADDRESS_FIELDS}, point=Point(row["lat"], row["lon"]))
