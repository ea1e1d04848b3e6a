"""Claims of an ID token become details of a person: whatever a broker sends, nothing but short text comes out."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.sign_in.account import BUNDID, LEVELS, LONGEST_DETAIL, AccountClaims
from shared.trust import TRUST, Trust, reaches
from support.bundid import ELIF

CLAIMS = AccountClaims(BUNDID)
ANY_JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=200),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_what_bundid_tells_is_read_by_its_own_names() -> None:
    found = CLAIMS.read({**ELIF, BUNDID["trust"]: "STORK-QAA-Level-3"})
    assert found.trust == "substantial"
    assert found.values == {
        "first_name": "Elif",
        "last_name": "Öztürk",
        "email": "elif@example.org",
        "street_address": "Am Markt 5 a",
        "postal_code": "33602",
        "city": "Bielefeld",
    }


@pytest.mark.parametrize(
    "claims",
    [
        {"urn:oid: 2.5.4.42": "Elif"},
        {"urn:oid:2.5.4.42 ": " Elif\t"},
        {"urn:oid:2.5.4.42": ["Elif"]},
        {"urn:oid:2": {"5": {"4": {"42": "Elif"}}}},
    ],
)
def test_blanks_lists_of_one_and_dots_made_into_objects_are_the_same_claim(claims: Mapping[str, object]) -> None:
    assert CLAIMS.read(claims).values == {"first_name": "Elif"}


@pytest.mark.parametrize(
    "value", ["", "   ", None, 7, True, [], ["a", "b"], {"a": "b"}, "a\x00b", "a\nb", "x" * (LONGEST_DETAIL + 1)]
)
def test_what_is_no_short_text_is_left_out(value: object) -> None:
    assert CLAIMS.read({BUNDID["first_name"]: value}).values == {}


@given(st.fixed_dictionaries(dict.fromkeys(BUNDID.values(), ANY_JSON)), ANY_JSON)
def test_whatever_is_sent_only_short_printable_text_comes_out(claims: dict[str, object], more: object) -> None:
    found = CLAIMS.read(claims | {"more": more})
    assert found.trust in TRUST and "trust" not in found.values
    assert all(0 < len(each) <= LONGEST_DETAIL and each.isprintable() for each in found.values.values())


@pytest.mark.parametrize("said", ["", "STORK-QAA-Level-2", "high", "4", "stork-qaa-level-4"])
def test_a_level_that_nobody_has_configured_is_none(said: str) -> None:
    assert CLAIMS.read({BUNDID["trust"]: said}).trust == "none"


def test_asking_for_a_level_names_it_and_every_higher_one() -> None:
    assert CLAIMS.acr_values("substantial").split() == [
        name for name, level in LEVELS.items() if level in ("substantial", "high")
    ]
    assert CLAIMS.acr_values("high").split()[0] == "STORK-QAA-Level-4"


@pytest.mark.parametrize("wanted", TRUST)
def test_a_level_reaches_itself_and_all_below(wanted: Trust) -> None:
    place = TRUST.index(wanted)
    assert [reaches(each, wanted) for each in TRUST] == [number >= place for number in range(len(TRUST))]


def test_without_configuration_nothing_is_read() -> None:
    found = AccountClaims().read(ELIF)
    assert (found.trust, found.values) == ("none", {})
