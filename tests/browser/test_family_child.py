"""The pages of a child before a real browser: on a phone and on a screen, in both languages, light and dark, each searched
by axe (the stories of families go without JavaScript), with the demo's identity provider on another port."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from application.checks.key_tables import school_keys
from application.form import EXAMPLE
from application.workflow import workflow_on
from fastapi import Response
from local.identity import provider as demo
from playwright.sync_api import Browser, Page
from shared.identity import Caller
from shared.sign_in import Sessions
from support.accessibility import faults_of
from support.application import directory
from support.application.documents import PDF
from support.application.family_pages import FamilyPlace, family_place
from support.browser import ColorScheme, violations, watch
from support.databases import make_tables
from support.pictures import look, nothing_sticks_out
from support.served import Served
from support.sign_in import PASSWORD, SESSION_KEY, provider_at, settings_of

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
STATES = ("Ana", "Bo", "Cem", "Dua", "Eli")
"""Asked; refused; with a ticket; withdrawn; sent just now."""
LARGEST = 100_000


@dataclass
class Family:
    url: str
    place: FamilyPlace
    ids: dict[str, UUID]


Result = TypeVar("Result")


def settle(task: Coroutine[object, object, Result]) -> Result:
    """In a thread of its own: playwright's loop runs in this one."""
    told: list[Result] = []
    thread = threading.Thread(target=lambda: told.append(asyncio.run(task)))
    thread.start()
    thread.join()
    return told[0]


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    url = f"sqlite:///{tmp_path / 'application.db'}"
    make_tables(url, "application")
    database = directory.open_filled(url, *directory.SCHOOLS)
    identity, served = Served(), Served()
    back = f"{served.url}/family/sign-in/back"
    settings = settings_of(identity.url, tmp_path, {"parent-1": (["guardian"], None)}, {"family": back})
    identity.start(demo.app(settings, demo.load_key(settings.key_file)))
    provider = provider_at(identity.url, "family", back)
    place = family_place(workflow_on(database, school_keys()), database, NOW, served.url, provider)
    served.start(place.app)
    yield Family(served.url, place, settle(_fill(place)))
    served.stop()
    identity.stop()
    database.close()


async def _fill(place: FamilyPlace) -> dict[str, UUID]:
    ids = {}
    for name in STATES:
        ids[name] = await place.applied(pupil=EXAMPLE["pupil"] | {"first_name": name})
        place.clock[0] += timedelta(minutes=1)
    await place.asked(ids["Ana"], (NOW + timedelta(days=14)).date())
    await place.refused(ids["Bo"])
    await place.granted(ids["Cem"])
    await place.withdrawn(ids["Dua"])
    return ids


def open_browser(browser: Browser, width: int, language: str, scheme: ColorScheme, *, script: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, java_script_enabled=script,
        locale="de-DE" if language == "de" else "en-GB", color_scheme=scheme,
    )  # fmt: skip
    page = context.new_page()
    watch(page)
    page.set_default_timeout(60_000)
    return page


def signed_in(
    browser: Browser, family: Family, width: int, language: str, scheme: ColorScheme = "light", *, script: bool = False
) -> Page:
    """With the cookie of a session; the way through the provider has a test of its own. `script`: as axe needs it."""
    page = open_browser(browser, width, language, scheme, script=script)
    sessions, answer = Sessions(SESSION_KEY, "family", https=False), Response()
    parent = Caller("parent-1", None, frozenset({"guardian"}))
    sessions.write(answer, sessions.begin(parent, "parent-1", "", family.place.clock[0], None))
    name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": family.url}])
    page.goto(f"{family.url}/family")
    return page


