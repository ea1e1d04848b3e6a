"""What an authority may not do: stand families worse than the law. In which direction each parameter helps them."""

from typing import Any

from shared.errors import Text

from eligibility.rules.rule_set.rule_set import DatedValue, Mistake, Rules

LESS_HELPS = frozenset(
    {
        "limit.primary_m", "limit.lower_secondary_m", "limit.upper_secondary_m", "limit.year_10_of_eight_m",
        "claims.health_weeks", "district_class.own_share_cents", "transport.walk_to_stops_primary_m",
        "transport.walk_to_stops_m", "transport.minutes_a_day", "transport.primary_minutes_one_way",
        "transport.primary_waiting_minutes",
    }
)  # fmt: skip
MORE_HELPS = frozenset(
    {
        "cost.cap_cents", "deadline.months_after_school_year", "district_class.paid_at_most_cents",
        "place_of_teaching.farthest_m", "transport.car_cents_km", "transport.passenger_cents_km",
        "transport.motorcycle_cents_km", "transport.bicycle_cents_km", "transport.leaves_home_before",
    }
)  # fmt: skip
TRUE_HELPS = frozenset(
    {
        "scope.part_time_covered", "scope.district_classes_covered", "claims.dangerous_route",
        "nearest.assigned_counts", "place_of_teaching.covered", "own_share.with_ticket_only", "transport.escort_fare",
        "own_share.begins_next_month",
    }
)  # fmt: skip
FALSE_HELPS = frozenset({"residence.required", "cost.as_at_nearest"})
LONGER_LIST_HELPS = frozenset(
    {
        "scope.levels", "cost.cap_exceptions", "own_share.exempt_by_law", "own_share.exempt_by_choice",
        "nearest.support_place_forms", "nearest.branch_forms", "nearest.upper_branch_forms",
        "deadline.holidays",
    }
)  # fmt: skip
SHORTER_LIST_HELPS = frozenset({"scope.forms_excluded", "scope.annexes_after_training", "income.tested_levels"})
LEFT_OPEN = frozenset({"claims.afternoon_ways"})
"""Neither better nor worse, and the authority's to settle (NRW: § 5 Abs. 3 SchfkVO, of which the sentence was not seen)."""
DIRECTED = LESS_HELPS | MORE_HELPS | TRUE_HELPS | FALSE_HELPS | LONGER_LIST_HELPS | SHORTER_LIST_HELPS


def worse(name: str, own: Any, law: Any) -> bool:
    """Whether families stand worse by `own`. null (none tested, or a person looks) is not compared."""
    if own is None or law is None:
        return False
    if name == "own_share.by_rank_cents":
        ranks = range(max(len(own), len(law)))
        return any(own[min(rank, len(own) - 1)] > law[min(rank, len(law) - 1)] for rank in ranks)
    if name in LESS_HELPS | MORE_HELPS:
        return bool(own > law if name in LESS_HELPS else own < law)
    if name in TRUE_HELPS | FALSE_HELPS:
        return bool(own is not law and own is (name in FALSE_HELPS))
    if name in LONGER_LIST_HELPS:
        return not set(law) <= set(own)
    return name in SHORTER_LIST_HELPS and not set(own) <= set(law)


def may_choose(name: str, law: list[DatedValue]) -> bool:
    """Whether a value other than the law's is the authority's choice (within `beyond`), not a mistake about the law."""
    open_ = name in LEFT_OPEN or name in DIRECTED or name == "own_share.by_rank_cents"
    return open_ or any(each.certainty == "unverified" for each in law)


def beyond(rules: Rules, law: Rules) -> list[Mistake]:
    """Where the rule set goes beyond the law. What nobody has seen of the law (unverified) binds nobody."""
    found = []
    for name, values in rules.rule_set.parameters.items():
        for index, each in enumerate(values):
            known = [one for one in law.rule_set.parameters.get(name, []) if _overlap(one, each)]
            bound = known[-1] if known else None
            if bound is None or bound.certainty == "unverified" or not worse(name, each.value, bound.value):
                continue
            text = Text(
                f"{name}: {each.value} geht über das Recht hinaus ({bound.value}, {bound.legal_basis}): Familien dürfen nicht "
                "schlechter stehen. Nehmen Sie diesen Wert oder einen günstigeren.",
                f"{name}: {each.value} goes beyond the law ({bound.value}, {bound.legal_basis}): families must not stand "
                "worse. Take that value or one that favours them.",
            )
            found.append(Mistake(("parameters", name, index, "value"), text))
    return found


def _overlap(law: DatedValue, own: DatedValue) -> bool:
    return (law.valid_until is None or own.valid_from <= law.valid_until) and (
        own.valid_until is None or law.valid_from <= own.valid_until
    )
