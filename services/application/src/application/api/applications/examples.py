"""Bodies that this running service takes: with a school of its directory, and this school year."""

from collections.abc import Mapping
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


async def examples(workflow: Workflow, keys: SchoolKeys, base: str) -> Mapping[str, Any]:
    schools = await workflow.directory.search("", MOST_SCHOOLS)
    school = next((each for each in schools if _suits(each, keys)), None)
    if school is None:
        return {}
    today = day_in_berlin(datetime.now(UTC))
    year = SchoolYear.of(today)
    form, moved = _form(school, keys, year), {"street": "Am Bach", "house_number": "3"}
    home = {**form["home"], **moved}
    told = {"text": "Wir sind umgezogen.", "changed_from": today.isoformat(), "changes": {"home": home}}
    return {
        "post /v1/applications": form,
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
    home = {"street": "Hauptstraße", "house_number": "12a", "postal_code": school.postal_code, "city": school.city}
    return {
        **EXAMPLE,
        "pupil": {**EXAMPLE["pupil"], "birth_date": f"{born}-03-28"},
        "siblings": [{"birth_date": f"{born - 2}-11-05", "funded": True}],
        "school_number": school.number,
        "grade": grade,
        "track": track,
        "school_year": str(year),
        "wanted_from": year.first_day.isoformat(),
        "home": home,
    }
