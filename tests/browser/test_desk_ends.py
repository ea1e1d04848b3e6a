"""The end of a grant before a real browser: it looks like one, on a screen and on a phone."""

import asyncio
import threading
from datetime import date

import pytest
from eligibility.workflow import MeasuredRoutes
from playwright.sync_api import Browser
from shared.events import HomeAddress, Person
from support.eligibility import small_place
from support.eligibility.served_desk import ServedDesk, sign_in
from support.eligibility.world import World
from support.pictures import look, nothing_sticks_out

ELSEWHERE = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")


async def _moves(world: World) -> None:
    world.set_authority(release_by_person="refusals")
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2500.0))
    event = small_place.submitted(child=Person(first_name="Hella", last_name="Umzug-Beispiel"))
    await world.hear(event)
    world.measurer.answer = MeasuredRoutes(small_place.measurement(225.25))
    moved = small_place.changed(
        event, home=ELSEWHERE, school_number="100003", grade="04", changed_from=date(2026, 11, 2)
    )
    await world.hear(moved)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_end_of_a_grant_is_seen_in_the_list_and_on_its_page(
    browser: Browser, place: ServedDesk, width: int
) -> None:
    filling = threading.Thread(target=lambda: asyncio.run(_moves(place.world)))  # playwright's loop runs in this thread
    filling.start()
    filling.join()
    page = sign_in(browser, place, "anna", width)
    page.goto(f"{place.url}/desk/?pile=prepared")
    look(page, f"{width}-ends-list")
    nothing_sticks_out(page, width)
    row = page.get_by_role("row").filter(has_text="Hella Umzug-Beispiel")
    assert "Ende einer Bewilligung" in row.inner_text() and "Abgelehnt" not in row.inner_text()
    page.get_by_role("link", name="Hella Umzug-Beispiel").click()
    look(page, f"{width}-ends-case")
    nothing_sticks_out(page, width)
    for table in page.locator("table.beside").all():
        box = table.bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        for cell in table.locator("tbody td").all():
            inside = cell.bounding_box()
            assert inside is not None
            assert inside["width"] > 0 and inside["x"] + inside["width"] <= width + 1
    page.get_by_label("Ausnahme von der Anhörung").first.select_option("3")
    page.get_by_role("button", name="Freigeben: Ende einer Bewilligung").click()
    assert "Freigegeben. Der Bescheid geht an die Familie." in page.locator("main").inner_text()
