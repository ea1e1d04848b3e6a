"""Bodies that this running service takes: with a school of its directory, and this school year."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.calendar import SchoolYear, day_in_berlin

from application.api.applications.example_answers import answer, receipt
from application.checks import SchoolKeys
from application.domain.school import School
from application.form import EXAMPLE
from application.workflow import Workflow

MOST_SCHOOLS = 200
"""Looked at for one that suits; those of authorities that take part come first."""
STREET_AND_NUMBER = re.compile(r"(?P<street>\D+?)\s+(?P<house_number>\d{1,4}\s?[a-zA-Z]?)", re.ASCII)


async def examples(workflow: Workflow, keys: SchoolKeys, base: str) -> Mapping[str, Any]:
    """Requests and answers for the OpenAPI document, with a school that takes part and today's school year, so that
    whoever tries one out is not refused.

    Returns: by method, path and status; empty where the directory has no school that suits.
    """
    schools = await workflow.directory.search("", MOST_SCHOOLS)
    school = next((each for each in schools if _suits(each, keys)), None)
    if school is None:
        return {}
    today = day_in_berlin(datetime.now(UTC))
    year = SchoolYear.of(today)
    home, moved = _homes(school, schools)
    form = {**_form(school, keys, year), "home": home}
    told = {"text": "Wir sind umgezogen.", "changed_from": today.isoformat(), "changes": {"home": moved}}
    return {
        "post /v1/applications": form,
        "post /v1/prechecks": _precheck(form),
        "post /v1/applications 201": receipt(base),
        "get /v1/applications/{application_id} 200": answer(form, school, year, base),
        "post /v1/applications/{application_id}/answers": told,
    }


def _suits(school: School, keys: SchoolKeys) -> bool:
    form = keys.forms[school.form]
    is_open = form.ended is None and school.operation in keys.operation.open
    return school.authority.takes_part and is_open and bool(form.grades) and not form.courses and not form.adults


def _form(school: School, keys: SchoolKeys, year: SchoolYear) -> dict[str, Any]:
    form = keys.forms[school.form]
    track = "GY9" if "GY9" in form.tracks else None
    grade = form.grades[0]
    ages = keys.plausible_ages(school.form, grade, track)
    born = year.first - (ages.youngest + ages.oldest) // 2
    return {
        **EXAMPLE,
        "pupil": {**EXAMPLE["pupil"], "birth_date": f"{born}-03-28"},
        "siblings": [{"birth_date": f"{born - 2}-11-05", "funded": True}],
        "school_number": school.number,
        "grade": grade,
        "track": track,
        "school_year": str(year),
        "wanted_from": year.first_day.isoformat(),
        "claims": {},
    }


def _precheck(form: dict[str, Any]) -> dict[str, Any]:
    asked = {name: form[name] for name in ("school_number", "school_year", "grade", "track", "siblings")}
    # no directory may have it: so it is said to be right, and nobody is asked which one is meant
    return {**asked, "address": {**form["home"], "confirmed": True}, "birth_date": form["pupil"]["birth_date"]}


def _homes(school: School, schools: Sequence[School]) -> tuple[dict[str, str], dict[str, str]]:
    """Two addresses that exist, of which the first is not the school's own where its town has others: those of schools,
    because this service knows no others."""
    there = [each for each in schools if each.city == school.city and each.number != school.number]
    known = [home for each in (*there, school) if (home := _address(each))]
    made_up = {"street": "Hauptstraße", "house_number": "12", "postal_code": school.postal_code, "city": school.city}
    first = next(iter(known), made_up)
    return first, next((each for each in reversed(known) if each != first), {**first, "street": "Am Bach"})


def _address(school: School) -> dict[str, str] | None:
    found = STREET_AND_NUMBER.fullmatch(school.street.strip())
    return None if found is None else {**found.groupdict(), "postal_code": school.postal_code, "city": school.city}
