"""Whether what a person decides in a case of review goes against what the rules found: then a second person confirms
it, as with a decision of the rules that is overridden. Pure.

A question that is open may be answered either way, and whoever answers it decides alone. It is another matter where no
answer to what was asked could lead to this decision: a grant at 225 m, since the case waited for another thing.
"""

from eligibility import rules
from eligibility.domain.case import Case
from eligibility.workflow.decision.duplicates import DUPLICATE
from eligibility.workflow.desk.persons_decision import PersonsDecision
from eligibility.workflow.family.share_change import HEARD

BESIDE_ENTITLEMENT = frozenset({"family", HEARD, "own_share"})
"""Questions about what is paid: no answer makes a grant of a refusal, or the other way round."""
NO_GROUND = BESIDE_ENTITLEMENT | {DUPLICATE, "name"}
"""Nor do these make a grant: whether it is the same child may be a reason to refuse alone."""


def is_against_rules(case: Case, decided: PersonsDecision, applicable: rules.Rules) -> bool:
    """By the facts as they stand and the rules that the decision will name."""
    open_ = {each["rule"] for each in case.reasons if each["result"] == "question"}
    if not open_ <= (NO_GROUND if decided.outcome == "granted" else BESIDE_ENTITLEMENT):
        return False
    found = rules.evaluate(rules.Facts.model_validate_json(rules.canonical_json(case.facts)), applicable).outcome
    return found not in ("review", decided.outcome)
