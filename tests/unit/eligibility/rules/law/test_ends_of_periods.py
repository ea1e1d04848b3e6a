"""The last day of every period in the rules, against the library holidays and a calendar's Saturdays and Sundays."""

import calendar
import json
from datetime import date, timedelta
from functools import cache

import pytest
from eligibility.presets import PRESETS, preset
from eligibility.rules import Rules, evaluate, parse, read
from eligibility.rules.law.claims_end import last_day_as_decided, last_day_of_claims
from eligibility.workflow.decision.start import claims_end
from eligibility.workflow.decision.terms import terms_of_grant
from eligibility.workflow.renewal.renewal import apply_until
from holidays import country_holidays
from pydantic import ValidationError
from shared.calendar import SchoolYear
from shared.formats import format_day
from shared.working_days import OF_NRW, easter, holidays

NRW = preset("nrw")
BY_BUS = {"kind": "special", "public_available": False, "special_available": True}
YEARS = [str(SchoolYear(first)) for first in range(2005, 2099)]
SUBDIVISIONS = {"nrw": "NW", "he": "HE", "rp": "RP"}


@cache
def known(state: str, year: int) -> frozenset[date]:
    return frozenset(country_holidays("DE", subdiv=state, years=year, expand=False))


def works(day: date) -> bool:
    return calendar.day_name[day.weekday()] not in ("Saturday", "Sunday") and day not in known("NW", day.year)


def facts(school_year: str, applied: date, **others: object) -> bytes:
    born = f"{school_year[:4]}-01-01"
    given = {
        "school_year": school_year, "application_date": str(applied), "distance_m": 2500.0, "attends_nearest": True,
        "pupil": {"birth_date": str(int(born[:4]) - 8) + born[4:], "lives_in_nrw": True},
        "school": {"form": "G"}, "grade": "03",
    }  # fmt: skip
    return json.dumps(given | others).encode()


@pytest.mark.parametrize("land", PRESETS)
def test_a_rule_set_names_the_holidays_of_its_state(land: str) -> None:
    law = preset(land).law("2026/27")
    assert law is not None
    for year in range(1995, 2101):
        assert holidays(year, law.words("deadline.holidays")) == known(SUBDIVISIONS[land], year), year
        assert easter(year) + timedelta(days=1) in known("NW", year)


def test_holidays_of_rule_sets_from_before_are_those_of_the_preset() -> None:
    law = NRW.law("2026/27")
    assert law is not None and tuple(law.words("deadline.holidays")) == OF_NRW


@pytest.mark.parametrize("school_year", YEARS)
def test_nobody_is_too_late_before_a_working_day_has_passed_that_is_not_before_31_october(school_year: str) -> None:
    ends = date(int(school_year[:4]) + 1, 10, 31)
    for days in range(-3, 8):
        applied = ends + timedelta(days=days)
        late = any(works(ends + timedelta(days=each)) for each in range(days))
        found = evaluate(read(facts(school_year, applied)), NRW)
        assert (found.outcome == "refused", found.outcome == "granted") == (late, not late), applied
        said = next(each for each in found.reasons if each.rule == "deadline")
        last = next(day for each in range(8) if works(day := ends + timedelta(days=each)))
        assert format_day(last, "de") in said.text and format_day(last, "en") in said.text_en
        assert ("§ 31 Abs. 3 VwVfG NRW" in said.legal_basis) is (last != ends)


@pytest.mark.parametrize("school_year", YEARS)
def test_every_day_until_when_something_can_be_claimed_is_one_and_the_same_working_day(school_year: str) -> None:
    law = NRW.law(school_year)
    assert law is not None
    last = last_day_of_claims(law)
    assert last is not None and works(last)
    bus = evaluate(read(facts(school_year, law.begins, transport=BY_BUS)), NRW)
    told = terms_of_grant(bus, NRW, "100001", school_year, law.begins).claim_until
    assert (bus.transport, told) == ("special", last)
    assert claims_end(law, law.ends) == apply_until(law, school_year) == last


def test_an_earlier_engine_names_the_day_that_it_named_and_only_decisions_do() -> None:
    before = Rules(NRW.rule_set.model_copy(update={"engine": 5})).law("2026/27")
    assert before is not None
    assert last_day_as_decided(before) == date(2027, 10, 31)
    assert last_day_of_claims(before) == date(2027, 11, 2)


@pytest.mark.parametrize("wrong", ["1 May", "02-30", "easter", "easter+x", "2027-13-01", "02-29", ""])
def test_a_holiday_that_no_year_has_is_a_mistake_of_the_rule_set(wrong: str) -> None:
    content = NRW.rule_set.content()
    content["parameters"]["deadline.holidays"][0]["value"] = [wrong]
    with pytest.raises(ValidationError, match=r"deadline\.holidays"):
        parse(content, None)
