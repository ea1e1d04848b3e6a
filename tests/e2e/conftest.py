"""The whole system through real processes, for the tests of this folder: one, since its start takes a minute of work."""

from collections.abc import Iterator

import pytest
from local.report import Report
from local.system import System, running_system


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("system"), report=Report()) as system:
        yield system
