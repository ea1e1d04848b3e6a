"""The ticket of a child before a real browser: its link is ended and renewed, a code brings it onto another phone, and
siblings' tickets stand together. On a phone and on a screen, in both languages, searched by axe; once without
JavaScript."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from shared.events import PassReady
from support.accessibility import faults_of
from support.application.codes import nobodys_code
from support.application.family_in_browser import ServedPlace, open_window, served_place, settle, sign_in_by_cookie
from support.application.pupils import BEFORE
from support.browser import violations
from support.pictures import look, nothing_sticks_out

CASES = [(390, "de", True), (1280, "en", True), (390, "en", False)]
TICKET, OTHER = UUID(int=6), UUID(int=9)
WORDS = {
    "de": {
        "end": "Link zum Ticket sperren", "yes-end": "Ja, Link sperren", "renew": "Link zum Ticket erneuern",
        "yes-renew": "Ja, Link erneuern", "open": "Ticket öffnen", "code": "Abholcode machen", "get": "Ticket holen",
        "wrong": "gilt nicht", "typing": "Tippfehler", "all": "Alle Tickets öffnen",
    },
    "en": {
        "end": "End the link to the ticket", "yes-end": "Yes, end the link", "renew": "Renew the link to the ticket",
        "yes-renew": "Yes, renew the link", "open": "Open the ticket", "code": "Make a pick-up code",
        "get": "Get the ticket", "wrong": "does not count", "typing": "typing error", "all": "Open all tickets",
    },
}  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedPlace]:
    with served_place(tmp_path, BEFORE) as running:
        yield running


def see(page: Page, width: int, language: str, name: str, *, script: bool) -> None:
    look(page, f"ticket-{width}-{language}-{name}")
    nothing_sticks_out(page, width)
    assert page.locator("h1").count() == 1
    if script:
        assert faults_of(page) == [], name


def ready(served: ServedPlace, one: UUID, ticket: UUID, token: str, link: int = 0) -> None:
    about = {"application_id": one, "authority_id": "10261", "occurred_at": served.place.clock[0], "ticket_id": ticket}
    settle(served.place.hear(PassReady(**about, pass_url=f"https://pass.example/v1/passes/{token}", link=link)))


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_a_family_ends_the_link_to_its_ticket_and_renews_it(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    one, words = settle(served.place.applied()), WORDS[language]
    settle(served.place.granted(one, ticket=TICKET))
    page = open_window(browser, width, language, script=script)
    sign_in_by_cookie(page, served)
    page.goto(f"{served.url}/family/applications/{one}")
    see(page, width, language, "there", script=script)
    page.get_by_role("link", name=words["end"]).click()
    see(page, width, language, "end", script=script)
    page.get_by_role("button", name=words["yes-end"]).click()
    expect(page.get_by_role("link", name=words["open"])).to_have_count(0)
    see(page, width, language, "ended", script=script)
    page.get_by_role("link", name=words["renew"]).click()
    page.get_by_role("button", name=words["yes-renew"]).click()
    ready(served, one, TICKET, "second", link=2)
    page.reload()
    expect(page.get_by_role("link", name=words["open"])).to_have_attribute(
        "href", "https://pass.example/v1/passes/second"
    )
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_a_code_brings_the_ticket_onto_a_childs_phone(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    one, words = settle(served.place.applied()), WORDS[language]
    settle(served.place.granted(one, ticket=TICKET))
    home = open_window(browser, width, language, script=script)
    sign_in_by_cookie(home, served)
    home.goto(f"{served.url}/family/applications/{one}")
    home.get_by_role("button", name=words["code"]).click()
    see(home, width, language, "code", script=script)
    code = home.locator("#code").inner_text()
    assert f"{served.url}/family/pick-up" in home.content()
    phone = open_window(browser, 390, language, script=script)
    phone.goto(f"{served.url}/family/pick-up")
    for typed, said in (("ABCDE-FGHJ2", "typing"), (nobodys_code(width, 10), "wrong")):
        phone.locator("#code").fill(typed)
        phone.get_by_role("button", name=words["get"]).click()
        see(phone, 390, language, said, script=script)
        assert words[said] in phone.content()
    phone.locator("#code").fill(code.lower())
    phone.get_by_role("button", name=words["get"]).click()
    phone.wait_for_url("**/family/pick-up/ticket")
    see(phone, 390, language, "picked-up", script=script)
    expect(phone.get_by_role("link", name=words["open"])).to_have_attribute(
        "href", "https://pass.example/v1/passes/token"
    )
    phone.reload()
    expect(phone.get_by_role("link", name=words["open"])).to_have_count(1)
    refused = [each for each in violations(phone) if not any(status in each for status in ("404", "422"))]
    assert refused == []
    phone.context.close()
    home.context.close()


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_the_tickets_of_siblings_stand_together(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    page, words = open_window(browser, width, language, script=script), WORDS[language]
    sign_in_by_cookie(page, served)
    page.goto(f"{served.url}/family/tickets")
    see(page, width, language, "no-tickets", script=script)
    one = settle(served.place.applied())
    settle(served.place.granted(one, ticket=TICKET))
    served.place.clock[0] += timedelta(minutes=1)
    pupil = {"first_name": "Ben", "last_name": "Öztürk", "birth_date": "2014-02-28"}
    two = settle(served.place.applied(pupil=pupil))
    settle(served.place.granted(two, ticket=OTHER))
    ready(served, two, OTHER, "sibling", link=1)
    page.reload()
    see(page, width, language, "tickets", script=script)
    together = page.get_by_role("link", name=words["all"]).get_attribute("href") or ""
    assert set(together.rpartition("/")[2].split(".")) == {"token", "sibling"}
    assert violations(page) == []
    page.context.close()
