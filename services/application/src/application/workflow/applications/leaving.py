"""A child changes to a school of another authority: this one's grant ends with the last day at its school. Pure.

What comes after is the other authority's, and needs an application there. So nothing of the new way enters this
application but its last day; the grant holds until then, and this authority decides about its end like about any other.
"""

from dataclasses import dataclass
from datetime import date

from shared.calendar import day_before
from shared.errors import FieldProblem, Text

from application.domain.application import Application
from application.domain.school import School
from application.form import ApplicationForm, Change

OF_THE_NEW_WAY = (
    "school_number", "grade", "track", "course", "home", "transport", "claims", "place_of_teaching",
)  # fmt: skip
"""Parts that describe the way to the new school: they belong into the application to its authority."""
WHEN = Text(
    "Diese Schule hat einen anderen Träger. Bitte geben Sie an, ab welchem Tag sie besucht wird: Bis dahin gilt "
    "Ihr Ticket. Für die neue Schule stellen Sie bitte dort einen neuen Antrag.",
    "Another authority bears this school. Please say from which day it is attended: until then your ticket "
    "holds. Please apply anew there for the new school.",
)
NEVER_HERE = Text(
    "Dann wurde die Schule dieses Trägers keinen Tag besucht. Bitte nehmen Sie diesen Antrag zurück und stellen Sie "
    "beim Träger der neuen Schule einen neuen.",
    "Then this authority's school was not attended for a single day. Please withdraw this application, and apply "
    "anew to the authority of the new school.",
)


@dataclass(frozen=True)
class Departure:
    """`form`: as before, with its last day. `problems`: why it cannot be told so."""

    school: School
    form: ApplicationForm
    problems: tuple[FieldProblem, ...] = ()


def departure_of(
    application: Application, school: School | None, change: Change, before: ApplicationForm, form: ApplicationForm
) -> Departure | None:
    """None where the school is not known, or is one of the same authority.

    Args:
        form: with all that was told.
    """
    if school is None or school.authority.id == application.authority_id:
        return None
    kept = {name: getattr(before, name) for name in OF_THE_NEW_WAY}
    if change.changed_from is None:
        return Departure(
            school, before, (FieldProblem("changes.school_number", WHEN), FieldProblem("changed_from", WHEN))
        )
    last = day_before(change.changed_from)
    if last < before.wanted_from:
        return Departure(school, before, (FieldProblem("changed_from", NEVER_HERE),))
    return Departure(school, form.model_copy(update={**kept, "leaves_on": _earlier(before.leaves_on, last)}))


def _earlier(known: date | None, last: date) -> date:
    return last if known is None else min(known, last)
