"""A decision computed again from its facts and the version it names, and compared with all that was stored. Pure.

Every stored part is either computed again or named in APART: a part that is added later and is neither shows as a
difference (and a test says so), so that nothing escapes the comparison.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from shared.calendar import SchoolYear, day_in_berlin

from eligibility.domain.decision import Decision
from eligibility.domain.kept_facts import KeptFacts
from eligibility.domain.kept_routes import KeptRoute, tested_route
from eligibility.domain.terms import Terms
from eligibility.rules import Evaluation, Facts, Outcome, Rules, as_kept, canonical_json, evaluate, read
from eligibility.rules.findings import as_dict
from eligibility.rules.law.validity import validity
from eligibility.workflow.decision.terms import terms_of_grant, terms_of_refusal
from eligibility.workflow.family.shares import share_on

ADDED = frozenset({"measurement", "person", "danger_list", "self_payer", "family", "renewal", "share_proof", "start"})
"""Reasons that come from the measurement, a person or the authority's offers, not from the rules."""
APART = frozenset(
    {
        "id", "case_id", "authority_id", "decided_by", "prepared_at", "released_at", "released_by", "round", "because",
        "withdrawn_at", "ended_because", "ended_on", "routes", "digest",
    }
)  # fmt: skip
"""Who, when and how it was measured: not computed from the facts. `distance_m` is compared with the kept ways."""
BY_PERSON = frozenset({"outcome", "valid_from", "valid_until", "own_share_cents", "covered_cents", "reasons", "terms"})
"""Theirs, where a person decided."""
MOST_NAMED = 1000
"""Decisions that differ, named in a report; the counts are of all."""

Parts = Mapping[str, object]
"""Of a decision, by their names: compared as bytes, whatever they are."""


class ComputedDecision(TypedDict):
    """What is computed again, by the names that a decision has for it."""

    outcome: Outcome
    valid_from: date | None
    valid_until: date | None
    own_share_cents: int | None
    covered_cents: int | None
    distance_m: float | None
    limit_m: int | None
    reasons: list[dict[str, str]]
    rules_version: str
    facts: KeptFacts
    terms: Parts


class RecomputationJson(TypedDict):
    """As `eligibility recompute` prints one decision."""

    same: bool
    differences: list[str]
    rules_version: str
    decided_by: str
    kept: Parts
    again: Parts


class DifferingDecision(TypedDict):
    """A decision that came out otherwise."""

    decision: str
    rules_version: str
    differs_in: str
    """Names of parts, or why it cannot be computed."""


class ReportJson(TypedDict):
    """As `eligibility recompute` prints all decisions."""

    decisions: int
    same: int
    erased: int
    differing: int
    examples: list[DifferingDecision]


@dataclass(frozen=True)
class Recomputation:
    """`differences` names the parts that came out otherwise: none where the decision is the same, byte for byte."""

    rules_version: str
    decided_by: str
    kept: Parts
    again: Parts

    @property
    def differences(self) -> list[str]:
        """The parts that came out otherwise, compared byte for byte."""
        return [name for name in self.kept if _bytes(self.kept[name]) != _bytes(self.again.get(name, MISSING))]

    @property
    def same(self) -> bool:
        """Whether every part came out as it was kept."""
        return not self.differences

    def as_json(self) -> RecomputationJson:
        """As `eligibility recompute` prints one decision."""
        return {
            "same": self.same,
            "differences": self.differences,
            "rules_version": self.rules_version,
            "decided_by": self.decided_by,
            "kept": _plain_parts(self.kept),
            "again": _plain_parts(self.again),
        }


@dataclass(slots=True)
class Report:
    """Of all decisions that are kept."""

    decisions: int = 0
    same: int = 0
    erased: int = 0
    """Without facts any more: nothing is left to compute from."""
    differing: list[DifferingDecision] = field(default_factory=list)
    count_differing: int = 0

    def add(self, decision: Decision, result: Recomputation | str | None) -> None:
        """`result`: None where the facts were erased, a text where it cannot be computed at all."""
        self.decisions += 1
        if result is None:
            self.erased += 1
        elif isinstance(result, Recomputation) and result.same:
            self.same += 1
        else:
            self.count_differing += 1
            if len(self.differing) < MOST_NAMED:
                said = result if isinstance(result, str) else ", ".join(result.differences)
                self.differing.append(
                    {"decision": str(decision.id), "rules_version": decision.rules_version, "differs_in": said}
                )

    def as_json(self) -> ReportJson:
        """As `eligibility recompute` prints all decisions."""
        return {
            "decisions": self.decisions,
            "same": self.same,
            "erased": self.erased,
            "differing": self.count_differing,
            "examples": self.differing,
        }


MISSING = "<not computed>"


