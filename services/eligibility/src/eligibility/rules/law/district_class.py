"""What is borne in a Bezirksfachklasse of the dual system (NRW: § 97 Abs. 2 SchulG, § 2 Abs. 2 SchfkVO)."""

from eligibility.rules import texts, to_family, to_prove
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, not_met, note, question
from eligibility.rules.law.costs import Cost
from eligibility.rules.law.scope import in_course_form
from eligibility.rules.law.transport import EscortCost
from eligibility.rules.rule_set.rule_set import Law

BASIS = "district_class.own_share_cents"


def in_district_class(facts: Facts, law: Law) -> bool:
    """Whether the pupil attends a district class (vocational school) whose costs the law bears. Since engine 3 only in
    forms of school with courses."""
    if facts.course is None or not facts.course.district_class or not law.flag("scope.district_classes_covered"):
        return False
    return law.engine < 3 or in_course_form(facts, law)


def district_class(facts: Facts, law: Law, fare: int | None, findings: list[Finding], escorted: EscortCost) -> Cost:
    """What exceeds the own share is borne, up to a bound, and an escort's fare on top.

    `fare`: what may be borne before the own share, with `findings` of how it came about. Unknown it is asked for: a ticket
    that costs less than the own share leaves nothing to bear.
    """
    basis, share, most = law.basis(BASIS), law.number(BASIS), law.number("district_class.paid_at_most_cents")
    if share is None or most is None:
        asking = question(
            "own_share", basis, "Wie hoch ist der Eigenanteil?", "How high is the own share?",
            family=to_family.WE_LOOK_AT_THE_SHARE,
        )  # fmt: skip
        return Cost((*findings, asking), None)
    said = _said(share, most, basis)
    if exempting := [each for each in facts.benefits or () if each in law.words("own_share.exempt_by_law")]:
        asking = question(
            "own_share", law.basis("own_share.exempt_by_law"),
            f"Die Familie erhält {exempting[0]}: Entfällt deshalb auch der Eigenanteil in der Bezirksfachklasse?",
            f"The family receives {exempting[0]}: is no own share paid in a district class either?",
            family=to_family.WE_LOOK_AT_THE_SHARE,
        )  # fmt: skip
        return Cost((*findings, said, asking), None)
    if fare is None:
        asking = question(
            "fare", basis, "Wie hoch sind die Fahrkosten im Monat? Übernommen wird nur, was den Eigenanteil übersteigt.",
            "How high are the travel costs a month? Only what exceeds the own share is borne.",
            family=to_prove.FARE,
        )  # fmt: skip
        return Cost((*findings, said, asking), None)
    if fare <= share and escorted.cents == 0:
        return Cost((*findings, said, _not_above(share, basis)), None, 0)
    borne = min(max(fare - share, 0), most)
    covered = None if escorted.cents is None else borne + escorted.cents
    return Cost((*findings, said, *escorted.findings), min(share, fare), covered)


def _said(share: int, most: int, basis: str) -> Finding:
    (german, english), (most_german, most_english) = texts.euros(share), texts.euros(most)
    return note(
        "own_share", basis,
        f"In Bezirksfachklassen beträgt der Eigenanteil {german} im Monat; darüber hinaus werden höchstens {most_german} übernommen.",
        f"In district classes the own share is {english} a month; beyond it at most {most_english} are borne.",
    )  # fmt: skip


def _not_above(share: int, basis: str) -> Finding:
    german, english = texts.euros(share)
    return not_met(
        "fare", basis,
        f"Die Fahrkosten übersteigen den Eigenanteil von {german} im Monat nicht.",
        f"The travel costs do not exceed the own share of {english} a month.",
    )  # fmt: skip


def district_class_before_4(facts: Facts, law: Law) -> Cost:
    """As engines before 4 worked it out: the fare alone, known or not."""
    basis, share, most = law.basis(BASIS), law.number(BASIS), law.number("district_class.paid_at_most_cents")
    if share is None or most is None:
        asking = question(
            "own_share", basis, "Wie hoch ist der Eigenanteil?", "How high is the own share?",
            family=to_family.WE_LOOK_AT_THE_SHARE,
        )  # fmt: skip
        return Cost((asking,), None)
    said = _said(share, most, basis)
    fare = facts.monthly_fare_cents
    if fare is None:
        return Cost((said,), share)
    if fare <= share:
        return Cost((said, _not_above(share, basis)), None, 0)
    borne = min(fare - share, most)
    return Cost((said,), share, borne)
