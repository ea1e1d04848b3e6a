"""Authorities, schools, entrances and addresses."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

import sqlalchemy as sa
from geography.address_search.pick import RANK, one_place, pick_address
from geography.model import Address, Entrance, Point, School, lookup_keys
from geography.model.house_number import houses_of
from geography.model.records import Street
from shared.calendar import day_in_berlin
from shared.events import AuthorityId

from eligibility.domain.authority import Authority
from eligibility.store.base import to_text
from eligibility.store.places.courts import with_court
from eligibility.store.places.sets import PlaceSetTables, address_of
from eligibility.store.places.tables import STREET
from eligibility.store.tables import ADDRESS, AUTHORITY, ENTRANCE, SCHOOL

OPERATING = ("0", "1", "2", "6")
"""Opening keys of schools that pupils can attend now (School.operating)."""
METRES_PER_DEGREE = 111_000.0
"""A little less than the true length: the box around a point is never too small."""


AUTHORITY_BY_ID = sa.select(AUTHORITY.c.settings).where(AUTHORITY.c.id == sa.bindparam("authority"))
SCHOOL_BY_NUMBER = sa.select(SCHOOL).where(SCHOOL.c.number == sa.bindparam("of"))
POINTS_OF_SCHOOLS = sa.select(SCHOOL.c.lat, SCHOOL.c.lon).where(
    SCHOOL.c.authority_number.in_(sa.bindparam("borne_by", expanding=True)), SCHOOL.c.lat.is_not(None)
)
ADDRESS_BY_CODE = sa.select(ADDRESS).where(ADDRESS.c.key == sa.bindparam("by_code"))
ADDRESS_BY_CITY = sa.select(ADDRESS).where(ADDRESS.c.city_key == sa.bindparam("by_city"))
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
        """Set up an authority, or replace its settings."""
        self.upsert(AUTHORITY, ["id"], [{"id": authority.id, "settings": to_text(authority.model_dump(mode="json"))}])

    def authority(self, authority_id: AuthorityId) -> Authority | None:
        """Its settings, with the court that is competent today; None: it is not set up here."""
        row = self.one(AUTHORITY_BY_ID, authority=authority_id)
        return None if row is None else with_court(_authority(row["settings"]), day_in_berlin(datetime.now(UTC)))

    def school(self, number: str) -> School | None:
        """The school of this number in the register; None: there is none."""
        row = self.one(SCHOOL_BY_NUMBER, of=number)
        return None if row is None else school_from(row)

    def points_of_schools(self, authority: Authority) -> Sequence[Point]:
        """Where the schools are that an authority bears; those without coordinates are left out."""
        rows = self.rows(POINTS_OF_SCHOOLS, borne_by=[authority.id, *authority.register_numbers])
        return [Point(row["lat"], row["lon"]) for row in rows]

    def schools(self) -> list[School]:
        """The whole register, by number."""
        return [school_from(row) for row in self.rows(sa.select(SCHOOL).order_by(SCHOOL.c.number))]

    def home(self, street: str, house_number: str, postal_code: str, city: str) -> Address | None:
        """The house, found with the postal code, else with the city; None where it is not there, or not one place.

        A marked door goes before a building's middle; several places of one address are a question for a person. A list
        or range that is not recorded as such is found by its houses, where all are one place.
        """
        found = self._house(street, house_number, postal_code, city)
        parts = [house for house, _ in houses_of(house_number)]
        if found is not None or len(parts) < 2:
            return found
        each = [self._house(street, part, postal_code, city) for part in parts]
        ends = {0, len(parts) - 1}
        if any(house is None for at, house in enumerate(each) if at in ends or not houses_of(house_number)[at][1]):
            return None
        known = [house for house in each if house is not None]
        best = min(known, key=lambda house: (RANK[house.origin], house.source))
        return replace(best, house_number=house_number) if one_place(known) else None

    def knows_area(self, postal_code: str, city: str) -> bool:
        """Whether the directory has a street with this postal code, or in this town."""
        here = STREET.c.city == city
        if postal_code:
            here |= STREET.c.postal_codes.contains(postal_code, autoescape=True)
        return self.one(sa.select(STREET.c.city).where(here).limit(1)) is not None

    def _house(self, street: str, house_number: str, postal_code: str, city: str) -> Address | None:
        """A row without postal code counts only if nothing contradicts: where the street has this code elsewhere, or
        only others, a person looks."""
        by_code, by_city = lookup_keys(street, house_number, postal_code, city)
        found = self.rows(ADDRESS_BY_CODE, by_code=by_code) if by_code else []
        if found or not by_city:
            return pick_address([address_of(row) for row in found], postal_code)
        in_city = [address_of(row) for row in self.rows(ADDRESS_BY_CITY, by_city=by_city)]
        if postal_code and any(not house.postal_code for house in in_city):
            return pick_address(in_city, postal_code, self.neighbours(Street(street, city, ()), postal_code))
        return pick_address(in_city, postal_code)

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


SCHOOL_FIELDS = School.__dataclass_fields__.keys() - {"point"}


def school_from(row: sa.RowMapping) -> School:
    """A row of the register; a school without coordinates has no point."""
    point = Point(row["lat"], row["lon"]) if row["lat"] is not None and row["lon"] is not None else None
    return School(**{name: row[name] for name in SCHOOL_FIELDS}, point=point)
