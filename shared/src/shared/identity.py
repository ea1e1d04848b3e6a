"""Who asks: an OIDC access token becomes a caller. Issuer, audience and algorithm are pinned."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import httpx
import structlog
from fastapi import Header
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from shared.errors import Forbidden, Text, Unavailable

log = structlog.get_logger("identity")
Result = TypeVar("Result")

ALGORITHMS = ["ES256", "RS256", "PS256"]
"""Asymmetric only: with HS256 in the list a public key could serve as a shared secret."""
MAXIMUM_TOKEN_LENGTH = 8192
LONGEST_NAME = 80
LEEWAY_SECONDS = 30
REFRESH_AFTER_SECONDS = 30
"""An unknown key id makes the keys be fetched anew, at most this often: strangers can invent key ids."""
ROLES = frozenset({"guardian", "case_worker", "releaser", "operator", "inspector", "administrator"})


class Unauthenticated(Exception):
    """No token, or one that does not count. HTTP 401, with one answer for all: it helps nobody to guess."""


class Expired(Unauthenticated):
    """One that the issuer has signed, and whose time is over. It is no guess: a client renews it on the 401."""


@dataclass(frozen=True)
class Caller:
    """Who asks. `authority_id` is set for staff of a school authority (the tenant)."""

    subject: str
    authority_id: str | None
    roles: frozenset[str]
    name: str = field(default="", compare=False)
    """As the identity provider says it; empty where it does not. Shown and printed, never a ground for rights."""
    organisation_id: int | None = None
    """Of operators and inspectors: the transport operator for whom they work, by its VDV-KA organisation id."""

    def require(self, *roles: str) -> None:
        """Raise Forbidden unless the caller has one of `roles`."""
        if not self.roles.intersection(roles):
            raise Forbidden(
                Text(
                    "Ihr Zugang ist dafür nicht freigeschaltet. Bitte wenden Sie sich an Ihre Administration.",
                    "Your account is not enabled for this. Please ask your administrator.",
                )
            )


class Identity:
    """Checks tokens against one issuer's published keys."""

    def __init__(self, issuer: str, audience: str, *, keys: KeySet | None = None) -> None:
        """`keys` spares the look-up at the issuer (tests, or keys brought by hand)."""
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def caller(self, authorization: Annotated[str | None, Header(include_in_schema=False)] = None) -> Caller:
        """FastAPI dependency. Raises Unauthenticated, or Unavailable where the issuer's keys cannot be had."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > MAXIMUM_TOKEN_LENGTH:
            raise Unauthenticated
        return await self.check(token.strip())

    async def check(self, token: str) -> Caller:
        """The caller of an access token. Raises as `caller` does."""
        return await self._checked(token, self._read)

    async def claims(self, token: str) -> dict[str, Any]:
        """All claims of a token, checked as for `check`: a page's sign-in needs the nonce of its ID token."""
        return await self._checked(token, self._verified)

    async def _checked(self, token: str, read: Callable[[str, KeySet], Result]) -> Result:
        keys = await self._current_keys()
        try:
            return read(token, keys)
        except ExpiredTokenError:
            raise Expired from None
        except (JoseError, ValueError):
            pass  # perhaps signed with a newer key
        if not await self._refresh(keys):
            raise Unauthenticated
        try:
            return read(token, await self._current_keys())
        except ExpiredTokenError:
            raise Expired from None
        except (JoseError, ValueError):
            raise Unauthenticated from None

    def _verified(self, token: str, keys: KeySet) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        self._claims.validate(claims)
        return claims

    def _read(self, token: str, keys: KeySet) -> Caller:
        claims = self._verified(token, keys)
        roles = claims.get("roles", [])
        authority, organisation = claims.get("authority_id"), claims.get("organisation_id")
        if type(organisation) not in (int, type(None)):
            raise ValueError("claims of a wrong type")
        if not isinstance(roles, list) or not (authority is None or isinstance(authority, str)):
            raise ValueError("claims of a wrong type")
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise ValueError("subject of a wrong type")
        name = claims.get("name")
        named = name[:LONGEST_NAME].strip() if isinstance(name, str) and name.isprintable() else ""
        known = ROLES.intersection(role for role in roles if isinstance(role, str))
        return Caller(subject, authority, known, named, organisation)

    async def _current_keys(self) -> KeySet:
        if self._keys is None:
            await self._refresh(None)
        if self._keys is None:
            raise Unavailable(
                Text(
                    "Die Anmeldung kann gerade nicht geprüft werden. Bitte versuchen Sie es gleich noch einmal.",
                    "Sign-in cannot be checked just now. Please try again in a moment.",
                )
            )
        return self._keys

    async def _refresh(self, used: KeySet | None) -> bool:
        """Fetch the issuer's keys. True where they may differ from `used`."""
        async with self._fetching:
            if self._keys is not used:
                return True
            if time.monotonic() - self._fetched_at < REFRESH_AFTER_SECONDS and self._keys is not None:
                return False
            self._fetched_at = time.monotonic()
            try:
                async with httpx.AsyncClient(timeout=5) as http:
                    metadata = (await http.get(f"{self._issuer}/.well-known/openid-configuration")).raise_for_status()
                    if metadata.json().get("issuer") != self._issuer:
                        raise ValueError("the metadata name another issuer")
                    answer = (await http.get(metadata.json()["jwks_uri"])).raise_for_status()
                    self._keys = KeySet.import_key_set(answer.json())
            except (httpx.HTTPError, ValueError, KeyError, JoseError) as error:
                log.warning("keys_not_fetched", error=type(error).__name__)
                return False
            return True
