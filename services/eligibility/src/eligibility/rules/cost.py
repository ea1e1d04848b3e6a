"""What the authority bears and what the family pays, once the child is entitled."""

from dataclasses import dataclass
from datetime import date

from eligibility.rules import texts
from eligibility.rules.facts import NO_PUPIL, Facts
from eligibility.rules.findings import Finding, met, not_met, note, question
from eligibility.rules.rule_set import Law


@dataclass(frozen=True, slots=True)
class Cost:
    """Cents a month. `covered_cents` is None where the fare is not known."""

    findings: tuple[Finding, ...]
    own_share_cents: int | None
    covered_cents: int | None = None


def cost(facts: Facts, law: Law) -> Cost:
    """Fare as at the nearest school, cap, own share. NRW: § 2, § 9 SchfkVO, § 97 Abs. 2 and 3 SchulG."""
    if facts.course is not None and facts.course.district_class and law.flag("scope.district_classes_covered"):
        return _district_class(facts, law)
    bearable, findings = _bearable(facts, law)
    if bearable == 0:
        return Cost((*findings, _nothing_to_bear(law)), None, 0)
    share = own_share(facts, law)
    if share.own_share_cents is None or bearable is None:
        return Cost((*findings, *share.findings), share.own_share_cents)
    own = min(share.own_share_cents, bearable)
    return Cost((*findings, *share.findings), own, bearable - own)


def _bearable(facts: Facts, law: Law) -> tuple[int | None, list[Finding]]:
    """The fare that may be borne before the own share: as far as it would arise at the nearest school, and the cap."""
    fare, findings = facts.monthly_fare_cents, []
    at_nearest = facts.nearest_monthly_fare_cents
    elsewhere = facts.attends_nearest is False and not facts.nearest_refusal_proven
    if (
        elsewhere
        and law.flag("cost.as_at_nearest")
        and fare is not None
        and at_nearest is not None
        and fare > at_nearest
    ):
        german, english = texts.euros(at_nearest)
        findings.append(note(
            "fare_as_at_nearest", law.basis("cost.as_at_nearest"),
            f"Übernommen werden höchstens die Kosten des Weges zur nächstgelegenen Schule: {german} im Monat.",
            f"At most the cost of travel to the nearest school is borne: {english} a month.",
        ))  # fmt: skip
        fare = at_nearest
    cap, pupil = law.number("cost.cap_cents"), facts.pupil or NO_PUPIL
    excepted = any(getattr(pupil, name, None) for name in law.words("cost.cap_exceptions"))
    if cap is not None and fare is not None and fare > cap and not excepted:
        german, english = texts.euros(cap)
        findings.append(note(
            "cap", law.basis("cost.cap_cents"),
            f"Übernommen werden höchstens {german} im Monat.",
            f"At most {english} a month are borne.",
        ))  # fmt: skip
        fare = cap
    return fare, findings


def _nothing_to_bear(law: Law) -> Finding:
    return not_met(
        "fare", law.basis("cost.as_at_nearest"),
        "Es entstehen keine Fahrkosten, die übernommen werden könnten.",
        "There are no travel costs that could be borne.",
    )  # fmt: skip


def _district_class(facts: Facts, law: Law) -> Cost:
    """NRW § 97 Abs. 2 SchulG: what exceeds the own share is borne, up to a bound."""
    basis = law.basis("district_class.own_share_cents")
    share, most = law.number("district_class.own_share_cents"), law.number("district_class.paid_at_most_cents")
    if share is None or most is None:
        asking = question("own_share", basis, "Wie hoch ist der Eigenanteil?", "How high is the own share?")
        return Cost((asking,), None)
    (german, english), (most_german, most_english) = texts.euros(share), texts.euros(most)
    said = note(
        "own_share", basis,
        f"In Bezirksfachklassen beträgt der Eigenanteil {german} im Monat; darüber hinaus werden höchstens {most_german} übernommen.",
        f"In district classes the own share is {english} a month; beyond it at most {most_english} are borne.",
    )  # fmt: skip
    fare = facts.monthly_fare_cents
    if fare is None:
        return Cost((said,), share)
    if fare <= share:
        refusal = not_met(
            "fare", basis,
            f"Die Fahrkosten übersteigen den Eigenanteil von {german} im Monat nicht.",
            f"The travel costs do not exceed the own share of {english} a month.",
        )  # fmt: skip
        return Cost((said, refusal), None, 0)
    borne = min(fare - share, most)
    return Cost((said,), share, borne)


def own_share(facts: Facts, law: Law) -> Cost:
    """By rank of age among the funded children of the family; adults apart. NRW: § 97 Abs. 3 SchulG, § 2 Abs. 3 SchfkVO."""
    basis, amounts = law.basis("own_share.by_rank_cents"), law.numbers("own_share.by_rank_cents")
    for name in ("own_share.exempt_by_law", "own_share.exempt_by_choice"):
        for benefit in facts.benefits or ():
            if benefit in law.words(name):
                text = (
                    f"Wegen {benefit} ist kein Eigenanteil zu zahlen.",
                    f"Because of {benefit} no own share is to be paid.",
                )
                return Cost((note("own_share", law.basis(name), *text),), 0)
    if max(amounts) == 0:
        return Cost((), 0)
    ranks = possible_ranks(facts, law)
    if len({_amount(amounts, rank) for rank in ranks}) > 1:
        return Cost((_rank_question(facts, basis),), None)
    rank = min(ranks)
    amount = _amount(amounts, rank)
    german, english = texts.euros(amount)
    counted = (
        "" if rank == 0 else f" ({rank + 1}. Kind mit gefördertem Ticket)",
        "" if rank == 0 else f" (child no. {rank + 1} with a funded ticket)",
    )
    said = met(
        "own_share", basis,
        f"Der Eigenanteil beträgt {german} im Monat{counted[0]}.",
        f"The own share is {english} a month{counted[1]}.",
    )  # fmt: skip
    return Cost((said,), amount)


def possible_ranks(facts: Facts, law: Law) -> set[int]:
    """0 for the family's first child, and so on; several where the facts do not say.

    Only siblings count that are funded themselves and under age; an adult pupil pays as a first child.
    """
    pupil, of_age = (facts.pupil or NO_PUPIL).birth_date, law.number("own_share.adult_age") or 18
    minors = [each for each in facts.siblings or () if each.funded and not _adult(each.birth_date, of_age, law.begins)]
    if not minors:
        return {0}
    if pupil is None:
        return set(range(len(minors) + 1))
    if _adult(pupil, of_age, law.begins):
        return {0}
    older = sum(each.birth_date < pupil or (each.birth_date == pupil and each.counts_first is True) for each in minors)
    twins = sum(each.birth_date == pupil and each.counts_first is None for each in minors)
    return set(range(older, older + twins + 1))


def _amount(amounts: list[int], rank: int) -> int:
    return amounts[min(rank, len(amounts) - 1)]


def _adult(birth: date, of_age: int, day: date) -> bool:
    """Of age on that day; who was born on 29 February comes of age on 1 March (§ 187 Abs. 2, § 188 BGB: at the end of 28 February)."""
    return (day.year - birth.year, day.month, day.day) >= (of_age, birth.month, birth.day)


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
