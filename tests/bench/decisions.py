"""How much of a city decides itself, and whether its refusals are right: real homes, real schools, no claims.

    SCHULTICKET_DATA=… .venv/bin/python tests/bench/decisions.py [--homes 2000] [--osm FILE] [--schools FILE] [--seed 10]

Children of primary school and of Gymnasium are drawn by a seed: a home, and the nearest or second nearest school of the
form that the city bears and the extract holds, in a straight line. Each application goes the way of a real one, from the event to the verdict,
by the preset for NRW; nobody claims anything (at a Gymnasium: the form's question about a branch of its own is answered
with no), and no fare is known. Twice: with OpenStreetMap's entrances where it has
some, and as if no entrance were known, so that every way ends at the register's point. Each refusal is checked against the
reading of the map that is best for the family (the longest way), and, where OpenStreetMap has an entrance of the school,
against the way to that entrance; each grant against the way to the entrance too. With OpenStreetMap's entrances, what one
would have to say of which places is counted too: how many such acts let the machine decide how many of all (`rulings`).
Nothing here is a test, and nothing of the data is kept. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import rulings
from eligibility import presets
from eligibility.domain.authority import Authority
from eligibility.domain.ids import NoticeToken
from eligibility.domain.keys import Key, Keys
from eligibility.measuring import NetworkMeasurer
from eligibility.store import Store, StoredRecords
from eligibility.store.places.importer import PlaceImporter
from eligibility.workflow import Decide, Environment
from eligibility.workflow.decision.prepared import PreparedCase
from geography import NoWay, ReadReport, build, entrances_from_osm, measure, read_addresses, read_schools
from geography.model import Address, Entrance, Measurement, School, UnusablePoint
from geography.model.ellipsoid import length
from shared.database import Database
from shared.database.migration import upgrade
from shared.events import ApplicationSubmitted, Circumstances, Claims, HomeAddress, Person

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.json import whole
from support.making import make

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
GROUPS: dict[str, dict[str, object]] = {
    "primary": {"limit_m": 2000, "form": "G", "grade": "02", "birth_date": date(2018, 3, 1)},
    "gymnasium": {"limit_m": 3500, "form": "GY", "grade": "07", "track": "GY9", "birth_date": date(2013, 3, 1)},
}
CITY = "10194"


def main() -> None:
    data = Path(os.environ.get("SCHULTICKET_DATA", ""))
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--homes", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=10)
    arguments.add_argument("--osm", type=Path, default=data / "aachen" / "network.osm.pbf")
    arguments.add_argument("--schools", type=Path, default=data / "nrw" / "Schulen.csv")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        city = City(Path(folder), options.osm, options.schools)
        figures = {}
        for ends, known in (("entrances", city.entrances), ("points", {})):
            city.know(known)
            for group in GROUPS:
                started = time.perf_counter()
                found = asyncio.run(city.decide(group, options.homes, options.seed))
                figures[f"{group}, {ends}"] = dict(sorted(found.items()))
                print(f"{group:12} {ends:10} {time.perf_counter() - started:6.1f} s  {dict(sorted(found.items()))}")
                if known:
                    figures[f"{group}, rulings"] = _said(city.open_cases, options.homes)
    print(json.dumps({"homes": options.homes, "seed": options.seed, **figures}, ensure_ascii=False))


def _said(cases: Sequence[set[rulings.Act]], homes: int) -> dict[str, int]:
    """Prints the first rulings; how many of which kind settle everything."""
    found = rulings.curve(cases)
    for number, (act, settled) in enumerate(found[:10], 1):
        share = 100 * (homes - len(cases) + settled) / homes
        print(f"{number:14} {' '.join(act):40} settles {settled} of {len(cases)}: {share:.2f} % by machine")
    return dict(Counter(kind for (kind, _), _ in found))


class City:
    """Homes, schools and the network of an extract, in a database of its own."""

    def __init__(self, folder: Path, osm: Path, register: Path) -> None:
        network, url = folder / "city.network", f"sqlite:///{folder / 'city.db'}"
        build(osm, network)
        upgrade(url, "eligibility")
        self.database: Database[Store] = Database(url, Store)
        self.measurer, self.importer = NetworkMeasurer(network), PlaceImporter(self.database)
        self.addresses = [each for each in read_addresses(osm, ReadReport()) if each.house_number]
        self.schools = [each for each in read_schools(register, ReadReport()) if each.authority_number == CITY]
        self.importer.replace_schools(iter(self.schools))
        self.importer.replace_addresses(iter(self.addresses))
        self.entrances: dict[str, list[Entrance]] = {}
        for number, entrance in entrances_from_osm(osm, self.schools):
            self.entrances.setdefault(number, []).append(entrance)
        authority = Authority.model_validate({
            "id": CITY, "name": "Stadt", "letterhead": ["Markt 1"], "place": "Stadt", "contact": {"office": "Amt"},
            "court": {"name": "VG", "address": "Platz 1"}, "data_protection_url": "https://example.org",
        })  # fmt: skip
        self.database.write_now(lambda store: store.set_authority(authority))

    def know(self, entrances: Mapping[str, Sequence[Entrance]]) -> None:
        """Only these entrances."""
        pairs = [(number, each) for number, known in entrances.items() for each in known]
        self.importer.replace_entrances(pairs, "openstreetmap")

    async def decide(self, group: str, homes: int, seed: int) -> Counter[str]:
        """What became of so many children, and what was wrong with it."""
        self.open_cases: list[set[rulings.Act]] = []
        drawn, counted = random.Random(f"{seed} {group}"), Counter[str]()  # not a secret
        records = StoredRecords(self.database, presets.preset, NOW.date)
        decide = Decide(records, self.measurer, environment())
        schools = [
            each
            for each in self.schools
            if each.form == GROUPS[group]["form"] and each.operating and each.point and self._holds(each.point)
        ]
        for number, home in enumerate(drawn.sample(self.addresses, homes)):
            near = sorted(schools, key=partial(_metres, home))[:2]
            school = drawn.choice(near)
            prepared = await decide.prepare(application(number, home, school, GROUPS[group]))
            outcome = prepared.decision.outcome if prepared.decision is not None else "to_a_person"
            counted[outcome] += 1
            if outcome == "to_a_person":
                asked = [each["rule"] for each in prepared.case.reasons if each["result"] == "question"]
                counted[f"asked: {asked[0]}"] += 1
                self.open_cases.append(_acts(prepared, home, school, str(number), whole(GROUPS[group]["limit_m"])))
            else:
                self._check(prepared, outcome, home, school, counted)
        return counted

    def _holds(self, point: tuple[float, float]) -> bool:
        """A school beyond the extract cannot be measured to: an authority has a larger one."""
        west, south, east, north = self.measurer.network.bounds
        lat, lon = point
        return south < lat < north and west < lon < east

    def _check(  # what is checked, and where it is counted
        self, prepared: PreparedCase, outcome: str, home: Address, school: School, counted: Counter[str]
    ) -> None:
        assert prepared.decision is not None
        tested, limit = prepared.assessment.tested, prepared.decision.limit_m
        if not isinstance(tested, Measurement) or limit is None:
            return
        routes = prepared.assessment.routes
        assert routes is not None
        number = routes.nearer[0] if routes.nearer is not None else school.number
        best = tested.strict_m if outcome == "refused" else tested.lenient_m
        if best is None or (best > limit) != (outcome == "granted"):
            counted[f"{outcome}, although the other reading says otherwise"] += 1
        known = self.entrances.get(number)
        if known:
            counted[f"{outcome}, entrance known"] += 1
            try:
                way = measure(self.measurer.network, home.point, known, home.street)
            except (NoWay, UnusablePoint):
                return
            if (way.metres > limit) != (outcome == "granted"):
                counted[f"{outcome}, although the way to the entrance says otherwise"] += 1


def _acts(  # a person's work, by place
    prepared: PreparedCase, home: Address, school: School, case: str, limit_m: int
) -> set[rulings.Act]:
    routes, tested = prepared.assessment.routes, prepared.assessment.tested
    if not isinstance(tested, Measurement):
        return {("house", f"{home.street} {home.house_number}")}
    assert routes is not None
    number = routes.nearer[0] if routes.nearer is not None else school.number
    band_m = prepared.assessment.policy.band_of(tested)
    return rulings.acts_of(tested, number, case, limit_m, band_m) or {("other", case)}


def environment() -> Environment:
    """Nothing is let out: what differs from run to run is not asked for."""
    given: dict[str, object] = {
        "now": lambda: NOW,
        "token": lambda: NoticeToken("none"),
        "public_url": "https://example.org",
    }
    if "keys" in Environment.__dataclass_fields__:
        given["keys"] = Keys(Key(b"a key of digests for the bench..."))
    return make(Environment, **given)


def _metres(home: Address, school: School) -> float:
    assert school.point is not None, "only schools with a place are asked for"
    return length(*home.point, *school.point)


def claims_of(child: Mapping[str, object]) -> Claims:
    """None, and said so where the form asks; earlier states of the code did not."""
    return Claims(own_branch=False) if "own_branch" in Claims.model_fields and child["form"] == "GY" else Claims()


def application(number: int, home: Address, school: School, child: Mapping[str, object]) -> ApplicationSubmitted:
    address = HomeAddress(
        street=home.street, house_number=home.house_number, postal_code=home.postal_code, city=home.city
    )
    person = Person(first_name="A", last_name="B")
    return ApplicationSubmitted(
        occurred_at=NOW, authority_id=CITY, application_id=UUID(int=number), school_number=school.number,
        school_year="2026/27", wanted_from=date(2026, 8, 1), birth_date=child["birth_date"], home=address,
        grade=child["grade"], track=child.get("track"), circumstances=Circumstances(lives_in_nrw=True),
        addressee=person, addressee_address=address, child=person, claims=claims_of(child),
    )  # fmt: skip


if __name__ == "__main__":
    main()
