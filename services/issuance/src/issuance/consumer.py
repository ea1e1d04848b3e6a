"""What each process hears: a table from event to workflow method."""

from shared.bus.consumer import Handler
from shared.events import (
    ApplicationHolderGiven,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Event,
    IssuedListPublished,
    RevocationRequested,
    StatusListPublished,
    TicketChangeRequested,
    TicketIssued,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
    TrustListPublished,
)

from issuance.workflow.inspection.inspect import Inspecting
from issuance.workflow.signer.issue import Issuing
from issuance.workflow.signer.life import Living
from issuance.workflow.signer.revoke import Revoking


def signer_handlers(issuing: Issuing, revoking: Revoking, living: Living) -> dict[type[Event], Handler]:
    return {
        ApplicationHolderGiven: issuing.keep_holder,
        EligibilityGranted: issuing.keep_grant,
        ApplicationWithdrawn: revoking.application_withdrawn,
        EligibilityRefused: revoking.refused,
        EligibilityWithdrawn: revoking.withdrawn,
        RevocationRequested: revoking.requested,
        TicketChangeRequested: living.requested,
    }


def inspection_handlers(inspecting: Inspecting) -> dict[type[Event], Handler]:
    return {
        TrustListPublished: inspecting.trust_published,
        StatusListPublished: inspecting.status_published,
        TicketIssued: inspecting.ticket_issued,
        TicketRevoked: inspecting.ticket_revoked,
        TicketSuspended: inspecting.ticket_suspended,
        TicketRestored: inspecting.ticket_restored,
        IssuedListPublished: inspecting.issued_published,
    }
