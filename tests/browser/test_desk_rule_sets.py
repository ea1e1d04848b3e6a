"""What a draft changes, before a real browser: both values are seen, on a screen and on a phone."""

import pytest
from playwright.sync_api import Browser
from support.eligibility.served_desk import ServedDesk, sign_in
from support.pictures import look, nothing_sticks_out

DRAFT = """name: eschenborn
title: Eschenborn
version: "1"
origin: nrw
parameters:
  limit.lower_secondary_m:
    - {valid_from: 2026-08-01, value: 3000, legal_basis: Ratsbeschluss, source: Ratsbeschluss vom 1. März 2026, certainty: practice}
choices:
  review_band_m: 25
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_difference_shows_both_values_and_a_simulation_says_how_to_know_the_cost(
    browser: Browser, place: ServedDesk, width: int
) -> None:
    page = sign_in(browser, place, "ada", width)
    page.goto(f"{place.url}/desk/rule-sets")
    if not page.locator("textarea").first.is_visible():
        page.locator("summary").first.click()
    page.locator("textarea").first.fill(DRAFT)
    page.get_by_role("button", name="Als Entwurf speichern").click()
    table = page.locator("table.difference").first
    table.wait_for()
    look(page, f"{width}-difference")
    nothing_sticks_out(page, width)
    row = table.locator("tbody tr").filter(has_text="limit.lower_secondary_m")
    before, after = row.locator("td").all()
    assert "3500" in before.inner_text() and "3000" not in before.inner_text()
    assert "3500" in after.inner_text() and "ab 01.08.2026: 3000" in after.inner_text()
    for cell in (before, after):
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["width"] > 100
        assert cell.evaluate("each => each.scrollWidth <= each.clientWidth + 1"), "something is cut off"
    page.get_by_text("An bisherigen Fällen ausprobieren").click()
    page.get_by_label("Ticketpreis im Monat").fill("49,00")
    page.get_by_role("button", name="Ausprobieren").click()
    page.get_by_role("heading", name="Ausprobiert an bisherigen Fällen").wait_for()
    assert "Gerechnet mit 49,00 Euro im Monat" in page.locator("main").inner_text()
    look(page, f"{width}-simulation")
    nothing_sticks_out(page, width)
