"""How earlier engines put a decision together."""

from eligibility.rules.evaluation import Evaluation
from eligibility.rules.findings import Finding
from eligibility.rules.law.costs import Cost
from eligibility.rules.rule_set.rule_set import Law


def refusing_cost(worked_out: Cost) -> Cost:
    """Before engine 4, where no ground holds: of the cost only that there is nothing to bear."""
    return Cost(tuple(each for each in worked_out.findings if each.result == "not_met"), None)


def grant(
    law: Law, limit_m: int | None, borne: Cost, reasons: tuple[Finding, ...], decided_by: frozenset[str]
) -> Evaluation:
    """Before engine 2: without days, transport and own shares that follow."""
    share, covered = borne.own_share_cents, borne.covered_cents
    return Evaluation("granted", limit_m, share, covered, reasons, law.rules_version, decided_by)
