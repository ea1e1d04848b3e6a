"""A rule set as JSON: whole, as it is kept for good, or as an authority writes it, which nobody has checked yet."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from pydantic import JsonValue

Written = Mapping[str, object]
"""A part of a document as it was written: every value is looked at before it is used."""


def entries_of(document: Written, part: str) -> Written:
    """The entries of a part that is written by names, as parameters are; empty where it is missing or is none."""
    written = document.get(part)
    return written if isinstance(written, dict) else {}


def conditions_of(document: Written) -> Sequence[Written]:
    """The authority's own conditions, as they are written; empty where there are none."""
    written = document.get("conditions")
    return [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []


class DatedContent(TypedDict):
    """A value with its days, ISO."""

    valid_from: str
    valid_until: str | None
    value: bool | int | str | list[int] | list[str] | None
    legal_basis: str
    source: str
    certainty: str


class FormContent(TypedDict):
    """A school form."""

    register_key: str
    title: str
    grades: list[str]
    """In their order."""
    level: str | None
    eight_or_nine_years: bool


class ConditionContent(TypedDict):
    """A condition of the authority's own; what it says besides is read by its model alone."""

    key: str
    when: str


class RuleSetContent(TypedDict):
    """Read again by `parse`, it has the same version. Of the first engine's, the last three are missing."""

    name: str
    title: str
    version: str
    law: str
    parameters: dict[str, list[DatedContent]]
    forms: dict[str, FormContent]
    engine: NotRequired[int]
    choices: NotRequired[dict[str, JsonValue]]
    conditions: NotRequired[list[ConditionContent]]
