"""What a school says of a pupil's attendance, as far as decisions depend on it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shared.events import AttendanceDifference, AuthorityId

from eligibility.domain.ids import ApplicationId, DecisionId

AwaitsSchool = Literal["nothing", "release", "ticket"]
"""What waits for the school's confirmation: nothing; the release of a grant; the ticket of one that was released."""
AttendanceState = Literal["open", "confirmed", "questioned", "ended"]
"""open: the school has said nothing, or has taken it back. questioned: it has other data. ended: the pupil does not
attend the school, or no longer."""


@dataclass(frozen=True)
class KnownAttendance:
    """Of one application and school year."""

    application_id: ApplicationId
    authority_id: AuthorityId
    school_year: str
    state: AttendanceState = "open"
    school_number: str = ""
    """Of the school that has said so; empty where none has."""
    number: int = 0
    """Of its statement: an older one never overwrites a newer one."""
    told_at: datetime | None = None
    last_day: date | None = None
    """Of one that ended: the last day at the school; None: the pupil never attended it in this school year."""
    differences: tuple[AttendanceDifference, ...] = ()
    proven_school: str = ""
    """A person of the authority has seen evidence on paper that the pupil attends this school."""
    proven_at: datetime | None = None
    proven_by: str | None = None
    proven_why: str = ""
    waiting_grant: DecisionId | None = None
    """The released grant whose ticket waits."""
    look_from: date | None = None
    """From this day on a person looks: at once where the school says that the pupil has left, after a while where it
    says nothing. None: nothing is to be looked at."""

    def confirms(self, school_number: str) -> bool:
        """Whether it is settled that the pupil attends this school."""
        said = self.state == "confirmed" and self.school_number == school_number
        return said or self.proven_school == school_number

    def is_of(self, school_number: str) -> bool:
        """Whether the statement is that of the school at which the pupil is now."""
        return self.school_number == school_number
