"""Letters before a real browser, without a script: printed, posted, one comes back, and the proof of delivery."""

import pytest
from playwright.sync_api import Browser
from support.browser import violations
from support.eligibility.served_desk import ServedDesk, sign_in
from support.pictures import look, nothing_sticks_out


@pytest.mark.parametrize("width", [1280, 390])
def test_letters_are_printed_posted_and_one_comes_back(browser: Browser, place: ServedDesk, width: int) -> None:
    page = sign_in(browser, place, "anna", width)
    page.goto(f"{place.url}/desk/?pile=prepared")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Ausgewählte freigeben").click()
    page.get_by_role("button", name="2 Fälle freigeben").click()
    page.get_by_text("freigegeben", exact=True).first.wait_for()
    page.get_by_role("link", name="Briefe").click()
    page.get_by_role("heading", name="Zu drucken (2)").wait_for()
    look(page, f"{width}-letters")
    nothing_sticks_out(page, width)
    with page.expect_download() as download:
        page.get_by_role("button", name="Ausgewählte drucken").click()
    assert download.value.suggested_filename == "Briefe.zip"
    page.goto(f"{place.url}/desk/letters")
    page.get_by_role("heading", name="Gedruckt, noch nicht aufgegeben (2)").wait_for()
    page.get_by_label("Zur Post gegeben am").fill("2026-05-20")
    look(page, f"{width}-printed")
    nothing_sticks_out(page, width)
    page.get_by_role("button", name="Aufgabe zur Post vermerken").click()
    page.get_by_text("Der Tag der Aufgabe zur Post ist vermerkt.").wait_for()
    page.get_by_text("Die letzten Briefe, um einen Rücklauf zu vermerken").click()
    page.get_by_role("button", name="Kam zurück").first.click()
    page.get_by_role("heading", name="Zurückgekommen (1)").wait_for()
    look(page, f"{width}-returned")
    nothing_sticks_out(page, width)
    page.locator("#returned").locator("..").get_by_role("link").first.click()
    page.get_by_role("link", name="Nachweis der Bekanntgabe").click()
    page.get_by_role("heading", name="Nachweis der Bekanntgabe").wait_for()
    assert "von der Post zurückgekommen" in page.locator("main").inner_text()
    look(page, f"{width}-proof")
    nothing_sticks_out(page, width)
    assert violations(page) == []
