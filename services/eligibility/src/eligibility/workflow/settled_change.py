"""That nothing is left to be decided of a change is told, so that its family does not wait for it."""

from datetime import datetime
from typing import Protocol

from shared.events import EligibilityChangeSettled, head

from eligibility.domain.case import Case
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.ports import CaseReader, Outbox


class SettledStore(Outbox, CaseReader, Protocol):
    """The store, as a change is told to be settled."""


def tell_settled(store: SettledStore, case: Case, change_number: int, now: datetime, *, up_to: bool = False) -> None:
    """Not while a person looks at what it means for another school year of the same application.

    Args:
        up_to: all changes until then; one alone may be settled (the words of a family change nothing) while an earlier
            one is looked at.
    """
    others = [each for each in store.cases_of(case.application_id) if each.id != case.id]
    if not any(each.state in WORK for each in others):
        store.emit(EligibilityChangeSettled(**head(case, now), change_number=change_number, up_to=up_to))
