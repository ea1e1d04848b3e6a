"""The demo identity provider: an OIDC issuer for one machine, with named demo users.

    python -m local.identity SETTINGS.json

It is no product: passwords stand in a file, there is no browser login, and it refuses to listen anywhere but on
loopback, or to be spoken to by another name than a loopback one. An authority uses its own (BundID, Keycloak, …).
"""

import hmac
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
from starlette.middleware.trustedhost import TrustedHostMiddleware

ALGORITHM = "ES256"
TOKEN_SECONDS = 3600


class User(BaseModel):
    password: str = Field(min_length=16)
    roles: list[str]
    authority_id: str | None = None


class Settings(BaseModel):
    """`key_file` holds the signing key (PEM); it is made where it is missing."""

    issuer: str
    audience: str = "schulticket"
    key_file: Path
    users: dict[str, User]

    @property
    def port(self) -> int:
        return urlsplit(self.issuer).port or 80

    @property
    def host(self) -> str:
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
    """The three addresses that the services and the demo need of an OIDC issuer."""
    api = FastAPI(title="Schulticket: demo identity provider", docs_url=None, redoc_url=None)
    api.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])
    public_keys = {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}]}

    @api.get("/.well-known/openid-configuration")
    async def metadata() -> dict[str, Any]:
        return {
            "issuer": settings.issuer,
            "token_endpoint": f"{settings.issuer}/token",
            "jwks_uri": f"{settings.issuer}/jwks",
            "grant_types_supported": ["password", "client_credentials"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
        }

    @api.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return public_keys

    @api.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @api.post("/token")
    async def token(
        grant_type: Annotated[str, Form()],
        username: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        client_id: Annotated[str, Form()] = "",
        client_secret: Annotated[str, Form()] = "",
    ) -> JSONResponse:
        """RFC 6749, 4.3 (password) and 4.4 (client credentials). Errors as its section 5.2 writes them."""
        given = {"password": (username, password), "client_credentials": (client_id, client_secret)}.get(grant_type)
        if given is None:
            return _no_store({"error": "unsupported_grant_type"}, 400)
        signed = _sign_in(settings, key, *given)
        return _no_store({"error": "invalid_grant"}, 400) if signed is None else _no_store(signed)

    return api


def _sign_in(settings: Settings, key: ECKey, name: str, secret: str) -> dict[str, Any] | None:
    """The token answer; None for a wrong name or password, after the same work."""
    user = settings.users.get(name)
    fits = hmac.compare_digest((user.password if user else secrets.token_hex()).encode(), secret.encode())
    if user is None or not fits:
        return None
    token = access_token(settings, key, name, user, now=int(time.time()))
    return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}


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
    settings = Settings.model_validate(json.loads(Path(sys.argv[1]).read_bytes()))
    uvicorn.run(app(settings, load_key(settings.key_file)), host=settings.host, port=settings.port, log_level="warning")


if __name__ == "__main__":
    main()
