"""Pages of what others know: each fits into a reply, together they are all of it, and they end."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from shared.pages import BEGINNING, MOST_BYTES, Page, count_fitting, page_of
from shared.questions import PageQuestion, ToldAct, ToldActsReply

AT = datetime(2026, 6, 1, tzinfo=UTC)
AT_ONCE = 3


def act(of: UUID, number: int, size: int) -> ToldAct:
    return ToldAct(application_id=of, kind="message_read", reference=f"{number:036}", at=AT, reason="x" * size)


sizes = st.lists(st.integers(0, 30_000), max_size=12)


@given(st.dictionaries(st.uuids().filter(lambda each: each > BEGINNING), sizes, max_size=8))
def test_page_by_page_all_is_told_once_and_in_order(told: dict[UUID, list[int]]) -> None:
    everything = [(of, [act(of, *each) for each in enumerate(told[of])]) for of in sorted(told)]
    heard: list[ToldAct] = []
    question, asked = PageQuestion(), 0
    while True:
        asked += 1
        after = question.after or BEGINNING
        rest = [(of, acts) for of, acts in everything if of > after]
        page: Page[ToldAct] = page_of(rest[:AT_ONCE], question, has_more=len(rest) > AT_ONCE)
        reply = ToldActsReply(acts=page.entries, next_after=page.next_after, next_skip=page.next_skip)
        assert len(reply.model_dump_json().encode()) <= MOST_BYTES
        heard += page.entries
        if page.next_after is None:
            break
        question = PageQuestion(after=page.next_after, skip=page.next_skip)
    assert heard == [each for _, acts in everything for each in acts]
    assert asked <= 1 + len(everything) + len(heard)


def test_one_entry_that_is_too_large_by_itself_does_not_hold_up_the_others() -> None:
    huge, small = act(UUID(int=1), 1, 2 * MOST_BYTES), act(UUID(int=2), 2, 1)
    assert (count_fitting([huge, small]), count_fitting([small, huge]), count_fitting([])) == (1, 1, 0)
