"""A small place: one authority, six schools, two homes, and families that apply there. Makers of test data."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from uuid import uuid4

from eligibility.domain.authority import Authority
from geography.model import Address, Entrance, Measurement, Point, School, Snap, lookup_keys
from shared.events import ApplicationChanged, ApplicationSubmitted, Circumstances, HomeAddress, Person
from support.making import make

NOW = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
NEXT_YEAR = "2027/28"
JUNE = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
"""In which the next school year is prepared."""
Renew = Callable[[], Awaitable[dict[str, int]]]
"""Prepares the next year: how many grants came to which end."""
LINE = {"type": "LineString", "coordinates": [[8.75, 51.71], [8.755, 51.715], [8.76, 51.72]]}


def measurement(metres: float, **changes: object) -> Measurement:
    snap = Snap(1, 1, Point(51.71, 8.75), 3.0, "nearest")
    values: dict[str, object] = {
        "metres": metres,
        "connector_from_m": 3.0,
        "connector_to_m": 4.0,
        "geometry": LINE,
        "legs": (),
        "lenient_m": metres,
        "strict_m": metres,
        "flags": (),
        "network": {"graph": {"sha256": "ab" * 32}, "date": "2026-01-01", "attribution": "© OpenStreetMap"},
        "entrance": Entrance(Point(51.72, 8.76), "openstreetmap"),
        "snap_from": snap,
        "snap_to": snap,
        "ways": (1, 2),
    }
    return make(Measurement, **(values | changes))


def authority(**changes: object) -> Authority:
    values: dict[str, object] = {
        "id": "12345",
        "name": "Stadt Eschenborn",
        "letterhead": ["Schulverwaltungsamt", "Markt 1", "33100 Eschenborn"],
        "place": "Eschenborn",
        "contact": {"office": "Schülerbeförderung", "person": "Frau Beispiel", "phone": "05251 1234"},
        "court": {"name": "Verwaltungsgericht Minden", "address": "Königswall 8, 32423 Minden"},
        "data_protection_url": "https://www.example.org/datenschutz",
        "release_by_person": "refusals",
    }
    return Authority.model_validate(values | changes)


def school(number: str, **changes: object) -> School:
    values: dict[str, object] = {
        "number": number,
        "name": f"Schule {number}",
        "short_name": f"S {number}",
        "form": "G",
        "form_number": "02",
        "kind": "GMS",
        "private": False,
        "municipality": "05774000",
        "authority_number": "12345",
        "postal_code": "33100",
        "city": "Eschenborn",
        "street": "Schulweg 1",
        "point": Point(51.72, 8.76),
        "opening_key": "1",
        "opening_date": "",
        "tracks": "",
    }
    return make(School, **(values | changes))


def address(street: str, number: str, point: Point, source: str, code: str = "33100") -> Address:
    key, city_key = lookup_keys(street, number, code, "Eschenborn")
    return Address(key, city_key, street, number, code, "Eschenborn", point, "entrance", source)


SCHOOLS = (
    school("100001"),
    school("100002", point=Point(51.715, 8.755), kind="RKB"),
    school("100003", point=Point(51.73, 8.77)),
    school("100004", form="GY", form_number="20", kind=None),
    school("100005", form="BK", form_number="30", kind=None),
    school("100006", authority_number="99999"),
)
ADDRESSES = (
    address("Kirchstraße", "5a", Point(51.71, 8.75), "osm:node/1"),
    address("Doppelweg", "1", Point(51.70, 8.75), "osm:node/2"),
    address("Doppelweg", "1", Point(51.75, 8.75), "osm:node/3"),
)
HOME = HomeAddress(street="Kirchstr.", house_number="5 A", postal_code="33100", city="Eschenborn")


NUMBERS = itertools.count(1)


def family_name(number: int) -> str:
    """One for each number, no two of them near each other."""
    syllables = ("bar", "kel", "mon", "tis", "vug", "lop", "fedz", "nax")
    return "".join(syllables[number // 8**place % 8] for place in range(5)).capitalize()


def submitted(**changes: object) -> ApplicationSubmitted:
    values: dict[str, object] = {
        "occurred_at": datetime(2026, 5, 1, 8, 0, tzinfo=UTC),
        "authority_id": "12345",
        "application_id": uuid4(),
        "school_number": "100001",
        "school_year": "2026/27",
        "wanted_from": date(2026, 8, 1),
        "birth_date": date(2017, 2, 28),
        "home": HOME,
        "grade": "03",
        "circumstances": Circumstances(lives_in_nrw=True),
        "addressee": Person(first_name="Đặng", last_name="O’Neill-Șahin"),
        "addressee_address": HOME,
        "child": Person(first_name="Ana", last_name=f"Đặng {family_name(next(NUMBERS))}"),  # a child of its own
    }
    return ApplicationSubmitted(**(values | changes))


def changed(event: ApplicationSubmitted, **changes: object) -> ApplicationChanged:
    """The same application, with these facts changed by its family."""
    content = {name: getattr(event, name) for name in ApplicationSubmitted.model_fields if name != "event_id"}
    told = {"change_id": uuid4(), "change_number": 1, "applied_at": event.occurred_at, "occurred_at": NOW}
    return ApplicationChanged(**(content | told | changes))
