"""What a school says of a pupil who applies for it: told by the service `application`, which keeps it."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.application import SchoolYearText
from shared.events.base import ApplicationEvent, Fact

PupilPart = Literal["first_name", "last_name", "birth_date", "grade"]
"""Of what a family has told of the pupil: all that a school is asked about."""


class SchoolStatement(ApplicationEvent):
    """One statement of a school on one pupil and school year."""

    school_number: str
    school_year: SchoolYearText
    number: int
    """1, 2, 3 … of this application and school year: an older statement never overwrites a newer one."""


class AttendanceConfirmed(SchoolStatement):
    """The pupil attends the school in this school year."""

    subject: ClassVar[str] = "application.attendance_confirmed.v1"


class AttendanceDifference(Fact):
    part: PupilPart
    says: str
    """What the school has instead; a date as ISO 8601. For the authority alone: a family is told only which part it is,
    for the school may mean another child."""


class AttendanceQuestioned(SchoolStatement):
    """The school knows such a pupil, but with other data. It is no refusal: the family is asked."""

    subject: ClassVar[str] = "application.attendance_questioned.v1"

    differences: tuple[AttendanceDifference, ...]


class AttendanceEnded(SchoolStatement):
    """The pupil does not attend the school, or no longer."""

    subject: ClassVar[str] = "application.attendance_ended.v1"

    last_day: date | None = None
    """The last day at this school; None: the pupil never attended it in this school year."""


class AttendanceReopened(SchoolStatement):
    """The school has taken its last statement back, before anything followed from it."""

    subject: ClassVar[str] = "application.attendance_reopened.v1"
