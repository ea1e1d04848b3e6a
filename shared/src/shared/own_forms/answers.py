"""Whether an answer fits its question, by JSON Schema, and how it is read. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from shared.blank import is_blank
from shared.errors import Text
from shared.events.own_form import SEEN, AnswerSchema, FurtherAnswer, FurtherQuestion, Value, Words
from shared.formats import format_day

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

YES_NO = Text("Bitte antworten Sie mit ja oder nein.", "Please answer yes or no.")
WHOLE_NUMBER = Text("Bitte geben Sie eine ganze Zahl ein, zum Beispiel 12.", "Please enter a whole number, such as 12.")
WORDS = Text("Bitte antworten Sie mit Text.", "Please answer with text.")
CHOOSE = Text("Bitte wählen Sie eine der Antworten.", "Please choose one of the answers.")
NO_DAY = Text("Bitte geben Sie einen Tag ein, zum Beispiel 01.09.2026.", "Please enter a day, for example 01.09.2026.")
UNREADABLE = Text(
    "Bitte schreiben Sie die Antwort auf eine Zeile, ohne unsichtbare Zeichen.",
    "Please write the answer on one line, without invisible characters.",
)
TYPES: Mapping[str, Text] = {"text": WORDS, "choice": CHOOSE, "date": NO_DAY, "yes_no": YES_NO, "number": WHOLE_NUMBER}
LINE = re.compile(SEEN)
SAID: Mapping[bool, Words] = {True: Words(de="ja", en="yes"), False: Words(de="nein", en="no")}


def problem_of(question: FurtherQuestion, value: object) -> Text | None:
    """What does not fit, in words; None where the answer fits. Repeats nothing of it: it may be personal."""
    schema = question.answer
    if schema.type == "integer" and not isinstance(value, int):  # to JSON Schema 5.0 is one too
        return WHOLE_NUMBER
    error = next(iter(_validator(schema).iter_errors(value)), None)
    if error is None:
        return None if schema.kind != "text" or _is_line(str(value)) else UNREADABLE
    match error.validator:
        case "maxLength":
            most = schema.max_length
            return Text(f"Bitte schreiben Sie höchstens {most} Zeichen.", f"Please write at most {most} characters.")
        case "minimum" | "maximum":
            least, most = schema.minimum, schema.maximum
            return Text(
                f"Bitte geben Sie eine Zahl von {least} bis {most} ein.",
                f"Please enter a number from {least} to {most}.",
            )
    return TYPES[schema.kind]


def answer_of(question: FurtherQuestion, value: Value) -> FurtherAnswer:
    """An answer that fits, with its question as it is asked."""
    title = Words(de=question.title.de, en=question.title.en)
    return FurtherAnswer(key=question.key, title=title, value=value, said=_said(question, value))


def _said(question: FurtherQuestion, value: Value) -> Words:
    if isinstance(value, bool):
        return SAID[value]
    if question.answer.kind == "choice":
        chosen = question.choices[str(value)]
        return Words(de=chosen.de, en=chosen.en)
    if question.answer.kind == "date":
        day = date.fromisoformat(str(value))
        return Words(de=format_day(day, "de"), en=format_day(day, "en"))
    return Words(de=str(value), en=str(value))


def _is_line(text: str) -> bool:
    return LINE.fullmatch(text) is not None and not is_blank(text)


@lru_cache(maxsize=256)
def _validator(schema: AnswerSchema) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator, FormatChecker

    return Draft202012Validator(schema.as_json(), format_checker=FormatChecker(["date"]))
