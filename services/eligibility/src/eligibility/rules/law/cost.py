"""What the authority bears and what the family pays, once the child is entitled."""

from dataclasses import dataclass
from datetime import date

from eligibility.rules import texts
from eligibility.rules.facts import NO_PUPIL, Facts
from eligibility.rules.findings import Finding, not_met, note, question
from eligibility.rules.law.own_share import Share, own_share
from eligibility.rules.law.scope import in_course_form
from eligibility.rules.law.transport import Carriage, escort
from eligibility.rules.law.way import counts_as_nearest
from eligibility.rules.rule_set.own_conditions import OwnConditions
from eligibility.rules.rule_set.rule_set import Law

__all__ = ["Cost", "cost", "own_share"]


@dataclass(frozen=True, slots=True)
class Cost:
    """Cents a month. `covered_cents` is None where the fare is not known."""

    findings: tuple[Finding, ...]
    own_share_cents: int | None
    covered_cents: int | None = None
    changes: tuple[tuple[date, int], ...] = ()
    """Own shares that follow in the school year, each from a day on."""


def cost(facts: Facts, law: Law, carried: Carriage, own: OwnConditions) -> Cost:
    """Fare as at the nearest school, cap, own share. NRW: § 2, § 9 SchfkVO, § 97 Abs. 2 and 3 SchulG."""
    escorted = escort(facts, law)
    if _in_district_class(facts, law):
        return _district_class(facts, law)
    bearable, findings = _bearable(facts, law, carried)
    if bearable == 0:
        return Cost((*findings, _nothing_to_bear(law)), None, 0)
    share = _share(facts, law, carried, own)
    findings += [*share.findings, *escorted.findings]
    if share.own_share_cents is None or bearable is None or escorted.cents is None:
        return Cost(tuple(findings), share.own_share_cents, None, share.changes)
    paid = min(share.own_share_cents, bearable)
    changes = tuple((day, min(cents, bearable)) for day, cents in share.changes)
    return Cost(tuple(findings), paid, bearable - paid + escorted.cents, changes)


def _in_district_class(facts: Facts, law: Law) -> bool:
    if facts.course is None or not facts.course.district_class or not law.flag("scope.district_classes_covered"):
        return False
    return law.engine < 3 or in_course_form(facts, law)


def _share(facts: Facts, law: Law, carried: Carriage, own: OwnConditions) -> Share:
    """None without a ticket that can be used beyond the way to school; then the authority's own exemptions."""
    if not carried.with_ticket and law.has("own_share.with_ticket_only") and law.flag("own_share.with_ticket_only"):
        said = note(
            "own_share", law.basis("own_share.with_ticket_only"),
            "Ein Eigenanteil ist nur für Tickets zu zahlen, die über den Schulweg hinaus gelten.",
            "An own share is paid only for tickets that are valid beyond the way to school.",
        )  # fmt: skip
        return Share((said,), 0)
    share = own_share(facts, law)
    if share.own_share_cents == 0 and not share.changes:
        return share
    exemption = own.exemption()
    if exemption is None:
        return share
    return Share((exemption,), 0 if exemption.result == "note" else None)


def _bearable(facts: Facts, law: Law, carried: Carriage) -> tuple[int | None, list[Finding]]:
    """The fare that may be borne before the own share: as far as it would arise at the nearest school, and the cap."""
    findings: list[Finding] = []
    fare = facts.monthly_fare_cents if carried.allowance_cents is None else carried.allowance_cents
    at_nearest = facts.nearest_monthly_fare_cents
    elsewhere = facts.attends_nearest is False and not counts_as_nearest(facts, law)
    bounded = elsewhere and law.flag("cost.as_at_nearest") and bool(fare)
    if bounded and at_nearest is None and law.engine > 2:
        findings.append(note(
            "fare_as_at_nearest", law.basis("cost.as_at_nearest"),
            "Übernommen werden höchstens die Kosten des Weges zur nächstgelegenen Schule; wie hoch sie wären, ist noch nicht bekannt.",
            "At most the cost of travel to the nearest school is borne; how high it would be is not known yet.",
        ))  # fmt: skip
        return None, findings
    if bounded and fare is not None and at_nearest is not None and fare > at_nearest:
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
