"""What a person says of two applications of a child: that the one follows the other, or that they are of two children.

Who grants a follow-up, or grants with the question before it and says nothing else, has granted to the same child: the
signer is told so, and holds the second ticket until the first has died. So it is with an application of which something
stands against the right. Whoever tells two children apart tells two names apart: another name is compared anew.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from eligibility.domain.case import Case
from eligibility.domain.child import Applicant, applicant_of, is_written_alike, likeness
from eligibility.domain.ids import ApplicationId
from eligibility.domain.keys import Keys
from eligibility.domain.ticket import RightMark
from eligibility.workflow.decision.alike_right import ANY_TWINS
from eligibility.workflow.decision.duplicates import Double, check_one_ticket, is_asked
from eligibility.workflow.decision.earlier_right import MarkReader, told_marks
from eligibility.workflow.decision.right_to_ride import ChildTeller, apart_from_child, child_of, tell_child
from eligibility.workflow.ports import CaseReader, ChildStore


class SameChildStore(ChildStore, CaseReader, MarkReader, ChildTeller, Protocol):
    """The store, as it is said of two applications whose they are."""


def say_of_child(store: SameChildStore, case: Case, same_child: bool | None, keys: Keys, now: datetime) -> None:
    """A person grants this case.

    1. Two children: told apart for good, in later school years too. 2. Else it follows the other, or that of which the
    right was taken away. Who says nothing has not said that two whom a person has told apart are one after all.

    Args:
        same_child: what it says of the child's other cases, or, where there are none, of those whose right was taken
            away.

    Raises:
        Conflict: where one has a ticket and nobody was asked.
    """
    # 1.
    found = check_one_ticket(store, case, same_child, keys, now)
    if same_child is False:
        for each in _told_apart(store, _in_turn(store, found), told_marks(store, case, keys)):
            store.tell_apart(case.id, each.id, now)
    marks = told_marks(store, case, keys)  # of those told apart none is left
    # 2.
    doubles = found if same_child or (same_child is None and is_asked(case)) else []
    apart = frozenset[ApplicationId]() if same_child else apart_from_child(store, case, keys)
    others = [each for each in _in_turn(store, doubles) if each.application_id not in apart]
    others += _cases(store, (mark.application_id for mark in marks))
    child = next((child for each in others if (child := child_of(store, each, keys)) is not None), None)
    if child is not None:
        tell_child(store, case, keys, now, child)


def _told_apart(store: CaseReader, doubles: Sequence[Case], marks: Sequence[RightMark]) -> Sequence[Case]:
    """Of whom it is said that they are other children. Where there is a twin besides, that is not said of a right that
    was taken away under the very name."""
    if not doubles:
        return _cases(store, (each.application_id for each in marks if each.likely))
    own = {each.application_id for each in marks if not each.likely}
    return [each for each in doubles if each.application_id not in own] or doubles


def _in_turn(store: CaseReader, found: Iterable[Double]) -> list[Case]:
    """One with a ticket first, then one whose name is certain."""
    order = sorted(found, key=lambda each: (not each.has_ticket, each.likeness != "certain"))
    return [each for double in order if (each := store.case(double.case_id)) is not None]


def _cases(store: CaseReader, application_ids: Iterable[ApplicationId]) -> list[Case]:
    found = [store.case_of(each) for each in dict.fromkeys(application_ids)]
    return [each for each in found if each is not None]


class RenamedStore(ChildStore, Protocol):
    """The store, as a child is named otherwise."""

    def forget_child(self, application_id: ApplicationId) -> None:
        """What was told of its child."""


def note_name(store: RenamedStore, before: Case | None, now: Case) -> None:
    """The facts of a case were told anew. 1. Another name opens what was told apart. 2. A name that is nobody's typing
    error is another child's: it is not told with the digest of the one before."""
    one, two = applicant_of(before, None) if before is not None else None, applicant_of(now, None)
    if one is None or two is None or is_written_alike(one.child, two.child):
        return
    # 1.
    store.open_apart(now.application_id)
    # 2.
    if not _is_typing_error(one, two):
        store.forget_child(now.application_id)


def _is_typing_error(one: Applicant, two: Applicant) -> bool:
    here = Applicant(two.child, one.ties, one.school_number, two.siblings)
    return likeness(one, here, known_twins=ANY_TWINS) is not None
