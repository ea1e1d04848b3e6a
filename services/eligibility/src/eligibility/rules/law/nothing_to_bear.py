"""Whether "there is nothing to bear" may refuse: only where nothing but a ticket is to be borne, and no ground is open."""

from dataclasses import replace

from eligibility.rules import to_family
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, question
from eligibility.rules.law import claims
from eligibility.rules.law.costs import Cost
from eligibility.rules.law.texts import cost as say
from eligibility.rules.law.transport import Carriage
from eligibility.rules.rule_set.rule_set import Law


def nothing_to_bear_in_doubt(
    facts: Facts, law: Law, limit_metres: int | None, carried: Carriage, *, grounds: list[Finding], borne: Cost
) -> Cost:
    """`borne`, with a question in place of the refusal where something beside the ticket may have to be borne.

    A child that needs a vehicle needs one to the nearest school too; an escort, trips home from a boarding school or a
    place of teaching have fares of their own; another ground may bring another way.
    """
    refusing = [each for each in borne.findings if each.result == "not_met"]
    if not refusing or _ticket_alone(facts, law, limit_metres, carried, grounds):
        return borne
    rest = tuple(each for each in borne.findings if each.result != "not_met")
    return replace(borne, findings=(*_asked(facts, law, limit_metres, grounds), *rest), covered_cents=None)


def _ticket_alone(facts: Facts, law: Law, limit_metres: int | None, carried: Carriage, grounds: list[Finding]) -> bool:
    escorted = facts.escort is not None and facts.escort.proven is not False
    elsewhere = facts.place_of_teaching is not None and facts.place_of_teaching.required is not False
    if not carried.with_ticket or carried.findings or escorted or elsewhere or facts.boarding:
        return False
    found = [*grounds, *claims.grounds(facts, law, limit_metres)]
    return all(each.rule == "distance" if each.result == "met" else each.result != "question" for each in found)


def _asked(facts: Facts, law: Law, limit_metres: int | None, grounds: list[Finding]) -> list[Finding]:
    """The claims that are open; else what is to be borne beside the ticket."""
    open_ = [each for each in claims.grounds(facts, law, limit_metres) if each.result == "question"]
    if open_ and not any(each.result == "question" for each in grounds):
        return open_
    basis = law.basis("cost.as_at_nearest")
    return [question("fare", basis, *say.WHAT_BESIDE_THE_TICKET, family=to_family.WE_LOOK_AT_THE_COST)]
