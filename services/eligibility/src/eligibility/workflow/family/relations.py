"""Which applications belong to children of one family. Pure.

Certain: from one account (household), and each names the other's birth date. Likely: one household or one home, and one
of them names the other. What is likely is put to a person. Two authorities never learn of each other's children here.
"""

from collections.abc import Sequence
from typing import Literal

from eligibility.domain.child import Likeness, applicant_of, likeness
from eligibility.domain.family import Member, Span
from eligibility.domain.ids import CaseId

Link = Literal["certain", "likely"]
CERTAIN: Link = "certain"
LIKELY: Link = "likely"


class Relations:
    """Who among these is whose sibling, each question answered once: in a home of many, each asks of all others.

    A sibling that is named is one child: whoever names one born on a day has by that one sibling of that day, though
    two children born on it apply. So each naming is taken for one child, for good only where no other may be meant.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self._of_home: dict[str, list[Member]] = {}
        self._of_household: dict[str, list[Member]] = {}
        for each in members:
            self._of_home.setdefault(each.ties.home, []).append(each)
            if each.ties.household is not None:
                self._of_household.setdefault(each.ties.household, []).append(each)
        self._applicants = {each.case.id: applicant_of(each.case, each.ties) for each in members}
        self._certain_of: dict[CaseId, list[Member]] = {}
        self._mutual_of: dict[CaseId, list[Member]] = {}
        self._meant_by: dict[CaseId, frozenset[CaseId]] = {}
        self._order = {each.case.id: place for place, each in enumerate(members)}

    def links(self, me: Member) -> list[tuple[Member, Link]]:
        """The siblings' cases. Who is named and known for certain is no reason to take another for it."""
        certain = self._certain(me)
        maybe = [each for each in self._maybe(me) if self._means(me, each) or self._means(each, me)]
        return [*((each, CERTAIN) for each in certain), *((each, LIKELY) for each in maybe)]

    def _may_be_one_child(self, one: Member, other: Member) -> bool:
        """A child is no sibling of itself: its second application may be written otherwise (see domain.child)."""
        return self._likeness(one, other) is not None

    def _is_one_child(self, one: Member, other: Member) -> bool:
        """Beyond doubt: who may be twins are two."""
        return self._likeness(one, other) == "certain"

    def _likeness(self, one: Member, other: Member) -> Likeness | None:
        first, second = self._applicants[one.case.id], self._applicants[other.case.id]
        return likeness(first, second) if first is not None and second is not None else None

    def _certain(self, me: Member) -> list[Member]:
        if me.case.id not in self._certain_of:
            found = [each for each in self._mutual(me) if self._suffices(me, each) and self._suffices(each, me)]
            self._certain_of[me.case.id] = found
        return self._certain_of[me.case.id]

    def _mutual(self, me: Member) -> list[Member]:
        """Of one account, and each names the other's birth date."""
        if me.case.id not in self._mutual_of:
            of_account = self._of_household.get(me.ties.household or "", ())
            self._mutual_of[me.case.id] = [
                each for each in of_account if me.names(each) and each.names(me) and self._may_be_siblings(me, each)
            ]
        return self._mutual_of[me.case.id]

    def _suffices(self, me: Member, other: Member) -> bool:
        """Whether `me` names as many children born on the other's day as there are that name it."""
        rivals = [each for each in self._mutual(me) if each.birth == other.birth]
        children: list[Member] = []
        for each in rivals if len(rivals) > 1 else ():
            if not any(self._is_one_child(each, known) for known in children):
                children.append(each)
        return len(children) <= len([each for each in me.named if each["birth_date"] == other.birth])

    def _maybe(self, me: Member) -> list[Member]:
        """Of one account or home, and one may name the other; without those that are certain."""
        others = [*self._of_home.get(me.ties.home, ()), *self._of_household.get(me.ties.household or "", ())]
        once = sorted({each.case.id: each for each in others}.values(), key=lambda each: self._order[each.case.id])
        known = {each.case.id for each in self._certain(me)}
        return [each for each in once if each.case.id not in known and self._may_be_siblings(me, each)]

    def _means(self, me: Member, other: Member) -> bool:
        """Whether a child that `me` names, and that none of its certain siblings is, is taken for `other`."""
        if me.case.id not in self._meant_by:
            self._meant_by[me.case.id] = frozenset(self._meant(me))
        return other.case.id in self._meant_by[me.case.id]

    def _meant(self, me: Member) -> list[CaseId]:
        """A child for each naming that is left: first who names this one too, or counts as its sibling already."""
        spans = (each.born for each in self._certain(me))
        free = _left_of(me.named_born, [span for span in spans if span is not None])
        found: list[Member] = []
        for each in sorted(self._maybe(me), key=lambda other: _distance(me, other)):
            if each.born is None:
                continue
            if any(each.birth == known.birth and self._is_one_child(each, known) for known in found):
                found.append(each)
                continue
            place = _place_of(free, each.born)
            if place is not None:
                free.pop(place)
                found.append(each)
        return [each.case.id for each in found]

    def _may_be_siblings(self, me: Member, other: Member) -> bool:
        """Whether one may name the other, and nobody said that they are none; both are of one account or home."""
        if me.case.id == other.case.id or other.birth is None:
            return False
        if not (me.names(other) or other.names(me) or me.may_name(other) or other.may_name(me)):
            return False
        if other.case.id in me.not_siblings or me.case.id in other.not_siblings:
            return False
        return not self._may_be_one_child(me, other)


def links(me: Member, members: Sequence[Member]) -> list[tuple[Member, Link]]:
    """The siblings' cases of one child among `members`."""
    return Relations(members).links(me)


def _distance(me: Member, other: Member) -> tuple[bool, bool]:
    """How far a naming is from this child: whose facts count `me` as a sibling already stands first, then who names
    it; among equals the order stays."""
    counted = any(each["birth_date"] == me.birth for each in other.facts.get("siblings") or ())
    return not counted, not other.may_name(me)


def _left_of(named: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """The namings that remain, each child taking one: the exact one first."""
    left = list(named)
    for span in taken:
        place = _place_of(left, span)
        if place is not None:
            left.pop(place)
    return left


def _place_of(named: Sequence[Span], born: Span) -> int | None:
    exact = (place for place, span in enumerate(named) if span == born)
    maybe = (place for place, (first, last) in enumerate(named) if first <= born[1] and born[0] <= last)
    return next(exact, next(maybe, None))
