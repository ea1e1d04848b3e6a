"""Ways in without an account: codes that a school hands out or a letter brings, and links that only look. Pure."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.errors import Text

from application.domain.ids import ApplicationId, Owner

CodeId = NewType("CodeId", UUID)
BatchId = NewType("BatchId", UUID)
"""Codes that were made together; of a letter the one."""
LetterId = NewType("LetterId", UUID)

ACCOUNT = "code:"
"""How the account of a code begins. What follows is drawn, and told to nobody."""
MOST_CODES = 40
"""Of one class at once. Our own choice: no class is larger."""
NO_LABEL = Text(
    "Bitte nennen Sie die Klasse mit Buchstaben und Ziffern, höchstens 20 Zeichen.",
    "Please name the class by letters and digits, 20 characters at most.",
)
LABEL = re.compile(r"[\w .,/+-]{0,20}")
SCHOOL_CODE_VALID = timedelta(days=120)
"""Our own choice: a term, in which a family applies and answers questions."""
SCHOOL_CODE_USES = 30
"""Of one family, which comes back for each question."""
LETTER_CODE_VALID = timedelta(days=21)
"""Our own choice: a letter takes days, and families are away for two weeks."""
PICK_UP_VALID = timedelta(days=1)
"""Our own choice: a parent makes it at work, a child types it in the evening."""
LOOK_VALID = timedelta(days=180)
MOST_LOOK_LINKS = 5
MOST_LETTERS = 3
"""Of one application in LETTERS_WITHIN: nobody floods a letter box."""
LETTERS_WITHIN = timedelta(days=30)
MOST_WRONG = 10
WRONG_WITHIN = timedelta(hours=1)
LOCKED = timedelta(minutes=15)


class CodeKind(StrEnum):
    SCHOOL = "school"
    """Begins an application at this school, and comes back to it."""
    LETTER = "letter"
    """Opens one application, once."""


@dataclass(frozen=True)
class AccessCode:
    """A code that was given to somebody; the code itself is kept nowhere."""

    id: CodeId
    batch_id: BatchId
    kind: CodeKind
    digest: bytes = field(repr=False)
    """HMAC-SHA256 under the key of codes."""
    account: Owner = field(repr=False)
    """As whom it signs in."""
    authority_id: str
    made_at: datetime
    expires_at: datetime
    uses_left: int
    school_number: str | None = None
    label: str = ""
    """Of the class, as the school calls it."""
    application_id: ApplicationId | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, now: datetime) -> bool:
        """Whether it lets somebody in."""
        return self.revoked_at is None and self.uses_left > 0 and now < self.expires_at


@dataclass(frozen=True)
class CodeBatch:
    """Codes of one class, as staff see them."""

    id: BatchId
    school_number: str
    label: str
    made_at: datetime
    expires_at: datetime
    made: int
    used: int
    revoked_at: datetime | None


@dataclass(frozen=True)
class LetterRequest:
    """A code by letter that was asked for. Without an application: asked for one that is not there, or too often."""

    id: LetterId
    application_id: ApplicationId | None
    asked_at: datetime
    by_staff: bool = False


@dataclass(frozen=True)
class Tries:
    """Wrong codes of one client."""

    wrong: int = 0
    since: datetime | None = None
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether no code of this client is looked at."""
        return self.locked_until is not None and now < self.locked_until

    def after_wrong(self, now: datetime) -> "Tries":
        """One more. The last one that is allowed locks, and counting begins again."""
        fresh = self.since is None or now - self.since >= WRONG_WITHIN
        since, wrong = (now, 1) if fresh or self.since is None else (self.since, self.wrong + 1)
        return Tries(0, None, now + LOCKED) if wrong >= MOST_WRONG else Tries(wrong, since)


@dataclass(frozen=True)
class LookLink:
    """A link that shows how an application stands, and nothing else."""

    application_id: ApplicationId
    token_digest: bytes = field(repr=False)
    made_at: datetime
    expires_at: datetime


def is_code_account(account: Owner) -> bool:
    """Whether somebody without an account of an identity provider is meant."""
    return account.startswith(ACCOUNT)
