"""The whole system through real processes, for the tests of this folder: one, since its start takes a minute of work.
It is traced, so that all that these tests do is seen by a collector too."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from local.report import Report
from local.system import System, running_system
from support.collector import Collector, running_collector


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    with running_collector() as collector:
        yield collector


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[System]:
    with ExitStack() as until_the_end:
        with pytest.MonkeyPatch.context() as environment:  # for its start alone: other tests run in this process
            environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
            environment.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
            folder = tmp_path_factory.mktemp("system")
            system = until_the_end.enter_context(running_system(folder, report=Report()))
        yield system
