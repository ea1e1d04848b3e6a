"""An application that is being written: what is there of it, who opens it, and until when it is kept. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID, uuid5

from application.domain.ids import ApplicationId, DocumentId, DraftId, Owner

_OF_DRAFTS = UUID("8f3f6a0e-6f0b-5d0c-9a57-2f6f0f3f7f11")
TOKEN_BYTES = 16
"""128 bits: guessing is hopeless, and 22 characters still fit into a message."""
LONGEST_TOKEN = 64
"""Characters that are looked at."""


@dataclass(frozen=True)
class Visitor:
    """Who asks for a draft: by an account, by a link's token, or by both."""

    owner: Owner | None = None
    token: str | None = field(default=None, repr=False)

    @property
    def digest(self) -> bytes | None:
        """None where no token was brought, or none that could be one."""
        if self.token is None or len(self.token) > LONGEST_TOKEN:
            return None
        return digest_of(self.token)


@dataclass(frozen=True)
class Draft:
    """An application that is being written. `form` is a JSON object with those parts of the form that are there."""

    id: DraftId
    owner: Owner | None
    """The account that began it; None where nobody was signed in."""
    token_digest: bytes = field(repr=False)
    """SHA-256 of the link's token, which is kept nowhere."""
    begun_at: datetime
    edited_at: datetime
    version: int
    form: str = field(default="{}", repr=False)
    changed: Mapping[str, int] = field(default_factory=dict)
    """By part: the version in which it was last given or taken out."""

    def opens_for(self, visitor: Visitor) -> bool:
        """Whether this account or this link leads to it."""
        digest = visitor.digest
        has_link = digest is not None and compare_digest(self.token_digest, digest)
        return has_link or (visitor.owner is not None and visitor.owner == self.owner)

    def touched(self, now: datetime) -> "Draft":
        """Kept longer; never shorter, whatever a clock says."""
        return replace(self, edited_at=max(self.edited_at, now))

    def kept_until(self, kept: timedelta) -> datetime:
        """The moment from which on it is not there any more, though its rows may be for an hour."""
        return self.edited_at + kept


@dataclass(frozen=True)
class DraftDocument:
    """A file that was handed in before the application. Its name may be personal; the bytes stay in the store."""

    id: DocumentId
    draft_id: DraftId
    kind: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    name: str = field(repr=False)
    added_at: datetime


def digest_of(token: str) -> bytes:
    """SHA-256; of 128 drawn bits nobody finds the token by it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def application_id_of(draft_id: DraftId) -> ApplicationId:
    """What the draft becomes: the same each time, so that the table of applications takes it once."""
    return ApplicationId(uuid5(_OF_DRAFTS, str(draft_id)))
