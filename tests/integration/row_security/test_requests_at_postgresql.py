"""Every operation of every service for its own callers, at PostgreSQL: what they are to reach, no policy keeps away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.matrix.on_postgresql import ask_for_own, matrix_on_postgresql
from support.matrix.places import FILL


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", FILL)
async def test_who_may_reaches_its_own_as_a_role_that_owns_nothing(
    name: str, tmp_path: Path, postgresql: Callable[[], str]
) -> None:
    async with matrix_on_postgresql(name, tmp_path, postgresql) as (matrix, rows):
        await ask_for_own(matrix, rows)
    assert matrix.faults == []
