"""Access tokens of an issuer that only this test knows."""

import time
from functools import cache

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from shared.identity import Identity

ISSUER = "https://id.example"


class TokenIssuer:
    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"kid": "test", "alg": "ES256", "use": "sig"})

    def identity(self) -> Identity:
        """The check of its tokens."""
        return Identity(ISSUER, "schulticket", keys=KeySet([self._key]))

    def bearer(
        self,
        subject: str,
        *roles: str,
        authority_id: str | None = None,
        seconds: int = 3600,
        organisation_id: int | None = None,
    ) -> dict[str, str]:
        """The header of such a caller. `seconds`: how long the token counts from now on."""
        claims: dict[str, object] = {
            "iss": ISSUER, "aud": "schulticket", "sub": subject, "roles": list(roles), "exp": int(time.time()) + seconds
        }  # fmt: skip
        if authority_id is not None:
            claims["authority_id"] = authority_id
        if organisation_id is not None:
            claims["organisation_id"] = organisation_id
        return {"Authorization": "Bearer " + jwt.encode({"alg": "ES256", "kid": "test"}, claims, self._key)}


@cache
def issuer() -> TokenIssuer:
    """One for all tests of a process: their applications are built once."""
    return TokenIssuer()
