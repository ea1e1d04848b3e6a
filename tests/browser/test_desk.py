"""A case worker before a real browser: sign in, open a case, decide it, and see it released."""

import pytest
from playwright.sync_api import Browser
from support.browser import violations
from support.eligibility.served_desk import ServedDesk, sign_in
from support.pictures import look, nothing_sticks_out


@pytest.mark.parametrize("width", [1280, 390])
def test_sign_in_open_a_case_decide_and_it_is_released(browser: Browser, place: ServedDesk, width: int) -> None:
    page = sign_in(browser, place, "anna", width)
    assert page.get_by_role("heading", level=1).inner_text() == "Zu prüfen"
    look(page, f"{width}-list")
    nothing_sticks_out(page, width)
    page.get_by_role("link", name="Mia Öztürk-Hagemann").click()
    look(page, f"{width}-case")
    nothing_sticks_out(page, width)
    page.get_by_role("button", name="Fall übernehmen").click()
    page.get_by_role("button", name="Entscheiden und freigeben").click()
    page.get_by_role("alert").wait_for()
    look(page, f"{width}-mistakes")
    page.get_by_label("Bewilligen", exact=True).check()
    page.get_by_label("Begründung").fill("Nachgemessen: Der Weg ist 2.011 m lang.")
    page.get_by_role("button", name="Entscheiden und freigeben").click()
    assert "Entschieden. Der Bescheid geht an die Familie." in page.locator("main").inner_text()
    assert page.locator(".casehead").get_by_text("Bewilligt").is_visible()
    look(page, f"{width}-decided")
    nothing_sticks_out(page, width)
    page.goto(f"{place.url}/desk/?pile=prepared")
    for box in page.get_by_role("checkbox").all():
        box.check()
    look(page, f"{width}-prepared")
    page.get_by_role("button", name="Ausgewählte freigeben").click()
    look(page, f"{width}-sure")
    page.get_by_role("button", name="2 Fälle freigeben").click()
    page.get_by_text("freigegeben", exact=True).first.wait_for()  # counting does not wait for the page
    assert page.get_by_text("freigegeben", exact=True).count() == 2
    page.get_by_role("button", name="Abmelden").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Sie sind abgemeldet"
    assert violations(page) == [
        "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
    ]


def test_everything_is_reached_by_keyboard_and_rule_sets_have_pages(browser: Browser, place: ServedDesk) -> None:
    page = sign_in(browser, place, "ada", 390)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.get_by_role("link", name="Regelsätze").click()
    page.get_by_role("button", name="Als Entwurf speichern").click()
    page.get_by_role("heading", level=1).wait_for()
    look(page, "390-rule-sets")
    nothing_sticks_out(page, 390)
    assert "Der Entwurf ist gespeichert." in page.locator("main").inner_text()
    assert violations(page) == []
