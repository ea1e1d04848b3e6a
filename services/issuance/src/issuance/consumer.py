"""What each process hears: a table from event to workflow method."""

from shared.bus import Handler
from shared.events import (
    ApplicationHolderGiven,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Event,
    RevocationRequested,
    StatusListPublished,
    TicketIssued,
    TicketRevoked,
    TrustListPublished,
)

from issuance.workflow.inspect import Inspecting
from issuance.workflow.issue import Issuing
from issuance.workflow.revoke import Revoking


def signer_handlers(issuing: Issuing, revoking: Revoking) -> dict[type[Event], Handler]:
    return {
        ApplicationHolderGiven: issuing.keep_holder,
        EligibilityGranted: issuing.keep_grant,
        ApplicationWithdrawn: revoking.application_withdrawn,
        EligibilityRefused: revoking.refused,
        EligibilityWithdrawn: revoking.withdrawn,
        RevocationRequested: revoking.requested,
    }


def inspection_handlers(inspecting: Inspecting) -> dict[type[Event], Handler]:
    return {
        TrustListPublished: inspecting.trust_published,
        StatusListPublished: inspecting.status_published,
        TicketIssued: inspecting.ticket_issued,
        TicketRevoked: inspecting.ticket_revoked,
    }
