"""A broker that hands on what BundID tells, strict: what an application sends wrong is an error here, not a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
from fastapi import FastAPI
from joserfc.jwk import ECKey, KeySet
from local.identity import provider as demo
from shared.identity import Identity
from shared.sign_in import BUNDID, AccountClaims, Client, EndedSessions, IdentityProvider, Sessions, SignInFlow
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from support.sign_in import ISSUER, PASSWORD, SESSION_KEY, DemoIdentity

ELIF: Mapping[str, object] = {
    BUNDID["first_name"]: "Elif",
    BUNDID["last_name"]: "Öztürk",
    BUNDID["email"]: "elif@example.org",
    BUNDID["street_address"]: "Am Markt 5 a",
    BUNDID["postal_code"]: "33602",
    BUNDID["city"]: "Bielefeld",
}
LEVELS = ("STORK-QAA-Level-1", "STORK-QAA-Level-3", "STORK-QAA-Level-4")
SHORTEST_RANDOM = 32
"""Characters of state, nonce and challenge."""


@dataclass
class Strictness:
    """Before the broker's own sign-in page. `asked`: the requests that came, as they were."""

    app: ASGIApp
    redirect: str
    asked: list[dict[str, str]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/authorize":
            asked = dict(parse_qsl(scope["query_string"].decode()))
            self.asked.append(asked)
            if wrong := self.faults(asked):
                await PlainTextResponse(", ".join(wrong), 400)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def faults(self, asked: Mapping[str, str]) -> list[str]:
        """Names of what is wrong with a request."""
        right = {
            "response_type": asked.get("response_type") == "code",
            "scope": "openid" in asked.get("scope", "").split(),
            "redirect_uri": asked.get("redirect_uri") == self.redirect,
            "state": len(asked.get("state", "")) >= SHORTEST_RANDOM,
            "nonce": len(asked.get("nonce", "")) >= SHORTEST_RANDOM,
            "code_challenge": len(asked.get("code_challenge", "")) >= SHORTEST_RANDOM,
            "code_challenge_method": asked.get("code_challenge_method") == "S256",
            "acr_values": all(
                each in LEVELS or each.startswith("http://eidas") for each in asked.get("acr_values", "").split()
            ),
        }
        return [name for name, holds in right.items() if not holds]


class StrictBroker(DemoIdentity):
    """With one parent, of whom it tells these claims, who can sign in at these levels."""

    def __init__(
        self, claims: Mapping[str, object] = ELIF, levels: Sequence[str] = LEVELS, back: str = "http://antrag.test"
    ) -> None:
        self._client, self._back = "family", f"{back}/family/sign-in/back"
        user = demo.User(password=PASSWORD, roles=["guardian"], claims=dict(claims), levels=list(levels))
        settings = demo.Settings(
            issuer=ISSUER, key_file=Path("in-memory"), users={"elif": user}, clients={"family": [self._back]}
        )
        key = ECKey.generate_key("P-256", private=True)
        key.ensure_kid()
        inner = demo.app(settings, key)
        self._keys = KeySet.import_key_set({"keys": [key.as_dict(private=False)]})
        self.gate = Strictness(inner, self._back)
        self.app = FastAPI()
        self.app.mount("/", self.gate)

    def broker_sign_in(self, now: Callable[[], datetime], ended: EndedSessions | None = None) -> SignInFlow:
        """The families' sign-in, which reads claims under BundID's own names."""
        access: Identity = self.identity()
        provider = IdentityProvider(
            Client(self._client, f"{ISSUER}/authorize", f"{ISSUER}/token", self._back),
            ISSUER,
            access,
            self.identity(self._client),
            httpx.ASGITransport(app=self.app),
            AccountClaims(BUNDID),
        )
        return SignInFlow(Sessions(SESSION_KEY, self._client, https=False), provider, now, ended)