def compare_decision(decision: Decision, rules: Rules) -> Recomputation:
    """Where a person decided, outcome, period, share and reasons are theirs: the rest is compared."""
    facts = read(canonical_json(decision.facts))
    evaluation = evaluate(facts, rules)
    theirs = BY_PERSON if decision.decided_by != "rules" else frozenset[str]()
    compared = [each.name for each in fields(decision) if each.name not in APART | theirs]
    kept = {name: _kept(decision, name, rules) for name in compared}
    computed = _computed(decision, facts, evaluation, rules)
    return Recomputation(
        decision.rules_version,
        decision.decided_by,
        kept,
        {name: part for name, part in computed.items() if name in compared},
    )


def _kept(decision: Decision, name: str, rules: Rules) -> object:
    if name == "reasons":
        added = ADDED | of_amounts(rules) if _since_then(decision) else ADDED
        return [dict(each) for each in decision.reasons if each["rule"] not in added]
    if name == "terms":
        return asdict(decision.terms)
    return getattr(decision, name)


def _since_then(decision: Decision) -> bool:
    """Whether its amounts are those of a part of the grant's time: then it says them in words of its own."""
    return decision.terms.grant_id is not None or decision.terms.share_from is not None


def of_amounts(rules: Rules) -> frozenset[str]:
    """Rules whose reasons say what is paid: the law's, and the authority's own exemptions."""
    own = (each for each in rules.rule_set.conditions if each.effect == "exempt")
    return frozenset({"own_share", *(f"own.{each.key}" for each in own)})


def _computed(decision: Decision, facts: Facts, evaluation: Evaluation, rules: Rules) -> ComputedDecision:
    granted = evaluation.outcome == "granted"
    law = rules.law(facts.school_year) if facts.school_year is not None else None
    valid = validity(facts, law) if granted and law is not None else (None, None)
    tested = tested_route(decision.routes)
    computed: ComputedDecision = {
        "outcome": evaluation.outcome,
        "valid_from": valid[0],
        "valid_until": valid[1],
        "own_share_cents": evaluation.own_share_cents,
        "covered_cents": evaluation.covered_cents,
        "distance_m": tested["metres"] if tested else None,
        "limit_m": evaluation.limit_m,
        "reasons": [as_dict(each) for each in evaluation.reasons],
        "rules_version": evaluation.rules_version,
        "facts": as_kept(facts),
        "terms": {**asdict(_terms(decision, facts, evaluation, rules)), **_said(decision.terms)},
    }
    if _since_then(decision):
        return _of_share(decision, evaluation, computed, of_amounts(rules))
    return computed


def _said(terms: Terms) -> Parts:
    """Of the terms, what another decision, a person or the day on which it was let out says."""
    return {
        "carries_on": terms.carries_on,
        "ticket_from": terms.ticket_from,
        "without_ticket_until": terms.without_ticket_until,
        "reimbursed_until": terms.reimbursed_until,
        "limited": terms.limited,
        "ends": terms.ends and asdict(terms.ends),
    }


def _of_share(
    decision: Decision, evaluation: Evaluation, computed: ComputedDecision, amounts: frozenset[str]
) -> ComputedDecision:
    """Of a decision on the own share alone, and of a grant that was let out late: what is paid from its day on, and
    what follows; nothing where no month is left."""
    first, day, covered = (
        evaluation.own_share_cents or 0,
        decision.terms.share_from or date.min,
        evaluation.covered_cents,
    )
    paid = share_on(((date.min, first), *evaluation.own_share_changes), day)
    if decision.valid_until is not None and day > decision.valid_until:
        paid = 0
    follows = tuple(each for each in evaluation.own_share_changes if each[0] > day)
    days = {"grant_id": decision.terms.grant_id, "share_from": day, "own_share_changes": follows}
    return {
        **computed,
        "own_share_cents": paid,
        "covered_cents": None if covered is None else covered + first - paid,
        "reasons": [each for each in computed["reasons"] if each["rule"] not in amounts],
        "terms": {**computed["terms"], **days},
    }


def _terms(decision: Decision, facts: Facts, evaluation: Evaluation, rules: Rules) -> Terms:
    """Of a refusal: what may be bought from the day of the decision on."""
    choices = rules.rule_set.choices
    school = (decision.routes.get("attended") or KeptRoute()).get("school_number", "")
    begins, ends = SchoolYear.parse(facts.school_year).span if facts.school_year is not None else (date.min, date.max)
    first, last = max(begins, facts.wanted_from or begins), min(ends, facts.leaves_on or ends)
    if evaluation.outcome == "granted":
        return terms_of_grant(evaluation, rules, school, facts.school_year or "", first)
    not_before = max(first, day_in_berlin(decision.prepared_at))
    return terms_of_refusal(evaluation.decided_by, choices, school, (not_before, last))


def _bytes(value: object) -> bytes:
    return canonical_json({"": _plain(value)})


def _plain_parts(parts: Parts) -> Parts:
    return {name: _plain(each) for name, each in parts.items()}


def _plain(value: object) -> object:
    """As JSON holds it: days as texts, tuples as lists."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(each) for each in value]
    return value
