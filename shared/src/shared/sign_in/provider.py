"""The authority's identity provider, as a page's sign-in needs it: OpenID Connect, authorization code with PKCE.

A browser brings back a code; it is good only with the verifier that this service kept (RFC 7636), and its ID token only
with the nonce that went out. The access token is then checked exactly as the API checks it.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog

from shared.errors import Text, Unavailable
from shared.identity import LONGEST_NAME, Caller, Identity, Unauthenticated
from shared.sign_in.account import NO_DETAILS, AccountClaims, AccountDetails
from shared.trust import Trust

log = structlog.get_logger("sign_in")
SECONDS = 10
AWAY = Text(
    "Die Anmeldung ist gerade nicht erreichbar. Bitte versuchen Sie es gleich noch einmal.",
    "Sign-in cannot be reached just now. Please try again in a moment.",
)


@dataclass(frozen=True)
class Client:
    """How this service is known to the identity provider."""

    client_id: str
    authorize_url: str
    token_url: str
    redirect_uri: str
    secret_file: Path | None = None
    """Where the provider wants a secret beside PKCE (client_secret_basic)."""
    end_session_url: str | None = None
    scope: str = "openid"


@dataclass(frozen=True)
class Attempt:
    """What is kept between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str
    then: str
    """The page that was asked for, within this service."""

    @classmethod
    def new(cls, then: str) -> "Attempt":
        """A sign-in that begins, with values that nobody can guess.

        Args:
            then: the page that was asked for.
        """
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32), then)


@dataclass(frozen=True)
class SignedIn:
    caller: Caller
    name: str
    """For the head of the page; as the provider tells it, else the subject."""
    details: AccountDetails = NO_DETAILS


class IdentityProvider:
    def __init__(  # noqa: PLR0917  # all that it is made of
        self,
        client: Client,
        issuer: str,
        access: Identity,
        told: Identity | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        claims: AccountClaims | None = None,
    ) -> None:
        """`access` checks access tokens as for the API; `told` ID tokens, whose audience is the client.

        Args:
            transport: how the provider is reached; None: over the network.
            claims: what is read of the person; None: nothing but the name.
        """
        self.claims = claims or AccountClaims()
        self._transport = transport
        self.client = client
        self._issuer = issuer
        self._access = access
        self._told = told or Identity(issuer, client.client_id)

    def address(self, attempt: Attempt, trust: Trust | None = None) -> str:
        """Where the browser goes to sign in.

        Args:
            trust: the level that is asked for; the provider may still let somebody in at a lower one, and says so.
        """
        challenge = hashlib.sha256(attempt.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri,
            "scope": self.client.scope,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if trust is not None and (wanted := self.claims.acr_values(trust)):
            asked["acr_values"] = wanted
        joint = "&" if "?" in self.client.authorize_url else "?"
        return f"{self.client.authorize_url}{joint}{urlencode(asked)}"

    async def back(self, attempt: Attempt, answer: dict[str, str]) -> SignedIn:
        """Who came back with `answer` (code, state).

        1. It is the answer to this attempt, from this issuer (RFC 9207 where it says so). 2. The code is redeemed with
        the verifier. 3. The access token counts as for the API. 4. The ID token bears our nonce and the same subject.

        Raises:
            Unauthenticated, Unavailable.
        """
        # 1.
        if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise Unauthenticated
        if answer.get("iss", self._issuer) != self._issuer or not answer.get("code"):
            raise Unauthenticated
        # 2.
        tokens = await self._redeem(answer["code"], attempt.verifier)
        # 3.
        caller = await self._access.check(str(tokens.get("access_token", "")))
        # 4.
        told = await self._told.claims(str(tokens.get("id_token", "")))
        if not hmac.compare_digest(str(told.get("nonce", "")).encode(), attempt.nonce.encode()):
            raise Unauthenticated
        if told["sub"] != caller.subject:
            raise Unauthenticated
        name = str(told.get("name") or "")[:LONGEST_NAME]
        shown = name or str(told.get("preferred_username") or caller.subject)[:LONGEST_NAME]
        return SignedIn(replace(caller, name=name or caller.name), shown, self.claims.read(told))

    async def _redeem(self, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "client_id": self.client.client_id,
            "code_verifier": verifier,
        }
        secret = self.client.secret_file
        login = httpx.BasicAuth(self.client.client_id, secret.read_text().strip()) if secret else None
        try:
            async with httpx.AsyncClient(timeout=SECONDS, transport=self._transport) as http:
                answer = await http.post(self.client.token_url, data=form, auth=login or httpx.USE_CLIENT_DEFAULT)
            if answer.is_client_error:
                raise Unauthenticated
            tokens: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("code_not_redeemed", error=type(error).__name__)
            raise Unavailable(AWAY) from error
        return tokens
