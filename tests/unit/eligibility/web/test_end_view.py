"""What a family changed, as it stands at the desk."""

import pytest
from eligibility.web.end_view import _value
from eligibility.web.formatter import Formatter

HOME = {"street": "Am Bach", "house_number": "3", "postal_code": "33602", "city": "Bielefeld"}


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
