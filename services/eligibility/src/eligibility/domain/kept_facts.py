"""FACTS as they are kept with a case or decision: JSON, read as it was written then. Pure.

The rules read them by their own model (rules.facts), which checks each part; here is what other steps look up without
that. A test holds both against each other.
"""

from typing import TypedDict


class KeptPupil(TypedDict, total=False):
    birth_date: str
    """Perhaps known in part: 2015-00-00."""
    lives_in_nrw: bool
    lives_in_authority_area: bool
    special_needs: bool
    severely_disabled: bool


class KeptSchool(TypedDict, total=False):
    form: str
    kind: str
    private: bool


class KeptCourse(TypedDict, total=False):
    annex: str
    full_time: bool
    district_class: bool
    after_training: bool


class KeptHealth(TypedDict, total=False):
    weeks: float
    certificate: bool


class KeptSibling(TypedDict, total=False):
    birth_date: str
    """Always there; perhaps known in part."""
    funded: bool
    counts_first: bool
    order_open: bool
    funded_from: str
    funded_until: str


class KeptUnproven(TypedDict, total=False):
    siblings: list[KeptSibling]
    benefits: list[str]


class KeptAfternoonLessons(TypedDict, total=False):
    mostly: bool


class KeptAssignedPlace(TypedDict, total=False):
    confirmed: bool


class KeptBranch(TypedDict, total=False):
    claimed: bool
    confirmed: bool


class KeptPlaceOfTeaching(TypedDict, total=False):
    distance_m: float
    required: bool


class KeptTransport(TypedDict, total=False):
    kind: str
    public_available: bool
    special_available: bool
    walk_to_stops_m: float
    minutes_a_day: int
    minutes_one_way: int
    waiting_minutes: int
    leaves_home_at: str
    public_unsuitable_proven: bool
    public_unsuitable_claimed: bool
    kilometres_one_way: float
    rides_a_day: int
    school_days_a_month: int
    passengers: int


class KeptEscort(TypedDict, total=False):
    proven: bool
    monthly_fare_cents: int


KeptFacts = TypedDict(
    "KeptFacts",
    {
        "$schema": str,
        "school_year": str,
        "application_date": str,
        "pupil": KeptPupil,
        "school": KeptSchool,
        "grade": str,
        "track": str,
        "course": KeptCourse,
        "distance_m": float,
        "attends_nearest": bool,
        "nearest_distance_m": float,
        "nearest_refused": bool,
        "nearest_refused_school": str,
        "nearest_refusal_proven": bool,
        "monthly_fare_cents": int,
        "nearest_monthly_fare_cents": int,
        "health": KeptHealth,
        "dangerous_route_claimed": bool,
        "distance_without_hazards_m": float,
        "second_home": bool,
        "second_home_distance_m": float,
        "siblings": list[KeptSibling],
        "benefits": list[str],
        "benefits_from": str,
        "benefits_until": str,
        "unproven": KeptUnproven,
        "applicant": str,
        "afternoon_lessons": KeptAfternoonLessons,
        "assigned_place": KeptAssignedPlace,
        "own_branch": KeptBranch,
        "place_of_teaching": KeptPlaceOfTeaching,
        "transport": KeptTransport,
        "escort": KeptEscort,
        "boarding": bool,
        "wanted_from": str,
        "leaves_on": str,
        "income_within_limit": bool,
    },
    total=False,
)
"""What is missing is not known; no key is null. Days as in ISO 8601."""


def named_siblings(facts: KeptFacts) -> list[KeptSibling]:
    """Those that are proven, then those that were only told of."""
    unproven = facts.get("unproven")
    told = unproven.get("siblings") if unproven else None
    return [*(facts.get("siblings") or ()), *(told or ())]
