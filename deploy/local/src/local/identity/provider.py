"""The demo identity provider: an OIDC issuer for one machine, with named demo users.

    python -m local.identity SETTINGS.json

It is no product: passwords stand in a file, its sign-in page (sign_in_page.py) is plain, and it refuses to listen
anywhere but on loopback, or to be spoken to by another name than a loopback one.
An authority uses its own (BundID, Keycloak, …).
"""

import ipaddress
import json
import secrets
import sys
import time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Form
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import ECKey
from pydantic import BaseModel, Field, model_validator
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from local.identity.sign_in_page import Code, Codes, password_fits, sign_in_page
from local.identity.start_page import Start, start_page

ALGORITHM = "ES256"
TOKEN_SECONDS = 3600


class User(BaseModel):
    password: str = Field(min_length=16)
    roles: list[str]
    authority_id: str | None = None
    organisation_id: int | None = None
    """Of operators and inspectors."""
    school_number: str | None = None
    """Of a school's office."""
    name: str = ""
    """First and last name; an authority's staff sign notices by it."""
    claims: dict[str, Any] = Field(default_factory=dict)
    """What the ID token says besides, as a broker hands on what BundID tells."""
    levels: list[str] = Field(default_factory=list)
    """With which levels of trust this person can sign in, lowest first; the lowest where none of them is asked for."""


class Settings(BaseModel):
    """`key_file` holds the signing key (PEM); it is made where it is missing."""

    issuer: str
    audience: str = "schulticket"
    key_file: Path
    users: dict[str, User]
    clients: dict[str, list[str]] = Field(default_factory=dict)
    """Public clients (pages with a sign-in) and the addresses to which they may be sent back, letter for letter."""

    level_claim: str = "urn:oid:1.2.40.0.10.2.1.1.261.94"
    """The claim that says at which level somebody has signed in, beside `acr`."""

    start: Start | None = None
    """The first page of the local run; None: there is none."""

    @property
    def port(self) -> int:
        """Of the issuer's address."""
        return urlsplit(self.issuer).port or 80

    @property
    def host(self) -> str:
        """Of the issuer's address."""
        return urlsplit(self.issuer).hostname or ""

    @model_validator(mode="after")
    def _only_loopback(self) -> "Settings":
        if not _is_loopback(self.host):
            raise ValueError(f"the demo identity provider listens on loopback only, not on {self.host!r}")
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def app(settings: Settings, key: ECKey) -> FastAPI:
    """The addresses that the services, their pages and the demo need of an OIDC issuer."""
    api = FastAPI(title="Schulticket: demo identity provider", docs_url=None, redoc_url=None)
    api.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])
    # a page that signs in by itself, such as the scanner's, asks for metadata and token from its own origin
    pages = {urlsplit(address) for addresses in settings.clients.values() for address in addresses}
    origins = sorted({f"{page.scheme}://{page.netloc}" for page in pages})
    api.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"])
    codes = Codes()
    api.include_router(sign_in_page(settings, codes))
    if settings.start is not None:
        api.include_router(start_page(settings.start))
    public_keys = {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}]}

    @api.get("/.well-known/openid-configuration")
    async def metadata() -> dict[str, Any]:
        return _metadata(settings)

    @api.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return public_keys

    @api.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    _add_token(api, settings, key, codes)
    return api


def _metadata(settings: Settings) -> dict[str, Any]:
    return {
        "issuer": settings.issuer,
        "authorization_endpoint": f"{settings.issuer}/authorize",
        "token_endpoint": f"{settings.issuer}/token",
        "jwks_uri": f"{settings.issuer}/jwks",
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "password", "client_credentials"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
    }


def _add_token(api: FastAPI, settings: Settings, key: ECKey, codes: Codes) -> None:
    @api.post("/token")
    async def token(  # noqa: PLR0917  # as OAuth names them
        grant_type: Annotated[str, Form()],
        username: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        client_id: Annotated[str, Form()] = "",
        client_secret: Annotated[str, Form()] = "",
        code: Annotated[str, Form()] = "",
        redirect_uri: Annotated[str, Form()] = "",
        code_verifier: Annotated[str, Form()] = "",
    ) -> JSONResponse:
        """RFC 6749, 4.1 (code, with PKCE), 4.3 (password), 4.4 (client credentials). Errors as its section 5.2."""
        if grant_type == "authorization_code":
            found = codes.redeem(code, client_id, redirect_uri, code_verifier)
            return _no_store(_both_tokens(settings, key, found) if found else {"error": "invalid_grant"},
                             200 if found else 400)  # fmt: skip
        given = {"password": (username, password), "client_credentials": (client_id, client_secret)}.get(grant_type)
        if given is None:
            return _no_store({"error": "unsupported_grant_type"}, 400)
        signed = _sign_in(settings, key, *given)
        return _no_store({"error": "invalid_grant"}, 400) if signed is None else _no_store(signed)


def _sign_in(settings: Settings, key: ECKey, name: str, secret: str) -> dict[str, Any] | None:
    """The token answer; None for a wrong name or password, after the same work."""
    user = settings.users.get(name)
    if not password_fits(user, secret) or user is None:
        return None
    token = access_token(settings, key, name, user, now=int(time.time()))
    return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}


def _both_tokens(settings: Settings, key: ECKey, code: Code) -> dict[str, Any]:
    now = int(time.time())
    signed = access_token(settings, key, code.user, settings.users[code.user], now)
    claims = {"iss": settings.issuer, "aud": code.client_id, "sub": code.user, "iat": now, "exp": now + TOKEN_SECONDS,
              "nonce": code.nonce, "preferred_username": code.user}  # fmt: skip
    claims |= _name(settings.users[code.user]) | settings.users[code.user].claims
    if level := level_of(settings.users[code.user], code.acr_values):
        claims |= {settings.level_claim: level, "acr": level}
    told = jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key)
    return {"access_token": signed, "id_token": told, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}


def level_of(user: User, acr_values: str) -> str:
    """The lowest of the levels that are asked for at which this person can sign in; else the lowest at all. Empty for
    who has none."""
    asked = acr_values.split()
    return next((each for each in user.levels if each in asked), next(iter(user.levels), ""))


def _name(user: User) -> dict[str, str]:
    return {"name": user.name} if user.name else {}


def access_token(settings: Settings, key: ECKey, name: str, user: User, now: int) -> str:
    """A signed access token (RFC 9068) for `name`, valid from `now` (Unix seconds) for an hour."""
    claims: dict[str, Any] = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": name,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "jti": secrets.token_urlsafe(16),
        "roles": user.roles,
    }
    if user.authority_id is not None:
        claims["authority_id"] = user.authority_id
    if user.organisation_id is not None:
        claims["organisation_id"] = user.organisation_id
    if user.school_number is not None:
        claims["school_number"] = user.school_number
    claims |= _name(user)
    return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}, claims, key)


def _no_store(body: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})


def load_key(path: Path) -> ECKey:
    """The signing key; made where it is missing, readable by this user alone."""
    from local.files import write_secret

    if not path.exists():
        write_secret(path, ECKey.generate_key("P-256", private=True).as_pem(private=True).decode())
    key = ECKey.import_key(path.read_bytes())
    key.ensure_kid()
    return key


def main() -> None:
    """Serve the provider. The only argument is the path of its settings, as JSON."""
    settings = Settings.model_validate(json.loads(Path(sys.argv[1]).read_bytes()))
    uvicorn.run(app(settings, load_key(settings.key_file)), host=settings.host, port=settings.port, log_level="warning")


if __name__ == "__main__":
    main()
