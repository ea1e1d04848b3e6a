"""What the authority bears and what the family pays, once the child is entitled."""

from eligibility.rules import to_family
from eligibility.rules.facts import NO_PUPIL, Facts
from eligibility.rules.findings import Finding, not_met, note, question
from eligibility.rules.law.before import district_class as before
from eligibility.rules.law.costs import Cost
from eligibility.rules.law.district_class import district_class, in_district_class
from eligibility.rules.law.own_share import Share, own_share
from eligibility.rules.law.texts import cost as say
from eligibility.rules.law.transport import Carriage, escort
from eligibility.rules.law.way import counts_as_nearest
from eligibility.rules.rule_set.own_conditions import OwnConditions
from eligibility.rules.rule_set.rule_set import Law

__all__ = ["Cost", "cost", "own_share"]


def cost(facts: Facts, law: Law, carried: Carriage, own: OwnConditions) -> Cost:
    """Fare as at the nearest school, cap, own share. NRW: § 2, § 9 SchfkVO, § 97 Abs. 2 and 3 SchulG."""
    escorted = escort(facts, law)
    if in_district_class(facts, law):
        bounded = law.does.bound_fare_of_district_class
        return _of_district_class(facts, law, carried) if bounded else before.district_class(facts, law)
    bearable, findings = _bearable(facts, law, carried)
    if bearable == 0 and (escorted.cents == 0 or not law.does.bear_escort_without_fare):
        return Cost((*findings, _nothing_to_bear(law)), None, 0)
    share = _share(facts, law, carried, own)
    findings += [*share.findings, *escorted.findings]
    if share.own_share_cents is None or bearable is None or escorted.cents is None:
        return Cost(tuple(findings), share.own_share_cents, None, share.changes)
    paid = min(share.own_share_cents, bearable)
    changes = tuple((day, min(cents, bearable)) for day, cents in share.changes)
    return Cost(tuple(findings), paid, bearable - paid + escorted.cents, changes)


def _share(facts: Facts, law: Law, carried: Carriage, own: OwnConditions) -> Share:
    """None without a ticket that can be used beyond the way to school; then the authority's own exemptions."""
    if not carried.with_ticket and law.has("own_share.with_ticket_only") and law.flag("own_share.with_ticket_only"):
        return Share((note("own_share", law.basis("own_share.with_ticket_only"), *say.TICKETS_ONLY),), 0)
    share = own_share(facts, law)
    if share.own_share_cents == 0 and not share.changes:
        return share
    exemption = own.exemption()
    if exemption is None:
        return share
    if exemption.result != "note":
        return Share((exemption,), None)
    if (facts.benefits_from or facts.benefits_until) and OwnConditions(
        _without_benefits(facts), law
    ).exemption() is None:
        return own_share(facts, law, exemption)  # it holds while the benefits are received
    return Share((exemption,), 0)


def _without_benefits(facts: Facts) -> Facts:
    return facts.model_copy(update={"benefits": None, "benefits_from": None, "benefits_until": None})


def _bearable(facts: Facts, law: Law, carried: Carriage) -> tuple[int | None, list[Finding]]:
    """The fare that may be borne before the own share: as far as it would arise at the nearest school, and the cap."""
    findings: list[Finding] = []
    fare = facts.monthly_fare_cents if carried.allowance_cents is None else carried.allowance_cents
    if law.does.keep_ticket_fare_to_tickets and not carried.with_ticket and not fare:
        fare = None  # a bus or a taxi of the authority's has no fare: what a ticket costs says nothing about it
    at_nearest = facts.nearest_monthly_fare_cents
    elsewhere = facts.attends_nearest is False and not counts_as_nearest(facts, law)
    bounded = elsewhere and law.flag("cost.as_at_nearest") and bool(fare)
    if bounded and at_nearest is None and law.does.ask_for_fare_to_nearest:
        return None, [note("fare_as_at_nearest", law.basis("cost.as_at_nearest"), *say.FARE_TO_NEAREST_UNKNOWN)]
    if bounded and fare is not None and at_nearest is not None and fare > at_nearest:
        doubt = _bound_in_doubt(facts, law, carried) if law.does.doubt_bound_by_nearest else None
        if doubt is not None:
            return None, [doubt]
        basis = law.basis("cost.as_at_nearest")
        findings.append(note("fare_as_at_nearest", basis, *say.at_most_to_nearest(at_nearest)))
        fare = at_nearest
    cap, pupil = law.number("cost.cap_cents"), facts.pupil or NO_PUPIL
    excepted = any(getattr(pupil, name, None) for name in law.words("cost.cap_exceptions"))
    if cap is not None and fare is not None and fare > cap and not excepted:
        findings.append(note("cap", law.basis("cost.cap_cents"), *say.at_most(cap)))
        fare = cap
    return fare, findings


def _of_district_class(facts: Facts, law: Law, carried: Carriage) -> Cost:
    fare, findings = _bearable(facts, law, carried)
    return district_class(facts, law, fare, findings, escort(facts, law))


def _bound_in_doubt(facts: Facts, law: Law, carried: Carriage) -> Finding | None:
    """The cost at the nearest school bounds only what it can be compared with, and only where that school certainly is
    the nearest: a child that needs a vehicle would need one to the nearer school too."""
    basis = law.basis("cost.as_at_nearest")
    if carried.allowance_cents is not None:
        return question("fare", basis, *say.VEHICLE_TO_NEAREST, family=to_family.WE_LOOK_AT_THE_COST)
    branch = facts.own_branch
    if facts.nearest_refused or facts.assigned_place is not None or (branch is not None and branch.claimed):
        return note("fare_as_at_nearest", basis, *say.BOUND_IN_DOUBT)
    return None


def _nothing_to_bear(law: Law) -> Finding:
    return not_met("fare", law.basis("cost.as_at_nearest"), *say.NOTHING_TO_BEAR)
