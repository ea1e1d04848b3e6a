"""What is borne in a Bezirksfachklasse of the dual system (NRW: § 97 Abs. 2 SchulG, § 2 Abs. 2 SchfkVO)."""

from eligibility.rules import to_family, to_prove
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, not_met, note, question
from eligibility.rules.law.costs import Cost
from eligibility.rules.law.scope import in_course_form
from eligibility.rules.law.texts import district_class as say
from eligibility.rules.law.transport import EscortCost
from eligibility.rules.rule_set.rule_set import Law

BASIS = "district_class.own_share_cents"


def in_district_class(facts: Facts, law: Law) -> bool:
    """Whether the pupil attends a district class (vocational school) whose costs the law bears: in forms of school with
    courses alone."""
    if facts.course is None or not facts.course.district_class or not law.flag("scope.district_classes_covered"):
        return False
    return in_course_form(facts, law) or not law.does.tie_district_class_to_its_forms


def district_class(facts: Facts, law: Law, fare: int | None, findings: list[Finding], escorted: EscortCost) -> Cost:
    """What exceeds the own share is borne, up to a bound, and an escort's fare on top.

    Unknown it is asked for: a ticket that costs less than the own share leaves nothing to bear.

    Args:
        fare: what may be borne before the own share, with `findings` of how it came about.
    """
    basis, share, most = law.basis(BASIS), law.number(BASIS), law.number("district_class.paid_at_most_cents")
    if share is None or most is None:
        return Cost((*findings, ask_for_share(basis)), None)
    said = note("own_share", basis, *say.share(share, most))
    if exempting := [each for each in facts.benefits or () if each in law.words("own_share.exempt_by_law")]:
        by_law, family = law.basis("own_share.exempt_by_law"), to_family.WE_LOOK_AT_THE_SHARE
        asking = question("own_share", by_law, *say.is_it_exempt(exempting[0]), family=family)
        return Cost((*findings, said, asking), None)
    if fare is None:
        asking = question("fare", basis, *say.HOW_HIGH_IS_THE_FARE, family=to_prove.FARE)
        return Cost((*findings, said, asking), None)
    if fare <= share and escorted.cents == 0:
        return Cost((*findings, said, not_met("fare", basis, *say.not_above(share))), None, 0)
    borne = min(max(fare - share, 0), most)
    covered = None if escorted.cents is None else borne + escorted.cents
    return Cost((*findings, said, *escorted.findings), min(share, fare), covered)


def ask_for_share(basis: str) -> Finding:
    """Where no rule set names the own share."""
    return question("own_share", basis, *say.HOW_HIGH_IS_THE_SHARE, family=to_family.WE_LOOK_AT_THE_SHARE)
