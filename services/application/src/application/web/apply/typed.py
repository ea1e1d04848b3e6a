"""Between a page's fields as they are typed and the parts of a form. Pure.

A page gives each part of the form whole, so that what it does not ask stays: it is taken from the draft.
"""

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError
from shared.birth_dates import PartlyKnownDate
from shared.errors import Text

from application.form.types import BirthDay, Day
from application.web.apply.fields import Field
from application.web.apply.situation import Situation, has, value_at
from application.web.apply.steps import Step

DAYS: Mapping[str, TypeAdapter[Any]] = {"day": TypeAdapter(Day), "birth": TypeAdapter(BirthDay)}
PLEASE_CHOOSE = Text("Bitte wählen Sie eine Antwort.", "Please choose an answer.")
WHOLE_NUMBER = Text("Bitte geben Sie eine ganze Zahl ein, zum Beispiel 12.", "Please enter a whole number, such as 12.")
NUMBER = Text("Bitte geben Sie eine Zahl ein, zum Beispiel 4,5.", "Please enter a number, such as 4.5.")
MOST_DIGITS = 20
"""Of a number: beyond 4,300 Python reads none."""
OF_PUPIL = ("guardian.first_name", "guardian.last_name")
"""Who applies for herself has told her name already."""
OTHER_PLACE = "place_of_teaching.address"
GONE = object()


@dataclass
class Reading:
    """What a page told: parts of the form, each whole (None takes one out), and by field what cannot be meant."""

    parts: dict[str, Any]
    faults: dict[str, Text] = field(default_factory=dict)


def values_of(step: Step, situation: Situation) -> dict[str, str]:
    """The fields of a page as the draft has them."""
    typed = {each.name: _typed(each, situation) for each in step.fields_for(situation)}
    return {name: value for name, value in typed.items() if value}


def typed_from(step: Step, situation: Situation) -> dict[str, str]:
    """The same; before the family has been here, with what is proposed."""
    fresh = not step.is_answered(situation)
    typed = {each.name: _typed(each, situation) for each in step.fields_for(situation)}
    if fresh:
        typed |= {each.name: each.proposed(situation) for each in step.fields_for(situation) if not typed[each.name]}
    if fresh and step.name == "guardian" and typed.get("applicant") == "pupil":
        typed |= {each.replace(".", "-"): str(value_at(situation.form, f"pupil.{each[9:]}") or "") for each in OF_PUPIL}
    return {name: value for name, value in typed.items() if value}


def _typed(one: Field, situation: Situation) -> str:
    value = value_at(situation.form, one.path)
    if one.kind in ("check", "opens"):
        return "yes" if situation.says(one.path) else ""
    if one.kind == "yes_no":
        known = {True: "yes", False: "no", None: "unknown" if has(situation.form, one.path) else ""}
        return known.get(value, "")
    if value is None:
        return ""
    if one.kind in DAYS:
        return german_day(str(value), one.kind)
    return str(value).replace(".", ",") if one.kind == "decimal" else str(value)


def german_day(text: str, kind: str = "birth") -> str:
    """28.02.2015, also where the form says 2015-02-28; what is no date stays as it is."""
    try:
        found = DAYS[kind].validate_python(text)
    except ValidationError:
        return text
    return str(found) if isinstance(found, PartlyKnownDate) else f"{found:%d.%m.%Y}"


def read_typed(step: Step, typed: Mapping[str, str], situation: Situation) -> Reading:
    """The parts of the form as this page leaves them."""
    form, faults = deepcopy(dict(situation.form)), {}
    for one in step.fields_for(situation):
        if one.kind == "school":
            continue
        text = typed.get(one.name, "")
        value = _value(one, text, situation)
        if isinstance(value, Text):
            faults[one.name] = value
            continue
        _set(form, one.path, value)
        if value in (GONE, False):
            for each in one.drops:
                _set(form, each, GONE)
        if one.needed and not text:
            faults[one.name] = PLEASE_CHOOSE
    if value_at(form, OTHER_PLACE) == {}:  # it need not be told
        _set(form, OTHER_PLACE, GONE)
    return Reading({name: form.get(name) for name in parts_of(step)}, faults)


def parts_of(step: Step) -> tuple[str, ...]:
    """Names of the form's parts that this page may change."""
    paths = [*(each.path for each in step.fields), *(drop for each in step.fields for drop in each.drops), *step.marks]
    return tuple(dict.fromkeys(each.partition(".")[0] for each in paths))


def _value(one: Field, text: str, situation: Situation) -> Any:
    """GONE: not told. A Text says why it cannot be read."""
    before = value_at(situation.form, one.path)
    match one.kind:
        case "check":
            return bool(text)
        case "opens":
            return GONE if not text else before if before is not None else ([] if one.empty == "list" else {})
        case "yes_no":
            return {"yes": True, "no": False, "unknown": None}.get(text, GONE)
        case "number":
            return GONE if not text else _whole_number(text)
        case "decimal":
            return GONE if not text else _decimal(text)
        case "day" | "birth":
            return GONE if not text else day_of(one.kind, text)
    return text or GONE


def _whole_number(text: str) -> int | Text:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else WHOLE_NUMBER


def _decimal(text: str) -> float | Text:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return NUMBER


def day_of(kind: str, text: str) -> str:
    """As the form keeps it; what is no day is left to the form, which says so."""
    try:
        found = DAYS[kind].validate_python(text)
    except ValidationError:
        return text
    if isinstance(found, date):
        return found.isoformat()
    return f"{found.year:04}-{found.month:02}-00"


def _set(form: dict[str, Any], path: str, value: Any) -> None:
    """Also where the part around it is not there yet; taking out leaves that part, empty."""
    *outer, name = path.split(".")
    place = form
    for each in outer:
        inside = place.get(each)
        place[each] = dict(inside) if isinstance(inside, Mapping) else {}
        place = place[each]
    if value is GONE:
        place.pop(name, None)
    else:
        place[name] = value


def mark_of(typed: Mapping[str, str]) -> str:
    """Of what stood on a page when it was shown: by it a page that another window has changed since is known."""
    told = json.dumps(sorted((name, value) for name, value in typed.items() if value))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
