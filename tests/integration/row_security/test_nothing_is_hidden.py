"""What a query's own filter lets through no policy hides: every statement that an operation sends for its own callers."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from eligibility.store.tables import DECISION
from shared.database.engine import open_engine
from shared.identity import Caller
from shared.row_security.asking import asks, request_begins, request_ends
from support.matrix.on_postgresql import every_own, matrix_on_postgresql
from support.matrix.places import FILL
from support.row_security.hidden import Hidden, looking_for_hidden_rows
from support.row_security.two_tenants import PLACES, filled_database


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", FILL)
async def test_each_statement_of_each_operation_finds_what_a_worker_would_find(
    name: str, tmp_path: Path, postgresql: Callable[[], str]
) -> None:
    async with matrix_on_postgresql(name, tmp_path, postgresql) as (matrix, rows):
        with looking_for_hidden_rows() as seen:
            for operation, actor, target in every_own(matrix):
                if not operation.startswith(("GET", "HEAD")):
                    rows.put_back()
                await matrix._ask(operation, actor, target)
                seen.note(f"{operation} by {actor.name}")
    assert seen.faults == []
    assert min(seen.looked_at[each] for each in ("SELECT", "INSERT")) > 0


def test_a_row_that_a_policy_hides_is_seen(postgresql: Callable[[], str]) -> None:
    opened = open_engine(filled_database(PLACES["eligibility"], postgresql), connections=1)
    others = DECISION.c.authority_id == "b"
    statements: list[sa.Executable] = [
        sa.select(DECISION),
        sa.select(sa.func.count()).select_from(DECISION),
        sa.delete(DECISION).where(others),
        sa.select(DECISION).where(~others),
    ]
    assert [len(_look(opened, each).faults) for each in statements] == [1, 1, 1, 0]
    opened.dispose()


def _look(engine: sa.Engine, statement: sa.Executable) -> Hidden:
    token = request_begins()
    try:
        asks(Caller("somebody", "a", frozenset({"case_worker"})))
        with looking_for_hidden_rows() as seen, engine.connect() as connection:
            connection.execute(statement)
        return seen
    finally:
        request_ends(token)
