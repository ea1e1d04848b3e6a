"""Dates of others lie wherever the calendar has days: none of them ends a decision without an answer."""

import json
from datetime import date

import pytest
from eligibility.presets import preset
from eligibility.rules import Rules, evaluate, parse, read
from eligibility.rules.rule_set.content import DatedContent
from eligibility.rules.rule_set.inheritance import join_periods
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shared.calendar import day_after, day_before, first_whole_month, month_end
from shared.errors import Invalid
from support.eligibility.drawn_facts import FACTS
from support.json import mapping

EDGES = [
    "0001-01-01", "0001-01-31", "0001-02-01", "1900-02-28", "2008-02-29", "2012-08-01", "2026-07-31", "2026-08-01",
    "2027-07-31", "2027-10-31", "2027-11-01", "9981-12-31", "9982-02-28", "9999-01-01", "9999-11-30", "9999-12-01",
    "9999-12-30", "9999-12-31",
]  # fmt: skip
BIRTHS = [*EDGES, "0001-00-00", "0001-12-00", "2012-08-00", "9999-00-00", "9999-12-00"]
DAY = st.one_of(st.none(), st.sampled_from(EDGES), st.dates().map(str))
BIRTH = st.one_of(st.none(), st.sampled_from(BIRTHS), st.dates().map(str))
SIBLING = st.fixed_dictionaries(
    {"birth_date": BIRTH.filter(bool), "funded": st.sampled_from([True, None]), "funded_from": DAY, "funded_until": DAY}
)
DAYS = st.fixed_dictionaries(
    {
        "school_year": st.sampled_from(["2000/01", "2026/27", "2099/00"]),
        "siblings": st.lists(SIBLING, max_size=3),
        **dict.fromkeys(("application_date", "wanted_from", "leaves_on", "benefits_from", "benefits_until"), DAY),
    }
)


def of_birthdays() -> Rules:
    content = preset("nrw").rule_set.content()
    content["parameters"]["own_share.adult_from_birthday"][0]["value"] = True
    return parse(content, None)


RULES = [preset("nrw"), preset("he"), preset("rp"), of_birthdays()]


@settings(max_examples=400, deadline=None)
@given(FACTS, DAYS, BIRTH, st.sampled_from(RULES))
@example(
    {"pupil": {"lives_in_nrw": True}, "school": {"form": "R"}, "grade": "06", "distance_m": 6000.0, "attends_nearest": True},
    {"school_year": "2026/27", "siblings": [{"birth_date": "2012-08-01", "funded": True, "funded_until": "9999-12-31"}]},
    "2014-03-01", RULES[0],
)  # fmt: skip
def test_every_day_of_the_calendar_is_decided_or_said_to_be_unusable(
    facts: dict[str, object], days: dict[str, object], birth: str | None, rules: Rules
) -> None:
    told = {**facts, **days, "pupil": {**mapping(facts.get("pupil")), "birth_date": birth}}
    try:
        known = read(json.dumps(told))
    except Invalid:
        return  # named field by field, exit 2
    for each in (rules, Rules(rules.rule_set.model_copy(update={"engine": 5}))):
        json.dumps(evaluate(known, each).as_json())


@given(st.dates())
@example(date.min)
@example(date.max)
@example(date(9999, 12, 2))
def test_the_calendar_ends_where_its_days_end(day: date) -> None:
    assert day_before(day) <= day <= day_after(day)
    assert day <= month_end(day) and month_end(day).month == day.month
    assert first_whole_month(day) >= day


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_period_of_a_rule_set_may_begin_or_end_with_the_calendar(day: date) -> None:
    entry = {"valid_from": str(day), "valid_until": str(day), "value": 1}
    known = {"valid_from": "2005-08-01", "valid_until": None, "value": 2}
    both = join_periods([entry], [known])
    assert isinstance(both, list) and entry in both
    content = preset("nrw").rule_set.content()
    listed = content["parameters"]["deadline.months_after_school_year"]
    again: DatedContent = {**listed[0], "valid_from": str(day), "valid_until": str(day), "value": 1}
    content["parameters"]["deadline.months_after_school_year"] = [again, again]
    with pytest.raises(ValueError, match=r"deadline\.months_after_school_year"):
        parse(content, None)
