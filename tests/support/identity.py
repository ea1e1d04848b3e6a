"""Who asks, for tests of what a caller may do: no issuer, no signature."""

from joserfc.jwk import KeySet
from shared.identity import Caller, Identity
from shared.row_security.asking import asks


class PlainTokens(Identity):
    """Implements Identity: the token is `subject/authority/roles`, with `+` between them, and is taken at its word."""

    def __init__(self) -> None:
        super().__init__("https://id.example", "schulticket", keys=KeySet([]))

    async def check(self, token: str) -> Caller:
        subject, authority_id, roles = token.split("/")
        caller = Caller(subject, authority_id or None, frozenset(roles.split("+")))
        asks(caller)
        return caller


def bearer(subject: str, role: str = "case_worker", authority_id: str = "12345") -> dict[str, str]:
    """The header of such a caller."""
    return {"Authorization": f"Bearer {subject}/{authority_id}/{role}"}
