"""What happened, as facts that cross a service's border. Contracts only grow.

An event is frozen, named in the past tense, and bears its version in its subject (`application.submitted.v1`).
Unknown fields are ignored, so that a newer sender is understood; a newer version is quarantined by its hearer.
One sample of each version is kept for ever in tests/contract/samples and read by a test.
"""

from shared.events.application import (
    ApplicationHolderGiven,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    Circumstances,
    Claims,
    Course,
    HomeAddress,
    Person,
    Sibling,
)
from shared.events.base import EVERY_AUTHORITY, AuthorityId, Event, Reason
from shared.events.eligibility import (
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityWithdrawn,
)
from shared.events.issuance import RevocationRequested, StatusListPublished, TrustListPublished
from shared.events.ticket import Holder, TicketIssued, TicketRevoked
from shared.events.wallet_pass import PassReady

ALL: tuple[type[Event], ...] = (
    ApplicationSubmitted,
    ApplicationHolderGiven,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityWithdrawn,
    TicketIssued,
    TicketRevoked,
    PassReady,
    RevocationRequested,
    TrustListPublished,
    StatusListPublished,
)

__all__ = [
    "ALL",
    "EVERY_AUTHORITY",
    "ApplicationHolderGiven",
    "ApplicationSubmitted",
    "ApplicationWithdrawn",
    "AuthorityId",
    "Circumstances",
    "Claims",
    "Course",
    "EligibilityGranted",
    "EligibilityRefused",
    "EligibilityReviewOpened",
    "EligibilityWithdrawn",
    "Event",
    "Holder",
    "HomeAddress",
    "PassReady",
    "Person",
    "Reason",
    "RevocationRequested",
    "Sibling",
    "StatusListPublished",
    "TicketIssued",
    "TicketRevoked",
    "TrustListPublished",
]
