"""Workers of the tests: each test is run once, and not all of them wait at the same time."""

from types import SimpleNamespace
from typing import cast

import pytest
from support.distribution import TOGETHER, WholeFiles, is_waiting
from xdist.remote import Producer
from xdist.workermanage import WorkerController

FILES = [
    f"{TOGETHER}test_a.py", f"{TOGETHER}test_b.py", *(f"tests/integration/shared/test_{each}.py" for each in range(6)),
    *(f"tests/browser/test_{each}.py" for each in range(8)), *(f"tests/unit/test_{each}.py" for each in range(20)),
]  # fmt: skip
COLLECTION = [f"{file}::test_{number}" for file in FILES for number in range(4)]


class Worker:
    """Implements as much of WorkerController as the scheduler asks for."""

    shutting_down = False
    gateway = SimpleNamespace(id="gw")

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self.done: list[str] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.waiting += indices

    def shutdown(self) -> None:
        self.shutting_down = True


def scheduler_of(workers: list[Worker]) -> WholeFiles:
    config = SimpleNamespace(option=SimpleNamespace(), getvalue=lambda name: [f"{len(workers)}*popen"])
    found = WholeFiles(cast(pytest.Config, config), Producer("tests", enabled=False))
    for worker in workers:
        found.add_node(cast(WorkerController, worker))
        found.add_node_collection(cast(WorkerController, worker), COLLECTION)
    found.schedule()
    return found


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_test_is_run_once_and_a_file_by_one_worker_and_half_of_them_wait_at_most(count: int) -> None:
    workers = [Worker() for _ in range(count)]
    scheduler = scheduler_of(workers)
    while any(worker.waiting for worker in workers):
        running = [COLLECTION[worker.waiting[0]] for worker in workers if worker.waiting]
        left = [each for each in scheduler.workqueue if not is_waiting(each)]
        assert sum(map(is_waiting, running)) <= max(count // 2, 0 if left else count)
        for worker in workers:
            if worker.waiting:
                index = worker.waiting.pop(0)
                worker.done.append(COLLECTION[index])
                scheduler.mark_test_complete(cast(WorkerController, worker), index)
    assert sorted(each for worker in workers for each in worker.done) == sorted(COLLECTION)
    for files in ([TOGETHER], *([file] for file in FILES if not file.startswith(TOGETHER))):
        assert sum(any(each.startswith(files[0]) for each in worker.done) for worker in workers) == 1
