"""A case worker before a real browser: sign in, open a case, decide it, and see it released."""

import asyncio
import importlib.util
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from eligibility import presets, simulating
from eligibility.api import pages as desk_pages
from eligibility.store import StoredRecords
from eligibility.workflow import Ways, workflow_on
from eligibility.workflow.ports import NoticePage
from fastapi import FastAPI
from local.identity.provider import Settings, User, load_key
from local.identity.provider import app as identity_app
from shared.events import Person
from shared.http import problems
from shared.identity import Identity
from shared.sign_in import Client, Door, IdentityProvider, Sessions
from support.browser import open_browser

PASSWORD = "a-long-demo-password"
_file = Path(__file__).parent.parent / "unit/eligibility/conftest.py"
_spec = importlib.util.spec_from_file_location("small_place_of_the_browser", _file)
assert _spec is not None and _spec.loader is not None
_place = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_place)
empty_database, world, make = _place.empty_database, _place.world, _place.make


class Printed:
    """Stands for the press."""

    async def pdf(self, _token: Any) -> bytes:
        return b"%PDF-1.7"

    async def html(self, _token: Any) -> NoticePage:
        return NoticePage("<p>Bescheid</p>", "sha256-x")


class Served:
    """An application on a real port, in a thread."""

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def start(self, app: FastAPI) -> None:
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve([self.socket])), daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@dataclass
class Place:
    url: str
    world: Any
    issuer: str
    papers: Served
    """Where `application` would be; not started."""


@pytest.fixture
def place(world: Any, make: Any, tmp_path: Path) -> Iterator[Place]:
    identity, desk, papers = Served(), Served(), Served()
    users = {
        name: User(password=PASSWORD, roles=[role], authority_id="12345")
        for name, role in (("anna", "case_worker"), ("ada", "administrator"))
    }
    back = f"{desk.url}/desk/sign-in/back"
    clients = {"desk": [back], "documents": [f"{papers.url}/documents/sign-in/back"]}
    settings = Settings(issuer=identity.url, key_file=tmp_path / "key.pem", users=users, clients=clients)
    identity.start(identity_app(settings, load_key(settings.key_file)))
    client = Client("desk", f"{identity.url}/authorize", f"{identity.url}/token", back)
    provider = IdentityProvider(client, identity.url, Identity(identity.url, "schulticket"))
    door = Door(Sessions("k" * 40, "desk", https=False), provider, lambda: world.clock[0])
    pages = desk_pages.Pages(door, desk.url)
    records = StoredRecords(world.database, presets.preset, lambda: world.clock[0].date())  # noqa: PLW0108
    around = replace(world.surroundings, application_url=papers.url)
    workflow = workflow_on(
        world.database, records, world.walks, around, presets, families_backlog=world.families_backlog
    )
    app = FastAPI()
    problems.install(app)
    app.include_router(desk_pages.desk_router(pages, workflow, Printed(), simulating.run))
    world.set_authority(release_by_person="everything")
    filling = threading.Thread(target=_fill, args=(world, make))  # playwright's loop runs in this thread
    filling.start()
    filling.join()
    desk.start(app)
    yield Place(desk.url, world, identity.url, papers)
    desk.stop()
    identity.stop()


def _fill(world: Any, make: Any) -> None:
    """Two cases to review, two to release."""
    names = (("Mia", "Öztürk-Hagemann"), ("Noah", "Brinkmann"), ("Ana", "Đặng"), ("Jonas", "Meyer zu Heringdorf"))
    for number, (first, last) in enumerate(names):
        near = make.measurement(2010.4, lenient_m=1990.0, strict_m=2040.5)
        world.walks.answer = Ways(near if number < 2 else make.measurement(2523.7 + number))
        asyncio.run(world.hear(make.submitted(child=Person(first_name=first, last_name=last))))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as running:
        yield running


def look(page: Any, name: str) -> None:
    """A picture for people, where SCHULTICKET_PICTURES names a folder."""
    if os.environ.get("SCHULTICKET_PICTURES"):
        page.screenshot(path=Path(os.environ["SCHULTICKET_PICTURES"]) / f"desk-{name}.png", full_page=True)


def sign_in(browser: Any, place: Place, user: str, width: int) -> Any:
    page = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False, locale="de-DE"
    ).new_page()
    page.set_default_timeout(15_000)
    page.violations = []
    page.on("console", lambda told: page.violations.append(told.text) if told.type == "error" else None)
    page.goto(f"{place.url}/desk/")
    page.get_by_label("Name").fill(user)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("heading", level=1).wait_for()
    return page


def nothing_sticks_out(page: Any, width: int) -> None:
    """No page is wider than its window: nobody scrolls sideways on a phone."""
    box = page.locator("html").bounding_box()
    wide = page.locator("main").bounding_box()
    assert box["width"] <= width and wide["x"] + wide["width"] <= width + 1
    shown = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")
    assert shown["cssContentSize"]["width"] <= width, shown["cssContentSize"]


@pytest.mark.parametrize("width", [1280, 390])
def test_sign_in_open_a_case_decide_and_it_is_released(browser: Any, place: Place, width: int) -> None:
    page = sign_in(browser, place, "anna", width)
    assert page.get_by_role("heading", level=1).inner_text() == "Zu prüfen"
    look(page, f"{width}-list")
    nothing_sticks_out(page, width)
    page.get_by_role("link", name="Mia Öztürk-Hagemann").click()
    look(page, f"{width}-case")
    nothing_sticks_out(page, width)
    page.get_by_role("button", name="Fall übernehmen").click()
    page.get_by_role("button", name="Entscheiden und freigeben").click()
    page.get_by_role("alert").wait_for()
    look(page, f"{width}-mistakes")
    page.get_by_label("Bewilligen", exact=True).check()
    page.get_by_label("Begründung").fill("Nachgemessen: Der Weg ist 2.011 m lang.")
    page.get_by_role("button", name="Entscheiden und freigeben").click()
    assert "Entschieden. Der Bescheid geht an die Familie." in page.locator("main").inner_text()
    assert page.locator(".casehead").get_by_text("Bewilligt").is_visible()
    look(page, f"{width}-decided")
    nothing_sticks_out(page, width)
    page.goto(f"{place.url}/desk/?pile=prepared")
    for box in page.get_by_role("checkbox").all():
        box.check()
    look(page, f"{width}-prepared")
    page.get_by_role("button", name="Ausgewählte freigeben").click()
    look(page, f"{width}-sure")
    page.get_by_role("button", name="2 Fälle freigeben").click()
    page.get_by_text("freigegeben", exact=True).first.wait_for()  # counting does not wait for the page
    assert page.get_by_text("freigegeben", exact=True).count() == 2
    page.get_by_role("button", name="Abmelden").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Sie sind abgemeldet"
    assert page.violations == [
        "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
    ]


def test_everything_is_reached_by_keyboard_and_rule_sets_have_pages(browser: Any, place: Place) -> None:
    page = sign_in(browser, place, "ada", 390)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.get_by_role("link", name="Regelsätze").click()
    page.get_by_role("button", name="Als Entwurf speichern").click()
    page.get_by_role("heading", level=1).wait_for()
    look(page, "390-rule-sets")
    nothing_sticks_out(page, 390)
    assert "Der Entwurf ist gespeichert." in page.locator("main").inner_text()
    assert page.violations == []
