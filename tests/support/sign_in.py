"""People who sign in at the demo's identity provider: real tokens and cookies, in memory."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI
from joserfc.jwk import ECKey, KeySet
from local.identity import provider as demo
from shared.identity import Identity
from shared.sign_in import Client, EndedSessions, IdentityProvider, Sessions, SignInFlow
from support.standing_app import AppOfWorld

ISSUER = "http://127.0.0.1:4711"
PASSWORD = "a-long-demo-password"
SESSION_KEY = "k" * 40
People = Mapping[str, tuple[Sequence[str], str | None]]
"""Roles and authority, by name; of a school's office, its school in place of the authority."""


def settings_of(issuer: str, folder: Path, people: People, clients: Mapping[str, str]) -> demo.Settings:
    """Of the identity provider. `clients`: the address to which each one's browsers come back."""
    users = {
        name: demo.User(password=PASSWORD, roles=list(roles), **{_claim(roles): of})
        for name, (roles, of) in people.items()
    }
    backs = {name: [back] for name, back in clients.items()}
    return demo.Settings(issuer=issuer, key_file=folder / "key.pem", users=users, clients=backs)


def _claim(roles: Sequence[str]) -> str:
    return "school_number" if "school" in roles else "authority_id"


def provider_at(issuer: str, client: str, back: str) -> IdentityProvider:
    """As a service reaches one that runs on a port. `client`: which of its clients the service is."""
    return IdentityProvider(
        Client(client, f"{issuer}/authorize", f"{issuer}/token", back), issuer, Identity(issuer, "schulticket")
    )


@cache
def _demo_app(settings: str) -> tuple[FastAPI, KeySet]:
    """With its key. `settings`: as JSON."""
    key = ECKey.generate_key("P-256", private=True)
    key.ensure_kid()
    app = demo.app(demo.Settings.model_validate_json(settings), key)
    return app, KeySet.import_key_set({"keys": [key.as_dict(private=False)]})


class DemoIdentity:
    """An identity provider with one client. Those with the same people and client are one."""

    def __init__(self, people: People, client: str, back: str) -> None:
        settings = settings_of(ISSUER, Path("in-memory"), people, {client: back})
        self.app, self._keys = _demo_app(settings.model_dump_json())
        self._client, self._back = client, back

    def identity(self, audience: str = "schulticket") -> Identity:
        """The check of its tokens."""
        return Identity(ISSUER, audience, keys=self._keys)

    def sign_in(
        self, now: Callable[[], datetime], *, minutes: int = 60, ended: EndedSessions | None = None
    ) -> SignInFlow:
        """The client's sign-in, whose sessions last so long."""
        provider = IdentityProvider(
            Client(self._client, f"{ISSUER}/authorize", f"{ISSUER}/token", self._back),
            ISSUER,
            self.identity(),
            self.identity(self._client),
            httpx.ASGITransport(app=self.app),
        )
        return SignInFlow(Sessions(SESSION_KEY, self._client, https=False, minutes=minutes), provider, now, ended)


class StaffBrowser:
    """One person's, with cookies of its own. `home`: the page that is opened where no other is named."""

    def __init__(self, app: FastAPI | AppOfWorld, url: str, identity: DemoIdentity, home: str = "/") -> None:
        self.app, self.url, self.identity, self.home = app, url, identity, home
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=url)
        self.idp = httpx.AsyncClient(transport=httpx.ASGITransport(app=identity.app), base_url=ISSUER)

    def another(self) -> "StaffBrowser":
        return StaffBrowser(self.app, self.url, self.identity, self.home)

    async def leave(self, path: str = "") -> dict[str, str]:
        """To the identity provider: the parameters of its address."""
        address = path or self.home
        while not address.startswith(ISSUER):
            answer = await self.http.get(address)
            assert answer.status_code == 303, answer.text
            address = answer.headers["location"]
        asked = urlsplit(address)
        assert asked.path == "/authorize"
        return {key: values[0] for key, values in parse_qs(asked.query).items()}

    async def password(self, asked: Mapping[str, str], name: str, password: str = PASSWORD) -> str:
        """At the identity provider; where it sends the browser back to."""
        page = await self.idp.get("/authorize", params=dict(asked))
        assert page.status_code == 200, page.text
        form = {"username": name, "password": password, **hidden_fields(page.text)}
        answer = await self.idp.post("/authorize", data=form)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    async def sign_in(self, name: str, path: str = "") -> httpx.Response:
        """What the service answers when the browser is back."""
        return await self.http.get(await self.password(await self.leave(path), name))

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def send(self, page: str, action: str, **typed: str | list[str]) -> httpx.Response:
        """The form of `page` (its text) that goes to `action`, with its hidden fields and what is typed."""
        found = next(each for each in re.findall(r"(?s)<form.*?</form>", page) if f'action="{action}"' in each)
        return await self.http.post(action, data=hidden_fields(found) | typed)


def hidden_fields(text: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text)
    return {html.unescape(name): html.unescape(value) for name, value in fields}
