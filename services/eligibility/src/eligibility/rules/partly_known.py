"""Birth dates that are known in part: what they may be, and what is asked where the day decides.

All that the law asks of a birth date is whether it lies before or after a day (of age, fitting the grade) or another
child's (the rank). So the first and the last day that it may be stand for all between them.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from shared.birth_dates import PartlyKnownDate

from eligibility.rules import to_family
from eligibility.rules.evaluation import Evaluation
from eligibility.rules.facts import Child, Facts, Pupil, SiblingFacts, assume_birth
from eligibility.rules.findings import Finding, question
from eligibility.rules.law.own_share import Share, own_share
from eligibility.rules.law.texts import open_facts as say
from eligibility.rules.rule_set.rule_set import Law

BASIS = "§ 24 VwVfG NRW"
MOST = 6
"""Children whose birth dates are gone through, 64 times a decision; more of them are a person's."""


def partly_known(facts: Facts) -> list[PartlyKnownDate]:
    """Birth dates, of the pupil and the siblings, that are known in part and still leave several days open."""
    children: list[Pupil | SiblingFacts] = [*([facts.pupil] if facts.pupil else []), *(facts.siblings or ())]
    return [each.birth_date for each in children if isinstance(each.birth_date, PartlyKnownDate) and each.is_open]


def possible_births(facts: Facts) -> Iterator[Facts]:
    """The same facts with every birth date at its first and at its last day."""
    siblings = facts.siblings or ()
    if len(partly_known(facts)) > MOST:
        siblings = ()
    pupils = _as_born(facts.pupil) if facts.pupil else [None]
    for pupil, *others in product(pupils, *map(_as_born, siblings)):
        changed = {"siblings": tuple(others)} if others else {}
        yield facts.model_copy(update={"pupil": pupil, **changed})


def share_in_all(facts: Facts, law: Law) -> Share:
    """The own share, where it is one on every day that the birth dates may be."""
    found = [own_share(each, law) for each in possible_births(facts)]
    if len(partly_known(facts)) <= MOST and all(each == found[0] for each in found):
        return found[0]
    return Share((_question(),), None)


def _as_born(child: Child) -> list[Child]:
    born = child.birth_date
    if not child.is_open or not isinstance(born, PartlyKnownDate):
        return [child]
    return [assume_birth(child, born.earliest), assume_birth(child, born.latest)]


def agree_on(found: list[Evaluation], known: int) -> Evaluation:
    """What all come to; where they differ, a person is asked, and nothing is granted or refused.

    Args:
        known: how many dates are known in part.
    """
    first = found[0]
    if known <= MOST and all(each == first for each in found):
        return first
    asked = [_question(), *(each for one in found for each in one.reasons if each.result == "question")]
    asked = list(dict.fromkeys(asked))
    rest = tuple(each for each in first.reasons if each.result != "question" and _in_all(each, found))
    return replace(
        first,
        outcome="review",
        own_share_cents=None,
        covered_cents=None,
        reasons=(*asked, *rest),
        decided_by=frozenset(each.rule for each in asked),
        own_share_changes=(),
        transport=None,
        valid=None,
        allowance_cents=None,
        kilometre_cents=None,
        firm=False,
    )


def _in_all(finding: Finding, found: list[Evaluation]) -> bool:
    return all(finding in each.reasons for each in found)


def _question() -> Finding:
    return question("birth_date", BASIS, *say.BIRTH_DATE, family=to_family.EXACT_BIRTH_DATE)
