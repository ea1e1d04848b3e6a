"""What earlier engines bore in a district class."""

from eligibility.rules.facts import Facts
from eligibility.rules.findings import not_met, note
from eligibility.rules.law.costs import Cost
from eligibility.rules.law.district_class import BASIS, ask_for_share
from eligibility.rules.law.texts import district_class as say
from eligibility.rules.rule_set.rule_set import Law


def district_class(facts: Facts, law: Law) -> Cost:
    """Before engine 4: the fare alone, known or not."""
    basis, share, most = law.basis(BASIS), law.number(BASIS), law.number("district_class.paid_at_most_cents")
    if share is None or most is None:
        return Cost((ask_for_share(basis),), None)
    said = note("own_share", basis, *say.share(share, most))
    fare = facts.monthly_fare_cents
    if fare is None:
        return Cost((said,), share)
    if fare <= share:
        return Cost((said, not_met("fare", basis, *say.not_above(share))), None, 0)
    return Cost((said,), share, min(fare - share, most))
