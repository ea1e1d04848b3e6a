"""A QR code that changes every few seconds, where an authority wants it. Pure.

What is signed stays as it is; behind it stands the time and a number that only who knows the pass's secret can compute
(RFC 6238). A picture of the code is as genuine as before, but stands still beside one that moves.
"""

import hmac
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.errors import Invalid, Text

SHORTEST, LONGEST = 10, 300
"""Seconds. Our own choice: below ten a scanner meets the change; one that stands for five minutes is sent on."""
SECRET_BYTES = 20
"""As long as the digest of RFC 6238's algorithm here, SHA-1 (RFC 4226, 4: 160 bits are recommended)."""
_USE = b"rotation"


@dataclass(frozen=True)
class Rotation:
    """How an authority's codes change."""

    seconds: int = 30
    digits: Literal[6, 8] = 6

    def __post_init__(self) -> None:
        if not SHORTEST <= self.seconds <= LONGEST or self.digits not in (6, 8):
            raise Invalid(
                Text(
                    "Ein Code wechselt alle 10 bis 300 Sekunden und hat 6 oder 8 Ziffern.",
                    "A code changes every 10 to 300 seconds and has 6 or 8 digits.",
                ),
                field="seconds",
            )


def rotation_secret(key: bytes, serial_number: UUID) -> bytes:
    """Of one pass, by the key of its links: nothing of it is kept, and after a restore it is the same."""
    return hmac.digest(key, _USE + serial_number.bytes, "sha256")[:SECRET_BYTES]
