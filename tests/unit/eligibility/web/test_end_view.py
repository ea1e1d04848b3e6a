"""What a family changed, as it stands at the desk."""

from collections.abc import Iterator
from typing import get_args

import pytest
from eligibility.web.end_view import _value, label_of
from eligibility.web.formatter import Formatter
from eligibility.workflow.desk.differences import NOT_TOLD, WHOLE
from pydantic import BaseModel
from shared.events import ApplicationSubmitted

HOME = {"street": "Am Bach", "house_number": "3", "postal_code": "33602", "city": "Bielefeld"}
NEVER_OTHERWISE = {"authority_id", "application_id"}
"""Of one application always the same."""


def parts(model: type[BaseModel] = ApplicationSubmitted, before: str = "") -> Iterator[str]:
    """What a change can change, as the comparison names it: a list and a part of WHOLE count as one."""
    for name, field in model.model_fields.items():
        inner = [each for each in (field.annotation, *get_args(field.annotation)) if isinstance(each, type)]
        model_of = next((each for each in inner if issubclass(each, BaseModel)), None)
        if model_of is None or name in WHOLE or get_args(field.annotation)[1:] == (...,):
            yield before + name
        else:
            yield from parts(model_of, f"{before}{name}.")


def test_every_part_that_a_family_can_change_has_words_in_both_languages() -> None:
    named = {name: label_of(name) for name in parts() if name not in {*NOT_TOLD, *NEVER_OTHERWISE}}
    assert {"claims.health_days", "circumstances.siblings", "transport.kind", "home"} <= named.keys()
    assert [name for name, label in named.items() if label is None or not (label.de and label.en)] == []


@pytest.mark.parametrize(
    ("name", "value", "german", "english"),
    [("medium", "paper", "Papier", "paper"), ("medium", "wallet", "Telefon", "phone"), ("language", "en", "Englisch", "English")],
)  # fmt: skip
def test_a_choice_is_shown_in_words(name: str, value: str, german: str, english: str) -> None:
    assert _value(name, value, {}, Formatter("de")) == german
    assert _value(name, value, {}, Formatter("en")) == english


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ({"required": True}, "ja", "yes"),
        ({"required": False, "address": HOME}, "nein, Am Bach 3, 33602 Bielefeld", "no, Am Bach 3, 33602 Bielefeld"),
        ({"first_name": "Jānis", "last_name": "Ö"}, "Jānis Ö", "Jānis Ö"),
    ],
)
def test_no_value_is_shown_as_a_program_writes_it(value: object, german: str, english: str) -> None:
    assert _value("claims.place_of_teaching", value, {}, Formatter("de")) == german
    assert _value("claims.place_of_teaching", value, {}, Formatter("en")) == english
