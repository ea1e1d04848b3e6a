"""The desk's pages over the small place of eligibility's tests, with the demo's identity provider: real tokens."""

import html
import importlib.util
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from eligibility import presets, simulating
from eligibility.api import pages as desk_pages
from eligibility.store import StoredRecords
from eligibility.workflow import workflow_on
from eligibility.workflow.ports import NoticePage
from fastapi import FastAPI
from joserfc.jwk import KeySet
from local.identity.provider import Settings, User, load_key
from local.identity.provider import app as identity_app
from shared.http import problems
from shared.identity import Identity
from shared.sign_in import Client, Door, IdentityProvider, Sessions

_spec = importlib.util.spec_from_file_location("small_place", Path(__file__).parents[2] / "conftest.py")
assert _spec is not None and _spec.loader is not None
_place = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_place)
empty_database, world, make = _place.empty_database, _place.world, _place.make

ISSUER, URL = "http://127.0.0.1:4711", "http://desk.test"
PASSWORD = "a-long-demo-password"
PEOPLE = {
    "anna": (["case_worker"], "12345"),
    "bert": (["releaser"], "12345"),
    "carl": (["case_worker"], "12345"),
    "ada": (["administrator"], "12345"),
    "abel": (["administrator"], "12345"),
    "fremd": (["case_worker", "administrator"], "99999"),
    "eltern": (["guardian"], None),
}


class Printed:
    """Stands for the press."""

    async def pdf(self, token: Any) -> bytes:
        return b"%PDF-1.7 " + token.encode()

    async def html(self, token: Any) -> NoticePage:
        return NoticePage("<p>Bescheid</p>", "sha256-x")


@dataclass
class Desk:
    """The desk as one browser sees it: its own cookies, forms sent as they stand on the page."""

    app: FastAPI
    identity: FastAPI
    pages: Any
    clock: list[datetime] = field(default_factory=lambda: [datetime.now(UTC)])

    def __post_init__(self) -> None:
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url=URL)
        self.idp = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.identity), base_url=ISSUER)

    def another(self) -> "Desk":
        return Desk(self.app, self.identity, self.pages, self.clock)

    async def leave(self, path: str = "/desk/") -> dict[str, str]:
        """To the identity provider: the parameters of its address."""
        answer = await self.http.get(path)
        assert answer.status_code == 303, answer.text
        answer = await self.http.get(answer.headers["location"])
        address = urlsplit(answer.headers["location"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{ISSUER}/authorize"
        return {key: values[0] for key, values in parse_qs(address.query).items()}

    async def password(self, asked: dict[str, str], name: str, password: str = PASSWORD) -> str:
        """At the identity provider; where it sends the browser back to."""
        page = await self.idp.get("/authorize", params=asked)
        assert page.status_code == 200, page.text
        form = {"username": name, "password": password, **hidden(page.text)}
        answer = await self.idp.post("/authorize", data=form)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    async def sign_in(self, name: str, path: str = "/desk/") -> httpx.Response:
        back = await self.password(await self.leave(path), name)
        return await self.http.get(back)

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def send(self, page: str, action: str, **typed: Any) -> httpx.Response:
        """The form of `page` (its text) that goes to `action`, with its hidden fields and what is typed."""
        found = next(each for each in re.findall(r"(?s)<form.*?</form>", page) if f'action="{action}"' in each)
        return await self.http.post(action, data=hidden(found) | typed)


def hidden(text: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text)
    return {html.unescape(name): html.unescape(value) for name, value in fields}


@pytest.fixture
async def desk(world: Any, tmp_path: Path) -> AsyncIterator[Desk]:
    users = {name: User(password=PASSWORD, roles=roles, authority_id=of) for name, (roles, of) in PEOPLE.items()}
    clients = {"desk": [f"{URL}/desk/sign-in/back"]}
    settings = Settings(issuer=ISSUER, key_file=tmp_path / "key.pem", users=users, clients=clients)
    key = load_key(settings.key_file)
    keys = KeySet.import_key_set({"keys": [key.as_dict(private=False)]})
    idp = identity_app(settings, key)
    provider = IdentityProvider(
        Client("desk", f"{ISSUER}/authorize", f"{ISSUER}/token", f"{URL}/desk/sign-in/back"),
        ISSUER,
        Identity(ISSUER, "schulticket", keys=keys),
        Identity(ISSUER, "desk", keys=keys),
        httpx.ASGITransport(app=idp),
    )
    clock = [world.clock[0]]
    pages = desk_pages.Pages(Door(Sessions("k" * 40, "desk", https=False), provider, lambda: clock[0]), URL)
    records = StoredRecords(world.database, presets.preset, lambda: world.clock[0].date())  # noqa: PLW0108  # the clock moves
    around = replace(world.surroundings, application_url="https://antrag.example")
    workflow = workflow_on(
        world.database, records, world.walks, around, presets, families_backlog=world.families_backlog
    )
    app = FastAPI()
    problems.install(app)
    world.set_authority(release_by_person="everything")
    app.include_router(desk_pages.desk_router(pages, workflow, Printed(), simulating.run))
    world.database.write_now(
        lambda store: store.set_authority(_place.authority(id="99999", name="Nachbarstadt", register_numbers=()))
    )
    yield Desk(app, idp, pages, clock)


@pytest.fixture
def in_review(world: Any, make: Any) -> Callable[..., Any]:
    """A case with a question: the measured way lies within the band of doubt."""

    async def one(**changes: Any) -> Any:
        from eligibility.workflow import Ways

        world.walks.answer = Ways(make.measurement(2010.0, lenient_m=1990.0, strict_m=2040.5))
        event = make.submitted(**changes)
        await world.hear(event)
        case = world.case_of(event.application_id)
        assert case.state == "review"
        return case

    return one


@pytest.fixture
def prepared(world: Any, make: Any) -> Callable[..., Any]:
    async def one(**changes: Any) -> Any:
        from eligibility.workflow import Ways

        world.walks.answer = Ways(make.measurement(2500.0))
        event = make.submitted(**changes)
        await world.hear(event)
        case = world.case_of(event.application_id)
        assert case.state == "prepared"
        return case

    return one
