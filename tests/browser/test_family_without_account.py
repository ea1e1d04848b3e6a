"""A family without an account before a real browser: a code of the school, typed wrong and right; a letter; a link that
only looks; and an authority that asks who has custody. On a phone and on a screen, in both languages, searched by axe;
once without JavaScript.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from application.domain.ids import ApplicationId, Owner
from playwright.sync_api import Browser, Page
from shared.events import EligibilityFormPublished
from shared.events.own_form import FormDemands, OwnForm
from support.accessibility import faults_of
from support.application.codes import AUTHORITY, class_codes, nobodys_code
from support.application.family_in_browser import ServedPlace, open_window, served_place, settle
from support.application.pupils import BEFORE
from support.browser import violations
from support.pictures import look, nothing_sticks_out

CASES = [(390, "de", True), (1280, "en", True), (390, "en", False)]
WORDS = {
    "de": {"on": "Weiter", "typing": "Tippfehler", "wrong": "gilt nicht", "ask": "Brief anfordern", "there": "Wenn es"},
    "en": {
        "on": "Continue", "typing": "typing error", "wrong": "does not count", "ask": "Ask for the letter",
        "there": "If there is such",
    },
}  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedPlace]:
    with served_place(tmp_path, BEFORE) as running:
        yield running


class Family:
    """In front of a browser of its own."""

    def __init__(self, browser: Browser, served: ServedPlace, width: int, language: str, *, script: bool) -> None:
        self.page: Page = open_window(browser, width, language, script=script)
        self.url, self.width, self.language, self.script = served.url, width, language, script
        self.words = WORDS[language]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def press(self, what: str) -> None:
        self.page.get_by_role("button", name=self.words[what], exact=True).click()

    def see(self, name: str, *said: str) -> None:
        look(self.page, f"code-{self.width}-{self.language}-{name}")
        nothing_sticks_out(self.page, self.width)
        assert self.page.locator("h1").count() == 1
        for each in said:
            assert each in self.page.content(), each
        if self.script:
            assert faults_of(self.page) == [], name

    def type_code(self, code: str) -> None:
        self.page.locator("#code").fill(code)
        self.press("on")


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_a_family_comes_by_a_code_of_the_school(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    code = settle(class_codes(served.place.workflow, served.place.clock[0], school="100001"))[0]
    family = Family(browser, served, width, language, script=script)
    family.open("/family/code")
    family.see("empty")
    family.type_code(code[:-1] + ("2" if code[-1] != "2" else "3"))
    family.see("typing-error", family.words["typing"])
    family.type_code(nobodys_code(width))
    family.see("wrong", family.words["wrong"])
    family.type_code(code.lower())
    family.page.wait_for_url("**/family/apply")
    family.see("begins", "Grundschule Süd")
    family.press("on")
    family.page.wait_for_url("**/grade")
    refused = [each for each in violations(family.page) if not any(status in each for status in ("404", "422"))]
    assert refused == []
    family.page.context.close()


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_a_family_asks_for_a_letter_and_opens_its_application_with_it(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    number = ApplicationId(settle(served.place.applied()))
    family = Family(browser, served, width, language, script=script)
    family.open("/family/letter")
    family.page.locator("#number").fill("4711")
    family.press("ask")
    family.see("no-number")
    family.page.locator("#number").fill(str(number))
    family.press("ask")
    family.see("letter", family.words["there"])
    (letter,) = settle(served.place.workflow.letters.print(AUTHORITY, "anna", served.place.clock[0]))
    family.open("/family/code")
    family.type_code(letter.code)
    family.page.wait_for_url(f"**/family/applications/{number}")
    family.see("opened")
    family.page.context.close()


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_a_link_that_looks_is_read_by_anybody(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    place = served.place
    number = ApplicationId(settle(place.applied()))
    settle(place.granted(number))
    link = settle(place.workflow.look_links.make(Owner("parent-1"), number, place.clock[0]))
    family = Family(browser, served, width, language, script=script)
    family.open(f"/look/{link.token}")
    family.see("look", "2026/27")
    assert violations(family.page) == []
    family.page.context.close()


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_where_it_is_asked_who_has_custody_both_guardians_are_told(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    settle(demand(served, datetime.now(served.place.clock[0].tzinfo)))
    family = Family(browser, served, width, language, script=script)
    family.open("/family/apply")
    family.page.locator("#school").fill("Grundschule Süd")
    family.press("on")
    family.page.wait_for_url("**/grade")
    draft = family.page.url.rpartition("/")[0].removeprefix(served.url)
    family.open(f"{draft}/custody")
    family.see("custody")
    family.page.locator("input[value=everyday]").check()
    family.press("on")
    family.open(f"{draft}/second-guardian")
    family.see("second-guardian")
    family.page.locator("#custody-second_guardian-last_name").fill("Öztürk")
    family.page.locator("#custody-second_guardian-address").check()
    family.press("on")
    family.page.wait_for_url("**/second-guardian-home**")
    family.see("second-guardian-home")
    assert violations(family.page) == []
    family.page.context.close()


async def demand(served: ServedPlace, now: datetime) -> None:
    demands = FormDemands(custody="document", both_guardians=True)
    await served.place.hear(EligibilityFormPublished(
        occurred_at=now, authority_id=AUTHORITY, version=1, valid_from=served.place.clock[0].date(),
        content=OwnForm(demands=demands),
    ))  # fmt: skip
