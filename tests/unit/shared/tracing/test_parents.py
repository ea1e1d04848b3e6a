"""What a header names as parent is read exactly, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.tracing.parents import Parent, read_parent

IDS = st.integers(1, 2**128 - 1)
SPANS = st.integers(1, 2**64 - 1)


@given(IDS, SPANS, st.booleans())
def test_what_is_written_is_read(trace_id: int, span_id: int, is_sampled: bool) -> None:
    parent = Parent(trace_id, span_id, is_sampled)
    assert read_parent(str(parent)) == parent
    assert len(str(parent)) == 55


@given(st.one_of(st.text(), st.text("0123456789abcdefABCDEF-", max_size=60), st.none()))
def test_anything_else_is_none_and_nothing_is_read_in_two_ways(text: str | None) -> None:
    parent = read_parent(text)
    assert parent is None or str(parent)[:53] == (text or "")[:53]


@pytest.mark.parametrize("flags", range(256))
def test_of_the_flags_only_that_it_is_recorded_counts(flags: int) -> None:
    parent = read_parent(f"00-{'a' * 32}-{'b' * 16}-{flags:02x}")
    assert parent is not None and parent.is_sampled == bool(flags % 2)
