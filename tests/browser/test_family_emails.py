"""A family and its e-mail address in a real browser, with a real mail server: given, confirmed by a click, refused, stopped.
On a phone and on a screen, in both languages, searched by axe.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from support.accessibility import faults_of
from support.application.family_in_browser import ServedPlace, open_window, served_place, settle, sign_in_by_cookie
from support.application.mailing import PostRoom, post_room
from support.application.pupils import BEFORE
from support.browser import violations
from support.pictures import look, nothing_sticks_out

WORDS = {
    "de": {
        "unconfirmed": "noch nicht bestätigt", "confirm": "Bestätigen", "confirmed": "Ihre E-Mail-Adresse ist bestätigt",
        "hints": "bekommen Sie einen Hinweis", "stop": "Hinweise abstellen", "stopped": "Bescheid bereitliegt",
        "failed": "Ihre E-Mail-Adresse nimmt keine Nachrichten an", "again": "Neuen Bestätigungslink schicken",
        "remind": "Erinnern Sie mich", "asked": "Erst dann können wir Sie erinnern", "school": "Grundschule Süd",
    },
    "en": {
        "unconfirmed": "not confirmed yet", "confirm": "Confirm", "confirmed": "Your e-mail address is confirmed",
        "hints": "you get a hint", "stop": "Stop hints", "stopped": "when a notice is ready",
        "failed": "Your e-mail address takes no messages", "again": "Send another confirmation link",
        "remind": "Remind me", "asked": "Only then can we remind you", "school": "Grundschule Süd",
    },
}  # fmt: skip
CASES = [(390, "de"), (1280, "en")]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedPlace]:
    with served_place(tmp_path, BEFORE, mails=True) as running:
        yield running


@pytest.fixture
def post(served: ServedPlace, tmp_path: Path) -> Iterator[PostRoom]:
    with post_room(served.place.database, tmp_path, served.place.clock) as room:
        yield room


def see(page: Page, name: str, width: int, language: str, says: str) -> None:
    page.get_by_text(says).first.wait_for()
    look(page, f"emails-{width}-{language}-{name}")
    nothing_sticks_out(page, width)
    assert page.locator("h1").count() == 1
    assert faults_of(page) == [], name


@pytest.mark.parametrize(("width", "language"), CASES)
def test_an_address_is_confirmed_on_another_device_and_hints_are_stopped(
    browser: Browser, served: ServedPlace, post: PostRoom, width: int, language: str
) -> None:
    words, child = WORDS[language], f"{served.url}/family/applications/{settle(served.place.applied('parent-1'))}"
    owner, reader = (open_window(browser, width, language, script=True) for _ in range(2))
    sign_in_by_cookie(owner, served, "parent-1")
    owner.goto(child)
    see(owner, "unconfirmed", width, language, words["unconfirmed"])
    (mail,) = settle(post.send())
    reader.goto(mail.link)
    see(reader, "link", width, language, words["confirm"])
    reader.get_by_role("button", name=words["confirm"], exact=True).click()
    see(reader, "confirmed", width, language, words["confirmed"])
    owner.goto(child)
    see(owner, "hints", width, language, words["hints"])
    owner.get_by_role("button", name=words["stop"]).click()
    see(owner, "stopped", width, language, words["stopped"])
    assert [each for page in (owner, reader) for each in violations(page)] == []


@pytest.mark.parametrize(("width", "language"), CASES)
def test_a_mailbox_that_takes_nothing_is_told_and_tried_again(
    browser: Browser, served: ServedPlace, post: PostRoom, width: int, language: str
) -> None:
    words, child = WORDS[language], f"{served.url}/family/applications/{settle(served.place.applied('parent-1'))}"
    post.server.always["zoe@example.org"] = "550 5.1.1 no such user"
    settle(post.send())
    owner = open_window(browser, width, language, script=True)
    sign_in_by_cookie(owner, served, "parent-1")
    owner.goto(child)
    see(owner, "failed", width, language, words["failed"])
    post.server.always.clear()
    owner.get_by_role("button", name=words["again"]).click()
    see(owner, "again", width, language, words["unconfirmed"])
    assert len(settle(post.send())) == 1


@pytest.mark.parametrize(("width", "language"), CASES)
def test_whoever_leaves_a_draft_asks_to_be_reminded(
    browser: Browser, served: ServedPlace, post: PostRoom, width: int, language: str
) -> None:
    words, page = WORDS[language], open_window(browser, width, language, script=True)
    page.goto(f"{served.url}/family/apply")
    page.locator("#school").fill(words["school"])
    page.get_by_role("button").last.click()
    page.wait_for_url("**/family/apply/*/*")
    page.goto(page.url.rpartition("/")[0] + "/later")
    page.locator("#email").fill("no address")
    page.get_by_role("button", name=words["remind"]).click()
    see(page, "draft-fault", width, language, words["remind"])
    page.locator("#email").fill("anna@example.org")
    page.get_by_role("button", name=words["remind"]).click()
    see(page, "draft-asked", width, language, words["asked"])
    served.place.clock[0] = datetime.now(UTC)  # drafts are kept by the real clock
    assert [each.to for each in settle(post.send())] == ["anna@example.org"]
