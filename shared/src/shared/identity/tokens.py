"""An OIDC access token becomes a caller. Issuer, audience, algorithm and kind are pinned, its lifetime is bounded."""

import base64
import json
import math
import re
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Annotated, Any, TypeVar

import structlog
from fastapi import Header
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from shared.http.limits import count
from shared.identity.caller import ROLES, Caller, ExpiredToken, Unauthenticated
from shared.identity.issuer_keys import IssuerKeys
from shared.row_security import asking

log = structlog.get_logger("identity")
Result = TypeVar("Result")

ALGORITHMS = ["ES256", "RS256", "PS256"]
"""Asymmetric only: with HS256 in the list a public key could serve as a shared secret."""
TOKEN_TYPES = ("at+jwt", "JWT")
"""Of access tokens (RFC 9068); many providers still write JWT. A logout token is neither."""
ID_TOKEN_CLAIMS = ("at_hash", "c_hash")
"""Only ID tokens have them (OpenID Connect Core 3.3.2.11): those say who signed in, and open nothing."""
MAXIMUM_TOKEN_LENGTH = 8192
LONGEST_NAME, LONGEST_SUBJECT, LONGEST_AUTHORITY = 80, 255, 32
SCHOOL_NUMBER = re.compile(r"[0-9]{6}", re.ASCII)
LEEWAY_SECONDS = 30
LONGEST_LIFE_SECONDS = 24 * 3600
"""A token that counts longer than a day is refused: nobody could take it back."""
SAY_AGAIN_SECONDS = 3600.0
CHECKED: ContextVar[tuple[str, Caller] | None] = ContextVar("checked", default=None)
"""The header of this request and whose it is, where the gate before all routes has checked it."""


class Identity:
    """Checks tokens against one issuer's published keys."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        *,
        keys: KeySet | None = None,
        published: IssuerKeys | None = None,
        types: Sequence[str] = TOKEN_TYPES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`keys` spares the look-up at the issuer (tests, or keys brought by hand).

        Args:
            types: of access tokens, as their header says it; a provider that marks them should be held to at+jwt alone.
            clock: seconds since 1970.
        """
        self._keys = published or IssuerKeys(issuer, keys)
        self._types = frozenset(each.lower() for each in types)
        self._clock, self._said_at = clock, float("-inf")
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def caller(self, authorization: Annotated[str | None, Header(include_in_schema=False)] = None) -> Caller:
        """FastAPI dependency.

        Raises:
            Unauthenticated.
            Unavailable: where the issuer's keys cannot be had.
        """
        checked = CHECKED.get()
        if checked is not None and checked[0] == authorization:
            return checked[1]
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        return await self.check(token.strip())

    async def check(self, token: str) -> Caller:
        """The caller of an access token. Raises as `caller` does, or TooMany: whoever is known is counted."""
        found = await self._checked(token, self._read)
        count(found)
        asking.asks(found)
        return found

    async def claims(self, token: str) -> dict[str, Any]:
        """All claims of a token, checked as for `check` but for its kind: a page's sign-in needs the nonce of its ID
        token."""
        return await self._checked(token, self._verified)

    async def _checked(self, token: str, read: Callable[[str, KeySet], Result]) -> Result:
        """1. A header that can be read, with the id of a key. 2. An unknown one is asked for at the issuer.
        3. The signature, then what the token says."""
        # 1.
        key_id = _header(token).get("kid")
        if not isinstance(key_id, str) or not key_id:
            raise Unauthenticated
        # 2.
        keys = await self._keys.current()
        if all(key.kid != key_id for key in keys.keys):
            newer = await self._keys.newer()
            if newer is None:
                raise Unauthenticated
            keys = newer
        # 3.
        try:
            return read(token, keys)
        except ExpiredTokenError:
            raise ExpiredToken from None
        except (JoseError, ValueError):
            raise Unauthenticated from None

    def _verified(self, token: str, keys: KeySet) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        times = [claims[name] for name in ("exp", "nbf", "iat") if name in claims]
        if not all(type(each) in (int, float) and math.isfinite(each) for each in times):
            raise ValueError("a time of a wrong type")
        self._look_at_clock(claims)
        self._claims.validate(claims)
        if claims["exp"] > self._clock() + LONGEST_LIFE_SECONDS + LEEWAY_SECONDS:
            raise ValueError("a token that would count for too long")
        return claims

    def _look_at_clock(self, claims: dict[str, Any]) -> None:
        """Said once an hour: of a token that was signed for a moment to come, one of both clocks is wrong."""
        now, begins = self._clock(), max(claims.get("iat", 0), claims.get("nbf", 0))
        if begins > now + LEEWAY_SECONDS and now - self._said_at > SAY_AGAIN_SECONDS:
            self._said_at = now
            log.warning("clock_differs_from_identity_provider", seconds=round(begins - now), remedy="set this clock")

    def _read(self, token: str, keys: KeySet) -> Caller:
        kind = str(_header(token).get("typ", "JWT")).lower().removeprefix("application/")
        claims = self._verified(token, keys)
        if kind not in self._types or any(name in claims for name in ID_TOKEN_CLAIMS):
            raise ValueError("no access token")
        roles = claims.get("roles", [])
        authority, organisation = claims.get("authority_id"), claims.get("organisation_id")
        if type(organisation) not in (int, type(None)):
            raise ValueError("claims of a wrong type")
        if not isinstance(roles, list) or not (authority is None or _is_short(authority, LONGEST_AUTHORITY)):
            raise ValueError("claims of a wrong type")
        school = claims.get("school_number")
        if not (school is None or (isinstance(school, str) and SCHOOL_NUMBER.fullmatch(school))):
            raise ValueError("claims of a wrong type")
        if not _is_short(claims["sub"], LONGEST_SUBJECT):
            raise ValueError("subject of a wrong type")
        name = claims.get("name")
        named = name[:LONGEST_NAME].strip() if isinstance(name, str) and name.isprintable() else ""
        known = ROLES.intersection(role for role in roles if isinstance(role, str))
        return Caller(claims["sub"], authority, known, named, organisation, school)


def _is_short(text: object, longest: int) -> bool:
    """A text that every database keeps: no NUL and no other sign that cannot be printed."""
    return isinstance(text, str) and 0 < len(text) <= longest and text.isprintable()


def _header(token: str) -> dict[str, Any]:
    """As it says itself, before any signature is checked.

    Raises:
        Unauthenticated.
    """
    first = token.partition(".")[0]
    if len(token) > MAXIMUM_TOKEN_LENGTH:
        raise Unauthenticated
    try:
        found = json.loads(base64.b64decode(first + "=" * (-len(first) % 4), b"-_", validate=True))
    except (ValueError, RecursionError):
        raise Unauthenticated from None
    if not isinstance(found, dict):
        raise Unauthenticated
    return found
