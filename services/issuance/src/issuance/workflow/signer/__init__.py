"""What the signer does: issue, renew, revoke, publish; and all of it put together on one store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.database import Transactions
from shared.runtime.backlog import Backlog

from issuance.domain.numbering import Numbering
from issuance.domain.two_persons import ONE_IS_ENOUGH, TwoPersons
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.issued import IssuedPart
from issuance.lists.status_list import StatusList
from issuance.workflow.signer import audit_heads, decisions, ending, issue, life, publish, publish_issued
from issuance.workflow.signer.asked_elsewhere import AskedElsewhere
from issuance.workflow.signer.audit_heads import SigningHeads
from issuance.workflow.signer.decisions import Decisions
from issuance.workflow.signer.ending import ENDING, Ending
from issuance.workflow.signer.endings import AS_MANY_AS_ASKED, Endings
from issuance.workflow.signer.issue import SIGNING, Issuing
from issuance.workflow.signer.life import HOURLY, Living, Renewing
from issuance.workflow.signer.publish import PUBLISHING, Publishing
from issuance.workflow.signer.publish_issued import PublishingIssued
from issuance.workflow.signer.quota import NO_QUOTA, Quota
from issuance.workflow.signer.revoke import Revoking


class WorkflowStore(
    issue.Store,
    life.Store,
    ending.Store,
    publish.BothStores,
    publish_issued.Store,
    audit_heads.Store,
    decisions.Store,
    Protocol,
):
    """The store, as all that works off its tables asks of it."""


class LiveSigner(issue.TicketSigner, issue.Reader, publish_issued.Reader, audit_heads.HeadSigner, Protocol):
    """Signs tickets and lists, and reads them as a device in the field would."""

    def sign_status_list(self, status: StatusList) -> bytes: ...
    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes: ...


@dataclass(frozen=True)
class Workflow:
    """What the edges call."""

    issuing: Issuing
    revoking: Revoking
    ending: Ending
    living: Living
    asked_elsewhere: AskedElsewhere
    renewing: Renewing
    publishing: Publishing
    filters: PublishingIssued
    heads: SigningHeads
    decisions: Decisions


def workflow_on(
    database: Transactions[WorkflowStore],
    live: LiveSigner,
    clock: Callable[[], datetime],
    numbering: Numbering,
    backlog_of: Callable[[str], Backlog],
    *,
    quota: Quota = NO_QUOTA,
    endings: Endings = AS_MANY_AS_ASKED,
    two_persons: TwoPersons = ONE_IS_ENOUGH,
) -> Workflow:
    """All on one database. `backlog_of`: the rows of a worker that fail."""
    revoking, living = Revoking(clock, endings, two_persons), Living(clock, numbering, endings)
    return Workflow(
        Issuing(database, live, live, clock, numbering, backlog_of(SIGNING), quota),
        revoking,
        Ending(database, revoking, clock, backlog_of(ENDING)),
        living,
        AskedElsewhere(revoking, living, clock),
        Renewing(database, live, live, clock, backlog_of(HOURLY)),
        Publishing(database, live, clock, backlog_of(PUBLISHING)),
        PublishingIssued(database, live, live, clock),
        SigningHeads(database, live, clock),
        Decisions(database),
    )


__all__ = ["ENDING", "HOURLY", "PUBLISHING", "SIGNING", "LiveSigner", "Workflow", "workflow_on"]
