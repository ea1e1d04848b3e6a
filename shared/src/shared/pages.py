"""How much of a list one reply holds: its bytes count, not its entries. However much one id has, the pages end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar
from uuid import UUID

from shared.questions import PageQuestion, Reply

Entry = TypeVar("Entry", bound=Reply)

MOST_BYTES = 64 * 1024
"""Of a question, and of a reply."""
HEAD_BYTES = 1024
"""Of a reply, around its entries."""
BEGINNING = UUID(int=0)
"""Before every id."""


def count_fitting(entries: Sequence[Reply]) -> int:
    """How many of these, from the first on, one reply holds. The first one always counts."""
    left = MOST_BYTES - HEAD_BYTES
    for count, each in enumerate(entries):
        left -= len(each.model_dump_json().encode()) + 1
        if left < 0:
            return max(count, 1)
    return len(entries)


@dataclass(frozen=True)
class Page(Generic[Entry]):
    """Entries, and where the next page begins: `next_after` None where there is none."""

    entries: tuple[Entry, ...]
    next_after: UUID | None
    next_skip: int = 0


def page_of(entries: Sequence[tuple[UUID, Sequence[Entry]]], question: PageQuestion, *, has_more: bool) -> Page[Entry]:
    """As many as fit, from the one that the question asks for. One id's entries may fill several pages.

    Args:
        entries: by id, in their order, from the id after `question.after` on.
        has_more: further ids follow.
    """
    places = list(_places(entries, question.skip))
    count = count_fitting([each for *_, each in places])
    page = tuple(each for *_, each in places[:count])
    if count == len(places):
        return Page(page, entries[-1][0] if has_more and entries else None)
    index, number, _ = places[count]
    before = entries[index - 1][0] if index else question.after
    return Page(page, before or BEGINNING, number)


def _places(entries: Sequence[tuple[UUID, Sequence[Entry]]], skip: int) -> Iterator[tuple[int, int, Entry]]:
    """Of each entry: which id it is of, and which of that id's it is."""
    of_ids = (((index, number, each) for number, each in enumerate(mine)) for index, (_, mine) in enumerate(entries))
    return (place for place in chain.from_iterable(of_ids) if place[0] or place[1] >= skip)
