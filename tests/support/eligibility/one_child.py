"""Applications for one child, however its name is written."""

from datetime import date

from shared.birth_dates import BirthDate
from shared.events import (
    ApplicationSubmitted,
    Person,
)
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.world import World

ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))
BORN = date(2017, 2, 28)
Spelling = tuple[str, str, BirthDate]
"""First name, last name, and the day of birth, perhaps known in part."""
SPELLINGS: list[Spelling] = [
    ("Jürgen", "Müller", BORN), ("Juergen", "Mueller", BORN), ("Jürgen Emil", "Müller", BORN),
    ("Jürgen", "Mülller", BORN), ("Jrügen", "Müller", BORN), ("Jürgen", "Müller", date(2017, 2, 18)),
    ("", "Jürgen Müller", BORN), ("Müller Jürgen", "", BORN), ("Müller", "Jürgen Emil", BORN), ("J.", "Müller", BORN),
]  # fmt: skip


def one_child(spelling: Spelling = SPELLINGS[0], **changes: object) -> ApplicationSubmitted:
    first, last, born = spelling
    return small_place.submitted(child=Person(first_name=first, last_name=last), birth_date=born, **changes)


def granted(world: World) -> int:
    """Children with a ticket that nobody has ended."""
    cases = world.database.read_now(lambda store: store.page_of_all(None, 1000))
    return sum(each.state == "granted" for each in cases)


def is_asked(world: World, event: ApplicationSubmitted) -> bool:
    case = world.case_of(event.application_id)
    return case.state == "review" and case.reasons[0]["rule"] == "duplicate"
