"""What of a change a person looks at, whatever the rules say to the new facts. Pure."""

from datetime import date

from shared.calendar import SchoolYear
from shared.events import ApplicationChanged, ApplicationSubmitted

from eligibility.domain.decision import Decision
from eligibility.rules import Finding, texts, to_family
from eligibility.rules.findings import question

CORRECTED = question(
    "name", "§ 24 VwVfG NRW",
    "Die Familie berichtigt Name, Geburtsdatum oder Geschlecht des Kindes: Ist es dasselbe Kind, und was belegt die "
    "neue Schreibweise?",
    "The family corrects the child's name, birth date or gender: is it the same child, and what proves the new "
    "spelling?",
    family=to_family.NAME,
)  # fmt: skip


CHANGED_SINCE = question(
    "renewal", "§ 4 Abs. 1 SchfkVO",
    "Die Familie hat Änderungen gemeldet, seit die Bewilligung fortgeführt wurde: Gelten sie auch in diesem Schuljahr?",
    "The family told of changes since the grant was carried on: do they hold in this school year too?",
    family=to_family.WE_LOOK_AT_THE_CHANGE,
)  # fmt: skip


def questions_on_names(
    before: ApplicationSubmitted | None, told: ApplicationSubmitted, known: int | None
) -> list[Finding]:
    """Another name on a ticket is a person's matter: a ticket could be handed on so.

    Args:
        known: the number of the holder as the case has it.
    """
    return [] if told.holder_change == (before.holder_change if before is not None else known) else [CORRECTED]


def undecided_before(event: ApplicationChanged, in_force: Decision | None) -> list[Finding]:
    """A change from a later day, before anything was decided: of the time until then the earlier facts hold, and by the
    new ones alone a family would lose it."""
    day, begins = event.changed_from, max(event.wanted_from, SchoolYear.parse(event.school_year).first_day)
    leaves_first = day is not None and event.leaves_on is not None and event.leaves_on < day
    if in_force is not None or day is None or day <= begins or leaves_first:
        return []
    return [_undecided(begins, day)]


def _undecided(begins: date, day: date) -> Finding:
    (first, first_en), (then, then_en) = texts.day(begins), texts.day(day)
    return question(
        "change", "§ 24 VwVfG NRW",
        f"Die Familie hat eine Änderung ab dem {then} gemeldet, bevor entschieden war. Vom {first} bis dahin gelten "
        "die früheren Angaben: Was gilt für diese Zeit?",
        f"The family told of a change from {then_en} before anything was decided. From {first_en} until then the "
        "earlier facts hold: what holds for that time?",
        family=to_family.change_before_decision(day),
    )  # fmt: skip
