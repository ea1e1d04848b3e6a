"""The pages of a child before a real browser: on a phone and on a screen, in both languages, light and dark, each searched
by axe (the stories of families go without JavaScript), with the demo's identity provider on another port."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from application.form import EXAMPLE
from playwright.sync_api import Browser, Page
from support.accessibility import faults_of
from support.application.documents import PDF
from support.application.family_in_browser import (
    ServedPlace,
    open_window,
    served_place,
    settle,
    sign_in_by_cookie,
)
from support.application.family_pages import FamilyPlace
from support.browser import ColorScheme, violations
from support.pictures import look, nothing_sticks_out
from support.sign_in import PASSWORD

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
STATES = ("Ana", "Bo", "Cem", "Dua", "Eli")
"""Asked; refused; with a ticket; withdrawn; sent just now."""
LARGEST = 100_000


@dataclass
class Family:
    url: str
    place: FamilyPlace
    ids: dict[str, UUID]


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with served_place(tmp_path, NOW) as served:
        yield Family(served.url, served.place, settle(_fill(served.place)))


async def _fill(place: FamilyPlace) -> dict[str, UUID]:
    ids = {}
    for name in STATES:
        ids[name] = await place.applied(pupil=EXAMPLE["pupil"] | {"first_name": name})
        place.clock[0] += timedelta(minutes=1)
    await place.asked(ids["Ana"], (NOW + timedelta(days=14)).date())
    await place.refused(ids["Bo"])
    await place.granted(ids["Cem"])
    await place.delivered(ids["Cem"], 1, "queued", "post")
    await place.withdrawn(ids["Dua"])
    return ids


def signed_in(
    browser: Browser, family: Family, width: int, language: str, scheme: ColorScheme = "light", *, script: bool = False
) -> Page:
    page = open_window(browser, width, language, scheme, script=script)
    sign_in_by_cookie(page, ServedPlace(family.url, family.place))
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
    page = open_window(browser, 390, "de")
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


def test_axe_finds_what_somebody_would_miss(browser: Browser) -> None:
    """A picture without a text, a field without a name, a page without a language, and letters as pale as their ground."""
    page = open_window(browser, 390, "de", script=True)
    page.set_content("<title>x</title><main><h1>x</h1><img src='x'><input><p style='color:#eee'>blass</p></main>")
    assert {each.partition(":")[0] for each in faults_of(page)} == {
        "color-contrast", "html-has-lang", "image-alt", "label",
    }  # fmt: skip
    assert any("<img" in each for each in faults_of(page))
    page.context.close()
