"""What the workflow needs of others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.events import ApplicationSubmitted, AuthorityId, Event

from eligibility.domain import ApplicationId, Authority, Case, CaseId, CaseState, Decision, DecisionId, NoticeToken
from eligibility.geography.search import Address, Entrance, Measurement, NoWay, Point, School, UnusablePoint
from eligibility.rules import Rules

Result = TypeVar("Result")


@dataclass(frozen=True)
class Found:
    """What this service's own tables know of an application."""

    authority: Authority
    rules: Rules
    """By which the authority decides."""
    school: School | None = None
    home: Address | None = None
    alike: Sequence[School] = ()
    """Public schools of the same form (and kind, where it matters) around, the attended one not among them."""
    entrances: Mapping[str, Sequence[Entrance]] = field(default_factory=dict)
    """By school number, for the attended school and those alike."""
    radius_m: float = 0.0
    """How far around the home, in a straight line, schools alike were looked for."""


@dataclass(frozen=True)
class Ways:
    """The way to the school attended, and the nearest school of those alike where one is nearer."""

    attended: Measurement | NoWay | UnusablePoint
    nearer: tuple[str, Measurement] | None = None


class Records(Protocol):
    """Own tables, read before the transaction."""

    async def find(self, event: ApplicationSubmitted, radius_m: float | None) -> Found:
        """`radius_m`: how far around the home schools alike are looked for; None: a first guess.

        Raises NotFound where the authority is not set up here.
        """

    async def rules_of(self, authority_id: AuthorityId) -> Rules:
        """Raises NotFound where the authority is not set up here."""


class Walking(Protocol):
    async def ways(self, home: Address, school: School, found: Found) -> Ways:
        """Measure, away from the event loop."""


class CaseBook(Protocol):
    """Cases inside a transaction."""

    def case_of(self, application_id: ApplicationId) -> Case | None: ...
    def case(self, case_id: CaseId) -> Case | None: ...
    def add_case(self, case: Case) -> None: ...
    def set_state(self, case_id: CaseId, state: CaseState, now: datetime) -> None: ...


class DecisionBook(Protocol):
    """Decisions and notices inside a transaction."""

    def decision_of(self, case_id: CaseId) -> Decision | None: ...
    def add_decision(self, decision: Decision) -> None: ...
    def set_released(self, decision_id: DecisionId, by: str, now: datetime) -> None: ...
    def set_withdrawn(self, decision_id: DecisionId, now: datetime) -> None: ...
    def add_notice(
        self, token: NoticeToken, decision_id: DecisionId, content: dict[str, Any], now: datetime
    ) -> None: ...


class Telling(Protocol):
    """What goes out or is kept for the auditor, in the same transaction."""

    def emit(self, event: Event) -> None: ...
    def audit(self, *, authority_id: AuthorityId, subject: str, act: str, case_id: CaseId, now: datetime) -> None: ...
    def authority(self, authority_id: AuthorityId) -> Authority | None: ...


class Book(CaseBook, DecisionBook, Telling, Protocol):
    """The store, as the steps of this workflow use it."""


@dataclass(frozen=True)
class Page:
    """A part of a list: `total` counts all that match."""

    cases: Sequence[tuple[Case, Decision | None]]
    total: int


class Shelf(Protocol):
    """Cases as a person looks at them."""

    def case(self, case_id: CaseId) -> Case | None: ...
    def decision_of(self, case_id: CaseId) -> Decision | None: ...
    def page(
        self,
        authority_id: AuthorityId,
        state: CaseState | None,
        application_id: ApplicationId | None,
        limit: int,
        offset: int,
    ) -> Page:
        """Newest first."""

    def clear_grants(self, authority_id: AuthorityId, limit: int) -> Sequence[CaseId]:
        """Prepared grants that the rules decided, oldest first."""


class Transactions(Protocol):
    async def write(self, step: Callable[[Any], Result]) -> Result: ...
    async def read(self, query: Callable[[Any], Result]) -> Result: ...


@dataclass(frozen=True)
class Surroundings:
    """What differs from run to run: the clock, unguessable tokens, and where this service is reached from outside."""

    now: Callable[[], datetime]
    token: Callable[[], NoticeToken]
    public_url: str


class Notices(Protocol):
    async def pdf(self, token: NoticeToken) -> bytes:
        """Raises NotFound."""


class Distances(Protocol):
    async def distance(self, start: Point, end: Point) -> Measurement:
        """Raises NoWay, UnusablePoint, and Unavailable when too many are waiting."""
