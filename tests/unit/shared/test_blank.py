"""A text in which nothing is seen says nothing."""

import pytest
from shared.blank import count_seen, is_blank


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n\t", "\u00a0", "\u200b", "\u200d\ufeff", "\u2060 \u00ad", "\u3164", "\u2800", "\u115f", "\u180e", "\ufe0f",
     "\u0301", "\u202e\u202c", "\u2028"],
    ids=ascii,
)  # fmt: skip
def test_blanks_and_characters_of_no_width_are_blank(text: str) -> None:
    assert is_blank(text) and is_blank(text * 500)


@pytest.mark.parametrize("text", ["nein", ".", "?", "👍", "1", "Đặng", "نعم", "是", "\u200bja\u200b", "m²"])
def test_whatever_is_seen_is_said(text: str) -> None:
    assert not is_blank(text)


def test_only_what_is_seen_counts() -> None:
    assert count_seen("a\u200b b\u0301 ") == 2
