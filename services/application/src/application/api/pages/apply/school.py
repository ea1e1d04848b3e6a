"""The page on the school: found by its name, chosen where several are meant."""

from collections.abc import Mapping
from typing import Any

from application.api.pages.apply.drafting import DraftPages, OpenDraft
from application.api.pages.apply.told import PageAnswer
from application.api.pages.school_search import search_school
from application.checks import SchoolKeys
from application.domain.school import School
from application.web.apply.situation import value_at
from application.web.apply.steps import Step
from application.web.apply.typed import Reading, read_typed
from application.web.precheck_view import chosen_school, school_choices


async def shown_school(drafting: DraftPages, opened: OpenDraft, step: Step) -> dict[str, Any]:
    """The school that the draft has, by its name."""
    number = value_at(opened.situation.form, step.fields[0].path)
    school = await drafting.school(number)
    known = chosen_school(school) if school else {"school": number or "", "school_number": "", "searched": ""}
    return {"school": known, "schools": [], "optional": step.name != "school", "legend": _label(opened, step)}


def _label(opened: OpenDraft, step: Step) -> str:
    return step.fields[0].label.in_language(opened.language)


async def read_school(drafting: DraftPages, opened: OpenDraft, step: Step, typed: Mapping[str, str]) -> PageAnswer:
    """With the fields that only the school of before was asked, and a track that leaves no choice."""
    reading, path = read_typed(step, typed, opened.situation), step.fields[0].path
    known = {name: typed.get(name, "") for name in ("school", "school_number", "searched")}
    if step.name != "school":
        return await _refusing(drafting, reading, typed, known)
    if drafting.limit is not None:
        await drafting.limit.check(opened.request)
    search = await search_school(drafting.workflow.directory, typed)
    if search.school is None:
        more = {"school": known | {"school_number": ""}, "schools": school_choices(search.several)}
        if search.fault:
            reading.faults["school"] = search.fault
        return PageAnswer(reading, typed, is_open=True, more=more)
    reading.parts[path] = search.school.number
    reading.parts |= left_of_school(search.school, opened.situation.form, drafting.keys)
    return PageAnswer(reading, typed, more={"school": chosen_school(search.school)})


async def _refusing(
    drafting: DraftPages, reading: Reading, typed: Mapping[str, str], known: Mapping[str, str]
) -> PageAnswer:
    """The school that refused: it need not be told."""
    claims = dict(reading.parts["claims"] or {})
    number = None
    if typed.get("school"):
        search = await search_school(drafting.workflow.directory, typed)
        if search.school is None:
            more = {"school": {**known, "school_number": ""}, "schools": school_choices(search.several)}
            if search.fault:
                reading.faults["school"] = search.fault
            return PageAnswer(reading, typed, is_open=True, more=more)
        number = search.school.number
    reading.parts["claims"] = claims | {"nearest_refused_school": number}
    return PageAnswer(reading, typed)


def left_of_school(school: School, form: Mapping[str, Any], keys: SchoolKeys) -> dict[str, Any]:
    """What another school was asked and this one is not: it is told of no other."""
    kind = keys.forms[school.form]
    parts: dict[str, Any] = {}
    if form.get("track") and form["track"] not in kind.tracks:
        parts["track"] = None
    if form.get("course") and not kind.courses:
        parts["course"] = None
    if form.get("grade") and form["grade"] not in kind.grades:
        parts["grade"] = None
    return parts
