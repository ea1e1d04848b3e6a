"""The demo identity provider's sign-in in a browser: authorization code with PKCE (RFC 6749, 4.1; RFC 7636)."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Annotated, Protocol
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

CODE_SECONDS = 60
REMEMBERED_SECONDS = 3600
COOKIE = "demo-sign-in"
LONGEST = 500
STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color:#131525}"
    "label{display:block;margin-top:1rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}"
    "button{font:inherit;margin-top:1.5rem;padding:.6rem 1.5rem}.wrong{border-left:4px solid #b3261e;padding-left:1rem}"
)
UNKNOWN = "<p class=wrong>Diese Anwendung ist hier nicht bekannt.</p>"


def hash_of(style: str) -> str:
    """As a Content-Security-Policy names a style sheet that stands in the page."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


STYLE_HASH = hash_of(STYLE)
Short = Annotated[str, Field(max_length=LONGEST)]


class AuthorizationRequest(BaseModel):
    """What an application asks for, as OpenID Connect names it; the form of the page sends all of it again."""

    client_id: Short
    redirect_uri: Short
    code_challenge: Short
    response_type: Short = "code"
    code_challenge_method: Short = "S256"
    state: Short = ""
    nonce: Short = ""
    acr_values: Short = ""


class Answer(AuthorizationRequest):
    """The page's form, sent."""

    username: Short = ""
    password: Short = ""


class KnownUser(Protocol):
    @property
    def password(self) -> str:
        """As the demo's settings have it, in plain text."""


class KnownClients(Protocol):
    """The part of the provider's settings that is needed here."""

    @property
    def issuer(self) -> str:
        """The provider's own address, as tokens name it."""

    @property
    def users(self) -> Mapping[str, KnownUser]:
        """By the name with which they sign in."""

    @property
    def clients(self) -> Mapping[str, list[str]]:
        """By client id: the addresses to which it may be answered."""


@dataclass(frozen=True)
class Code:
    user: str
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    until: float
    acr_values: str = ""


class Codes:
    """Codes given out: each good once, for a minute, for who holds the verifier of its challenge."""

    def __init__(self) -> None:
        self._kept: dict[str, Code] = {}

    def give(self, code: Code) -> str:
        """A fresh code for the address to which the browser goes back. Forgets those that have run out."""
        now = time.monotonic()
        self._kept = {name: each for name, each in self._kept.items() if each.until > now}
        name = secrets.token_urlsafe(32)
        self._kept[name] = code
        return name

    def redeem(self, name: str, client_id: str, redirect_uri: str, verifier: str) -> Code | None:
        """What the code stands for, once. None where it has run out, is another client's, or the PKCE verifier does
        not fit (RFC 7636)."""
        found = self._kept.pop(name, None)
        if found is None or found.until <= time.monotonic():
            return None
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        fits = hmac.compare_digest(challenge, found.challenge)
        return found if fits and (found.client_id, found.redirect_uri) == (client_id, redirect_uri) else None


class RememberedBrowsers:
    """Browsers in which somebody has signed in: another page of the demo then asks for no second password."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}

    def keep(self, response: Response, user: str) -> None:
        """Remember who signed in here, by a cookie on this answer, for REMEMBERED_SECONDS."""
        now = time.monotonic()
        self._kept = {name: each for name, each in self._kept.items() if each[1] > now}
        name = secrets.token_urlsafe(32)
        self._kept[name] = (user, now + REMEMBERED_SECONDS)
        response.set_cookie(COOKIE, name, httponly=True, samesite="strict", path="/authorize")

    def user(self, request: Request) -> str:
        """Empty where nobody is known."""
        user, until = self._kept.get(request.cookies.get(COOKIE, ""), ("", 0.0))
        return user if until > time.monotonic() else ""


def password_fits(user: KnownUser | None, password: str) -> bool:
    """The same work for a name that nobody bears."""
    known = user.password if user else secrets.token_hex()
    return hmac.compare_digest(known.encode(), password.encode()) and user is not None


def sign_in_page(settings: KnownClients, codes: Codes) -> APIRouter:
    """The authorization endpoint: a form for name and password, and the way back with a code."""
    routes = APIRouter(include_in_schema=False)
    remembered = RememberedBrowsers()

    @routes.get("/authorize")
    async def ask(request: Request, asked: Annotated[AuthorizationRequest, Query()]) -> Response:
        if not is_known(asked) or not asked.code_challenge:
            return _page(UNKNOWN, "", 400)
        if (asked.response_type, asked.code_challenge_method) != ("code", "S256"):
            return _back(asked.redirect_uri, {"error": "invalid_request", "state": asked.state})
        return _form(asked, "", known=remembered.user(request))

    @routes.post("/authorize")
    async def answer(request: Request, answered: Annotated[Answer, Form()]) -> Response:
        if not is_known(answered):
            return _page(UNKNOWN, "", 400)
        username = answered.username
        known = "" if username else remembered.user(request)
        if not known and not password_fits(settings.users.get(username), answered.password):
            return _form(answered, username, wrong=True)
        until = time.monotonic() + CODE_SECONDS
        place = answered.client_id, answered.redirect_uri, answered.code_challenge, answered.nonce
        code = codes.give(Code(known or username, *place, until, answered.acr_values))
        back = _back(answered.redirect_uri, {"code": code, "state": answered.state, "iss": settings.issuer})
        if not known:
            remembered.keep(back, username)
        return back

    def is_known(asked: AuthorizationRequest) -> bool:
        return asked.redirect_uri in settings.clients.get(asked.client_id, ())

    return routes


def _back(redirect_uri: str, answer: dict[str, str]) -> Response:
    return RedirectResponse(f"{redirect_uri}?{urlencode(answer)}", 303, headers={"Cache-Control": "no-store"})


def _form(asked: AuthorizationRequest, username: str, *, wrong: bool = False, known: str = "") -> Response:
    again_sent = asked.model_dump(include=set(AuthorizationRequest.model_fields))
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in again_sent.items())
    said = '<p class="wrong" role="alert">Name oder Passwort stimmen nicht.</p>' if wrong else ""
    again = f'<form method="post" action="authorize">{hidden}<button>Weiter als {escape(known)}</button></form>'
    content = (
        f'{again if known else ""}{said}<form method="post" action="authorize">{hidden}'
        f'<label for="username">Name</label><input id="username" name="username" value="{escape(username)}" '
        'autocomplete="username" required><label for="password">Passwort</label><input id="password" name="password" '
        'type="password" autocomplete="current-password" required><button>Anmelden</button></form>'
        "<p>Namen und Passwörter stehen in <code>var/run/services.json</code>.</p>"
    )
    # a browser also holds the redirect after a form to this list
    target = urlsplit(asked.redirect_uri)
    return _page(content, f" {target.scheme}://{target.netloc}", 401 if wrong else 200)


def _page(content: str, form_target: str, status: int) -> Response:
    policy = (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'{form_target}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    text = (
        '<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Anmelden (Demo)</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>Anmelden (Demo)</h1>{content}</main></body></html>"
    )
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(text, status, headers=headers)
