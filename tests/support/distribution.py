"""Which worker gets which tests next (pytest-xdist)."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

TOGETHER = "tests/e2e/"
APART = "tests/drills/test_a_family_is_forgotten.py"
"""Each of its tests starts a system of its own."""
LONG = ("tests/drills/", TOGETHER, "tests/integration/", "tests/browser/", "tests/unit/eligibility/")
WAITING = (
    TOGETHER,
    "tests/drills/",
    "tests/integration/issuance/",
    "tests/integration/local/",
    "tests/integration/shared/",
)
"""Most of their time goes by while a process starts, a limit runs out or something heals."""


def is_waiting(scope: str) -> bool:
    return scope.startswith(WAITING)


def length_order(item: pytest.Item) -> int:
    """The long ones first, so that at the end no worker waits for another."""
    return next((number for number, each in enumerate(LONG) if item.nodeid.startswith(each)), len(LONG))


class WholeFiles(LoadFileScheduling):  # type: ignore[misc]
    """A file is a worker's as a whole; those of the whole system are one worker's, which starts it once.

    At most half of the workers have files that mostly wait, as long as there are others: if all waited at once, the
    processors would idle, and all would work at once later.
    """

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False  # by the number of tests, which says little of their time
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        if file == APART:
            return nodeid
        return TOGETHER if file.startswith(TOGETHER) else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(self._next_for(node), last=False)
        super()._assign_work_unit(node)

    def _next_for(self, node: WorkerController) -> str:
        others = [scopes for each, scopes in self.assigned_work.items() if each is not node]
        waiting = sum(any(is_waiting(each) and not all(tests.values()) for each, tests in o.items()) for o in others)
        wanted = 2 * (waiting + 1) <= len(self.nodes)
        left: list[str] = list(self.workqueue)
        return next((each for each in left if is_waiting(each) == wanted), left[0])
