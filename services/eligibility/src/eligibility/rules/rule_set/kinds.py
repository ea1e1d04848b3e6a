"""Which parameters rules read, and of what kind their values are."""

from collections.abc import Mapping

KINDS: Mapping[str, type | tuple[type, ...]] = {
    "residence.required": bool,
    "scope.levels": list,
    "scope.forms_excluded": list,
    "scope.course_forms": list,
    "scope.part_time_covered": bool,
    "scope.district_classes_covered": bool,
    "scope.annexes_after_training": list,
    "income.tested_levels": list,
    "deadline.months_after_school_year": (int, type(None)),
    "limit.primary_m": (int, type(None)),
    "limit.lower_secondary_m": (int, type(None)),
    "limit.upper_secondary_m": (int, type(None)),
    "limit.year_10_of_eight_m": (int, type(None)),
    "nearest.kind_forms": list,
    "nearest.more_than_form": list,
    "nearest.compared_by_law": str,
    "claims.health_weeks": (int, type(None)),
    "claims.dangerous_route": bool,
    "cost.cap_cents": (int, type(None)),
    "cost.cap_exceptions": list,
    "cost.as_at_nearest": bool,
    "own_share.by_rank_cents": list,
    "own_share.adult_age": int,
    "own_share.exempt_by_law": list,
    "own_share.exempt_by_choice": list,
    "district_class.own_share_cents": (int, type(None)),
    "district_class.paid_at_most_cents": (int, type(None)),
}
"""Parameters that every rule set has, with the kind of their values."""

SINCE_2: Mapping[str, type | tuple[type, ...]] = {
    "applicant.of_age": (int, type(None)),
    "claims.afternoon_ways": (int, type(None)),
    "nearest.assigned_counts": (bool, type(None)),
    "place_of_teaching.covered": (bool, type(None)),
    "place_of_teaching.farthest_m": (int, type(None)),
    "transport.walk_to_stops_primary_m": (int, type(None)),
    "transport.walk_to_stops_m": (int, type(None)),
    "transport.minutes_a_day": (int, type(None)),
    "transport.leaves_home_before": (str, type(None)),
    "transport.primary_minutes_one_way": (int, type(None)),
    "transport.primary_waiting_minutes": (int, type(None)),
    "transport.car_cents_km": (int, type(None)),
    "transport.passenger_cents_km": (int, type(None)),
    "transport.motorcycle_cents_km": (int, type(None)),
    "transport.bicycle_cents_km": (int, type(None)),
    "own_share.with_ticket_only": bool,
}
"""Parameters that came with engine 2. Where a rule set does not have one, the rule that reads it is silent."""

SINCE_3: Mapping[str, type | tuple[type, ...]] = {
    "residence.state": list,
    "bearer.by_residence": bool,
    "scope.private_schools_alike": bool,
    "contradictions.asked": bool,
    "boarding.trips_home": bool,
    "transport.decided_by_person": bool,
    "transport.escort_fare": bool,
}
"""Parameters that came with engine 3; silent where a rule set does not have them, as those before."""

SINCE_4: Mapping[str, type | tuple[type, ...]] = {
    "nearest.support_place_forms": list,
    "nearest.branch_forms": list,
}
"""Parameters that came with engine 4; silent where a rule set does not have them, as those before."""

SINCE_6: Mapping[str, type | tuple[type, ...]] = {
    "deadline.holidays": list,
    "nearest.upper_branch_forms": list,
}
"""Parameters that came with engine 6. `deadline.holidays`: as `shared.working_days` reads them; where a rule set has
none, those of NRW. `nearest.upper_branch_forms`: none, `claims.UPPER_BRANCH_FORMS`."""

OF_FAMILIES: Mapping[str, type | tuple[type, ...]] = {
    "own_share.adult_from_birthday": bool,
    "own_share.changes_next_month": bool,
    "own_share.begins_next_month": bool,
    "own_share.heard_before_rise": bool,
}
"""Parameters by which an own share changes within the school year. Silent: as of the year's first day; from the first
of the next month; heard before.

`begins_next_month`: of a ticket that is let out later than it was wanted, the share begins with the first whole month;
else with the month in which the ticket begins. Silent: with the first whole month."""

ALL_KINDS: Mapping[str, type | tuple[type, ...]] = {**KINDS, **SINCE_2, **SINCE_3, **SINCE_4, **SINCE_6, **OF_FAMILIES}

KIND_NAMES: Mapping[type, str] = {bool: "true/false", int: "number", str: "text", list: "list", type(None): "null"}
