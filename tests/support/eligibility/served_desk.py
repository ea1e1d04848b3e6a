"""The desk's pages on a real port, with the demo's identity provider on another."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eligibility.workflow import MeasuredRoutes
from local.identity import provider as demo
from playwright.sync_api import Browser, Page
from shared.events import Person
from shared.sign_in import Sessions, SignInFlow
from support.browser import watch
from support.eligibility import small_place
from support.eligibility.desk import BACK, desk_app
from support.eligibility.world import World
from support.served import Served
from support.sign_in import PASSWORD, SESSION_KEY, People, provider_at, settings_of

PEOPLE: People = {"anna": (["case_worker"], "12345"), "ada": (["administrator"], "12345")}
CHILDREN = (("Mia", "Öztürk-Hagemann"), ("Noah", "Brinkmann"), ("Ana", "Đặng"), ("Jonas", "Meyer zu Heringdorf"))


@dataclass
class ServedDesk:
    url: str
    world: World
    issuer: str
    papers: Served
    """Where `application` would be; not started."""


@contextmanager
def served_desk(world: World, folder: Path) -> Iterator[ServedDesk]:
    """With two cases to review and two to release."""
    identity, desk, papers = Served(), Served(), Served()
    clients = {"desk": desk.url + BACK, "documents": f"{papers.url}/documents/sign-in/back"}
    settings = settings_of(identity.url, folder, PEOPLE, clients)
    identity.start(demo.app(settings, demo.load_key(settings.key_file)))
    provider = provider_at(identity.url, "desk", clients["desk"])
    sign_in = SignInFlow(Sessions(SESSION_KEY, "desk", https=False), provider, lambda: world.clock[0])
    desk.start(desk_app(world, sign_in, desk.url, papers.url))
    filling = threading.Thread(target=lambda: asyncio.run(_fill(world)))  # playwright's loop runs in this thread
    filling.start()
    filling.join()
    yield ServedDesk(desk.url, world, identity.url, papers)
    desk.stop()
    identity.stop()


async def _fill(world: World) -> None:
    near, far = small_place.measurement(2010.4, lenient_m=1990.0, strict_m=2040.5), 2523.7
    for number, (first, last) in enumerate(CHILDREN):
        world.measurer.answer = MeasuredRoutes(near if number < 2 else small_place.measurement(far + number))
        await world.hear(small_place.submitted(child=Person(first_name=first, last_name=last)))


def sign_in(browser: Browser, place: ServedDesk, user: str, width: int) -> Page:
    """A page of the desk without JavaScript; its `violations` are what the browser's console complains of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    watch(page)
    page.set_default_timeout(15_000)
    page.goto(f"{place.url}/desk/")
    page.get_by_label("Name").fill(user)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(f"{place.url}/desk/**")  # the page on which one signs in has a heading too
    page.get_by_role("heading", level=1).wait_for()
    return page
