"""A pass's link and its secret, derived by a key from the ticket: made again after a restore, a pass has the link that
the family knows, and phones go on fetching it. How long a link leads to its pass. Pure."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from wallet_pass.domain.passes import AuthenticationToken, PassToken

KEY_BYTES = 32
TOKEN_BYTES = 16
"""128 bits."""
_LINK, _AUTHENTICATION = b"link", b"authentication"
FIRST_LINK = 0
"""The number of the link with which a pass begins. Each act of the family on its link has a higher one."""
LINK_LIFE = timedelta(days=400)
"""Our own choice: a school year with its holidays. A family renews its link on its page at any time."""
AFTER_THE_TICKET = timedelta(days=30)
"""So long after its ticket's last moment or revocation a link still says how it stands. Our own choice: until then a
family looks up what happened; later it asks on its own page."""


def digest_of(token: PassToken) -> bytes:
    """What is kept of a link that has ended. The token has 128 random bits, so that no key is needed: SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True)
class Links:
    """Of passes that are made from now on: those that are there keep theirs."""

    key: bytes = field(repr=False)

    def pass_token(self, ticket_id: UUID) -> PassToken:
        """The last part of the pass's address; 22 characters that are good in a URL."""
        return self.renewed_token(ticket_id, FIRST_LINK)

    def renewed_token(self, serial_number: UUID, number: int) -> PassToken:
        """The link of this number, of the pass that was made for this ticket."""
        return PassToken(self._derive(_LINK, serial_number, number))

    def authentication_token(self, ticket_id: UUID) -> AuthenticationToken:
        """What a phone shows to fetch its pass again; 22 characters."""
        return AuthenticationToken(self._derive(_AUTHENTICATION, ticket_id))

    def _derive(self, use: bytes, ticket_id: UUID, number: int = FIRST_LINK) -> str:
        digest = hmac.digest(self.key, use + ticket_id.bytes + number.to_bytes(4, "big"), "sha256")[:TOKEN_BYTES]
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
