"""A message of a family before a real browser, light and dark, on a screen and on a phone: read it, deal with it, go on."""

import asyncio
import threading
from uuid import uuid4

import pytest
from playwright.sync_api import Browser
from shared.events import ApplicationDocumentAdded, ApplicationSubmitted
from support.browser import ColorScheme, violations
from support.eligibility import small_place
from support.eligibility.served_desk import ServedDesk, sign_in
from support.pictures import look, nothing_sticks_out

LOST = "Ich habe mein Handy verloren, bitte sperren Sie das Ticket!\n\nMit freundlichen Grüßen\nMia Öztürk"


async def write(place: ServedDesk) -> None:
    """A text and two photographs of a family whose case is in review."""
    world = place.world
    entries = world.database.read_now(lambda store: store.page_of_all(None, 10))
    case = next(each for each in entries if each.submission["child"]["first_name"] == "Mia")
    told = world.database.read_now(lambda store: store.told_of(case.id))
    assert isinstance(told, ApplicationSubmitted)
    await world.hear(small_place.changed(told, answer=LOST))
    for size in (81_234, 3_461_234):
        await world.hear(
            ApplicationDocumentAdded(
                occurred_at=world.clock[0], authority_id="12345", application_id=case.application_id,
                document_id=uuid4(), kind="medical_certificate", media_type="image/jpeg", size=size,
            )
        )  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_message_is_read_and_dealt_with_and_the_next_case_follows(
    browser: Browser, place: ServedDesk, width: int, scheme: ColorScheme
) -> None:
    writing = threading.Thread(target=lambda: asyncio.run(write(place)))  # playwright's loop runs in this thread
    writing.start()
    writing.join()
    page = sign_in(browser, place, "anna", width)
    page.emulate_media(color_scheme=scheme)
    look(page, f"{scheme}-{width}-review")
    page.get_by_role("link", name="Nachrichten").click()
    assert "1 Nachricht und 2 Unterlagen der Familie" in page.locator("main").inner_text()
    look(page, f"{scheme}-{width}-messages")
    nothing_sticks_out(page, width)
    page.get_by_role("link", name="Mia Öztürk-Hagemann").click()
    said = page.locator("main").inner_text()
    assert "Ärztliches Attest (2 von 2)" in said and said.count("noch nicht geöffnet") == 2
    look(page, f"{scheme}-{width}-message")
    nothing_sticks_out(page, width)
    page.get_by_role("button", name="Alle als erledigt vermerken").click()
    assert "Als erledigt vermerkt." in page.locator("main").inner_text()
    look(page, f"{scheme}-{width}-dealt-with")
    page.get_by_role("link", name="Nächster Fall").click()
    assert "Mia Öztürk-Hagemann" not in page.locator("h1").inner_text()
    assert not violations(page)
