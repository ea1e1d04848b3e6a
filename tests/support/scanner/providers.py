"""A strict OpenID provider for browser tests: authorization code with PKCE S256 for one public client, nothing else."""

import base64
import hashlib
import secrets
import socket
import threading
import time
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from local.identity.provider import Settings, User, load_key
from local.identity.provider import app as demo_provider
from shared.identity import Caller, Identity, Unauthenticated

CLIENT = "schulticket-scanner"
ALLOWED = {"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"}


class ScannerProvider(Protocol):
    """What the page and the API need of one."""

    origin: str
    """Of the page."""
    page_port: int
    """Where the page must be; 0: anywhere."""

    @property
    def issuer(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    async def caller(self, authorization: str | None) -> Caller: ...


class Demo:
    """The demo identity provider of deploy/local as it runs, with one inspector, and the API's own check of tokens."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            other.bind(("127.0.0.1", 0))
            self.page_port, port = one.getsockname()[1], other.getsockname()[1]
        self.issuer, self.origin = f"http://127.0.0.1:{port}", ""
        users = {"inspector": User(password="sixteen letters!", roles=["inspector"], organisation_id=32838)}
        clients = {CLIENT: [f"http://127.0.0.1:{self.page_port}/scan"]}
        settings = Settings(issuer=self.issuer, key_file=folder / "key.pem", users=users, clients=clients)
        app = demo_provider(settings, load_key(settings.key_file))
        self.server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
        self.identity = Identity(self.issuer, settings.audience)

    def start(self) -> None:
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)

    async def caller(self, authorization: str | None) -> Caller:
        return await self.identity.caller(authorization)


class Provider:
    """Every code is good once, for its own address and its own verifier. `told` is what went wrong."""

    def __init__(self) -> None:
        self.origin = ""
        """Of the page: the only redirect address and the only origin that may read answers."""
        self.user = "inspector-1"
        self.denies = False
        self.codes: dict[str, tuple[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.told: list[str] = []
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self.metadata)
        self.app.get("/authorize")(self.authorize)
        self.app.post("/token")(self.token)
        self.server = uvicorn.Server(uvicorn.Config(self.app, port=0, log_level="warning", lifespan="off"))

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)

    async def metadata(self) -> Response:
        addresses = {
            f"{name}_endpoint": f"{self.issuer}/{path}"
            for name, path in (("authorization", "authorize"), ("token", "token"))
        }
        return self._answer({"issuer": self.issuer, **addresses, "code_challenge_methods_supported": ["S256"]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        is_asked_right = (
            asked.keys() == ALLOWED
            and (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
            and asked["redirect_uri"] == f"{self.origin}/scan"
            and len(asked["state"]) >= 43
            and len(asked["code_challenge"]) == 43
        )
        if not is_asked_right:
            self.told.append(f"authorize: {asked}")
            return Response("refused", 400)
        answer = {"state": asked["state"], "iss": self.issuer}
        if self.denies:
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe()
            self.codes[answer["code"]] = asked["code_challenge"], asked["redirect_uri"]
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 302)

    async def token(self, request: Request) -> Response:
        form = {name: one for name, (one,) in parse_qs((await request.body()).decode(), strict_parsing=True).items()}
        challenge, address = self.codes.pop(form.get("code", ""), ("", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proves = base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
        is_right = form.keys() == {"grant_type", "code", "redirect_uri", "client_id", "code_verifier"}
        if not (is_right and proves and form["redirect_uri"] == address and form["client_id"] == CLIENT):
            self.told.append(f"token: {sorted(form)} {proves}")
            return self._answer({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe()
        self.tokens[token] = self.user
        return self._answer({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def _answer(self, body: dict[str, object], status: int = 200) -> Response:
        return JSONResponse(
            body, status, headers={"Access-Control-Allow-Origin": self.origin, "Cache-Control": "no-store"}
        )

    page_port = 0
    """Any."""

    async def caller(self, authorization: str | None) -> Caller:
        """What the API's check of a token says."""
        user = self.tokens.get((authorization or "").removeprefix("Bearer "))
        if user is None:
            raise Unauthenticated
        return Caller(user, None, frozenset({user.partition("-")[0]}), organisation_id=32838)
