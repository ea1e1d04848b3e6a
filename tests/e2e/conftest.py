"""The whole system through real processes, for the tests of this folder."""

from collections.abc import Iterator

import pytest
from local.report import Report
from local.system import System, running


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("system"), report=Report()) as system:
        yield system
