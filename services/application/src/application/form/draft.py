"""Parts of a form that is being written: which can be read, how they are put together, what is still missing or wrong.

A part that cannot be read is refused as in a whole form. What is missing inside a part is no error yet: nobody fills a
page in one go.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotated_types import MaxLen
from pydantic import ValidationError
from shared.errors import FieldProblem
from shared.http.validation import from_validation

from application.form.model import ApplicationForm, Readable
from application.form.reading import readable

MISSING = "missing"
PARTS = tuple(ApplicationForm.model_fields)
LONGEST = {
    name: each.max_length
    for name, field in ApplicationForm.model_fields.items()
    for each in field.metadata
    if isinstance(each, MaxLen)
}
"""By part: of how many entries."""


@dataclass(frozen=True)
class DraftChange:
    """Parts of the form, each whole; None takes one out. Make it by `of`, which reads them."""

    parts: Mapping[str, Any]

    @classmethod
    def of(cls, parts: Mapping[str, Any]) -> "DraftChange":
        """Raises Invalid with every field that cannot be read."""
        unknown = {name: value for name, value in parts.items() if value is None and name not in PARTS}
        given = {name: value for name, value in parts.items() if value is not None}
        _, errors = _read(json.dumps(given | dict.fromkeys(unknown, "")))
        long = _too_long(given)
        places = {each["loc"] for each in long}
        unreadable = [*long, *(each for each in errors if each["type"] != MISSING and each["loc"] not in places)]
        if unreadable:
            raise from_validation(unreadable)
        return cls(dict(parts))

    def differing(self, form: str) -> dict[str, Any]:
        """Those parts that are not what they are in this draft."""
        before = json.loads(form)
        return {name: value for name, value in self.parts.items() if _text(before.get(name)) != _text(value)}


@dataclass(frozen=True)
class DraftForm:
    """A draft's form as far as it can be read, with what is wrong with it by itself."""

    form: ApplicationForm | None
    """None until nothing is missing and all can be read."""
    readable: Readable
    missing: tuple[FieldProblem, ...] = ()
    wrong: tuple[FieldProblem, ...] = ()
    """What this program cannot read, although an earlier one took it."""


def _too_long(parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As pydantic would say it, which counts no entries where one of them is unfinished."""
    return [
        {"type": "too_long", "loc": (name,), "ctx": {"max_length": most}}
        for name, most in LONGEST.items()
        if isinstance(parts.get(name), list) and len(parts[name]) > most
    ]


def merge_parts(form: str, parts: Mapping[str, Any]) -> str:
    """The draft's form with these parts in place, in the form's order."""
    both = json.loads(form) | dict(parts)
    return _text({name: both[name] for name in PARTS if both.get(name) is not None})


def read_draft(form: str) -> DraftForm:
    """What there is of it."""
    whole, errors = _read(form)
    left = readable(form.encode(), errors)
    missing = [each for each in errors if each["type"] == MISSING]
    wrong = [each for each in errors if each["type"] != MISSING]
    return DraftForm(whole, left, _problems(missing), _problems(wrong))


def _read(form: str) -> tuple[ApplicationForm | None, list[Any]]:
    try:
        return ApplicationForm.model_validate_json(form), []
    except ValidationError as error:
        return None, list(error.errors(include_url=False, include_input=False))


def _problems(errors: list[Any]) -> tuple[FieldProblem, ...]:
    return from_validation(errors).problems if errors else ()


def _text(value: Any) -> str:
    """Small, and the same for the same content. As letters, so that its length is its size."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
