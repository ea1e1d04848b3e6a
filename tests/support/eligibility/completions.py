"""An oracle for refusals that is not the product's own predicate.

A refusal is right only if every way to fill in what is unknown, and every answer to what is claimed, refuses too. What can
be claimed and how it can be answered stands here, written from the law and the form, and asks nothing of the product.
"""

import random
from collections.abc import Iterator, Mapping
from itertools import combinations

from support.json import mapping, number

Facts = dict[str, object]
Change = tuple[str, Mapping[str, object]]
"""A name, and what is laid over the facts: a part (pupil, school …) is laid over key by key."""

COURSE_FORMS = {"BK", "SB"}
SUPPORT_FORMS = {"S", "SB", "SG", "SR", "KS", "WF"}
OBERSTUFE = {"EF", "Q1", "Q2", "11", "12", "13"}
CLAIMS: list[Change] = [
    ("health without length", {"health": {}}),
    ("six weeks of illness", {"health": {"weeks": 6, "certificate": True}}),
    ("twenty weeks of illness", {"health": {"weeks": 20}}),
    ("twenty weeks with certificate", {"health": {"weeks": 20, "certificate": True}}),
    ("a danger", {"dangerous_route_claimed": True}),
    ("the nearest refused", {"nearest_refused": True}),
    ("a second home", {"second_home": True}),
    ("a second home near by", {"second_home": True, "second_home_distance_m": 1500.0}),
    ("a second home far away", {"second_home": True, "second_home_distance_m": 9000.0}),
    ("special needs", {"pupil": {"special_needs": True}}),
    ("a severe disability", {"pupil": {"severely_disabled": True}}),
    ("a named place", {"assigned_place": {}}),
    ("an escort", {"escort": {}}),
    ("an escort shown", {"escort": {"proven": True, "monthly_fare_cents": 3000}}),
    ("lessons twice a day", {"afternoon_lessons": {"mostly": True}}),
    ("lessons twice a day, how often unknown", {"afternoon_lessons": {}}),
    ("an internship", {"place_of_teaching": {}}),
    ("an internship that is not required", {"place_of_teaching": {"required": False}}),
    ("an internship near by", {"place_of_teaching": {"required": True, "distance_m": 500.0}}),
    ("a boarding school", {"boarding": True}),
    ("a branch", {"own_branch": {"claimed": True}}),
    ("public transport impossible", {"transport": {"public_unsuitable_claimed": True}}),
    ("public transport impossible, shown", {"transport": {"public_unsuitable_proven": True}}),
    ("no public transport", {"transport": {"kind": "special", "public_available": False, "special_available": True}}),
    ("social assistance", {"benefits": ["SGB XII"]}),
    ("a sibling", {"siblings": [{"birth_date": "2012-01-01", "funded": True}]}),
]


def laid_over(facts: Facts, change: Mapping[str, object]) -> Facts:
    """Parts are laid over key by key, all else is replaced."""
    merged = dict(facts)
    for key, value in change.items():
        before = merged.get(key)
        merged[key] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def not_yet_made(facts: Facts, claim: Mapping[str, object]) -> bool:
    """Whether nothing is said of it yet: to answer what was claimed is something else."""
    for key, value in claim.items():
        said = facts.get(key)
        if key in ("pupil", "transport") and said is not None:
            if any(mapping(said).get(name) is not None for name in mapping(value)):
                return False
        elif said is not None:
            return False
    return True


def part(facts: Facts, name: str) -> Mapping[str, object] | None:
    """A part of the facts; None where nothing is said of it, which is less than an empty one."""
    return None if facts.get(name) is None else mapping(facts[name])


def completions(facts: Facts) -> list[Change]:
    """Each unknown that decides, and each open claim, answered in each way that there is."""
    return [*_unknowns(facts), *_answers(facts), *_contradictions(facts)]


def completed(facts: Facts) -> Iterator[tuple[tuple[str, ...], Facts]]:
    """One and two at a time."""
    changes = completions(facts)
    for name, change in changes:
        yield (name,), laid_over(facts, change)
    for (one, first), (other, second) in combinations(changes, 2):
        if one.split(":")[0] != other.split(":")[0]:
            yield (one, other), laid_over(laid_over(facts, first), second)


