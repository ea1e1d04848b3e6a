"""Where an authority lets a grant, or its ticket, wait until the school has confirmed that the pupil attends it.

A grant that is carried on into the next school year is released all the same, and its ticket waits: the school can see
the pupil of that year only then. A pupil who holds a ticket keeps it: nothing that somebody has waits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.errors import Conflict, Text

from eligibility.domain.attendance import KnownAttendance
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId
from eligibility.domain.ticket import KnownTicket
from eligibility.workflow.decision.waiting_ticket import meets

AWAITS_SCHOOL = Text(
    "Die Schule hat noch nicht bestätigt, dass sie besucht wird. Nach der Einstellung Ihres Schulträgers wartet die "
    "Freigabe darauf. Liegt ein anderer Nachweis vor, vermerken Sie ihn bitte zuerst im Fall.",
    "The school has not confirmed yet that it is attended. By your authority's setting the release waits for that. If "
    "there is other evidence, please note it in the case first.",
)


class AttendanceReader(Protocol):
    def attendance_of(self, application_id: ApplicationId, school_year: str) -> KnownAttendance | None:
        """None: no school has said anything, and nothing waits for it."""


class AttendanceStore(AttendanceReader, Protocol):
    """The store, as it is kept what waits for a school."""

    def put_attendance(self, known: KnownAttendance) -> None:
        """In place of what was known."""


class TicketReader(AttendanceReader, Protocol):
    def tickets_of(self, application_id: ApplicationId) -> Sequence[KnownTicket]:
        """The application's tickets as the signer told them, by their first day."""


def known_attendance(store: AttendanceReader, case: Case) -> KnownAttendance:
    """As it is kept; open where nothing is."""
    found = store.attendance_of(case.application_id, case.school_year)
    return found or KnownAttendance(case.application_id, case.authority_id, case.school_year)


def is_attended(store: AttendanceReader, case: Case) -> bool:
    """Whether the school has confirmed, or a person has seen evidence on paper."""
    return known_attendance(store, case).confirms(case.school_number)


def has_left(store: AttendanceReader, case: Case) -> bool:
    """Whether the school says that the pupil does not attend it, or no longer, and no person has settled it."""
    known = known_attendance(store, case)
    return known.state == "ended" and known.is_of(case.school_number) and not known.confirms(case.school_number)


def release_waits(store: AttendanceReader, authority: Authority, case: Case, decision: Decision) -> bool:
    """Whether this grant is not released before the school has confirmed."""
    if authority.awaits_school != "release" or not _depends(decision) or decision.terms.carries_on is not None:
        return False
    return not is_attended(store, case)


def check_release(store: AttendanceReader, authority: Authority, case: Case, decision: Decision) -> None:
    """Raises Conflict where the release waits for the school."""
    if release_waits(store, authority, case, decision):
        raise Conflict(AWAITS_SCHOOL, field="attendance")


def ticket_waits(store: TicketReader, authority: Authority, case: Case, decision: Decision) -> bool:
    """Whether the ticket of this grant, as it is released, is not made before the school has confirmed."""
    carried = authority.awaits_school == "release" and decision.terms.carries_on is not None
    if not _depends(decision) or not (authority.awaits_school == "ticket" or carried):
        return False
    holds_one = any(meets(each, decision) for each in store.tickets_of(case.application_id))
    return decision.ticket_days is not None and not holds_one and not is_attended(store, case)


def waits_still(known: KnownAttendance | None, case: Case, decision: Decision) -> bool:
    """Whether the ticket of this released grant waits now."""
    return known is not None and known.waiting_grant == decision.id and not known.confirms(case.school_number)


def expect_school(  # all that it depends on
    store: AttendanceStore, authority: Authority, case: Case, decision: Decision, now: datetime, *, ticket: bool = False
) -> None:
    """Where something waits: so that a person is reminded, if the school says nothing. A day that was set stays.

    Args:
        ticket: the ticket of this grant waits; else its release, where it does.
    """
    if not ticket and not release_waits(store, authority, case, decision):
        return
    known = known_attendance(store, case)
    remind = day_in_berlin(now) + timedelta(days=authority.school_reminder_days)
    waiting = decision.id if ticket else known.waiting_grant
    store.put_attendance(replace(known, waiting_grant=waiting, look_from=known.look_from or remind))


def _depends(decision: Decision) -> bool:
    return decision.outcome == "granted" and not decision.terms.self_payer and decision.terms.grant_id is None
