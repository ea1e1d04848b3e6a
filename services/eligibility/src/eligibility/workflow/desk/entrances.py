"""Which schools are measured to a place that nobody has confirmed as an entrance: where it matters most, first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from geography.model import Entrance, School
from shared.database import Transactions
from shared.errors import NotFound
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility.workflow.access import own_authority
from eligibility.workflow.desk.map_desk import NOTHING_HERE, READERS
from eligibility.workflow.ports import AuthorityReader

MeasuredTo = Literal["school_point", "openstreetmap", "nothing"]


@dataclass(frozen=True)
class CaseCount:
    """Applications of one school year for one school, and how many of them are not decided."""

    school_number: str
    school_year: str
    applications: int
    open_cases: int


@dataclass(frozen=True)
class SchoolWithoutEntrance:
    """A school whose entrances no person has set."""

    school: School
    entrances: Sequence[Entrance]
    """As OpenStreetMap has them; none: its point in the register stands for one."""
    by_year: tuple[CaseCount, ...]
    """The newest year first."""

    @property
    def applications(self) -> int:
        """Of all school years."""
        return sum(each.applications for each in self.by_year)

    @property
    def open_cases(self) -> int:
        """Of all school years; not decided, or decided and not released."""
        return sum(each.open_cases for each in self.by_year)

    @property
    def measured_to(self) -> MeasuredTo:
        """Where routes to it end: an entrance of OpenStreetMap, the register's point, or nowhere."""
        if self.entrances:
            return "openstreetmap"
        return "nothing" if self.school.point is None else "school_point"


@dataclass(frozen=True)
class Progress:
    """Of the schools for which there are applications."""

    unconfirmed: tuple[SchoolWithoutEntrance, ...]
    confirmed: int

    @property
    def total(self) -> int:
        """Schools with applications, confirmed or not."""
        return len(self.unconfirmed) + self.confirmed


class EntranceQueries(AuthorityReader, Protocol):
    """The store, as this list reads it."""

    def case_counts(self, authority_id: AuthorityId) -> Sequence[CaseCount]:
        """Applications and open cases of the authority, by school and school year."""

    def schools_of(self, numbers: Sequence[str]) -> Sequence[School]:
        """The schools of these numbers that the register holds."""

    def confirmed_of(self, numbers: Sequence[str]) -> frozenset[str]:
        """Those whose entrances a person has set."""

    def known_entrances(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Entrance]]:
        """From whatever source; the register's point is none."""


class EntranceDesk:
    """Of the own authority's schools alone: for others it cannot say anything."""

    def __init__(self, transactions: Transactions[EntranceQueries]) -> None:
        self._transactions = transactions

    async def unconfirmed(self, caller: Caller) -> Progress:
        """By number of applications, the most first."""
        authority_id = own_authority(caller, *READERS)
        return await self._transactions.read(lambda store: _progress(store, authority_id))

    async def one(self, caller: Caller, number: str) -> SchoolWithoutEntrance:
        """Raises NotFound for a school of another authority, and for one that is confirmed or has no application."""
        for each in (await self.unconfirmed(caller)).unconfirmed:
            if each.school.number == number:
                return each
        raise NotFound(NOTHING_HERE)


def _progress(store: EntranceQueries, authority_id: AuthorityId) -> Progress:
    authority, counts = store.authority(authority_id), store.case_counts(authority_id)
    if authority is None:
        return Progress((), 0)
    schools = store.schools_of(sorted({each.school_number for each in counts}))
    own = [each for each in schools if authority.bears(each.authority_number)]
    numbers = [each.number for each in own]
    confirmed, known = store.confirmed_of(numbers), store.known_entrances(numbers)
    found = [
        SchoolWithoutEntrance(school, known.get(school.number, ()), _of_school(school, counts))
        for school in own
        if school.number not in confirmed
    ]
    found.sort(key=lambda each: (-each.applications, each.school.name, each.school.number))
    return Progress(tuple(found), len(confirmed))


def _of_school(school: School, counts: Sequence[CaseCount]) -> tuple[CaseCount, ...]:
    mine = (each for each in counts if each.school_number == school.number)
    return tuple(sorted(mine, key=lambda each: each.school_year, reverse=True))
