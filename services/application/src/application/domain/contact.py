"""The e-mail address of a family, for one application or draft: whether hints go there, and why not. Pure."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.errors import Language

from application.domain.ids import ApplicationId, DraftId, Owner

ContactId = NewType("ContactId", UUID)
TOKEN_BYTES = 16
"""128 bits, as of a draft's link."""
LINK_DAYS = timedelta(days=7)
"""So long the link counts by which an address is confirmed."""
MOST_ASKED = 3
"""Mails that ask one address within ASKED_WITHIN whether it is right, whoever names it. Our own choice: a stranger
whose address somebody types gets no more."""
ASKED_WITHIN = timedelta(hours=24)


class ContactState(StrEnum):
    """`failed`: it takes no mails."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(frozen=True)
class Contact:
    """An address that was given, of exactly one application or draft. Until it is confirmed by a click nothing goes
    there but the mail that asks for it."""

    id: ContactId
    address: str = field(repr=False)
    language: Language
    given_at: datetime
    owner: Owner | None = None
    application_id: ApplicationId | None = None
    draft_id: DraftId | None = None
    confirmed_at: datetime | None = None
    failed_at: datetime | None = None
    wants_hints: bool = True
    """Of questions, the ticket, drafts. That a notice lies ready is told all the same, as a period may rest on it."""
    token_digest: bytes | None = field(default=None, repr=False)
    token_until: datetime | None = None

    @property
    def state(self) -> ContactState:
        """A confirmed one that takes no mails any more has failed."""
        if self.failed_at is not None:
            return ContactState.FAILED
        return ContactState.UNCONFIRMED if self.confirmed_at is None else ContactState.CONFIRMED


def mark_of_address(key: bytes, address: str) -> str:
    """By which it is counted how often an address was asked; without the key it tells nothing."""
    return hmac.new(key, b"asked" + address.casefold().encode(), hashlib.sha256).hexdigest()
