"""What the public process does: verify, answer scanners, keep scan logs, find copies, pass on requests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.database import Transactions

from issuance.domain.two_persons import ONE_IS_ENOUGH, TwoPersons
from issuance.workflow.inspection import inspect, requests, scan_log, told_back
from issuance.workflow.inspection.copies import CopyRules
from issuance.workflow.inspection.erasure import Erasure
from issuance.workflow.inspection.inspect import Scanner, TicketInspection
from issuance.workflow.inspection.requests import StaffRequests
from issuance.workflow.inspection.scan_log import DEFAULT_RULES, ScanLog
from issuance.workflow.inspection.told_back import CatchUpAnswers


class WorkflowStore(inspect.NoteStore, requests.TicketStore, scan_log.Store, told_back.Store, Protocol):
    """The store, as all that works off its tables asks of it."""


@dataclass(frozen=True)
class Workflow:
    """What the edges call."""

    inspecting: TicketInspection
    recording: ScanLog
    requesting: StaffRequests
    told_back: CatchUpAnswers
    erasure: Erasure


def workflow_on(
    database: Transactions[WorkflowStore],
    scanner: Scanner,
    clock: Callable[[], datetime],
    draw: Callable[[int], bytes],
    *,
    rules: CopyRules = DEFAULT_RULES,
    two_persons: TwoPersons = ONE_IS_ENOUGH,
) -> Workflow:
    """All on one database. `draw(n)`: n random bytes.

    Args:
        rules: what counts as a copy.
    """
    return Workflow(
        TicketInspection(database, scanner, clock),
        ScanLog(database, clock, draw, rules),
        StaffRequests(database, clock, two_persons),
        CatchUpAnswers(database),
        Erasure(clock),
    )


__all__ = ["Workflow", "workflow_on"]
