"""What was told, as the family reads it over before it sends, and in its copy afterwards. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.errors import FieldProblem, Language, Text
from shared.school_names import everyday_name

from application.domain.school import School
from application.web.apply.fields import Field
from application.web.apply.options import benefit_options
from application.web.apply.situation import Situation, has, value_at
from application.web.apply.steps import Step, steps_of
from application.web.apply.typed import german_day

NOTHING = Text("nichts davon", "none of it")
NOT_TICKED = Text("nichts angekreuzt", "nothing ticked")
YES, NO, OPEN = Text("ja", "yes"), Text("nein", "no"), Text("weiß ich nicht", "I do not know")
CONSENT_NAMES = {
    "privacy-notice": Text("Datenschutzhinweise gelesen", "Data protection notice read"),
    "portal-notice": Text("Bescheid zum Abruf im Internet", "Decision to be fetched online"),
}
SIBLING = Text("Geschwister, geboren", "Sibling, born")
WITH_TICKET = {True: Text("mit Ticket", "with a ticket"), False: Text("ohne Ticket", "without a ticket")}


@dataclass
class Answers:
    """One page of the application, as it is read over."""

    step: str
    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    """What was asked, and what was told."""
    faults: list[str] = field(default_factory=list)


def answers(
    situation: Situation, schools: Mapping[str, School], problems: Sequence[FieldProblem], language: Language
) -> list[Answers]:
    """Page by page.

    Args:
        schools: by number, those that are named.
        problems: at the page where each is put right; what belongs to no page stands at the last one.
    """
    steps = [each for each in steps_of(situation) if each.page != "documents"]
    found = [Answers(each.name, each.title.in_language(language)) for each in steps]
    for step, page in zip(steps, found, strict=True):
        page.lines = _lines(step, situation, schools, language)
    for problem in problems:
        place = next((at for at, each in enumerate(steps) if each.has_place_of(problem.field)), len(steps) - 1)
        text = problem.text.in_language(language)
        if text not in found[place].faults:
            found[place].faults.append(text)
    return found


def _lines(
    step: Step, situation: Situation, schools: Mapping[str, School], language: Language
) -> list[tuple[str, str]]:
    if step.page == "share":
        return _share(situation.form, language)
    if step.page == "consents":
        told = situation.form.get("consents") or ()
        known = [CONSENT_NAMES[each["text_id"]] for each in told if each.get("text_id") in CONSENT_NAMES]
        return [("", each.in_language(language)) for each in known or [NOT_TICKED]]
    if step.name == "circumstances":
        told = [each.label for each in step.fields if situation.says(each.path)] or [NOTHING]
        return [("", each.in_language(language)) for each in told]
    if step.page == "address" or step.name in ("guardian-home", "second-guardian-home"):
        return [("", address_line(value_at(situation.form, step.fields[0].path.rpartition(".")[0]) or {}))]
    told = [(each, value_text(each, situation, schools, language)) for each in step.fields_for(situation)]
    return [(each.label.in_language(language).rstrip("?"), value) for each, value in told if value]


def address_line(address: Mapping[str, Any]) -> str:
    """On one line, without what is missing."""
    flat = address.get("flat")
    parts = (
        " ".join(str(address[each]) for each in ("street", "house_number") if address.get(each)),
        str(flat) if flat else "",
        " ".join(str(address[each]) for each in ("postal_code", "city") if address.get(each)),
    )
    return ", ".join(each for each in parts if each)


def value_text(one: Field, situation: Situation, schools: Mapping[str, School], language: Language) -> str:
    """Empty where it is not told."""
    value = value_at(situation.form, one.path)
    if one.kind in ("check", "opens"):
        said = YES if situation.says(one.path) else NO if has(situation.form, one.path) else None
        return said.in_language(language) if said else ""
    if one.kind == "yes_no":
        return {True: YES, False: NO}.get(value, OPEN).in_language(language)
    if value is None:
        return ""
    if one.kind == "school":
        school = schools.get(str(value))
        return str(value) if school is None else f"{everyday_name(school.name)}, {school.city}"
    if one.kind in ("day", "birth"):
        return german_day(str(value), one.kind)
    if one.kind == "decimal":
        return str(value).replace(".", "," if language == "de" else ".")
    words = {key: text for key, text in one.options(situation) if key}
    return words[value].in_language(language) if value in words else str(value)


def _share(form: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    lines = []
    for each in form.get("siblings") or ():
        ticket = WITH_TICKET.get(each.get("funded"), OPEN).in_language(language)
        lines.append((SIBLING.in_language(language), f"{german_day(str(each.get('birth_date', '')))}, {ticket}"))
    names = dict(benefit_options())
    told = [names[each] for each in form.get("benefits") or () if each in names]
    return [*lines, *(("", each.in_language(language)) for each in told)] or [("", NOTHING.in_language(language))]