def _unknowns(facts: Facts) -> Iterator[Change]:
    pupil, school = mapping(facts.get("pupil")), mapping(facts.get("school"))
    if pupil.get("lives_in_nrw") is None:
        yield "residence: here", {"pupil": {"lives_in_nrw": True}}
    if school.get("form") is None:
        yield from ((f"form: {form}", {"school": {"form": form}}) for form in ("G", "GE", "GY", "BK"))
    if facts.get("grade") is None and school.get("form") not in {*COURSE_FORMS, "WB"}:
        yield from ((f"grade: {grade}", {"grade": grade}) for grade in ("02", "06", "EF"))
    if facts.get("track") is None and school.get("form") in {"GY", "SG"}:
        yield from ((f"track: {track}", {"track": track}) for track in ("GY8", "GY9"))
    if school.get("form") in COURSE_FORMS:
        yield from _of_course(mapping(facts.get("course")))
    if facts.get("attends_nearest") is None and number(facts.get("distance_m") or 1e6) > number(
        facts.get("nearest_distance_m") or 0
    ):
        yield "nearest: is", {"attends_nearest": True, "nearest_distance_m": facts.get("distance_m")}
        yield "nearest: is, with both ways", {"attends_nearest": True}
    if facts.get("attends_nearest") is None and facts.get("distance_m") is not None:
        near = min(number(facts["distance_m"]), number(facts.get("nearest_distance_m") or 1e6))
        yield "nearest: another is", {"attends_nearest": False, "nearest_distance_m": near}
    if facts.get("distance_m") is None:
        nearest = facts.get("nearest_distance_m") if facts.get("attends_nearest") else None
        yield "way: long", {"distance_m": nearest or 20_000.0}


def _contradictions(facts: Facts) -> Iterator[Change]:
    """Facts that cannot all be true, each put right by another of them."""
    pupil, school, grade = mapping(facts.get("pupil")), mapping(facts.get("school")), facts.get("grade")
    form, born = school.get("form"), str(pupil.get("birth_date") or "")[:4]
    age = 2026 - int(born) if born else None
    if form == "WB" and ((age is not None and age < 16) or grade in ("02", "06")):
        yield "contradiction: a school for children", {"school": {"form": "GE"}, **_of_twelve(), **_bearable()}
    if facts.get("track") == "GY8" and form in ("G", "R", "GE", "H", "WB"):
        yield "contradiction: a Gymnasium", {"school": {"form": "GY"}, **_of_twelve(), **_bearable()}
    if age is not None and form in ("G", "R", "GE", "GY", "H") and grade is not None and not -4 <= age <= 26:
        yield "contradiction: born another year", {**_of_twelve(), **_bearable(), "school": {"form": "GE"}}


def _of_twelve() -> dict[str, object]:
    return {"grade": "06", "track": None, "pupil": {"birth_date": "2014-03-01"}}


def _bearable() -> dict[str, object]:
    """That a ticket of the other school costs something, and the way there is long."""
    return {**_far(), "monthly_fare_cents": 4900, "nearest_monthly_fare_cents": 4900}


def _of_course(course: dict[str, object]) -> Iterator[Change]:
    """A district class is part of the dual system: annex A, in part time."""
    if course.get("annex") is None:
        yield from ((f"annex: {annex}", {"course": {"annex": annex}}) for annex in ("A", "C"))
    if course.get("full_time") is None:
        yield "full time: yes", {"course": {"full_time": True}}
    if course.get("district_class") is None and course.get("annex") in (None, "A") and not course.get("full_time"):
        yield "district class: yes", {"course": {"district_class": True, "full_time": False, "annex": "A"}}
        yield "district class: no", {"course": {"district_class": False}}
    if course.get("after_training") is None:
        yield "training: not before", {"course": {"after_training": False}}


