"""A pass's link and its secret, derived by a key from the ticket: made again after a restore, a pass has the link that
the family knows, and phones go on fetching it. Pure."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from uuid import UUID

from wallet_pass.domain.passes import AuthenticationToken, PassToken

KEY_BYTES = 32
TOKEN_BYTES = 16
"""128 bits."""
_LINK, _AUTHENTICATION = b"link", b"authentication"


@dataclass(frozen=True)
class Links:
    """Of passes that are made from now on: those that are there keep theirs."""

    key: bytes = field(repr=False)

    def pass_token(self, ticket_id: UUID) -> PassToken:
        """The last part of the pass's address; 22 characters that are good in a URL."""
        return PassToken(self._derive(_LINK, ticket_id))

    def authentication_token(self, ticket_id: UUID) -> AuthenticationToken:
        """What a phone shows to fetch its pass again; 22 characters."""
        return AuthenticationToken(self._derive(_AUTHENTICATION, ticket_id))

    def _derive(self, use: bytes, ticket_id: UUID) -> str:
        digest = hmac.digest(self.key, use + ticket_id.bytes + FIRST_LINKS, "sha256")[:TOKEN_BYTES]
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


FIRST_LINKS = (0).to_bytes(4, "big")
"""The generation of links: a ticket has one. Where a link must be given up after a loss, another ticket is made."""
