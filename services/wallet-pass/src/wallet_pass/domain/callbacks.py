"""What Google tells of a pass: somebody has saved it into a wallet, or taken it out again. Pure.

It names the object, never a person; how many wallets hold a pass is all that is kept of it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CallbackKind(StrEnum):
    """In Google's spelling."""

    SAVE = "save"
    DELETE = "del"


@dataclass(frozen=True)
class Callback:
    """One, whose signature was checked."""

    kind: CallbackKind
    class_id: str
    object_id: str
    nonce: str
    """The same where Google says the same once more."""
    expires_at: datetime
    """From then on it is refused: the nonce need not be known any longer."""