def _answers(facts: Facts) -> Iterator[Change]:
    yield from _of_needs(facts)
    yield from _of_another_school(facts)
    if facts.get("dangerous_route_claimed") and (
        facts.get("distance_without_hazards_m") is None or _another_way(facts)
    ):
        yield "danger: no safe way within the limit", {"distance_without_hazards_m": 20_000.0}
    lessons, place = part(facts, "afternoon_lessons"), part(facts, "place_of_teaching")
    if lessons is not None and lessons.get("mostly") is None:
        yield "lessons: on most days", {"afternoon_lessons": {"mostly": True}}
    if place is not None and place.get("required") is None:
        yield "internship: required", {"place_of_teaching": {"required": True}}
    if place is not None and place.get("required") is not False and place.get("distance_m") is None:
        yield "internship: far", {"place_of_teaching": {"required": True, "distance_m": 9000.0}}
    if facts.get("second_home"):
        metres = facts.get("second_home_distance_m")
        other = _far() if metres is None else {**_far(), "distance_m": metres, "nearest_distance_m": metres}
        yield "home: the other one", {**other, "second_home": None, "pupil": {"lives_in_nrw": True}}
        yield "home: stays here", {"second_home": None, "pupil": {"lives_in_nrw": True}}
    if facts.get("boarding"):
        yield "boarding: trips home", {"pupil": {"lives_in_nrw": True}}


def _far() -> dict[str, object]:
    return {"distance_m": 20_000.0, "nearest_distance_m": 20_000.0, "attends_nearest": True}


def _another_way(facts: Facts) -> bool:
    """The safe way was measured to a school that may turn out not to be the nearest."""
    return facts.get("attends_nearest") is False and bool(
        facts.get("nearest_refused")
        or facts.get("assigned_place") is not None
        or mapping(facts.get("own_branch")).get("claimed")
    )


def _of_needs(facts: Facts) -> Iterator[Change]:
    health, pupil = part(facts, "health"), mapping(facts.get("pupil"))
    wish, escort = mapping(facts.get("transport")), part(facts, "escort")
    ill = {"health": {"weeks": 52, "certificate": True}}
    named = health is not None and (
        health.get("weeks") is None or (number(health["weeks"]) > 8 and not health.get("certificate"))
    )
    needs = (
        pupil.get("special_needs")
        or pupil.get("severely_disabled")
        or (escort is not None and escort.get("proven") is not False)
    )
    if named or needs or wish.get("public_unsuitable_claimed") or wish.get("public_unsuitable_proven"):
        yield "health: for a year, with certificate", ill
    if wish.get("public_unsuitable_claimed") and wish.get("public_unsuitable_proven") is None:
        yield "transport: impossible", {"transport": {"public_unsuitable_proven": True}}
    if escort is not None and escort.get("proven") is None:
        yield "escort: needed", {"escort": {"proven": True, "monthly_fare_cents": 3000}}


def _of_another_school(facts: Facts) -> Iterator[Change]:
    """That the nearer school does not count."""
    if facts.get("attends_nearest") is not False:
        return
    if facts.get("nearest_refused") and not facts.get("nearest_refusal_proven"):
        yield "refusal: shown", {"nearest_refusal_proven": True}
    form, needs = mapping(facts.get("school")).get("form"), mapping(facts.get("pupil")).get("special_needs")
    place, branch = part(facts, "assigned_place"), mapping(facts.get("own_branch"))
    if (place is not None and place.get("confirmed") is None) or (place is None and (needs or form in SUPPORT_FORMS)):
        yield "place: named", {"assigned_place": {"confirmed": True}}
    said = branch.get("claimed") is not None or branch.get("confirmed") is not None
    if (branch.get("claimed") and branch.get("confirmed") is None) or (not said and _asked_of_branch(form, facts)):
        yield "branch: the nearer school has none", {"own_branch": {"claimed": True, "confirmed": True}}


def _asked_of_branch(form: object, facts: Facts) -> bool:
    """At a Gymnasium, and by § 9 Abs. 8 SchfkVO in each Oberstufe; at schools with courses the course decides."""
    return form == "GY" or form in COURSE_FORMS or facts.get("grade") in OBERSTUFE


