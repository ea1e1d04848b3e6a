"""What the service `application` tells."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from shared.events.base import ApplicationEvent, Fact

SchoolYear = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}/[0-9]{2}$")]


class Person(Fact):
    first_name: str
    """May be empty: some people bear one name only."""
    last_name: str


class HomeAddress(Fact):
    street: str
    house_number: str
    postal_code: str
    city: str


class Sibling(Fact):
    birth_date: date
    funded: bool
    """True where this child itself gets a funded ticket: only such children count for the own share."""


class Course(Fact):
    """The course at a Berufskolleg."""

    annex: str
    full_time: bool
    district_class: bool = False


class Claims(Fact):
    """Grounds beyond the distance, as claimed by the family. What is missing is not claimed."""

    health_weeks: int | None = None
    health_certificate: bool = False
    dangerous_route: bool = False
    nearest_refused: bool = False
    """The nearest school refused admission."""
    second_home: bool = False


class Circumstances(Fact):
    lives_in_nrw: bool | None = None
    special_needs: bool = False
    severely_disabled: bool = False
    siblings: tuple[Sibling, ...] = ()
    benefits: tuple[str, ...] = ()


class ApplicationSubmitted(ApplicationEvent):
    """The facts for the rules and, only for the notice, the addressee and the child's name."""

    subject: ClassVar[str] = "application.submitted.v1"

    school_number: str
    school_year: SchoolYear
    """For example 2026/27."""
    wanted_from: date
    birth_date: date
    home: HomeAddress
    grade: str
    """SVWS key: 01 to 13, EF, Q1, Q2."""
    track: str | None = None
    """GY8 or GY9."""
    course: Course | None = None
    claims: Claims = Claims()
    circumstances: Circumstances = Circumstances()
    medium: str = "wallet"
    """wallet or paper."""
    language: str = "de"
    addressee: Person
    addressee_address: HomeAddress
    child: Person
    portal_notice: bool = False
    """The addressee consented to be notified by retrieval over a portal (§ 41 Abs. 2a VwVfG)."""


class ApplicationChanged(ApplicationSubmitted):
    """The family answered or told of a change: all the facts as in `application.submitted`, as they are now."""

    subject: ClassVar[str] = "application.changed.v1"

    change_id: UUID
    change_number: int
    """1, 2, 3 … of this application: an older one never overwrites a newer one."""
    applied_at: AwareDatetime
    """When the application was handed in: that day counts for the deadline (§ 4 SchfkVO), not the change's."""
    changed_from: date | None = None
    """From which day the new facts hold (a move, a change of school); None where they held from the beginning."""
    question_id: UUID | None = None
    """Which question of the authority this answers."""
    answer: str = ""
    """In the family's own words; may be empty."""


class ApplicationHolderGiven(ApplicationEvent):
    """Whom the ticket names. Goes from application straight to issuance."""

    subject: ClassVar[str] = "application.holder_given.v1"

    first_name: str
    last_name: str
    birth_date: date
    gender: str | None = None
    """female, male, diverse, or None where not given."""
    medium: str = "wallet"


class ApplicationWithdrawn(ApplicationEvent):
    subject: ClassVar[str] = "application.withdrawn.v1"

    withdrawal_id: UUID
