"""The workflow's port Records, on this service's own database."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from geography.model import Address, Point
from geography.model.hazard_list import level_of
from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import NotFound, Text
from shared.events import ApplicationSubmitted, AuthorityId
from shared.events.addresses import HomeAddress

from eligibility.domain.authority import Authority
from eligibility.rules import Rules, parse
from eligibility.store.decision.proven import ProvenTables
from eligibility.store.places.places import METRES_PER_DEGREE, PlaceTables
from eligibility.store.rule_sets.rule_sets import RuleSetTables
from eligibility.workflow.ports import ApplicationContext

FIRST_RADIUS_M = 3000.0
NOT_SET_UP = Text("Dieser Schulträger ist hier nicht eingerichtet.", "This authority is not set up here.")


def berlin_today() -> date:
    """The day on which rule sets come into force."""
    return day_in_berlin(datetime.now(UTC))


class RecordTables(PlaceTables, RuleSetTables, ProvenTables):
    """What deciding looks up: places, authorities, rule sets, what is proven of a family."""


class StoredRecords:
    """By the rule set that the authority published and that is in force on this day, else by the preset it names."""

    def __init__(
        self,
        database: Transactions[RecordTables],
        rule_set: Callable[[str], Rules],
        today: Callable[[], date] = berlin_today,
    ) -> None:
        self._database = database
        self._rule_set = rule_set
        self._today = today
        self._parsed: dict[str, Rules] = {}

    async def rules_of(self, authority_id: AuthorityId) -> Rules:
        """The rules by which the authority decides now.

        Raises:
            NotFound: where it is not set up here.
        """

        def query(store: RecordTables) -> Rules:
            authority = store.authority(authority_id)
            if authority is None:
                raise NotFound(NOT_SET_UP)
            return self._rules(store, authority)

        return await self._database.read(query)

    def _rules(self, store: RecordTables, authority: Authority) -> Rules:
        own = store.in_force(authority.id, self._today())
        if own is None:
            return self._rule_set(authority.rules)
        version, content = own
        if version not in self._parsed:  # a version never changes
            self._parsed[version] = parse(json.loads(content), None)
        return self._parsed[version]

    async def find(self, event: ApplicationSubmitted, radius_m: float | None) -> ApplicationContext:
        """What the tables know of an application: authority, school, home, schools alike within `radius_m` metres."""
        return await self._database.read(partial(self._find, event, radius_m))

    def _find(self, event: ApplicationSubmitted, radius_m: float | None, store: RecordTables) -> ApplicationContext:
        authority = store.authority(event.authority_id)
        if authority is None:
            raise NotFound(NOT_SET_UP)
        rules = self._rules(store, authority)
        school = store.school(event.school_number)
        home, proven = _home(store, event, event.home), store.proven_for(event)
        if school is None or home is None:
            known = home is None and store.knows_area(event.home.postal_code, event.home.city)
            return ApplicationContext(authority, rules, school, home, proven=proven, area_known=known)
        radius = radius_m if radius_m is not None else first_radius(home.point, school.point)
        law = rules.law(event.school_year)
        same_kind = law is not None and school.form in law.words("nearest.kind_forms") and school.kind is not None
        alike = store.alike(school, same_kind=same_kind, around=home.point, radius_m=radius)
        level = level_of(event.grade, school.form)
        hazards = [each for each in store.hazards(event.authority_id) if each.concerns(level)]
        entrances = store.entrances([school, *alike])
        second = _home(store, event, event.second_home) if event.second_home is not None else None
        found = ApplicationContext(authority, rules, school, home, alike, entrances, radius, hazards, proven)
        return replace(found, second_home=second)


def _home(store: PlaceTables, event: ApplicationSubmitted, home: HomeAddress) -> Address | None:
    """A door that a person of the authority has set goes before all that was imported."""
    door = store.door(
        event.authority_id,
        street=home.street,
        house_number=home.house_number,
        postal_code=home.postal_code,
        city=home.city,
    )
    return door or store.home(home.street, home.house_number, home.postal_code, home.city)


def first_radius(home: Point, school: Point | None) -> float:
    """Few walks are twice as long as the straight line: one look at the table nearly always suffices."""
    if school is None:
        return FIRST_RADIUS_M
    straight = max(abs(home.lat - school.lat), abs(home.lon - school.lon)) * METRES_PER_DEGREE
    return max(FIRST_RADIUS_M, 2 * straight)
