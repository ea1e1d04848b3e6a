"""Codes are typed as people type: every single error and every exchange is known, however they are grouped."""

from itertools import combinations
from random import Random

import pytest
from application.domain.code_text import ALPHABET, DRAWN, LENGTH, WEIGHTS, draw_code, group_code, read_code
from hypothesis import given
from hypothesis import strategies as st

CODES = st.integers(0, 2**64).map(lambda seed: draw_code(Random(seed).randrange))


def test_the_alphabet_has_no_doubles_and_a_code_has_enough_bits() -> None:
    assert len(set(ALPHABET)) == 32 and not set(ALPHABET) & set("0O1I") and ALPHABET.isupper()
    assert DRAWN * 5 >= 50 and len(set(WEIGHTS)) == LENGTH and 0 not in WEIGHTS


@given(CODES)
def test_a_code_is_read_as_it_was_drawn(code: str) -> None:
    assert len(code) == LENGTH and set(code) <= set(ALPHABET)
    for typed in (
        code,
        group_code(code),
        group_code(code).lower(),
        f"  {code[:5]} {code[5:]}\t",
        code.replace("", " "),
    ):
        assert read_code(typed) == code
    assert group_code(code).count("-") == 2


@given(CODES, st.data())
def test_every_single_wrong_character_is_a_typing_error(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, LENGTH - 1))
    for other in ALPHABET:
        changed = code[:place] + other + code[place + 1 :]
        assert read_code(changed) == (code if other == code[place] else None)


@given(CODES)
def test_every_exchange_of_two_characters_is_a_typing_error(code: str) -> None:
    for one, two in combinations(range(LENGTH), 2):
        signs = list(code)
        signs[one], signs[two] = signs[two], signs[one]
        assert read_code("".join(signs)) == (code if code[one] == code[two] else None)


@given(CODES)
def test_a_character_too_few_or_too_many_is_a_typing_error(code: str) -> None:
    assert all(read_code(code[:place] + code[place + 1 :]) is None for place in range(LENGTH))
    assert all(read_code(code[:place] + sign + code[place:]) is None for place in range(LENGTH) for sign in "2Z")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_not_and_never_fails(typed: str) -> None:
    found = read_code(typed)
    assert found is None or len(found) == LENGTH


@pytest.mark.parametrize("wrong", ["0", "O", "1", "I", "ß", "Ä", "²", "\x00", "\u0660", "ı", "ﬁ"])
def test_a_sign_that_codes_do_not_have_is_a_typing_error(wrong: str) -> None:
    code = draw_code(Random(1).randrange)
    assert all(read_code(code[:place] + wrong + code[place + 1 :]) is None for place in range(LENGTH))


def test_what_is_very_long_is_not_looked_at() -> None:
    code = draw_code(Random(1).randrange)
    assert read_code(code + " " * 29) is None and read_code(code + " " * 28) == code


def test_drawing_uses_the_whole_alphabet() -> None:
    draw = Random(7).randrange
    assert set("".join(draw_code(draw) for _ in range(400))) == set(ALPHABET)