def seen(page: Page, width: int, name: str) -> None:
    look(page, f"family-{name}")
    nothing_sticks_out(page, width)
    assert page.locator("h1").count() == 1
    assert len(page.content().encode()) < LARGEST
    assert faults_of(page) == [], name


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    [(1280, "de", "light"), (1280, "en", "dark"), (390, "de", "dark"), (390, "en", "light")],
)
def test_every_page_of_a_child_fits_and_complains_of_nothing(
    browser: Browser, family: Family, width: int, language: str, scheme: ColorScheme
) -> None:
    page = signed_in(browser, family, width, language, scheme, script=True)
    mark = f"{width}-{language}-{scheme}"
    seen(page, width, f"{mark}-children")
    for name, one in family.ids.items():
        page.goto(f"{family.url}/family/applications/{one}")
        seen(page, width, f"{mark}-child-{name}")
    asked, refused, held = (f"{family.url}/family/applications/{family.ids[name]}" for name in ("Ana", "Bo", "Cem"))
    for what in ("move", "school", "class", "name", "second-home", "siblings"):
        page.goto(f"{asked}/change/{what}")
        seen(page, width, f"{mark}-change-{what}")
    for place, address in {
        "leaving": f"{held}/leaving", "loss": f"{held}/act/loss", "order": f"{refused}/act/self-payer",
        "check": f"{refused}/check-again", "easy": f"{family.url}/family/easy",
        "statement": f"{family.url}/family/accessibility", "withdrawal": f"{asked}/act/withdrawal",
    }.items():  # fmt: skip
        page.goto(address)
        seen(page, width, f"{mark}-{place}")
    page.goto(f"{asked}/change/move")
    page.locator("#street").fill("Neuer Weg")
    page.locator("#postal_code").fill("336")
    page.get_by_role("button", name="Änderung senden" if language == "de" else "Send the change").click()
    seen(page, width, f"{mark}-change-errors")
    assert page.locator("#street").input_value() == "Neuer Weg"
    family.place.clock[0] = datetime(2027, 3, 1, 10, tzinfo=UTC)
    page = signed_in(browser, family, width, language, scheme, script=True)
    page.goto(f"{held}/next-year")
    seen(page, width, f"{mark}-next-year")
    assert [each for each in violations(page) if "422" not in each] == []
    page.context.close()


def test_a_question_is_answered_with_a_certificate_a_phone_is_lost_and_back_and_reload_do_no_harm(
    browser: Browser, family: Family, tmp_path: Path
) -> None:
    certificate = tmp_path / "Attest.pdf"
    certificate.write_bytes(PDF)
    page = open_browser(browser, 390, "de", "light")
    page.goto(f"{family.url}/family")
    page.locator("#username").fill("parent-1")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button").last.click()
    page.get_by_role("link", name="Ana").click()
    page.get_by_text("Mit einer Unterlage antworten").click()
    page.locator("#file-1").set_input_files(certificate)
    page.get_by_role("button", name="Unterlage senden").first.click()
    page.get_by_text("Die Unterlage ist angekommen.").first.wait_for()
    page.reload()
    page.go_back()
    page.reload()
    assert page.locator("bdi", has_text="Attest.pdf").count() == 1
    assert page.get_by_text("Frage des Schulträgers").count() == 0
    page.goto(f"{family.url}/family/applications/{family.ids['Cem']}")
    page.get_by_role("link", name="Ticket verloren oder gestohlen?").click()
    page.get_by_role("button", name="Ja, sperren und neu ausstellen").click()
    page.get_by_text("Das verlorene Ticket wird gesperrt").wait_for()
    assert page.get_by_role("link", name="Ticket verloren oder gestohlen?").count() == 0
    page.context.close()


def test_from_the_refusal_to_the_ticket_that_is_paid_for_and_a_move(browser: Browser, family: Family) -> None:
    page = signed_in(browser, family, 390, "en")
    page.get_by_role("link", name="Bo").click()
    page.get_by_role("link", name="Pay for the ticket yourself").click()
    page.get_by_role("button", name="Order with obligation to pay").click()
    page.get_by_text("Your order has arrived.").first.wait_for()
    page.goto(f"{family.url}/family/applications/{family.ids['Cem']}")
    page.get_by_role("link", name="A move").click()
    for name, text in {
        "street": "Neuer Weg", "house_number": "3", "postal_code": "33602", "city": "Bielefeld",
        "changed_from": "15.01.2027",
    }.items():  # fmt: skip
        page.locator(f"#{name}").fill(text)
    page.locator("button[name=language]").click()
    assert page.locator("#street").input_value() == "Neuer Weg"
    page.get_by_role("button", name="Änderung senden").click()
    page.get_by_text("Ihre Änderung ist angekommen.").first.wait_for()
    page.context.close()
