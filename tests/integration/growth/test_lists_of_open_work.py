"""Lists that are taken from what is open have what lists of all cases had; numbers are found by any beginning."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import get_args
from unittest.mock import patch
from uuid import UUID

import sqlalchemy as sa
from eligibility.store import Store
from eligibility.store.decision import cases
from eligibility.store.desk import work_list
from eligibility.store.desk.work_list import _ids_from
from eligibility.store.tables import CASE
from eligibility.workflow.case_queries import WORK, CaseFilter
from eligibility.workflow.desk.work_list import Pile, PileQuery
from hypothesis import given
from hypothesis import strategies as st
from support.growth import lives

PEOPLE = ("anna", "bert", "nobody")
WANTED = (
    CaseFilter(WORK, confirmed_by="bert", with_messages=True),
    CaseFilter(WORK),
    CaseFilter(("review",)),
    CaseFilter((), with_messages=True),
    CaseFilter((), confirmed_by="bert"),
    CaseFilter(WORK, assigned_to="anna"),
)


def all_cases(authority_id: str, taken_by: str | None = None) -> sa.ColumnElement[bool]:
    own: sa.ColumnElement[bool] = CASE.c.authority_id == authority_id
    return own if taken_by is None else own & (CASE.c.assigned_to == taken_by)


def seen(store: Store, today: date) -> list[object]:
    found: list[object] = []
    for who in PEOPLE:
        for mine in (False, True):
            found.append(store.pile_counts("12345", who, today, mine=mine))
            for pile in get_args(Pile):
                for newest in (False, True):
                    entries = store.pile("12345", PileQuery(pile, mine, newest), who, today)
                    found.append([each.case.id for each in entries])
    for wanted in WANTED:
        page = store.page("12345", wanted, 50, 0)
        found.append((page.total, sorted(case.id for case, _ in page.cases)))
    return found


async def test_lists_of_open_work_lose_nothing(tmp_path: Path) -> None:
    url: Callable[[str], str] = lambda name: f"sqlite:///{tmp_path / name}.db"  # noqa: E731
    async with lives.families(url) as both:
        await lives.lives_of_families(both)
        database, today = both.world.database, both.world.clock[0].date()
        taken = database.read_now(lambda store: seen(store, today))
        with patch.object(work_list, "open_of", all_cases), patch.object(cases, "open_of", all_cases):
            assert database.read_now(lambda store: seen(store, today)) == taken
        assert any(each for each in taken if isinstance(each, list)), "there is open work"


@given(st.uuids(), st.integers(6, 36))
def test_an_id_is_between_the_first_and_the_last_that_begin_like_it(number: UUID, length: int) -> None:
    text = str(number)
    found = _ids_from(text[:length])
    assert found is not None
    first, last = found
    assert first <= text <= last
    assert first[:length] == last[:length] == text[:length]
    assert str(UUID(first)) == first and str(UUID(last)) == last


def test_what_no_id_begins_with_is_found_nowhere() -> None:
    assert _ids_from("1a2b-3") is None
    assert _ids_from("1a2b3c4d5e6f") is None
