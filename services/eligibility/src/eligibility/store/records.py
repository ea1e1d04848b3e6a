"""The workflow's port Records, on this service's own database."""

from collections.abc import Callable
from functools import partial
from typing import Any

from shared.database import Database
from shared.errors import NotFound, Text
from shared.events import ApplicationSubmitted, AuthorityId

from eligibility.geography.search import Point
from eligibility.rules import Rules
from eligibility.store.places import METRES_PER_DEGREE, PlaceTables
from eligibility.workflow.ports import Found

FIRST_RADIUS_M = 3000.0
NOT_SET_UP = Text("Dieser Schulträger ist hier nicht eingerichtet.", "This authority is not set up here.")


class StoredRecords:
    def __init__(self, database: Database[Any], rule_set: Callable[[str], Rules]) -> None:
        self._database = database
        self._rule_set = rule_set

    async def rules_of(self, authority_id: AuthorityId) -> Rules:
        authority = await self._database.read(lambda store: store.authority(authority_id))
        if authority is None:
            raise NotFound(NOT_SET_UP)
        return self._rule_set(authority.rules)

    async def find(self, event: ApplicationSubmitted, radius_m: float | None) -> Found:
        return await self._database.read(partial(self._find, event, radius_m))

    def _find(self, event: ApplicationSubmitted, radius_m: float | None, store: PlaceTables) -> Found:
        authority = store.authority(event.authority_id)
        if authority is None:
            raise NotFound(NOT_SET_UP)
        rules = self._rule_set(authority.rules)
        school = store.school(event.school_number)
        home = store.home(event.home.street, event.home.house_number, event.home.postal_code, event.home.city)
        if school is None or home is None:
            return Found(authority, rules, school, home)
        radius = radius_m if radius_m is not None else first_radius(home.point, school.point)
        law = rules.law(event.school_year)
        same_kind = law is not None and school.form in law.words("nearest.kind_forms") and school.kind is not None
        alike = store.alike(school, same_kind=same_kind, around=home.point, radius_m=radius)
        return Found(authority, rules, school, home, alike, store.entrances([school, *alike]), radius)


def first_radius(home: Point, school: Point | None) -> float:
    """Few walks are twice as long as the straight line: one look at the table nearly always suffices."""
    if school is None:
        return FIRST_RADIUS_M
    straight = max(abs(home.lat - school.lat), abs(home.lon - school.lon)) * METRES_PER_DEGREE
    return max(FIRST_RADIUS_M, 2 * straight)
