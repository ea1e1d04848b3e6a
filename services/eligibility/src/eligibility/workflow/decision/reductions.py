"""What would lower the own share. Only what is proven counts; what the family told stays beside it. Pure.

Proven: a person has seen a document, or the sibling's own application names this child too (`workflow.family`). Then
the share falls by a decision of its own (decision 48).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from shared.birth_dates import better_known, latest, may_be_the_same
from shared.events import Circumstances, Sibling

from eligibility.rules import Facts
from eligibility.rules.facts import NO_PUPIL, SiblingFacts, UnprovenFacts, assume_birth


@dataclass(frozen=True)
class ProvenFacts:
    """What of a family is proven at this authority."""

    siblings: tuple[SiblingFacts, ...] = ()
    benefits: tuple[str, ...] = ()
    benefits_from: date | None = None
    benefits_until: date | None = None


NOTHING_PROVEN = ProvenFacts()


class ShareFacts(TypedDict, total=False):
    """Parts of FACTS by which the own share falls, and what is only told of them."""

    siblings: tuple[SiblingFacts, ...]
    benefits: tuple[str, ...]
    benefits_from: date | None
    benefits_until: date | None
    unproven: UnprovenFacts | None


def apart(told: Circumstances, proven: ProvenFacts) -> ShareFacts:
    """Parts of FACTS: siblings and benefits that are proven, and beside them what was told besides."""
    known, left, taken = list(proven.siblings), [], set[int]()
    births = {one.birth_date for one in known}
    for each in sorted(map(_sibling, told.siblings), key=lambda each: each.birth_date not in births):
        free = [index for index in range(len(known)) if index not in taken]
        place = _place_of(each, known, free)
        if place is None:
            left.append(each)
            continue
        taken.add(place)
        order = {} if each.counts_first is None else {"counts_first": each.counts_first, "order_open": None}
        born = better_known(known[place].birth_date, each.birth_date)
        known[place] = known[place].model_copy(
            update={"birth_date": born, "funded_until": _sooner(known[place], each), **order}
        )
    return {
        "siblings": tuple(known),
        "benefits": proven.benefits,
        "benefits_from": proven.benefits_from,
        "benefits_until": proven.benefits_until,
        "unproven": beside(left, [each for each in told.benefits if each not in proven.benefits]),
    }


def _place_of(told: SiblingFacts, known: Sequence[SiblingFacts], free: Sequence[int]) -> int | None:
    """Of the proven sibling that this is: by its birth date, else by one that is known in part and may be it."""
    exact = (index for index in free if known[index].birth_date == told.birth_date)
    maybe = (index for index in free if may_be_the_same(known[index].birth_date, told.birth_date))
    return next(exact, next(maybe, None))


def _sooner(proven: SiblingFacts, told: SiblingFacts) -> date | None:
    """An end of its ticket that the family tells of counts."""
    return min((each.funded_until for each in (proven, told) if each.funded_until is not None), default=None)


def still_proven(kept: Facts, before: Circumstances | None, now: Circumstances, begins: date) -> ProvenFacts:
    """What of `kept`, the facts of an earlier decision, is proven for a decision on what is told now.

    What the family told otherwise since does not count any more.

    Args:
        begins: first day of the school year decided on; days of an earlier one are left behind, and benefits that ended
            in it.
    """
    earlier_year = kept.school_year is not None and int(kept.school_year[:4]) < begins.year
    siblings = [each for each in kept.siblings or () if each.funded and not _told_otherwise(each, before, now)]
    over = kept.benefits_until is not None and kept.benefits_until < begins
    benefits = () if over else tuple(each for each in kept.benefits or () if each in now.benefits or before is None)
    if earlier_year:
        undated = {"funded_from": None, "funded_until": None}
        siblings = [each.model_copy(update=undated) for each in siblings]
    if not benefits:
        return ProvenFacts(tuple(siblings))
    return ProvenFacts(tuple(siblings), benefits, None if earlier_year else kept.benefits_from, kept.benefits_until)


def _told_otherwise(proven: SiblingFacts, before: Circumstances | None, now: Circumstances) -> bool:
    """The family names the child no more, or takes its ticket back."""
    if before is None:
        return False
    then, since = _about(proven, before), _about(proven, now)
    if len(since) < len(then):
        return True
    return any(each.funded for each in then) and not any(each.funded for each in since)


def _about(proven: SiblingFacts, told: Circumstances) -> list[Sibling]:
    """What was told of this child: by its birth date, else by one that is known in part and may be it."""
    exact = [each for each in told.siblings if each.birth_date == proven.birth_date]
    return exact or [each for each in told.siblings if may_be_the_same(each.birth_date, proven.birth_date)]


def as_told(facts: Facts) -> Facts:
    """As if all were proven; what the family does not know is taken in its favour."""
    unproven = facts.unproven or UnprovenFacts()
    pupil = facts.pupil or NO_PUPIL
    siblings = [*(facts.siblings or ()), *(unproven.siblings or ())]
    kindly = [
        each.model_copy(
            update={
                "funded": each.funded is not False,
                "counts_first": each.counts_first is not False if each.may_be_born_with(pupil) else each.counts_first,
            }
        )
        for each in siblings
    ]
    kindly = [assume_birth(each, latest(each.birth_date)) if each.is_open else each for each in kindly]
    told = unproven.benefits or ()
    days = {} if not told else {"benefits_from": None, "benefits_until": None}
    return facts.model_copy(
        update={"siblings": tuple(kindly), "benefits": (*(facts.benefits or ()), *told), "unproven": None, **days}
    )


def _sibling(told: Sibling) -> SiblingFacts:
    said = {name: value for name, value in dict(told).items() if name in SiblingFacts.model_fields}
    return SiblingFacts(**said | ({"funded": None} if told.funded_unknown else {}))


def with_proofs(facts: Facts, proven: ProvenFacts) -> Facts:
    """`facts` with these siblings and benefits proven: no longer beside the facts but in them."""
    told, births, left = facts.unproven or UnprovenFacts(), [each.birth_date for each in proven.siblings], []
    for each in told.siblings or ():
        if each.birth_date in births:
            births.remove(each.birth_date)
        else:
            left.append(each)
    benefits = [each for each in told.benefits or () if each not in proven.benefits]
    changes: ShareFacts = {
        "siblings": (*(facts.siblings or ()), *proven.siblings),
        "unproven": beside(left, benefits),
    }
    if proven.benefits:
        kept = tuple(each for each in facts.benefits or () if each not in proven.benefits)
        changes |= {"benefits": (*kept, *proven.benefits), "benefits_from": proven.benefits_from,
                    "benefits_until": proven.benefits_until}  # fmt: skip
    return facts.model_copy(update=changes)


def beside(siblings: Sequence[SiblingFacts], benefits: Sequence[str]) -> UnprovenFacts | None:
    """What is not proven, as the facts keep it beside what is; None where there is nothing."""
    if not siblings and not benefits:
        return None
    return UnprovenFacts(siblings=tuple(siblings) or None, benefits=tuple(benefits) or None)
