"""What a school has said of a pupil who applies for it, and what it may see of that pupil. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from shared.birth_dates import PartlyKnownDate
from shared.events import AttendanceDifference, PupilPart
from shared.transitions import Transitions

from application.domain.ids import ApplicationId


class AttendanceState(StrEnum):
    """How the school's statement on one pupil stands."""

    OPEN = "open"
    """The school has said nothing, or has taken it back, or the family has changed what the school questioned."""
    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    """The school knows such a pupil, with other data."""
    LEFT = "left"
    """The pupil does not attend the school, or no longer."""


_SAID = frozenset({AttendanceState.CONFIRMED, AttendanceState.DIFFERS, AttendanceState.LEFT})
ATTENDANCE_STATES: Transitions[AttendanceState] = Transitions(
    begins=_SAID,
    follows={
        AttendanceState.OPEN: _SAID,
        AttendanceState.CONFIRMED: _SAID | {AttendanceState.OPEN},
        AttendanceState.DIFFERS: _SAID | {AttendanceState.OPEN},
        AttendanceState.LEFT: _SAID | {AttendanceState.OPEN},
    },
)
"""A school may say something else at any time; open again only where nothing has followed yet."""
LONGEST_CLASS_NAME = 20
LONGEST_NAME = 80
"""Of a name as a school writes it."""
LONGEST_REASON = 200


@dataclass(frozen=True)
class Pupil:
    """All that a school sees of a pupil, beside its own statement."""

    first_name: str
    last_name: str
    birth_date: date | PartlyKnownDate
    grade: str
    """SVWS key: 01 to 13, EF, Q1, Q2; empty where it is not known (a grant that is carried on into the next year)."""

    def part(self, name: PupilPart) -> str:
        """As events write it."""
        value = getattr(self, name)
        return value if isinstance(value, str) else value.isoformat()


@dataclass(frozen=True)
class Statement:
    """The newest statement of a school on one pupil and school year."""

    application_id: ApplicationId
    school_year: str
    school_number: str
    number: int
    state: AttendanceState
    said_at: datetime
    said_by: str
    """The OIDC subject of the person at the school; `command` where an operator brought the list in."""
    class_name: str = ""
    """The pupil's class as the school calls it; empty where it has not said so."""
    last_day: date | None = None
    """Where the pupil has left: the last day at this school; None: never attended."""
    differences: tuple[AttendanceDifference, ...] = ()
    about: tuple[str, ...] = ()
    """Where the school questioned something: what the family had said of these parts, so that a correction shows."""
    reason: str = ""
    """Why the school took its statement back."""

    def says_as(self, other: "Statement") -> bool:
        """Whether both say the same, whoever says it and when."""
        return replace(self, number=other.number, said_at=other.said_at, said_by=other.said_by) == other


@dataclass(frozen=True)
class AttendingPupil:
    """A line of a school's list."""

    application_id: ApplicationId
    authority_id: str
    school_number: str
    school_year: str
    pupil: Pupil
    statement: Statement | None = None
    """The newest of this school; None: it has said nothing yet."""
    has_consequences: bool = False
    """Something followed from the statement: a decision, a ticket, an answer of the family."""

    @property
    def state(self) -> AttendanceState:
        """Open too where the family has changed since what the school had questioned."""
        said = self.statement
        if said is None:
            return AttendanceState.OPEN
        if said.state is AttendanceState.DIFFERS and said.about != self.about(said.differences):
            return AttendanceState.OPEN
        return said.state

    @property
    def class_name(self) -> str:
        """As the school calls it; empty where it has not said so."""
        return "" if self.statement is None else self.statement.class_name

    @property
    def can_be_reopened(self) -> bool:
        """Whether the school may take its statement back."""
        return self.state is not AttendanceState.OPEN and not self.has_consequences

    def about(self, differences: tuple[AttendanceDifference, ...]) -> tuple[str, ...]:
        """What the family says of these parts now."""
        return tuple(self.pupil.part(each.part) for each in differences)
