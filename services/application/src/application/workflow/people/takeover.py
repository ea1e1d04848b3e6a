"""A pupil who is of age takes over the application that somebody else has handed in."""

from datetime import date, datetime

from shared.calendar import day_in_berlin
from shared.errors import Conflict, Text

from application.domain.application import Application
from application.domain.people import comes_of_age_on
from application.form import ApplicationForm

NOT_OF_AGE = Text(
    "Übernehmen kann die Schülerin oder der Schüler erst ab dem 18. Geburtstag.",
    "The pupil can take over from the 18th birthday on.",
)
IS_THE_PUPILS = Text(
    "Dieser Antrag gehört schon der Schülerin oder dem Schüler selbst.",
    "This application belongs to the pupil already.",
)


def takeover_day(application: Application) -> date | None:
    """From which day the pupil can take over; None where the pupil has applied, or has taken over, also in a year
    before."""
    if application.applied_by is not None:
        return None
    form = ApplicationForm.model_validate_json(application.form)
    return None if _applies_alone(form) else comes_of_age_on(form.birth_date)


def check_takeover(application: Application, now: datetime) -> None:
    """Raises Conflict where the pupil cannot take over, or not yet."""
    day = takeover_day(application)
    if day is None:
        raise Conflict(IS_THE_PUPILS)
    if day_in_berlin(now) < day:
        raise Conflict(NOT_OF_AGE)


def _applies_alone(form: ApplicationForm) -> bool:
    """Whether the pupil applies: as the form says; of one that does not say, by the names."""
    if form.applicant is not None:
        return form.applicant == "pupil"
    names = [(each.first_name.casefold(), each.last_name.casefold()) for each in (form.guardian, form.pupil)]
    return names[0] == names[1]
