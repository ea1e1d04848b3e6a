"""What a person of the authority sets on the map: hazards, entrances of its schools, front doors. With who and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from geography.model import Address, Entrance, Point, School, lookup_keys
from geography.model.hazard_list import Hazard
from shared.database import Transactions
from shared.errors import Invalid, NotFound, Text
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility.domain.authority import Authority
from eligibility.workflow.desk.likely_places import (
    Area,
    NearbyPlaces,
    anchor_of_door,
    anchor_of_entrance,
    anchor_of_hazard,
    check_likely,
    places_of,
)

READERS = ("case_worker", "releaser", "administrator")
WRITERS = ("case_worker", "administrator")
NOTHING_HERE = Text("Das gibt es hier nicht.", "There is no such thing here.")


class MapStore(NearbyPlaces, Protocol):
    """The store, as this desk uses it."""

    def school(self, number: str) -> School | None:
        """By its number in the register; None: there is none."""

    def hazards(self, authority_id: AuthorityId) -> Sequence[Hazard]:
        """Those of the authority that are in force."""

    def add_hazard(self, authority_id: AuthorityId, hazard: Hazard, by: str, now: datetime) -> None:
        """Keep a hazard, who set it and when."""

    def end_hazard(self, authority_id: AuthorityId, hazard_id: str, by: str, now: datetime) -> bool:
        """False: there is none of this authority in force."""

    def drawn_entrances(self, number: str) -> Sequence[Entrance]:
        """Of one school, from whatever source."""

    def entrances_drawn(self, number: str) -> tuple[str, datetime] | None:
        """Who drew them last, and when; None: nobody."""

    def draw_entrances(
        self, number: str, entrances: Sequence[Entrance], *, authority_id: AuthorityId, by: str, now: datetime
    ) -> None:
        """In place of all that were there, those of OpenStreetMap too."""

    def set_door(self, authority_id: AuthorityId, house: Address, reason: str, *, by: str, now: datetime) -> None:
        """In place of the door that was set before."""


@dataclass(frozen=True)
class EntranceDrawing:
    """The entrances of a school, and who drew them."""

    entrances: Sequence[Entrance]
    by: str | None
    at: datetime | None


@dataclass(frozen=True)
class House:
    """An address as a person names it."""

    street: str
    house_number: str
    postal_code: str
    city: str


class MapDesk:
    """Who belongs to another authority gets the answer of what is not there."""

    def __init__(
        self, transactions: Transactions[MapStore], now: Callable[[], datetime], area: Callable[[], Area]
    ) -> None:
        self._transactions = transactions
        self._now = now
        self._area = area

    async def hazards(self, caller: Caller, authority_id: AuthorityId) -> Sequence[Hazard]:
        """Those in force.

        Raises:
            Forbidden: without a role that reads.
            NotFound: for another authority.
        """
        _must_belong(caller, authority_id, READERS)

        def query(store: MapStore) -> Sequence[Hazard]:
            return store.hazards(authority_id)

        return await self._transactions.read(query)

    async def add_hazard(
        self, caller: Caller, authority_id: AuthorityId, hazard: Hazard, *, far_is_meant: bool = False
    ) -> None:
        """Counts from the next decision on; those made keep what they were decided by."""
        _must_belong(caller, authority_id, WRITERS)

        def step(store: MapStore) -> None:
            authority = store.authority(authority_id)
            if authority is None:
                raise NotFound(NOTHING_HERE)
            check_likely(
                authority, anchor_of_hazard(store, authority), places_of(hazard), area=self._area(),
                is_meant=far_is_meant, field="geometry",
            )  # fmt: skip
            store.add_hazard(authority_id, hazard, caller.subject, self._now())

        await self._transactions.write(step)

    async def end_hazard(self, caller: Caller, authority_id: AuthorityId, hazard_id: str) -> None:
        """The hazard counts no more.

        Raises:
            NotFound: where none of this authority is in force.
        """
        _must_belong(caller, authority_id, WRITERS)

        def step(store: MapStore) -> None:
            if not store.end_hazard(authority_id, hazard_id, caller.subject, self._now()):
                raise NotFound(NOTHING_HERE)

        await self._transactions.write(step)

    async def entrances(self, caller: Caller, number: str) -> EntranceDrawing:
        """Of a school of the caller's authority, and who drew them.

        Raises:
            NotFound: for another school.
        """
        authority_id = _own(caller, READERS)

        def query(store: MapStore) -> EntranceDrawing:
            _own_school(store, authority_id, number)
            by, at = store.entrances_drawn(number) or (None, None)
            return EntranceDrawing(store.drawn_entrances(number), by, at)

        return await self._transactions.read(query)

    async def draw_entrances(
        self, caller: Caller, number: str, points: Sequence[tuple[Point, str]], *, far_is_meant: bool = False
    ) -> None:
        """The entrances of the school grounds, each with its name, in place of all known before."""
        authority_id = _own(caller, WRITERS)
        entrances = [Entrance(point, "set_by_person", name) for point, name in points]

        def step(store: MapStore) -> None:
            school, authority = _own_school(store, authority_id, number)
            anchor = anchor_of_entrance(store, authority, school)
            for place, (point, _) in enumerate(points):
                field = f"entrances.{place}"
                check_likely(authority, anchor, [point], area=self._area(), is_meant=far_is_meant, field=field)
            store.draw_entrances(number, entrances, authority_id=authority_id, by=caller.subject, now=self._now())

        await self._transactions.write(step)

    async def set_door(
        self, caller: Caller, house: House, point: Point, reason: str, *, far_is_meant: bool = False
    ) -> None:
        """The front door of a house, from which this authority measures from now on."""
        authority_id = _own(caller, WRITERS)
        key, city_key = lookup_keys(house.street, house.house_number, house.postal_code, house.city)
        if not key or not city_key:
            text = Text(
                "Bitte Straße, Hausnummer, Postleitzahl und Ort angeben.",
                "Give street, house number, postal code and town.",
            )
            raise Invalid(text, field="street")
        address = Address(
            key, city_key, house.street, house.house_number, house.postal_code, house.city, point, "set_by_person",
            f"door:{authority_id}",
        )  # fmt: skip

        def step(store: MapStore) -> None:
            authority = store.authority(authority_id)
            if authority is None:
                raise NotFound(NOTHING_HERE)
            check_likely(
                authority, anchor_of_door(store, authority, address), [point], area=self._area(),
                is_meant=far_is_meant, field="lat",
            )  # fmt: skip
            store.set_door(authority_id, address, reason, by=caller.subject, now=self._now())

        await self._transactions.write(step)


def _own(caller: Caller, roles: Sequence[str]) -> AuthorityId:
    caller.require(*roles)
    if caller.authority_id is None:
        raise NotFound(NOTHING_HERE)
    return caller.authority_id


def _must_belong(caller: Caller, authority_id: AuthorityId, roles: Sequence[str]) -> None:
    if _own(caller, roles) != authority_id:
        raise NotFound(NOTHING_HERE)


def _own_school(store: MapStore, authority_id: AuthorityId, number: str) -> tuple[School, Authority]:
    """A school that the authority bears; every other is not there."""
    school, authority = store.school(number), store.authority(authority_id)
    if school is None or authority is None or not authority.bears(school.authority_number):
        raise NotFound(NOTHING_HERE)
    return school, authority
