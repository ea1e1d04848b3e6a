"""What a stream has lost, found by its numbers alone: against a stream that remembers what it was given."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from shared.bus.streams import IN_FLIGHT, StreamState, _loss

SINCE = datetime(2026, 11, 1, tzinfo=UTC)

faults = st.one_of(
    st.just(("nothing", 0)),
    st.just(("made anew", 0)),
    st.tuples(st.just("cut back by"), st.integers(1, 60)),
    st.tuples(st.just("emptied up to"), st.integers(1, 60)),
    st.tuples(st.just("hole at"), st.integers(2, 59)),
)


def state(kept: set[int], last: int, created: str) -> StreamState:
    first = min(kept, default=last + 1)
    return StreamState(created, first, last, (last - first + 1 if kept else 0) - len(kept))


@given(before=st.integers(1, 60), fault=faults, came_in_behind=st.integers(0, 5))
def test_every_event_that_a_stream_does_not_keep_any_more_is_told_again(
    before: int, fault: tuple[str, int], came_in_behind: int
) -> None:
    kind, number = fault
    kept, last, created = set(range(1, before + 1)), before, "one"
    seen = state(kept, last, created)
    if kind == "made anew":
        kept, last, created = set(), 0, "two"
    elif kind == "cut back by":
        last = max(0, last - number)
        kept = {each for each in kept if each <= last}
    elif kind == "emptied up to":
        kept = {each for each in kept if each > number}
    elif kind == "hole at":
        kept -= {number} if 1 < number < before else set()
    lost = set(range(1, before + 1)) - kept
    # What had been sent, and not acknowledged, when the broker went comes in behind the cut. Where that fills the gap to
    # the last, the acknowledgement tells: it names a sequence at which another event lies.
    if kind == "cut back by" and came_in_behind < before - last:
        kept |= set(range(last + 1, last + 1 + came_in_behind))
        last += came_in_behind
    loss = _loss("application", SINCE, seen, 1, state(kept, last, created))
    told_again = set[int]()
    if loss is not None:
        first, until = loss.first or 1, loss.last or before
        told_again = set(range(max(first, 1), until + 1))
    assert lost <= told_again
    if kind == "nothing":
        assert loss is None
    assert IN_FLIGHT >= 512  # two loops, each with a window of 256
