"""What the family pays, by rank of age among its funded children (NRW: § 97 Abs. 3 SchulG, § 2 Abs. 3 SchfkVO)."""

from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.rules import texts
from eligibility.rules.facts import NO_PUPIL, Facts, SiblingFacts
from eligibility.rules.findings import Finding, met, note, question
from eligibility.rules.law.applicant import of_age
from eligibility.rules.law.validity import validity
from eligibility.rules.rule_set.rule_set import Law


@dataclass(frozen=True, slots=True)
class Share:
    """Cents a month; None where something must be asked. `changes`: what follows in the school year."""

    findings: tuple[Finding, ...]
    own_share_cents: int | None
    changes: tuple[tuple[date, int], ...] = ()


def own_share(facts: Facts, law: Law) -> Share:
    """By rank of age among the funded children of the family; adults apart. NRW: § 97 Abs. 3 SchulG, § 2 Abs. 3 SchfkVO."""
    basis, amounts = law.basis("own_share.by_rank_cents"), law.numbers("own_share.by_rank_cents")
    for name in ("own_share.exempt_by_law", "own_share.exempt_by_choice"):
        for benefit in facts.benefits or ():
            if benefit in law.words(name):
                text = (
                    f"Wegen {benefit} ist kein Eigenanteil zu zahlen.",
                    f"Because of {benefit} no own share is to be paid.",
                )
                return Share((note("own_share", law.basis(name), *text),), 0)
    if max(amounts) == 0:
        return Share((), 0)
    first, last = validity(facts, law)
    days = [first, *sorted(each for each in turning_days(facts, law) if first < each <= last)]
    ranks = {day: possible_ranks(facts, law, day) for day in days}
    amounts_of = {day: {_amount(amounts, rank) for rank in ranks[day]} for day in days}
    if any(len(each) > 1 for each in amounts_of.values()):
        return Share((_rank_question(facts, basis),), None)
    amount = min(amounts_of[first])
    findings, changes, before = [_said(min(ranks[first]), amount, basis)], [], amount
    for day in days[1:]:
        then = min(amounts_of[day])
        if then != before:
            findings.append(_moved(day, then, basis))
            changes.append((day, then))
        before = then
    return Share(tuple(findings), amount, tuple(changes))


def _said(rank: int, amount: int, basis: str) -> Finding:
    german, english = texts.euros(amount)
    counted = (
        "" if rank == 0 else f" ({rank + 1}. Kind mit gefördertem Ticket)",
        "" if rank == 0 else f" (child no. {rank + 1} with a funded ticket)",
    )
    return met(
        "own_share", basis,
        f"Der Eigenanteil beträgt {german} im Monat{counted[0]}.",
        f"The own share is {english} a month{counted[1]}.",
    )  # fmt: skip


def _moved(day: date, amount: int, basis: str) -> Finding:
    (german, english), (day_german, day_english) = texts.euros(amount), texts.day(day)
    return note(
        "own_share", basis,
        f"Ab dem {day_german} beträgt er {german} im Monat, weil sich die Reihenfolge der Kinder mit gefördertem Ticket ändert.",
        f"From {day_english} it is {english} a month, because the order of the children with a funded ticket changes.",
    )  # fmt: skip


def turning_days(facts: Facts, law: Law) -> set[date]:
    """Days on which a sibling gets or loses its funded ticket, or a child comes of age where that day counts: the others
    move up or down (KDN: a new assessment)."""
    siblings = facts.siblings or ()
    days = {each.funded_from for each in siblings if each.funded_from is not None}
    days |= {each.funded_until + timedelta(days=1) for each in siblings if each.funded_until is not None}
    if _from_birthday(law):
        pupil, years = (facts.pupil or NO_PUPIL).birth_date, law.number("own_share.adult_age") or 18
        born = [each.birth_date for each in siblings] + ([pupil] if pupil is not None else [])
        days |= {_comes_of_age(each, years) for each in born}
    return days


def _comes_of_age(birth: date, years: int) -> date:
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:  # born on 29 February: see applicant.of_age
        return date(birth.year + years, 3, 1)


def _from_birthday(law: Law) -> bool:
    """Whether a child counts as adult from its birthday on; else for the whole year as on the year's first day."""
    return law.has("own_share.adult_from_birthday") and law.flag("own_share.adult_from_birthday")


def possible_ranks(facts: Facts, law: Law, day: date) -> set[int]:
    """0 for the family's first child, and so on; several where the facts do not say.

    Only siblings count that are funded themselves and under age; an adult pupil pays as a first child.
    """
    age_on = day if _from_birthday(law) else law.begins
    pupil, years = (facts.pupil or NO_PUPIL).birth_date, law.number("own_share.adult_age") or 18
    minors = [
        each for each in facts.siblings or () if _funded_on(each, day) and not of_age(each.birth_date, years, age_on)
    ]
    if not minors:
        return {0}
    if pupil is None:
        return set(range(len(minors) + 1))
    if of_age(pupil, years, age_on):
        return {0}
    older = sum(each.birth_date < pupil or (each.birth_date == pupil and each.counts_first is True) for each in minors)
    twins = sum(each.birth_date == pupil and each.counts_first is None for each in minors)
    return set(range(older, older + twins + 1))


def _funded_on(sibling: SiblingFacts, day: date) -> bool:
    from_, until = sibling.funded_from, sibling.funded_until
    return bool(sibling.funded) and (from_ is None or from_ <= day) and (until is None or day <= until)


def _amount(amounts: list[int], rank: int) -> int:
    return amounts[min(rank, len(amounts) - 1)]


def _rank_question(facts: Facts, basis: str) -> Finding:
    if (facts.pupil or NO_PUPIL).birth_date is None:
        return question(
            "own_share", basis,
            "Wann ist das Kind geboren? Davon hängt ab, als wievieltes Kind es beim Eigenanteil zählt.",
            "When was the child born? Its place among the siblings decides the own share.",
        )  # fmt: skip
    return question(
        "own_share", basis,
        "Welches der am selben Tag geborenen Kinder zählt beim Eigenanteil zuerst?",
        "Which of the children born on the same day counts first for the own share?",
    )  # fmt: skip
