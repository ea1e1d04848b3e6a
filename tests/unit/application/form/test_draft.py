"""Parts of a form: in whatever pieces and order they come, what is there in the end is the form."""

import json

import pytest
from application.form import EXAMPLE, ApplicationForm, DraftChange, merge_parts, read_draft
from hypothesis import given
from hypothesis import strategies as st
from shared.errors import Invalid

NAMES = list(EXAMPLE)
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**19)
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["05", "EF"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*NAMES, "first_name", "x"]), inner),
    max_leaves=12,
)
PARTS = st.dictionaries(st.sampled_from([*NAMES, "transport", "course", "y"]), VALUE, max_size=5)


def put(form: str, parts: dict[str, object]) -> str:
    return merge_parts(form, DraftChange.of(parts).differing(form))


@given(st.permutations(NAMES), st.lists(st.sampled_from(NAMES), max_size=8))
def test_in_whatever_order_parts_come_and_go_the_form_is_what_was_said_last(order: list[str], gone: list[str]) -> None:
    form = "{}"
    for name in [*gone, *order]:
        form = put(form, {name: EXAMPLE[name]})
    for name in gone:
        form = put(form, {name: None})
        assert name not in json.loads(form)
    for name in gone:
        form = put(form, {name: EXAMPLE[name]})
    assert json.loads(form) == EXAMPLE
    whole = read_draft(form)
    assert whole.form == ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
    assert (whole.missing, whole.wrong) == ((), ())


@given(PARTS, PARTS)
def test_whatever_is_put_is_refused_by_field_or_saved_as_it_is_and_can_be_read_again(
    first: dict[str, object], second: dict[str, object]
) -> None:
    form = "{}"
    for parts in (first, second):
        try:
            form = put(form, parts)
        except Invalid as problem:
            assert problem.problems
            continue
        saved, content = json.loads(form), read_draft(form)
        assert {name: saved.get(name) for name in parts} == parts
        assert content.wrong == ()
        assert (content.form is None) == bool(content.missing)
        assert put(form, parts) == form


@pytest.mark.parametrize("name", ["siblings", "consents", "benefits"])
def test_a_list_is_too_long_also_where_an_entry_of_it_is_unfinished(name: str) -> None:
    """pydantic counts the entries only where each can be read."""
    entries: tuple[object, ...] = {}, EXAMPLE[name][0]
    for entry in entries:
        with pytest.raises(Invalid) as raised:
            DraftChange.of({name: [entry] * 21})
        assert raised.value.problems[0].field == name


def test_a_part_that_an_earlier_program_took_is_named_and_not_lost() -> None:
    """As after an update that knows a field no more."""
    content = read_draft('{"grade":"05","medium":"stone","shoe_size":38}')
    assert {each.field for each in content.wrong} == {"medium", "shoe_size"}
    assert content.readable.grade == "05"
