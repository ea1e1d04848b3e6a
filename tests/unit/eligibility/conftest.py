"""A small place: one authority, four schools, two homes, in a real database; ways are measured by a stand-in. And a
drawn town (support/town.py), or the real Aachen, whose ways are measured by the real code."""

import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from eligibility import presets
from eligibility.domain.authority import Authority
from eligibility.domain.ids import NoticeToken
from eligibility.store import Store, StoredRecords
from eligibility.store.places.sink import Sink
from eligibility.workflow import CaseDesk, Decide, Handling, NoticeDesk, Revise, SelfPayers, Surroundings, Ways
from eligibility.workflow.family.families import FAMILIES
from eligibility.workflow.ports import Found
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId, RuleSetVersion
from geography import Network, build, load
from geography.model import Address, Entrance, Measurement, Point, School, Snap, lookup_keys
from shared.bus.tables import outbox
from shared.database import Database
from shared.database.migration import upgrade
from shared.events import (
    ALL,
    ApplicationChanged,
    ApplicationSelfPayerChosen,
    ApplicationSubmitted,
    Circumstances,
    Event,
    HomeAddress,
    Person,
)
from shared.runtime.backlog import Backlog
from support.town import Town, at

NOW = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
LINE = {"type": "LineString", "coordinates": [[8.75, 51.71], [8.755, 51.715], [8.76, 51.72]]}


