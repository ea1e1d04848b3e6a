"""What happened, as facts that cross a service's border. Contracts only grow.

An event is frozen, named in the past tense, and bears its version in its subject (`application.submitted.v1`).
Unknown fields are ignored, so that a newer sender is understood; a newer version is quarantined by its hearer.
One sample of each version is kept for ever in tests/contract/samples and read by a test.
"""

from shared.events.application import (
    ApplicationChanged,
    ApplicationDocumentAdded,
    ApplicationDocumentRemoved,
    ApplicationHolderGiven,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    Circumstances,
    Claims,
    Course,
    HomeAddress,
    Person,
    PlaceOfTeaching,
    Sibling,
    Transport,
)
from shared.events.base import EVERY_AUTHORITY, AuthorityId, Event, Reason
from shared.events.eligibility import (
    DatedCents,
    EligibilityGranted,
    EligibilityQuestionAsked,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityWithdrawn,
    SelfPayerOffer,
)
from shared.events.issuance import (
    IssuedListPublished,
    RevocationRequested,
    StatusListPublished,
    TicketChangeRequested,
    TrustListPublished,
)
from shared.events.ticket import (
    Holder,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
)
from shared.events.wallet_pass import PassReady

ALL: tuple[type[Event], ...] = (
    ApplicationSubmitted,
    ApplicationHolderGiven,
    ApplicationChanged,
    ApplicationDocumentAdded,
    ApplicationDocumentRemoved,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityQuestionAsked,
    EligibilityWithdrawn,
    TicketIssued,
    TicketRevoked,
    TicketRenewed,
    TicketReplaced,
    TicketSuspended,
    TicketRestored,
    PassReady,
    RevocationRequested,
    TicketChangeRequested,
    TrustListPublished,
    StatusListPublished,
    IssuedListPublished,
)

__all__ = [
    "ALL",
    "EVERY_AUTHORITY",
    "ApplicationChanged",
    "ApplicationDocumentAdded",
    "ApplicationDocumentRemoved",
    "ApplicationHolderGiven",
    "ApplicationSubmitted",
    "ApplicationWithdrawn",
    "AuthorityId",
    "Circumstances",
    "Claims",
    "Course",
    "DatedCents",
    "EligibilityGranted",
    "EligibilityQuestionAsked",
    "EligibilityRefused",
    "EligibilityReviewOpened",
    "EligibilityWithdrawn",
    "Event",
    "Holder",
    "HomeAddress",
    "IssuedListPublished",
    "PassReady",
    "Person",
    "PlaceOfTeaching",
    "Reason",
    "RevocationRequested",
    "SelfPayerOffer",
    "Sibling",
    "StatusListPublished",
    "TicketChangeRequested",
    "TicketIssued",
    "TicketRenewed",
    "TicketReplaced",
    "TicketRestored",
    "TicketRevoked",
    "TicketSuspended",
    "Transport",
    "TrustListPublished",
]
