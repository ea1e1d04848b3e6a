"""The page with the authority's own questions. Pure."""

from collections.abc import Mapping
from typing import Any

from shared.errors import Text
from shared.events.own_form import FurtherQuestion

from application.checks.further import PART
from application.web.apply.fields import NOT_SURE, YES_NO, Field, Kind, Options
from application.web.apply.situation import Situation

KINDS: Mapping[str, Kind] = {"text": "text", "choice": "select", "date": "day", "yes_no": "yes_no", "number": "number"}
NOTHING = ("", Text("–", "–"))


def further_fields(situation: Situation) -> tuple[Field, ...]:
    """One for each question that is asked of this child."""
    return tuple(map(_field, situation.further_questions))


def is_answered(situation: Situation) -> bool:
    """Whether the family has been asked each of them; what need not be answered may have been left open."""
    told = situation.form.get(PART) or {}
    return all(each.key in told for each in situation.further_questions)


def whole_answers(parts: Mapping[str, Any], situation: Situation) -> dict[str, Any]:
    """The part as this page leaves it: null where a question was left open, and nothing that is not asked."""
    told = parts.get(PART) or {}
    return {PART: {each.key: told.get(each.key) for each in situation.further_questions}}


def _field(question: FurtherQuestion) -> Field:
    kind = KINDS[question.answer.kind]
    return Field(
        f"{PART}.{question.key}",
        question.title.text,
        kind,
        question.help.text if question.help else None,
        lambda _: _options(question),
        needed=question.required,
        attributes=_attributes(question),
    )


def _options(question: FurtherQuestion) -> Options:
    if question.answer.kind == "yes_no":
        return YES_NO if question.required else NOT_SURE
    return (NOTHING, *((key, question.choices[key].text) for key in question.answer.enum or ()))


def _attributes(question: FurtherQuestion) -> Mapping[str, str]:
    match question.answer.kind:
        case "text":
            return {"autocomplete": "off", "maxlength": str(question.answer.max_length)}
        case "number":
            return {"autocomplete": "off", "inputmode": "numeric", "maxlength": "7"}
        case "date":
            return {"autocomplete": "off", "inputmode": "decimal", "maxlength": "30"}
    return {}
