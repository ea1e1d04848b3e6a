"""Facts as hypothesis draws them: all that the engine knows, and in three of four cases so that they decide something."""

from datetime import date

from hypothesis import strategies as st
from support.json import mapping

AT_LIMITS = [1750.0, 1750.001, 2000.0, 2000.001, 3500.0, 3500.001, 5000.0, 5000.001]
LENGTHS = st.one_of(st.none(), st.floats(0, 12_000), st.sampled_from(AT_LIMITS))
FLAG = st.sampled_from([None, True, False])
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2021, 1, 1)).map(str)


def part(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(fields)


def seldom(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(st.none(), st.none(), strategy)


def one_of(*values: object) -> st.SearchStrategy[object]:
    return st.sampled_from([None, *values])


SIBLINGS = st.lists(
    part(
        birth_date=DATES,
        funded=FLAG,
        counts_first=FLAG,
        order_open=st.none(),
        funded_until=one_of("2026-07-31", "2027-01-31"),
        funded_from=one_of("2026-10-01"),
    ),
    max_size=4,
)
ANY = part(
    school_year=st.sampled_from(["2026/27", "2026/27", "2010/11", None]),
    application_date=one_of("2026-05-01", "2027-10-31", "2027-11-01", "2027-11-02", "2027-11-03"),
    pupil=part(
        birth_date=st.one_of(st.none(), DATES),
        lives_in_nrw=st.sampled_from([True, True, None, False]),
        lives_in_authority_area=FLAG,
        special_needs=FLAG,
        severely_disabled=FLAG,
    ),
    school=part(form=one_of("G", "GY", "GE", "BK", "S", "WB", "R", "SG"), kind=one_of("GMS", "RKB"), private=FLAG),
    grade=one_of("01", "04", "05", "10", "EF", "Q1", "13"),
    track=one_of("GY8", "GY9"),
    course=seldom(
        part(annex=one_of("A", "B", "C", "D", "E"), full_time=FLAG, district_class=FLAG, after_training=FLAG)
    ),
    distance_m=LENGTHS,
    attends_nearest=FLAG,
    nearest_distance_m=LENGTHS,
    nearest_refused=seldom(FLAG),
    nearest_refusal_proven=FLAG,
    nearest_refused_school=one_of("123456"),
    monthly_fare_cents=one_of(0, 1400, 4900, 10_001, 12_000),
    nearest_monthly_fare_cents=one_of(0, 4900, 12_000),
    health=seldom(part(weeks=one_of(3.0, 8.0, 8.142857, 20.0), certificate=FLAG)),
    dangerous_route_claimed=seldom(FLAG),
    distance_without_hazards_m=LENGTHS,
    second_home=seldom(FLAG),
    second_home_distance_m=LENGTHS,
    siblings=SIBLINGS,
    benefits=st.lists(st.sampled_from(["SGB XII", "SGB II", "KiZ"]), max_size=2),
    benefits_from=seldom(one_of("2026-11-01")),
    benefits_until=seldom(one_of("2026-07-31", "2027-01-31")),
    applicant=one_of("guardian", "guardian", "pupil", "other"),
    afternoon_lessons=seldom(part(mostly=FLAG)),
    assigned_place=seldom(part(confirmed=FLAG)),
    own_branch=seldom(part(claimed=FLAG, confirmed=FLAG)),
    place_of_teaching=seldom(part(distance_m=LENGTHS, required=FLAG)),
    transport=seldom(
        part(
            kind=one_of("public", "car", "motorcycle", "bicycle", "taxi", "special"),
            public_available=FLAG,
            special_available=FLAG,
            walk_to_stops_m=one_of(1000.0, 1000.001, 2000.0, 2000.001),
            minutes_a_day=one_of(180, 181),
            minutes_one_way=one_of(60, 61),
            waiting_minutes=one_of(45, 46),
            leaves_home_at=one_of("05:59", "06:00"),
            public_unsuitable_proven=FLAG,
            public_unsuitable_claimed=FLAG,
            kilometres_one_way=one_of(12.5, 0.0),
            rides_a_day=one_of(1, 4),
            school_days_a_month=one_of(20),
            passengers=one_of(0, 3),
        )
    ),
    escort=seldom(part(proven=FLAG, monthly_fare_cents=one_of(3000))),
    boarding=one_of(False, True),
    wanted_from=one_of("2026-09-15", "2027-08-01"),
    leaves_on=one_of("2027-01-31"),
    income_within_limit=FLAG,
)
BK = {"school": {"form": "BK"}, "grade": None}
SOUND = part(
    at=st.sampled_from(
        [
            {"school": {"form": "G"}, "grade": "04"},
            {"school": {"form": "GE"}, "grade": "05"},
            {"school": {"form": "GY"}, "grade": "EF", "track": "GY9"},
            {"school": {"form": "S"}, "grade": "03"},
            {**BK, "course": {"annex": "C", "full_time": True, "district_class": False, "after_training": False}},
            {**BK, "course": {"annex": "A", "full_time": False, "district_class": True, "after_training": False}},
        ]
    ),
    attends_nearest=st.booleans(),
    monthly_fare_cents=one_of(1400, 4900, 12_000),
    nearest_monthly_fare_cents=one_of(4900),
    birth_date=DATES,
    distance_m=st.one_of(st.floats(1500, 12_000), st.sampled_from(AT_LIMITS)),
)


def sound(drawn: tuple[dict[str, object], dict[str, object] | None]) -> dict[str, object]:
    """Facts by which only the way, the claims and the cost decide; left as they were drawn in one case of four."""
    facts, kept = drawn
    if kept is None:
        return facts
    at = {"track": None, "course": None, **mapping(kept["at"])}
    pupil = {
        **mapping(facts["pupil"]),
        "lives_in_nrw": True,
        "lives_in_authority_area": None,
        "birth_date": kept["birth_date"],
    }
    settled: dict[str, object] = dict.fromkeys(["applicant", "boarding", "wanted_from", "leaves_on", "transport"])
    settled |= {"school_year": "2026/27", "application_date": "2026-05-01", "income_within_limit": True, "pupil": pupil}
    for name in ("attends_nearest", "monthly_fare_cents", "nearest_monthly_fare_cents", "distance_m"):
        settled[name] = kept[name]
    nearest = kept["distance_m"] if kept["attends_nearest"] else facts["nearest_distance_m"]
    return {**facts, **settled, **at, "nearest_distance_m": nearest}


FACTS = st.tuples(ANY, st.one_of(st.none(), SOUND, SOUND, SOUND)).map(sound)
EACH_CLAIM: list[dict[str, object]] = [
    {"health": {"weeks": 20, "certificate": True}},
    {"health": {"weeks": 20}},
    {"health": {"weeks": 3, "certificate": True}},
    {"dangerous_route_claimed": True},
    {"dangerous_route_claimed": True, "distance_without_hazards_m": 6000.0},
    {"dangerous_route_claimed": True, "distance_without_hazards_m": 10.0},
    {"nearest_refused": True},
    {"second_home": True},
    {"second_home": True, "second_home_distance_m": 1500.0},
    {"assigned_place": {}},
    {"own_branch": {"claimed": True}},
    {"afternoon_lessons": {"mostly": True}},
    {"afternoon_lessons": {}},
    {"place_of_teaching": {"distance_m": 9000.0, "required": True}},
    {"place_of_teaching": {"distance_m": 10.0, "required": True}},
    {"place_of_teaching": {}},
    {"pupil": {"special_needs": True}},
    {"pupil": {"severely_disabled": True}},
    {"escort": {}},
    {"escort": {"proven": True}},
    {"escort": {"proven": True, "monthly_fare_cents": 3000}},
    {"benefits": ["SGB XII"]},
    {"benefits": ["SGB II"]},
    {"siblings": [{"birth_date": "1999-01-01", "funded": True}]},
    {"siblings": [{"birth_date": "2022-01-01", "funded": True}]},
]
