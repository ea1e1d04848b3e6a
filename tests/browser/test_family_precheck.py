"""The pre-check before a real browser without JavaScript, light and dark, on a screen and on a phone, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from application.api import family_pages
from application.checks.key_tables import school_keys
from application.workflow import workflow_on
from eligibility.workflow import MeasuredRoutes
from fastapi import FastAPI
from playwright.sync_api import Browser, Page
from shared.http import problems
from support.application import directory
from support.both_services import SCHOOLS, AnsweredBy
from support.browser import ColorScheme
from support.databases import make_tables
from support.eligibility import small_place
from support.eligibility.world import World
from support.pictures import look, nothing_sticks_out
from support.served import Served

LENGTHS = {"granted": 6123.4, "refused": 812.5, "person": 3510.0}


@pytest.fixture
def family(world: World, tmp_path: Path) -> Iterator[str]:
    url = f"sqlite:///{tmp_path / 'application.db'}"
    make_tables(url, "application")
    database = directory.open_filled(url, *SCHOOLS)
    served, app = Served(), FastAPI()
    problems.install(app)
    workflow = workflow_on(database, school_keys(), AnsweredBy(world))
    app.include_router(family_pages(workflow, school_keys(), served.url))
    served.start(app)
    yield served.url
    served.stop()
    database.close()


def fill(page: Page, words: dict[str, str]) -> None:
    for name, value in words.items():
        page.locator(f"#{name}").fill(value)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_family_learns_in_a_minute_whether_there_will_be_a_ticket(
    browser: Browser, family: str, world: World, width: int, scheme: ColorScheme, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, java_script_enabled=False,
        locale="de-DE" if language == "de" else "en-GB", color_scheme=scheme,
    )  # fmt: skip
    page, complaints = context.new_page(), []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.goto(f"{family}/family/precheck")
    look(page, f"precheck-{scheme}-{width}-{language}-form")
    nothing_sticks_out(page, width)
    fill(page, {"street": "Kirschstraße", "house_number": "5a", "postal_code": "33100", "city": "Eschenborn"})
    fill(page, {"school": "Gymnasium Bielefeld"})
    page.locator("button[name=look]").click()
    look(page, f"precheck-{scheme}-{width}-{language}-schools")
    nothing_sticks_out(page, width)
    page.locator("#school-100004").check()
    page.locator("button[name=look]").click()
    look(page, f"precheck-{scheme}-{width}-{language}-errors")
    nothing_sticks_out(page, width)
    page.locator("#grade").select_option("07")
    page.locator("button[name=look]").click()
    page.locator("#meant-1").check()
    look(page, f"precheck-{scheme}-{width}-{language}-address")
    for name, metres in LENGTHS.items():
        world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
        page.locator("button[name=look]").click()
        look(page, f"precheck-{scheme}-{width}-{language}-{name}")
        nothing_sticks_out(page, width)
        assert page.locator("h1").count() == 1 and page.locator("svg").count() == 1
        page.locator("button[name=change]").click()
    assert [each for each in complaints if "422" not in each] == []
    context.close()
