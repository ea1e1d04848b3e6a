"""What the signer does: issue, renew, revoke, publish; and all of it put together on one store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.database import Transactions
from shared.runtime.backlog import Backlog

from issuance.domain.numbering import NumberScheme
from issuance.domain.two_persons import ONE_IS_ENOUGH, TwoPersons
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.issued import IssuedPart
from issuance.lists.status_list import StatusList
from issuance.workflow.signer import audit_heads, decisions, ending, issue_ports, life, publish, publish_issued
from issuance.workflow.signer.asked_elsewhere import ForwardedRequests
from issuance.workflow.signer.audit_heads import AuditHeadPublisher
from issuance.workflow.signer.decisions import Decisions
from issuance.workflow.signer.ending import ENDING, Ending
from issuance.workflow.signer.endings import AS_MANY_AS_ASKED, Endings
from issuance.workflow.signer.erasure import Erasure
from issuance.workflow.signer.issue import SIGNING, TicketIssuer
from issuance.workflow.signer.life import HOURLY, TicketLifecycle, TicketRenewal
from issuance.workflow.signer.publish import PUBLISHING, ListPublisher
from issuance.workflow.signer.publish_issued import IssuedListPublisher
from issuance.workflow.signer.quota import NO_QUOTA, Quota
from issuance.workflow.signer.revoke import TicketRevocation


class WorkflowStore(
    issue_ports.Store,
    life.Store,
    ending.Store,
    publish.BothStores,
    publish_issued.Store,
    audit_heads.Store,
    decisions.Store,
    Protocol,
):
    """The store, as all that works off its tables asks of it."""


class LiveSigner(issue_ports.TicketSigner, issue_ports.Reader, publish_issued.Reader, audit_heads.HeadSigner, Protocol):
    """Signs tickets and lists, and reads them as a device in the field would."""

    def sign_status_list(self, status: StatusList) -> bytes:
        """CWT (Token Status List)."""

    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes:
        """COSE_Sign1."""


@dataclass(frozen=True)
class Workflow:
    """What the edges call."""

    issuing: TicketIssuer
    revoking: TicketRevocation
    ending: Ending
    living: TicketLifecycle
    asked_elsewhere: ForwardedRequests
    renewing: TicketRenewal
    publishing: ListPublisher
    filters: IssuedListPublisher
    heads: AuditHeadPublisher
    decisions: Decisions
    erasure: Erasure


def workflow_on(
    database: Transactions[WorkflowStore],
    live: LiveSigner,
    clock: Callable[[], datetime],
    numbering: NumberScheme,
    backlog_of: Callable[[str], Backlog],
    *,
    quota: Quota = NO_QUOTA,
    endings: Endings = AS_MANY_AS_ASKED,
    two_persons: TwoPersons = ONE_IS_ENOUGH,
) -> Workflow:
    """All on one database.

    Args:
        backlog_of: the rows of a worker that fail.
    """
    revoking, living = TicketRevocation(clock, endings, two_persons), TicketLifecycle(clock, numbering, endings)
    return Workflow(
        TicketIssuer(database, live, live, clock, numbering, backlog_of(SIGNING), quota),
        revoking,
        Ending(database, revoking, clock, backlog_of(ENDING)),
        living,
        ForwardedRequests(revoking, living, clock),
        TicketRenewal(database, live, live, clock, backlog_of(HOURLY)),
        ListPublisher(database, live, clock, backlog_of(PUBLISHING)),
        IssuedListPublisher(database, live, live, clock),
        AuditHeadPublisher(database, live, clock),
        Decisions(database),
        Erasure(clock),
    )


__all__ = ["ENDING", "HOURLY", "PUBLISHING", "SIGNING", "LiveSigner", "Workflow", "workflow_on"]
