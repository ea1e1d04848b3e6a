"""Each role at each page and form of the desk (test_who_may.py has the rest; a file is one worker's)."""

from pathlib import Path

import pytest
from support.matrix.matrix import matrix_of
from support.matrix.services import built

CELLS = 1_800


@pytest.mark.timeout(300)
async def test_everybody_reaches_its_own_pages_and_no_other_can_be_told_from_nothing(tmp_path: Path) -> None:
    with built(tmp_path, "eligibility") as services:
        matrix = await matrix_of(services["eligibility"], tmp_path, "session")
    assert matrix.faults == []
    assert matrix.cells >= CELLS
