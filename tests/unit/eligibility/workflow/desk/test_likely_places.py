"""Places that a person tells, near and far from what they belong to: as a property, and in words."""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from eligibility.store import Store
from eligibility.store.places.importer import PlaceImporter
from eligibility.workflow.desk.likely_places import (
    OF_SCHOOL,
    PlaceAnchor,
    anchor_of_door,
    anchor_of_entrance,
    anchor_of_hazard,
    why_unlikely,
)
from geography.model import Address, Point, School, lookup_keys
from geography.model.ellipsoid import radii
from hypothesis import given
from hypothesis import strategies as st
from shared.database import Database
from support.eligibility import small_place
from support.making import make

AUTHORITY = small_place.authority()
SCHOOL = Point(51.72, 8.76)
MAP = (8.0, 51.0, 9.5, 52.5)


def away(metres: float, degrees: float, of: Point = SCHOOL) -> Point:
    """The place so many metres away in that direction."""
    north, east = radii(of.lat)
    angle = math.radians(degrees)
    return Point(
        of.lat + math.degrees(metres * math.cos(angle) / north), of.lon + math.degrees(metres * math.sin(angle) / east)
    )


@pytest.fixture(scope="module")
def store(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database[Store]]:
    copied = shutil.copy(migrated_database, tmp_path_factory.mktemp("likely") / "places.db")
    database: Database[Store] = Database(f"sqlite:///{copied}", Store)
    PlaceImporter(database).replace_schools(iter(small_place.SCHOOLS))
    PlaceImporter(database).replace_addresses(iter(small_place.ADDRESSES))
    database.write_now(lambda store: store.set_authority(AUTHORITY))
    yield database
    database.close()


def entrance(store: Database[Store]) -> PlaceAnchor:
    school = store.read_now(lambda one: one.school("100001"))
    assert isinstance(school, School)
    return store.read_now(lambda one: anchor_of_entrance(one, AUTHORITY, school))


def door(store: Database[Store], street: str, number: str, city: str = "Eschenborn") -> PlaceAnchor:
    key, city_key = lookup_keys(street, number, "33100", city)
    house = Address(key, city_key or "", street, number, "33100", city, SCHOOL, "set_by_person", "door")
    return store.read_now(lambda one: anchor_of_door(one, AUTHORITY, house))


directions = st.floats(0, 360)


@given(share=st.floats(0, 0.98), direction=directions)
def test_what_lies_within_the_bound_is_taken_unasked(share: float, direction: float) -> None:
    anchor = PlaceAnchor([SCHOOL], 1000.0, OF_SCHOOL)
    place = away(share * anchor.within_m, direction)
    assert why_unlikely(AUTHORITY, anchor, [place], area=MAP, is_meant=False) is None


@given(metres=st.floats(1_020, 48_000), direction=directions, near=st.integers(0, 3))
def test_what_lies_farther_is_asked_about_and_taken_once_it_is_confirmed(
    metres: float, direction: float, near: int
) -> None:
    """However many others are near."""
    anchor = PlaceAnchor([SCHOOL], 1000.0, OF_SCHOOL)
    places = [away(10.0 * n, direction) for n in range(near)] + [away(metres, direction)]
    why = why_unlikely(AUTHORITY, anchor, places, area=MAP, is_meant=False)
    assert why is not None and "far_is_meant" in why.de and "far_is_meant" in why.en and "km" in why.de
    assert why_unlikely(AUTHORITY, anchor, places, area=MAP, is_meant=True) is None


@given(metres=st.floats(53_000, 600_000), direction=directions, is_meant=st.booleans())
def test_what_lies_in_another_town_is_never_taken(metres: float, direction: float, is_meant: bool) -> None:
    anchor = PlaceAnchor([SCHOOL], 1000.0, OF_SCHOOL)
    why = why_unlikely(AUTHORITY, anchor, [away(metres, direction)], area=MAP, is_meant=is_meant)
    assert why is not None and "kann nicht gemeint sein" in why.de


@given(place=st.tuples(st.floats(47, 56), st.floats(5, 16)))
def test_where_nothing_is_known_the_map_is_what_a_place_must_lie_on(place: tuple[float, float]) -> None:
    lat, lon = place
    nothing = PlaceAnchor([], 50_000.0, OF_SCHOOL)
    why = why_unlikely(AUTHORITY, nothing, [Point(lat, lon)], area=MAP, is_meant=False)
    assert (why is None) == (51.0 <= lat <= 52.5 and 8.0 <= lon <= 9.5)


def test_an_entrance_belongs_to_its_school_and_of_a_school_without_a_place_to_the_others(
    store: Database[Store],
) -> None:
    assert (entrance(store).points, entrance(store).within_m) == ([SCHOOL], AUTHORITY.entrance_within_m)
    blank: dict[str, object] = dict.fromkeys(School.__dataclass_fields__, "") | {"point": None}
    of_all = store.read_now(lambda one: anchor_of_entrance(one, AUTHORITY, make(School, **blank)))
    assert SCHOOL in of_all.points and of_all.within_m == AUTHORITY.place_within_m
    assert of_all == store.read_now(lambda one: anchor_of_hazard(one, AUTHORITY))


def test_a_door_belongs_to_its_house_else_to_its_street_else_to_the_schools(store: Database[Store]) -> None:
    assert door(store, "Kirchstraße", "5a").points == [Point(51.71, 8.75)]
    assert door(store, "Kirchstraße", "5a").within_m == AUTHORITY.door_within_m
    assert door(store, "Doppelweg", "9").within_m == AUTHORITY.door_from_street_within_m
    assert set(door(store, "Doppelweg", "9").points) == {Point(51.70, 8.75), Point(51.75, 8.75)}
    assert door(store, "Neubaugebiet Süd", "1").within_m == AUTHORITY.place_within_m
