"""Numbers that are derived by a key: made again after a restore, a ticket bears the number that it bore. Pure."""

import hmac
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from issuance.domain.shards import PLACES_DRAWN

KEY_BYTES = 32
TOKEN_BYTES = 8
_TOKEN, _PLACE = b"token", b"place"


class TicketNumber(NamedTuple):
    """A number, and which draw of the ticket gave it (0 is the first): kept beside it, and told."""

    number: int
    draw: int


@dataclass(frozen=True)
class NumberScheme:
    """Nobody without the key can tell from a case which number its ticket has, or from two numbers which came first."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise ValueError(f"a numbering key has {KEY_BYTES} bytes")

    def place(self, ticket_id: UUID, draw: int) -> int:
        """The place in a shard, below PLACES_DRAWN, that this draw gives: 64 bits of HMAC-SHA-256, so no place is more
        likely than another by more than 10^-13."""
        return int.from_bytes(self._derive(_PLACE, ticket_id, draw)[:8], "big") % PLACES_DRAWN

    def token_id(self, ticket_id: UUID) -> bytes:
        """The 8 bytes by which the signed QR code is known."""
        return self._derive(_TOKEN, ticket_id, 0)[:TOKEN_BYTES]

    def _derive(self, use: bytes, ticket_id: UUID, draw: int) -> bytes:
        return hmac.digest(self.key, use + ticket_id.bytes + draw.to_bytes(4, "big"), "sha256")
