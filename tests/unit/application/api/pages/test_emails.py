"""The e-mail address on the families' pages: its state in words, the link that confirms it, and the reminder of a draft."""

import html
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from application.checks import SchoolKeys
from application.form import EXAMPLE
from application.store import SqlStore
from application.workflow import workflow_on
from shared.database import Database
from support.application.apply_pages import begin
from support.application.family_pages import FamilyPlace, family_place
from support.application.form_pages import Window
from support.application.mailing import OFFICE, PostRoom, post_room, token_of
from support.sign_in import StaffBrowser


@dataclass
class Mailed:
    place: FamilyPlace
    post: PostRoom


@pytest.fixture
async def mailed(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime, tmp_path: Path
) -> AsyncIterator[Mailed]:
    place = family_place(workflow_on(database, keys, office=OFFICE), database, now)
    with post_room(database, tmp_path, place.clock) as post:
        yield Mailed(place, post)


async def card(browser: StaffBrowser, one: UUID, language: str = "de") -> str:
    page = (await browser.get(f"/family/applications/{one}?language={language}")).text
    return html.unescape(page.partition('id="email"')[2].partition("</section>")[0])


async def wish(browser: StaffBrowser, one: UUID, what: str) -> str:
    page = (await browser.get(f"/family/applications/{one}")).text
    answer = await browser.send(page, f"/family/applications/{one}/email", wish=what)
    assert answer.status_code == 303, answer.text
    return (await browser.get(answer.headers["location"].partition("#")[0])).text


async def confirm(mailed: Mailed, link: str, language: str = "de") -> Window:
    """As whoever reads the mailbox, on another device, without an account."""
    window = Window(mailed.place.browser().http, language)
    await window.open(link)
    assert window.answer.status_code == 200
    form = window.form()
    answer = await window.http.post(form.action, data=form.fields, headers={"Accept-Language": language})
    await window._take(answer)
    return window


async def test_from_the_address_to_the_click_and_to_no_more_hints(mailed: Mailed) -> None:
    one = await mailed.place.applied()
    browser = await mailed.place.family()
    assert "noch nicht bestätigt" in await card(browser, one)
    assert "not confirmed yet" in await card(browser, one, "en")
    (mail,) = await mailed.post.send()
    link = f"/emails/{token_of(mail)}"
    for _ in range(3):  # a mail program looks at it
        assert (await mailed.place.browser().get(link)).status_code == 200
    assert "noch nicht bestätigt" in await card(browser, one)
    window = await confirm(mailed, link)
    assert "Ihre E-Mail-Adresse ist bestätigt" in window.text and "zoe@" not in window.text
    assert "Sobald hier etwas Neues liegt" in await card(browser, one)
    assert "Fragen und Tickets werden nicht mehr" in await wish(browser, one, "stop")
    assert "nur noch einen Hinweis, wenn ein Bescheid" in await card(browser, one)
    assert "Sie bekommen wieder Hinweise" in await wish(browser, one, "start")


async def test_a_confirmation_is_in_the_language_of_who_presses(mailed: Mailed) -> None:
    await mailed.place.applied()
    (mail,) = await mailed.post.send()
    window = await confirm(mailed, f"/emails/{token_of(mail)}", "en")
    assert "Your e-mail address is confirmed" in window.text


async def test_a_link_that_leads_to_nothing_says_so_in_words(mailed: Mailed) -> None:
    window = await confirm(mailed, "/emails/nothing")
    assert window.answer.status_code == 404 and "Dieser Link gilt nicht mehr" in html.unescape(window.text)


async def test_a_foreign_page_confirms_nothing(mailed: Mailed) -> None:
    await mailed.place.applied()
    (mail,) = await mailed.post.send()
    answer = await mailed.place.browser().http.post(
        "/family/email/confirmation", data={"token": token_of(mail), "nonce": "x"}
    )
    assert answer.status_code == 403


async def test_a_mailbox_that_takes_nothing_is_told_in_words_and_can_be_tried_again(mailed: Mailed) -> None:
    mailed.post.server.always["zoe@example.org"] = "550 5.1.1 no such user"
    one = await mailed.place.applied()
    await mailed.post.send()
    browser = await mailed.place.family()
    assert "takes no messages" in await card(browser, one, "en")
    assert "nimmt keine Nachrichten an" in await card(browser, one)
    mailed.post.server.always.clear()
    assert "neuen Bestätigungslink geschickt" in await wish(browser, one, "link")
    (mail,) = await mailed.post.send()
    await confirm(mailed, f"/emails/{token_of(mail)}")
    assert "Sobald hier etwas Neues liegt" in await card(browser, one)


async def test_without_an_address_the_page_offers_to_give_one(mailed: Mailed) -> None:
    one = await mailed.place.applied(guardian={**EXAMPLE["guardian"], "email": None})
    shown = await card(await mailed.place.family(), one)
    assert "keine E-Mail-Adresse angegeben" in shown and f"/family/applications/{one}/change/name" in shown


async def test_where_nothing_is_mailed_the_page_says_so(place: FamilyPlace) -> None:
    one = await place.applied()
    assert "Hier werden keine E-Mails verschickt" in await card(await place.family(), one)


async def test_who_helps_sees_no_address(mailed: Mailed) -> None:
    one = await mailed.place.applied()
    people = mailed.place.workflow.people
    token = (await people.invite("parent-1", one, "helper", mailed.place.clock[0])).token  # type: ignore[arg-type]
    await people.accept("parent-2", token, "Oma", mailed.place.clock[0])  # type: ignore[arg-type]
    page = (await (await mailed.place.family("parent-2")).get(f"/family/applications/{one}")).text
    assert "zoe@example.org" not in page and 'id="email"' not in page


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a_draft_asks_for_an_address_and_says_what_is_wrong_with_it(mailed: Mailed, language: str) -> None:
    window = await begin(mailed.place, language)
    await window.open(f"{window.path.rpartition('/')[0]}/later")
    await window.send({"email": "zoe@localhost"}, action="/email")
    assert window.answer.status_code == 422 and 'value="zoe@localhost"' in window.text
    await window.send({"email": " Anna@example.org "}, action="/email")
    assert ("Erst dann" if language == "de" else "Only then") in window.text