def measurement(metres: float, **changes: Any) -> Measurement:
    snap = Snap(1, 1, Point(51.71, 8.75), 3.0, "nearest")
    values: dict[str, Any] = {
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
    return Measurement(**(values | changes))


@dataclass
class WalksAsTold:
    """Implements Walking: says what the test told it to measure."""

    answer: Ways = field(default_factory=lambda: Ways(measurement(2500.0)))
    asked: list[Found] = field(default_factory=list)

    async def ways(self, home: Address, school: School, found: Found) -> Ways:
        self.asked.append(found)
        return self.answer


def authority(**changes: Any) -> Authority:
    values: dict[str, Any] = {
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


def school(number: str, **changes: Any) -> School:
    values: dict[str, Any] = {
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
    return School(**(values | changes))


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


def submitted(**changes: Any) -> ApplicationSubmitted:
    values: dict[str, Any] = {
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
        "child": Person(first_name="Ana", last_name=f"Đặng-{next(NUMBERS)}"),  # a child of its own
    }
    return ApplicationSubmitted(**(values | changes))


def changed(event: ApplicationSubmitted, **changes: Any) -> ApplicationChanged:
    """The same application, with these facts changed by its family."""
    content = {name: getattr(event, name) for name in ApplicationSubmitted.model_fields if name != "event_id"}
    told = {"change_id": uuid4(), "change_number": 1, "applied_at": event.occurred_at, "occurred_at": NOW}
    return ApplicationChanged(**(content | told | changes))


@dataclass
class World:
    database: Database[Store]
    walks: WalksAsTold
    decide: Decide
    desk: CaseDesk
    surroundings: Surroundings
    revise: Revise
    handling: Handling
    notice_desk: NoticeDesk
    clock: list[datetime]
    """The present moment; a test sets it."""

    @property
    def families_backlog(self) -> Backlog:
        return Backlog(FAMILIES, self.database, self.surroundings.now)

    async def hear(self, event: Event) -> None:
        """As the consumer does: the handler, then its step in a transaction."""
        handler: Callable[[Any], Awaitable[Any]] = (
            self.revise.changed
            if isinstance(event, ApplicationChanged)
            else self.decide.submitted
            if isinstance(event, ApplicationSubmitted)
            else SelfPayers(self.surroundings).chosen
            if isinstance(event, ApplicationSelfPayerChosen)
            else self.decide.withdrawn
        )
        step = await handler(event)
        await self.database.write(step)

    def told(self) -> list[Event]:
        """The events in the outbox, in order."""
        kinds = {kind.subject: kind for kind in ALL}

        def query(store: Store) -> list[Event]:
            rows = store.session.connection().execute(sa.select(outbox).order_by(outbox.c.position))
            return [kinds[row.subject].model_validate_json(row.payload) for row in rows]

        return self.database.read_now(query)

    def set_authority(self, **changes: Any) -> None:
        self.database.write_now(lambda store: store.set_authority(authority(**changes)))

    def publish(self, choices: dict[str, Any], version: str = "1", **parts: Any) -> str:
        """A rule set of the authority's own on top of NRW's, in force; its rules_version."""
        text = presets.as_yaml(
            {
                "name": "eschenborn",
                "title": "Eschenborn",
                "version": version,
                "origin": "nrw",
                "choices": choices,
                **parts,
            }
        )
        rules = presets.from_text(text).rules
        made = RuleSetVersion(
            RuleSetId(uuid4()), "12345", "eschenborn", "published", rules.version, text, rules.rule_set.content(), None,
            ("anna",), NOW, NOW, "bert", NOW, date(2026, 1, 1),
        )  # fmt: skip
        self.database.write_now(lambda store: store.put_rule_set(made))
        return rules.version

    def case_of(self, application_id: UUID) -> Any:
        case = self.database.read_now(lambda store: store.case_of(application_id))  # type: ignore[arg-type]
        assert case is not None
        return case

    def decision_of(self, application_id: UUID) -> Any:
        case = self.case_of(application_id)
        return self.database.read_now(lambda store: store.decision_of(case.id))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("eligibility") / "empty.db"
    upgrade(f"sqlite:///{path}", "eligibility")
    database: Database[Store] = Database(f"sqlite:///{path}", Store)
    Sink(database).replace_schools(iter(SCHOOLS))
    Sink(database).replace_addresses(iter(ADDRESSES))
    database.write_now(lambda store: store.set_authority(authority()))
    database.write_now(lambda store: store.session.connection().exec_driver_sql("SELECT 1"))
    database.close()
    return path


@pytest.fixture
def world(empty_database: Path, tmp_path: Path) -> Iterator[World]:
    path = tmp_path / "eligibility.db"
    path.write_bytes(empty_database.read_bytes())
    database: Database[Store] = Database(f"sqlite:///{path}", Store)
    clock = [NOW]
    tokens = iter(range(1_000_000))
    surroundings = Surroundings(
        lambda: clock[0], lambda: NoticeToken(f"token-{next(tokens)}"), "https://bescheid.example"
    )
    records = StoredRecords(database, presets.preset)
    walks = WalksAsTold()
    decide = Decide(records, walks, surroundings)
    yield World(
        database,
        walks,
        decide,
        CaseDesk(database, records, surroundings),
        surroundings,
        Revise(decide, surroundings),
        Handling(database, records, surroundings),
        NoticeDesk(database, surroundings),
        clock,
    )
    database.close()


@pytest.fixture
def make() -> Any:
    """Makers of test data: helper modules beside tests cannot be imported by name."""

    class Make:
        measurement = staticmethod(measurement)
        submitted = staticmethod(submitted)
        changed = staticmethod(changed)
        authority = staticmethod(authority)
        school = staticmethod(school)

    return Make


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def new_town(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Town]:
    """For tests that draw many towns."""
    return lambda: Town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def place() -> Callable[[float, float], Point]:
    """Metres east and north of the origin -> point."""
    return at


@pytest.fixture
def grid(town: Town) -> Town:
    """Three streets to the east, three to the north, 200 m apart: a b c / d e f / g h i from south-west to north-east."""
    for number, name in enumerate("abcdefghi"):
        town.node(name, number % 3 * 200, number // 3 * 200)
    town.way(11, "a b c", name="Südstraße").way(12, "d e f", name="Mittelstraße").way(13, "g h i", name="Nordstraße")
    return town.way(21, "a d g", name="Westweg").way(22, "b e h", name="Mittelweg").way(23, "c f i", name="Ostweg")


@pytest.fixture(scope="session")
def aachen_extract(real_data: Path) -> Path:
    return real_data / "aachen" / "network.osm.pbf"


@pytest.fixture(scope="session")
def aachen(aachen_extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Network:
    """The real city's network; only for tests that are marked real_data."""
    target = tmp_path_factory.mktemp("aachen") / "aachen.network"
    build(aachen_extract, target)
    return load(target)
