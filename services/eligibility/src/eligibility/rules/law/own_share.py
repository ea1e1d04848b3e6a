"""What the family pays, by rank of age among its funded children (NRW: § 97 Abs. 3 SchulG, § 2 Abs. 3 SchfkVO)."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from shared.calendar import day_after

from eligibility.rules import texts, to_family, to_prove
from eligibility.rules.facts import NO_PUPIL, Facts, SiblingFacts
from eligibility.rules.findings import Finding, met, note, question
from eligibility.rules.law.applicant import of_age
from eligibility.rules.law.before import wordings
from eligibility.rules.law.texts import own_share as say
from eligibility.rules.law.validity import validity
from eligibility.rules.rule_set.rule_set import Law


@dataclass(frozen=True, slots=True)
class Share:
    """Cents a month; None where something must be asked. `changes`: what follows in the school year."""

    findings: tuple[Finding, ...]
    own_share_cents: int | None
    changes: tuple[tuple[date, int], ...] = ()


def own_share(facts: Facts, law: Law, exemption: Finding | None = None) -> Share:
    """By rank of age among the funded children of the family; adults apart. NRW: § 97 Abs. 3 SchulG, § 2 Abs. 3 SchfkVO.

    It holds, like one by law, while the benefits are received.

    Args:
        exemption: by a condition of the authority's own.
    """
    basis, amounts = law.basis("own_share.by_rank_cents"), law.numbers("own_share.by_rank_cents")
    exempt, (first, last) = exemption or _exempt(facts, law), validity(facts, law)
    if exempt is not None and not _edges(facts, first, last):
        return Share((exempt,), 0)
    if max(amounts) == 0:
        return Share((), 0)
    turning = turning_days(facts, law) | (_edges(facts, first, last) if exempt is not None else set())
    days = [first, *sorted(each for each in turning if first < each <= last)]
    ranks = {day: possible_ranks(facts, law, day) for day in days}
    free = {day for day in days if exempt is not None and received_on(facts, day)}
    amounts_of = {day: {0} if day in free else {_amount(amounts, rank) for rank in ranks[day]} for day in days}
    if any(len(each) > 1 for each in amounts_of.values()):
        return Share((_rank_question(facts, law, basis),), None)
    cents = {day: min(each) for day, each in amounts_of.items()}
    if exempt is not None and first in free:
        said = exempt
    else:
        said = met("own_share", basis, *say.share(min(ranks[first]), cents[first]))
    changes = [(earlier, day) for earlier, day in pairwise(days) if cents[day] != cents[earlier]]
    follow = (
        _change(day, cents[day], basis, exempt if (earlier in free) != (day in free) else None)
        for earlier, day in changes
    )
    return Share((said, *follow), cents[first], tuple((day, cents[day]) for _, day in changes))


def _exempt(facts: Facts, law: Law) -> Finding | None:
    """By a benefit, where the law or the authority says so."""
    for name in ("own_share.exempt_by_law", "own_share.exempt_by_choice"):
        for benefit in facts.benefits or ():
            if benefit in law.words(name):
                free_by = say.free_by if law.does.name_benefits else wordings.free_by
                return note("own_share", law.basis(name), *free_by(benefit))
    return None


def received_on(facts: Facts, day: date) -> bool:
    """Whether that day lies in the time for which the benefits are known."""
    from_, until = facts.benefits_from, facts.benefits_until
    return (from_ is None or from_ <= day) and (until is None or day <= until)


def _edges(facts: Facts, first: date, last: date) -> set[date]:
    """Days within the grant on which the benefits begin, or are over; none where they are received all the time."""
    from_, until = facts.benefits_from, facts.benefits_until
    begins = {from_} if from_ is not None and from_ > first else set()
    return begins | ({max(day_after(until), first)} if until is not None and until < last else set())


def _change(day: date, cents: int, basis: str, exempt: Finding | None) -> Finding:
    """From that day on: by the order of the children, or, with `exempt`, because that begins or is over."""
    if exempt is None:
        return note("own_share", basis, *say.by_new_order(day, cents))
    exemption = exempt.text, exempt.text_en
    said = say.no_longer_exempt(day, cents) if cents else say.exempt_from(day, exemption)
    return note("own_share", exempt.legal_basis, *said)


def turning_days(facts: Facts, law: Law) -> set[date]:
    """Days on which a sibling gets or loses its funded ticket, or a child comes of age where that day counts: the others
    move up or down (KDN: a new assessment)."""
    siblings = facts.siblings or ()
    days = {each.funded_from for each in siblings if each.funded_from is not None}
    days |= {day_after(each.funded_until) for each in siblings if each.funded_until is not None}
    if _from_birthday(law):
        pupil, years = (facts.pupil or NO_PUPIL).born, law.number("own_share.adult_age") or 18
        born = [each.born for each in siblings] + ([pupil] if pupil is not None else [])
        days |= {_comes_of_age(each, years) for each in born}
    return days


def _comes_of_age(birth: date, years: int) -> date:
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:  # born on 29 February: see applicant.of_age; or after the last day that there is
        return date(birth.year + years, 3, 1) if birth.year + years <= date.max.year else date.max


def _from_birthday(law: Law) -> bool:
    """Whether a child counts as adult from its birthday on; else for the whole year as on the year's first day."""
    return law.has("own_share.adult_from_birthday") and law.flag("own_share.adult_from_birthday")


def possible_ranks(facts: Facts, law: Law, day: date) -> set[int]:
    """0 for the family's first child, and so on; several where the facts do not say.

    Only siblings count that are funded themselves and under age; an adult pupil pays as a first child.
    """
    age_on = day if _from_birthday(law) else law.begins
    pupil, years = facts.pupil or NO_PUPIL, law.number("own_share.adult_age") or 18
    minors = [each for each in facts.siblings or () if not of_age(each.born, years, age_on)]
    counting = [(each, _funded_on(each, day, law)) for each in minors]
    counting = [(each, funded) for each, funded in counting if funded is not False]
    if not counting or (pupil.born is not None and of_age(pupil.born, years, age_on)):
        return {0}
    fewest = sum(each.counts_before(pupil) is True for each, funded in counting if funded)
    most = sum(each.counts_before(pupil) is not False for each, _ in counting)
    return set(range(fewest, most + 1))


def _funded_on(sibling: SiblingFacts, day: date, law: Law) -> bool | None:
    """None where the facts do not say whether it has a funded ticket."""
    from_, until = sibling.funded_from, sibling.funded_until
    if (from_ is not None and day < from_) or (until is not None and until < day):
        return False
    return sibling.funded if law.does.ask_whether_siblings_are_funded else bool(sibling.funded)


def _amount(amounts: list[int], rank: int) -> int:
    return amounts[min(rank, len(amounts) - 1)]


def _rank_question(facts: Facts, law: Law, basis: str) -> Finding:
    pupil = facts.pupil or NO_PUPIL
    if pupil.born is None:
        return question("own_share", basis, *say.WHEN_BORN, family=to_family.BIRTH_DATE)
    unsaid = [each for each in facts.siblings or () if each.funded is None and each.counts_before(pupil) is not False]
    if unsaid and law.does.ask_whether_siblings_are_funded:
        born = texts.all_born([each.birth_date for each in unsaid])
        family = to_family.funded_sibling(*born, several=len(unsaid) > 1)
        return question("own_share", basis, *say.has_sibling_a_ticket(born), family=family)
    return question("own_share", basis, *say.WHICH_TWIN_FIRST, family=to_prove.twins(*texts.born(pupil.born)))
