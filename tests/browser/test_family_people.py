"""Two people before two real browsers: one invites, the other helps and is removed; and a pupil who is of age takes over.
On a phone and on a screen, in both languages, searched by axe; and once without JavaScript, through the sign-in.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from support.accessibility import faults_of
from support.application.family_in_browser import (
    ServedPlace,
    open_window,
    served_place,
    settle,
    sign_in_by_cookie,
)
from support.application.pupils import BEFORE, BIRTHDAY, NEARLY_OF_AGE
from support.application.reading import Effort
from support.browser import violations
from support.pictures import look, nothing_sticks_out
from support.sign_in import PASSWORD

WORDS = {
    "de": {
        "invite": "Jemanden einladen", "link": "Link zum Einladen machen", "on": "Weiter", "help": "Ja, ich helfe mit",
        "helps": "Sie helfen mit", "remove": "Entfernen Oma Inge", "removed": "Diese Person hilft nicht mehr mit.",
        "hand over": "Link zum Übergeben machen", "take over": "Ja, ich übernehme den Antrag",
        "yours": "Dieser Antrag gehört jetzt Ihnen.", "change": "Etwas ändert sich",
    },
    "en": {
        "invite": "Invite somebody", "link": "Make a link to invite", "on": "Go on", "help": "Yes, I help",
        "helps": "You help", "remove": "Remove Oma Inge", "removed": "This person does not help any more.",
        "hand over": "Make a link to hand it over", "take over": "Yes, I take the application over",
        "yours": "This application is yours now.", "change": "Something changes",
    },
}  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedPlace]:
    with served_place(tmp_path, BEFORE) as running:
        yield running


class Person:
    """In front of a browser of one's own. `by_password`: signs in where the pages ask for it."""

    def __init__(
        self, browser: Browser, served: ServedPlace, who: str, width: int, language: str, *, script: bool = True
    ) -> None:
        self.page = open_window(browser, width, language, script=script)
        self.who, self.width, self.language, self.script = who, width, language, script
        self.words, self.effort = WORDS[language], Effort()
        if script:
            sign_in_by_cookie(self.page, served, who)

    def press(self, what: str) -> None:
        self.page.get_by_role("button", name=self.words[what]).click()

    def see(self, name: str, *, asks: bool = False) -> None:
        if asks:
            self.effort.pages.append(name)
        self.effort.read(self.page)
        look(self.page, f"people-{self.width}-{self.language}-{name}")
        nothing_sticks_out(self.page, self.width)
        assert self.page.locator("h1").count() == 1
        if self.script:
            assert faults_of(self.page) == [], name

    def link(self) -> str:
        """That the page shows."""
        return str(self.page.locator("#link").input_value())

    def open_link(self, link: str) -> None:
        """Without JavaScript by the password, on the way."""
        self.page.goto(link)
        self.see("link")
        self.press("on")
        if not self.script:
            self.see("sign-in")
            self.page.get_by_role("link", name="Sign in", exact=True).click()
            self.page.locator("#username").fill(self.who)
            self.page.locator("#password").fill(PASSWORD)
            self.page.get_by_role("button").last.click()
        self.page.wait_for_url("**/family/invitation")

    def closes(self) -> None:
        assert [each for each in violations(self.page) if "404" not in each and "422" not in each] == []
        self.page.context.close()


SECONDS = 180
CASES = [(390, "de", True), (1280, "en", True), (390, "en", False)]


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_a_grandmother_is_invited_helps_and_is_removed(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    one = settle(served.place.applied("parent-1", **NEARLY_OF_AGE))
    child = f"{served.url}/family/applications/{one}"
    owner, other = (
        Person(browser, served, "parent-1", width, language),
        Person(browser, served, "parent-2", width, language, script=script),
    )
    owner.page.goto(child)
    owner.see("owner")
    owner.page.get_by_text(owner.words["invite"]).click()
    owner.press("link")
    owner.see("invited")
    link = owner.link()
    owner.page.reload()
    assert owner.link() == link
    other.open_link(link)
    other.see("invitation")
    other.page.locator("#name").fill("\u202e")
    other.press("help")
    other.see("invitation-faults")
    other.page.locator("#name").fill("Oma Inge")
    other.press("help")
    other.page.get_by_role("heading", name=other.words["helps"]).wait_for()
    other.see("helps")
    assert other.page.get_by_role("heading", name=other.words["change"]).count() == 0
    other.page.goto(f"{served.url}/family")
    other.see("children")
    owner.page.goto(child)
    owner.see("owner-with-people")
    owner.page.get_by_role("button", name=owner.words["remove"]).click()
    owner.page.get_by_text(owner.words["removed"]).first.wait_for()
    other.page.goto(child)
    assert "404" in " ".join(violations(other.page))
    other.see("gone")
    owner.closes()
    other.closes()


@pytest.mark.parametrize(("width", "language", "script"), CASES)
def test_from_the_18th_birthday_on_the_pupil_takes_over(
    browser: Browser, served: ServedPlace, width: int, language: str, script: bool
) -> None:
    one = settle(served.place.applied("parent-1", **NEARLY_OF_AGE))
    child = f"{served.url}/family/applications/{one}"
    mother = Person(browser, served, "parent-1", width, language)
    mother.page.goto(child)
    assert mother.page.get_by_role("button", name=mother.words["hand over"]).count() == 0
    served.place.clock[0] = BIRTHDAY
    mother.page.goto(child)
    mother.see("of-age", asks=True)
    mother.press("hand over")
    mother.see("hand-over")
    pupil = Person(browser, served, "parent-2", width, language, script=script)
    pupil.open_link(mother.link())
    pupil.see("take-over", asks=True)
    pupil.press("take over")
    pupil.page.get_by_text(pupil.words["yours"]).first.wait_for()
    pupil.see("taken-over")
    assert pupil.page.get_by_role("heading", name=pupil.words["change"]).count() == 1
    efforts = [mother.effort, pupil.effort]
    print(
        "turning 18", width, language, [each.pages for each in efforts], [round(each.seconds) for each in efforts], "s"
    )
    assert [len(each.pages) for each in efforts] == [1, 1] and max(each.seconds for each in efforts) < SECONDS
    mother.page.goto(child)
    mother.page.get_by_role("heading", name=mother.words["helps"]).wait_for()
    assert mother.page.get_by_role("heading", name=mother.words["change"]).count() == 0
    mother.closes()
    pupil.closes()
