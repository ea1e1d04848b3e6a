"""The next school year: when it is time to apply for it, and with what. Pure."""

import json
from datetime import date, datetime
from typing import Any

from shared.calendar import SchoolYear

from application.api.applications.decision import detail_of
from application.checks import SchoolKeys
from application.domain.application import View
from application.domain.school import School
from application.domain.status import Status
from application.domain.timeline import EntryKind

FIRST_MONTH = 2
"""From February on, when children are enrolled at their next schools, until the next school year has begun."""
AFTER_09_IN_EIGHT_YEARS = "EF"


def next_year_of(view: View) -> SchoolYear:
    """The school year after the last one that this application covers: a grant may have been carried on."""
    year = SchoolYear.parse(view.application.school_year)
    carried = [detail_of(each) for each in view.news if each.kind is EntryKind.GRANTED]
    last = [each.valid_until for each in carried if each.carries_on is not None and each.valid_until is not None]
    if not last:
        return year.next
    days = (each.date() if isinstance(each, datetime) else each for each in last)
    return SchoolYear.of(max(days)).next


def is_time_for_next_year(view: View, today: date) -> bool:
    """Whether the page offers it. Where the authority has said that it must be applied for anew, at once."""
    year = next_year_of(view)
    if view.current_status.status is Status.WITHDRAWN or today > year.last_day:
        return False
    is_due = any(each.kind is EntryKind.APPLICATION_DUE for each in view.news)
    return is_due or today >= date(year.first_day.year, FIRST_MONTH, 1)


def next_grade(grade: str, school: School | None, keys: SchoolKeys, track: str | None) -> str:
    """Of the same school; empty after its last one."""
    grades = keys.forms[school.form].grades if school and school.form in keys.forms else ()
    if grade == "09" and track == "GY8":
        return AFTER_09_IN_EIGHT_YEARS
    place = grades.index(grade) + 1 if grade in grades else len(grades)
    return grades[place] if place < len(grades) else ""


def form_of_next_year(view: View, grade: str, now: datetime) -> dict[str, Any]:
    """The form as it is now, for the next school year: what was of the old year alone is not taken along."""
    year = next_year_of(view)
    form: dict[str, Any] = json.loads(view.application.form)
    return form | {
        "school_year": str(year),
        "grade": grade,
        "wanted_from": year.first_day.isoformat(),
        "leaves_on": None,
        "siblings": [each | {"funded_from": None, "funded_until": None} for each in form["siblings"]],
        "consents": [each | {"accepted_at": now.isoformat()} for each in form["consents"]],
    }
