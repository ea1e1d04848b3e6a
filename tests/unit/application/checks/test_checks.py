"""What directory and calendar say of a form."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime

import pytest
from application.checks import SchoolKeys, check
from application.checks.checks import claims_until
from application.checks.keys import age_on
from application.domain.school import School
from application.form import EXAMPLE, ApplicationForm
from shared.calendar import SchoolYear

Make = Callable[..., School]


@pytest.fixture
def wrong(keys: SchoolKeys, now: datetime, school: Make) -> Callable[..., set[str]]:
    """The fields that are wrong when the example is changed so, at a school of this form."""

    def find(form: str = "GY", at: School | None = None, **changes: object) -> set[str]:
        body = deepcopy(EXAMPLE)
        birth_date = changes.pop("birth_date", None)
        body.update({"track": None, **changes})
        if birth_date:
            body["pupil"]["birth_date"] = birth_date
        read = ApplicationForm.model_validate_json(json.dumps(body))
        return {each.field for each in check(read, at or school(form=form), keys, now, now.date())}

    return find


def test_a_gymnasium_ef_without_track_is_accepted_and_left_to_the_decision(wrong: Callable[..., set[str]]) -> None:
    assert wrong(grade="EF", birth_date="2010-03-01") == set()


@pytest.mark.parametrize(
    ("form", "grade", "fits"),
    [
        ("G", "04", True), ("G", "05", False), ("R", "10", True), ("R", "EF", False), ("GE", "Q2", True),
        ("GY", "10", True), ("GY", "11", False), ("SK", "EF", False), ("FW", "13", True), ("BK", "01", True),
        ("BK", "07", False), ("S", "BV", True), ("WB", "S1", True), ("GY", "S1", False),
    ],
)  # fmt: skip
def test_a_grade_fits_its_form_or_not(wrong: Callable[..., set[str]], form: str, grade: str, fits: bool) -> None:
    assert ("grade" not in wrong(form, grade=grade)) is fits


@pytest.mark.parametrize(
    ("form", "track", "fits"), [("GY", "GY8", True), ("GY", "GY9", True), ("GE", "GY9", True), ("GE", "GY8", False), ("R", "GY9", False)]
)  # fmt: skip
def test_a_track_is_only_where_there_is_one(wrong: Callable[..., set[str]], form: str, track: str, fits: bool) -> None:
    assert ("track" not in wrong(form, track=track)) is fits


def test_after_grade_09_of_eight_years_comes_the_ef(wrong: Callable[..., set[str]]) -> None:
    assert wrong(grade="10", track="GY8", birth_date="2011-01-01") == {"grade"}
    assert wrong(grade="10", track="GY9", birth_date="2011-01-01") == set()
    assert wrong(grade="EF", track="GY8", birth_date="2011-01-01") == set()


def test_a_course_is_only_at_a_vocational_college(wrong: Callable[..., set[str]]) -> None:
    course = {"annex": "C", "full_time": True}
    assert wrong("BK", grade="01", course=course, birth_date="2009-01-01") == set()
    assert wrong("SB", grade="01", course=course, birth_date="2009-01-01") == set()
    assert "course" in wrong("GY", course=course)


@pytest.mark.parametrize(("annex", "full_time", "fits"), [("A", False, True), ("A", True, False), ("B", False, False)])
def test_a_district_class_is_part_time_in_annex_a(
    wrong: Callable[..., set[str]], annex: str, full_time: bool, fits: bool
) -> None:
    course = {"annex": annex, "full_time": full_time, "district_class": True}
    found = wrong("BK", grade="01", birth_date="2008-01-01", course=course)
    assert found == (set() if fits else {"course.district_class"})


def test_a_school_that_opens_later_takes_applications_for_later(wrong: Callable[..., set[str]], school: Make) -> None:
    opening = school(operation="3", operation_since=date(2027, 2, 1))
    assert wrong(at=opening, wanted_from="2027-02-01") == set()
    assert wrong(at=opening, wanted_from="2027-01-31") == {"school_number"}


@pytest.mark.parametrize(("operation", "fits"), [("0", True), ("1", True), ("2", True), ("4", False), ("5", False), ("6", True), ("9", False)])  # fmt: skip
def test_a_closing_school_still_takes_applications_and_a_closed_one_does_not(
    wrong: Callable[..., set[str]], school: Make, operation: str, fits: bool
) -> None:
    assert ("school_number" not in wrong(at=school(operation=operation))) is fits


def test_a_form_that_has_ended_has_no_schools(wrong: Callable[..., set[str]]) -> None:
    assert wrong("GM") == {"school_number"}


@pytest.mark.parametrize(
    ("wanted", "fits"), [("2026-07-31", False), ("2026-08-01", True), ("2027-07-31", True), ("2027-08-01", False)]
)
def test_the_start_lies_within_the_school_year(wrong: Callable[..., set[str]], wanted: str, fits: bool) -> None:
    assert ("wanted_from" not in wrong(wanted_from=wanted)) is fits


@pytest.mark.parametrize(
    ("year", "fits"), [(2021, False), (2022, True), (2025, True), (2026, True), (2027, False), (2099, False)]
)
def test_school_years_near_today_are_taken(wrong: Callable[..., set[str]], year: int, fits: bool) -> None:
    found = wrong(school_year=str(SchoolYear(year)), wanted_from=f"{year}-09-01")
    assert ("school_year" not in found) is fits


@pytest.mark.parametrize(
    ("form", "grade", "born", "fits"),
    [
        ("G", "01", "2022-09-01", True),   # four on the first day: let in, perhaps early
        ("G", "01", "2022-09-03", False),
        ("G", "01", "2010-01-01", True),
        ("G", "01", "2006-01-01", False),
        ("GY", "Q2", "1999-01-01", True),  # 27: late, but possible
        ("GY", "Q2", "1990-01-01", False),
        ("BK", "01", "1970-01-01", True),
        ("BK", "01", "2015-01-01", False),
        ("S", "BV", "2004-01-01", True),
        ("S", "00", "2023-01-01", True),
        ("G", "01", "1926-01-01", False),
    ],
)  # fmt: skip
def test_only_implausible_ages_are_asked_about(
    wrong: Callable[..., set[str]], form: str, grade: str, born: str, fits: bool
) -> None:
    assert ("pupil.birth_date" not in wrong(form, grade=grade, birth_date=born)) is fits


@pytest.mark.parametrize("form", ["BK", "SB", "SK", "WB", "G", "H", "V", "R", "GE", "GY", "S", "FW", "KS"])
def test_at_every_form_and_grade_a_birth_date_that_is_too_young_is_asked_about(
    wrong: Callable[..., set[str]], keys: SchoolKeys, form: str
) -> None:
    """A year mistyped by three is caught at all of them; at a Berufskolleg nobody is younger than 14."""
    for grade in keys.forms[form].grades:
        youngest = keys.plausible_ages(form, grade, None).youngest
        assert not keys.forms[form].adults or youngest == 14
        for age in {max(0, youngest - 3), youngest - 1, youngest}:
            found = wrong(form, grade=grade, birth_date=f"{2026 - age}-01-01")
            assert ("pupil.birth_date" in found) is (age < youngest), (form, grade, age)


def test_who_was_born_on_29_february_is_a_year_older_on_1_march() -> None:
    born = date(2016, 2, 29)
    assert age_on(date(2026, 2, 28), born) == 9
    assert age_on(date(2026, 3, 1), born) == 10
    assert age_on(date(2028, 2, 29), born) == 12


def test_a_claim_is_in_time_until_the_31_october_that_follows_the_school_year_or_the_next_working_day() -> None:
    assert claims_until(SchoolYear(2024)) == date(2025, 10, 31)
    assert claims_until(SchoolYear(2025)) == date(2026, 11, 2)
    assert claims_until(SchoolYear(2026)) == date(2027, 11, 2)
