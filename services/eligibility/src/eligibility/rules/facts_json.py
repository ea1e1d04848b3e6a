"""Facts from JSON and back: read and refused, written as they are kept, and their schema."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import cast

from pydantic import JsonValue, ValidationError
from shared.birth_dates import earliest
from shared.calendar import SchoolYear
from shared.errors import FieldProblem, Invalid, Text
from shared.http.validation import from_validation

from eligibility.domain.kept_facts import KeptFacts
from eligibility.rules.facts import Facts

UNUSABLE = Text("Die Angaben sind so nicht verwendbar.", "The facts cannot be used as they are.")


def read(data: bytes | str) -> Facts:
    """Facts from JSON.

    Raises:
        Invalid: naming each field, where they are unusable.
    """
    try:
        facts = Facts.model_validate_json(data)
    except ValidationError as error:
        problems = from_validation(error.errors(include_url=False), whole="FACTS").problems
        raise Invalid(UNUSABLE, problems=problems) from error
    contradiction = _impossible(facts)
    if contradiction is not None:
        raise Invalid(UNUSABLE, problems=[contradiction])
    return facts


def json_schema() -> dict[str, JsonValue]:
    """The JSON Schema of FACTS.json, published with the rules."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema(), "title": "Schulticket facts"}


@cache
def _schema() -> dict[str, JsonValue]:
    """A fifth of a second, and asked by anybody over HTTP."""
    return Facts.model_json_schema(by_alias=True)


def _impossible(facts: Facts) -> FieldProblem | None:
    """What no answer could put right: a school year that is none, or a birth after the application."""
    if facts.school_year is not None and not _is_school_year(facts.school_year):
        text = Text(
            "Ein Schuljahr besteht aus zwei aufeinanderfolgenden Jahren, zum Beispiel 2026/27.",
            "A school year is two consecutive years, for example 2026/27.",
        )
        return FieldProblem("school_year", text)
    birth, applied = facts.pupil.birth_date if facts.pupil else None, facts.application_date
    if birth is not None and applied is not None and earliest(birth) > applied:
        text = Text("Das Geburtsdatum liegt nach dem Antrag.", "The birth date is later than the application.")
        return FieldProblem("pupil.birth_date", text)
    return None


@lru_cache(maxsize=64)  # the same few, read with every case
def _is_school_year(text: str) -> bool:
    try:
        SchoolYear.parse(text)
    except ValueError:
        return False
    return True


def canonical(facts: Facts) -> bytes:
    """The facts as they are kept with a decision: what is missing left out, keys in order, always the same bytes."""
    return canonical_json(as_kept(facts))


def as_kept(facts: Facts) -> KeptFacts:
    """The facts as a case or decision keeps them: what is missing left out."""
    return cast(KeptFacts, facts.model_dump(mode="json", by_alias=True, exclude_none=True))


def canonical_json(content: Mapping[str, object]) -> bytes:
    """Facts that were kept as a table's JSON, as bytes again."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