CLASSES: list[tuple[str, str | None, str | None]] = [
    ("G", "02", None),
    ("GE", "06", None),
    ("GE", "EF", None),
    ("GE", "11", None),
    ("FW", "12", None),
    ("SG", "Q1", "GY9"),
    ("R", "08", None),
    ("GY", "06", "GY9"),
    ("GY", "EF", None),
    ("GY", "10", None),
    ("S", "04", None),
    ("BK", None, None),
    ("SB", None, None),
    ("H", "09", None),
    ("WB", None, None),
    ("WB", "06", None),
    ("R", "06", "GY8"),
]
"""Form of school, grade and course."""


def random_facts(rng: random.Random) -> Facts:
    """Facts as a family and a measurement give them: mostly whole, near to a limit or on both sides of one."""
    form, grade, track = rng.choice(CLASSES)
    lengths = [150.0, 900.0, 1900.0, 2000.0, 2000.001, 3400.0, 3600.0, 5000.0, 5100.0, 12_000.0]
    attended = rng.choice(lengths)
    nearest = rng.choice([True, True, False, False, None])
    facts: Facts = {
        "school_year": "2026/27",
        "application_date": rng.choice(["2026-05-01", "2026-05-01", "2027-11-02", "2027-11-03"])
        if rng.random() < 0.3
        else "2026-05-01",
        "pupil": {
            "birth_date": rng.choice(["2017-03-01", "2012-03-01", "2012-03-01", "1990-03-01"]),
            "lives_in_nrw": rng.choice([True] * 8 + [False, None]),
        },
        "school": {"form": form if rng.random() < 0.97 else None, "kind": None},
        "grade": grade,
        "track": track,
        "distance_m": attended if rng.random() < 0.95 else None,
        "attends_nearest": nearest,
        "monthly_fare_cents": rng.choice([None, None, None, 0, 4900, 12_000]),
    }
    if nearest is False or (nearest is None and rng.random() < 0.5):
        facts["nearest_distance_m"] = rng.choice([each for each in lengths if each <= attended])
        facts["nearest_monthly_fare_cents"] = rng.choice([None, None, 0, 4900])
    if form in ("BK", "SB"):
        facts["course"] = {
            "annex": rng.choice(["A", "B", "E", None]), "full_time": rng.choice([True, True, False, None]),
            "district_class": rng.choice([None, False, True]), "after_training": rng.choice([None, False, False, True]),
        }  # fmt: skip
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        facts = laid_over(facts, rng.choice(CLAIMS)[1])
    if facts.get("dangerous_route_claimed") and rng.random() < 0.6:
        facts["distance_without_hazards_m"] = rng.choice(lengths)
    return facts


def random_facts_with_gaps(rng: random.Random) -> Facts:
    """The same, of which one or two things are not told."""
    facts = random_facts(rng)
    parts = [(part, name) for part in ("pupil", "school", "course") for name in mapping(facts.get(part))]
    alone = ("grade", "track", "distance_m", "attends_nearest", "nearest_distance_m", "monthly_fare_cents")
    for part, name in rng.sample([*parts, *(("", each) for each in alone if facts.get(each) is not None)], 2):
        if part:
            facts = laid_over(facts, {part: {name: None}})
        else:
            facts[name] = None
    return facts


def random_course(rng: random.Random) -> Facts:
    """A far Berufskolleg of whose course little is told, and a ticket that costs no more than the own share."""
    course = {"annex": rng.choice(["A", "C", None, None]), "full_time": rng.choice([True, False, None, None]),
              "district_class": rng.choice([True, True, False, None]), "after_training": rng.choice([None, None, False, True])}  # fmt: skip
    return random_facts(rng) | {
        "school": {"form": rng.choice(["BK", "SB"]), "kind": None}, "grade": None, "track": None, "course": course,
        "distance_m": rng.choice([4900.0, 5100.0, 12_000.0]), "attends_nearest": rng.choice([True, True, None]),
        "nearest_distance_m": None, "monthly_fare_cents": rng.choice([0, 4900, 5000, None]),
    }  # fmt: skip
