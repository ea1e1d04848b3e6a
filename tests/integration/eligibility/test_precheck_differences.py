"""Drawn families ask first and apply then, with the same facts and without claims: both come to the same end, whatever
school, course, day, way or address it is, and however much of a birth date is known."""

import random
from datetime import date

from eligibility.workflow import MeasuredRoutes
from shared.calendar import SchoolYear, day_in_berlin
from support.application import directory
from support.both_services import SCHOOLS, BothServices
from support.eligibility import small_place
from support.family_messages import BODY, BOTH, HOME
from support.json import mapping, text

DRAWS = 40
MORE = (directory.school("100005", "BK", authority_id="12345"), directory.school("100006", "G", authority_id="12345"))
"""A vocational college, and a school that the eligibility service finds with another authority."""
GRADES = {
    "100001": ("01", "02", "03", "04"),
    "100006": ("03",),
    "100004": ("05", "07", "10", "EF", "Q1"),
    "100005": ("01", "02", "03"),
}
STREETS = (*["Kirchstraße"] * 8, "Doppelweg", "Nirgendgasse")
"""Known, with two doors, not known."""


def drawn_facts(dice: random.Random, today: date) -> dict[str, object]:
    number = dice.choice(tuple(GRADES))
    year = SchoolYear(SchoolYear.of(today).first + dice.choice((-2, -1, 0, 0, 0, 1, 1)))
    told: dict[str, object] = {"school_number": number, "grade": dice.choice(GRADES[number]), "school_year": str(year)}
    told |= {flag: True for flag in ("special_needs", "severely_disabled") if dice.random() < 0.2}
    if number == "100004" and dice.random() < 0.6:
        told["track"] = "GY9" if told["grade"] == "10" else dice.choice(("GY8", "GY9"))
    if number == "100005" and dice.random() < 0.8:
        annex, full_time = dice.choice("ABCDE"), dice.random() < 0.5
        course: dict[str, object] = {"annex": annex, "full_time": full_time}
        if annex == "A" and not full_time:
            course["district_class"] = dice.random() < 0.5
        if annex == "E":
            course["after_training"] = dice.choice((True, False, None))
        told["course"] = course
    return told


def drawn_ways(dice: random.Random) -> MeasuredRoutes:
    """Half of them near a limit; some with doubtful stretches, doubtful ends or a nearer school."""
    near = dice.choice((2000, 3500, 5000))
    metres = near + dice.uniform(-300, 300) if dice.random() < 0.5 else dice.uniform(100, 9000)
    changes: dict[str, object] = {}
    if dice.random() < 0.3:
        changes = {"lenient_m": metres - dice.uniform(0, 200), "strict_m": dice.choice((None, metres + 250))}
    if dice.random() < 0.2:
        changes["flags"] = (dice.choice(("could_leave_extract", "school_point_not_entrance")),)
    attended = small_place.measurement(metres, **changes)
    if dice.random() < 0.8:
        return MeasuredRoutes(attended)
    return MeasuredRoutes(attended, ("100007", small_place.measurement(metres * dice.uniform(0.3, 0.99))))


def drawn_birth_date(dice: random.Random, told: dict[str, object], today: date) -> str:
    """Of an age that goes to this grade, and not of age yet; day, or day and month, may be unknown."""
    begins = SchoolYear.parse(text(told["school_year"])).first_day
    in_class = {"EF": 15, "Q1": 16}
    grade = text(told["grade"])
    age = 16 if told["school_number"] == "100005" else in_class.get(grade) or 6 + int(grade)
    year = max(begins.year - age, today.year - 17)
    return f"{year}-{dice.choice(('12-28', '12-00', '00-00'))}"


def application(told: dict[str, object], dice: random.Random, draw: int, today: date) -> dict[str, object]:
    """In another family's name each time, by a guardian, from any day of the year that it may name."""
    begins, ends = SchoolYear.parse(text(told["school_year"])).span
    wanted = dice.choice((begins, min(max(begins, today), ends)))
    child = {"first_name": "Ana", "last_name": small_place.family_name(9000 + draw)}
    return {name: value for name, value in BODY.items() if name != "track"} | told | {
        "pupil": child | {"birth_date": drawn_birth_date(dice, told, today)},
        "guardian": {"first_name": "Zoë", "last_name": small_place.family_name(19000 + draw)},
        "applicant": "guardian",
        "wanted_from": wanted.isoformat(),
    }  # fmt: skip


@BOTH
async def test_who_asks_first_and_applies_then_hears_the_same(both: BothServices) -> None:
    directory.fill(both.database, *SCHOOLS, *MORE)
    dice, seen, today = random.Random(4711), set(), day_in_berlin(both.world.clock[0])
    for draw in range(DRAWS):
        told = drawn_facts(dice, today)
        form = application(told, dice, draw, today)
        both.world.measurer.answer = drawn_ways(dice)
        street = dice.choice(STREETS)
        form["home"] = HOME if street == "Kirchstraße" else HOME | {"street": street, "house_number": "1"}
        asked = told | {"address": form["home"]}
        if dice.random() < 0.5:
            asked["birth_date"] = mapping(form["pupil"])["birth_date"]
        answer = await both.http.post("/v1/prechecks", json=asked)
        key = {"Idempotency-Key": f"key-1234567{draw}"}
        taken = await both.http.post("/v1/applications", json=form, headers=both.headers | key)
        assert (answer.status_code, taken.status_code) == (200, 201), (told, answer.text, taken.text)
        await both.deliver_all()
        said, case = answer.json(), both.world.case_of(taken.json()["id"])
        decision = both.world.decision_if_any(taken.json()["id"])
        became = "person" if case.state == "review" or decision is None else decision.outcome
        assert said["outlook"] == became, (told, form, said["questions"], case.reasons)
        if decision is not None:
            assert (said["own_share_cents"], said["limit_m"]) == (decision.own_share_cents, decision.limit_m), told
        seen.add((told["school_number"], became))
    assert {"granted", "refused", "person"} <= {became for _, became in seen}
    assert {number for number, _ in seen} == set(GRADES)
