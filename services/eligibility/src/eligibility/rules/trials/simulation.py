"""Trying a draft out: the same cases by the rules in force and by the draft. Who gains, who loses, and what it costs. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Literal, NotRequired, TypedDict

from shared.errors import Invalid

from eligibility.rules.evaluate import evaluate
from eligibility.rules.evaluation import Evaluation, Outcome
from eligibility.rules.facts import Facts
from eligibility.rules.facts_json import read
from eligibility.rules.law.cost import Cost, cost
from eligibility.rules.law.transport import carriage
from eligibility.rules.law.validity import validity
from eligibility.rules.law.way import limit
from eligibility.rules.rule_set.choices import Product
from eligibility.rules.rule_set.own_conditions import OwnConditions
from eligibility.rules.rule_set.rule_set import Law, Rules

MOST_EXAMPLES = 50
"""Shown of each kind of change; the counts are of all."""
Effect = Literal["gains", "loses", "pays_less", "pays_more", "asked", "same"]
RANK = {"refused": 0, "review": 1, "granted": 2}


@dataclass(frozen=True, slots=True)
class SimulatedCase:
    """One case: a name that means something to who asks (a line, a decision's id), and FACTS as JSON."""

    label: str
    facts: bytes


class ExplainedReason(TypedDict):
    text: str
    text_en: str
    legal_basis: str


class ExplainedOutcome(TypedDict):
    """One side of an example."""

    outcome: Outcome
    own_share_cents: int | None
    covered_cents: int | None
    reasons: list[ExplainedReason]


class Example(TypedDict):
    """A case that the draft changes, or one that cannot be read."""

    label: str
    problem: NotRequired[str]
    before: NotRequired[ExplainedOutcome]
    after: NotRequired[ExplainedOutcome]


class BothSides(TypedDict):
    """An amount in cents by the rules in force and by the draft."""

    before: int
    after: int


class YearsCost(TypedDict):
    """As `BothSides`; None where no cost is known at all."""

    before: int | None
    after: int | None


class TallyJson(TypedDict):
    """As the API and `eligibility rules simulate` answer it."""

    cases: int
    unusable: int
    rules_before: str
    rules_after: str
    outcomes_before: dict[str, int]
    outcomes_after: dict[str, int]
    effects: dict[str, int]
    cost_by_month_cents: dict[str, BothSides]
    cost_of_the_year_cents: YearsCost
    cost_complete: bool
    cases_in_cost: int
    grants_without_fare: int
    examples: dict[str, list[Example]]


@dataclass(slots=True)
class Tally:
    """What came of some cases. Tallies add up, so that parts can be counted apart."""

    cases: int = 0
    unusable: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)
    months_before: Counter[str] = field(default_factory=Counter)
    """Cents that the authority bears, by calendar month (2026-09)."""
    months_after: Counter[str] = field(default_factory=Counter)
    costed: int = 0
    """Cases of which the cost is known on both sides: only these are in the sums, so that the two can be compared."""
    without_fare: int = 0
    """Grants of which the cost is not known: neither the facts nor a product of the rule set name a fare."""
    examples: dict[str, list[Example]] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Add what another process counted. Of each effect no more than MOST_EXAMPLES examples stay."""
        self.cases += other.cases
        self.unusable += other.unusable
        self.costed += other.costed
        self.without_fare += other.without_fare
        for name in ("before", "after", "effects", "months_before", "months_after"):
            getattr(self, name).update(getattr(other, name))
        for effect, found in other.examples.items():
            kept = self.examples.setdefault(effect, [])
            kept += found[: MOST_EXAMPLES - len(kept)]

    def as_json(self, before: str, after: str) -> TallyJson:
        """`before`, `after`: the versions compared."""
        months = sorted(self.months_before.keys() | self.months_after.keys())
        nothing_known = self.without_fare > 0 and not months
        return {
            "cases": self.cases,
            "unusable": self.unusable,
            "rules_before": before,
            "rules_after": after,
            "outcomes_before": dict(sorted(self.before.items())),
            "outcomes_after": dict(sorted(self.after.items())),
            "effects": {
                name: self.effects[name] for name in ("gains", "loses", "pays_less", "pays_more", "asked", "same")
            },
            "cost_by_month_cents": {
                each: {"before": self.months_before[each], "after": self.months_after[each]} for each in months
            },
            "cost_of_the_year_cents": {
                "before": None if nothing_known else self.months_before.total(),
                "after": None if nothing_known else self.months_after.total(),
            },
            "cost_complete": self.without_fare == 0,
            "cases_in_cost": self.costed,
            "grants_without_fare": self.without_fare,
            "examples": self.examples,
        }


def simulate(cases: Iterable[SimulatedCase], before: Rules, after: Rules) -> Tally:
    """Decide each case twice and count. What cannot be read is counted as unusable, with an example of why."""
    tally = Tally()
    for case in cases:
        tally.cases += 1
        try:
            facts = read(case.facts)
        except Invalid as error:
            tally.unusable += 1
            said = "; ".join(f"{each.field}: {each.text.de}" for each in error.problems)
            _example(tally, "unusable", {"label": case.label, "problem": said})
            continue
        _compare(tally, case.label, facts, (before, after))
    return tally


def effect_of(old: Evaluation, new: Evaluation) -> Effect:
    """For the family: what the draft changes."""
    if old.outcome != new.outcome:
        if RANK[new.outcome] > RANK[old.outcome]:
            return "gains" if new.outcome == "granted" else "asked"
        return "loses" if new.outcome == "refused" else "asked"
    mine, theirs = _shares(old), _shares(new)
    if mine == theirs or sum(mine) == sum(theirs):
        return "same"
    return "pays_more" if sum(theirs) > sum(mine) else "pays_less"


def product_of(*rule_sets: Rules) -> Product | None:
    """The first product for entitled pupils, of the first rule set that has one: both sides are counted by one fare."""
    found = (each for rules in rule_sets for each in rules.rule_set.choices.products if each.for_whom != "self_payers")
    return next(found, None)


def cost_by_month(facts: Facts, decided: Evaluation, rules: Rules, product: Product | None) -> dict[str, int] | None:
    """Cents that the authority bears in each calendar month of the grant; None where no fare is known.

    A month that the ticket is valid in at all is paid whole. The fare of the facts, else of `product` in that month, by
    the same rules of cost: cap, fare as at the nearest school, district class, own share.
    """
    law = rules.law(facts.school_year) if facts.school_year is not None else None
    if decided.outcome != "granted" or law is None:
        return {}
    known = Cost((), decided.own_share_cents, decided.covered_cents, decided.own_share_changes)
    by_fare: dict[int | None, Cost] = {}
    found = {}
    for month, name in _months(*(decided.valid or validity(facts, law))):
        borne = known
        if decided.covered_cents is None:
            fare = product.fare(month) if product is not None and facts.monthly_fare_cents is None else None
            if fare is None or product is None:
                return None
            if fare not in by_fare:
                by_fare[fare] = _at_fare(facts, law, fare, product)
            borne = by_fare[fare]
        if borne.covered_cents is None:
            return None
        share, changes = borne.own_share_cents or 0, dict(borne.changes)
        now = next((changes[day] for day in sorted(changes, reverse=True) if day <= month), share)
        found[name] = max(borne.covered_cents + share - now, 0)
    return found


def _at_fare(facts: Facts, law: Law, fare: int, product: Product) -> Cost:
    """What would be borne if the ticket had this fare; one of one price for all ways costs it to the nearest school too."""
    named = {"monthly_fare_cents": fare} | ({"nearest_monthly_fare_cents": fare} if product.flat else {})
    priced = facts.model_copy(update=named)
    carried = carriage(priced, law, limit(priced, law).level)
    return cost(priced, law, carried, OwnConditions(priced, law))


def _compare(tally: Tally, label: str, facts: Facts, rules: tuple[Rules, Rules]) -> None:
    before, after = rules
    old, new = evaluate(facts, before), evaluate(facts, after)
    tally.before[old.outcome] += 1
    tally.after[new.outcome] += 1
    effect = effect_of(old, new)
    tally.effects[effect] += 1
    cost_before = cost_by_month(facts, old, before, product_of(before, after))
    cost_after = cost_by_month(facts, new, after, product_of(after, before))
    if cost_before is None or cost_after is None:
        tally.without_fare += 1
    else:
        tally.costed += 1
        tally.months_before.update(cost_before)
        tally.months_after.update(cost_after)
    if effect != "same" and len(tally.examples.get(effect, ())) < MOST_EXAMPLES:
        _example(tally, effect, {"label": label, "before": _explained(old), "after": _explained(new)})


def _example(tally: Tally, effect: str, what: Example) -> None:
    kept = tally.examples.setdefault(effect, [])
    if len(kept) < MOST_EXAMPLES:
        kept.append(what)


def _explained(decided: Evaluation) -> ExplainedOutcome:
    return {
        "outcome": decided.outcome,
        "own_share_cents": decided.own_share_cents,
        "covered_cents": decided.covered_cents,
        "reasons": [
            {"text": each.text, "text_en": each.text_en, "legal_basis": each.legal_basis} for each in decided.reasons
        ],
    }


def _shares(decided: Evaluation) -> list[int]:
    return [decided.own_share_cents or 0, *chain.from_iterable([cents] for _, cents in decided.own_share_changes)]


@lru_cache(maxsize=10_000)
def _months(first: date, last: date) -> tuple[tuple[date, str], ...]:
    """The first day of the grant, then the first of each month that follows, with the month's name."""
    found, day = [], first
    while day <= last:
        found.append((day, f"{day:%Y-%m}"))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return tuple(found)
