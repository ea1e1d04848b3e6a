"""The first page of an application, and what a pre-check hands on to it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.calendar import day_in_berlin
from shared.errors import Language, Text
from shared.formats import format_day
from shared.school_names import everyday_name

from application.domain.school import School
from application.web.apply.situation import Situation
from application.web.apply.typed import day_of
from application.web.precheck_view import BENEFITS, SIBLINGS, SchoolChoice, field_of

ADDRESS = ("street", "house_number", "postal_code", "city")
NO_SCHOOL = Text("noch ohne Schule", "no school yet")
BEGUN = Text("begonnen am", "begun on")


@dataclass
class StartPage:
    """`typed`, `errors`: by field. `begun`: id and words of the drafts that this browser or this account opens."""

    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    schools: Sequence[SchoolChoice] = ()
    years: Sequence[str] = ()
    begun: Sequence[tuple[str, str]] = ()

    @property
    def year_options(self) -> list[tuple[str, str]]:
        """The one that is mostly meant first."""
        return [(each, each) for each in self.years]

    @property
    def carried(self) -> dict[str, str]:
        """What a pre-check was told: it goes on with the form."""
        shown = {"school", "school_number", "searched", "school_year"}
        return {name: self.typed[name] for name in CARRIED if self.typed.get(name) and name not in shown}


CARRIED = (
    *ADDRESS, "grade", "track", "annex", "full_time", "birth_date", "special_needs", "severely_disabled",
    *(f"sibling_{place}" for place in range(SIBLINGS)), *map(field_of, BENEFITS),
)  # fmt: skip


def begun_line(form: Mapping[str, Any], school: School | None, begun_at: datetime, language: Language) -> str:
    """By what a family tells its drafts apart: child, school, day."""
    pupil = form.get("pupil") or {}
    name = pupil.get("first_name") or pupil.get("last_name") or ""
    place = everyday_name(school.name) if school else NO_SCHOOL.in_language(language)
    day = f"{BEGUN.in_language(language)} {format_day(day_in_berlin(begun_at), language)}"
    return ", ".join(each for each in (name, place, day) if each)


def parts_of_earlier(earlier: Situation) -> dict[str, Any]:
    """What an earlier application of the same account says of the family, not of the child. That of a pupil who applied
    for herself, or is of age by now, says nothing of other children."""
    form = earlier.form
    if form.get("applicant") == "pupil" or earlier.may_be_of_age:
        return {}
    return {name: form[name] for name in ("home", "lives_in_nrw", "guardian", "applicant") if form.get(name)}


def parts_of_precheck(typed: Mapping[str, str]) -> dict[str, Any]:
    """Parts of a form out of a pre-check's fields. What was left empty is not told."""
    parts: dict[str, Any] = {name: typed[name] for name in ("school_year", "grade", "track") if typed.get(name)}
    home = {name: typed[name] for name in ADDRESS if typed.get(name)}
    if home:
        parts["home"] = home
    if typed.get("birth_date"):
        parts["pupil"] = {"birth_date": day_of("birth", typed["birth_date"])}
    if typed.get("annex"):
        parts["course"] = {"annex": typed["annex"], "full_time": typed.get("full_time") != "no"}
    siblings = [typed[name] for place in range(SIBLINGS) if typed.get(name := f"sibling_{place}")]
    benefits = [key for key in BENEFITS if typed.get(field_of(key))]
    if siblings or benefits:
        parts["siblings"] = [{"birth_date": day_of("birth", each), "funded": True} for each in siblings]
        parts["benefits"] = benefits
    parts |= {name: True for name in ("special_needs", "severely_disabled") if typed.get(name)}
    return parts
