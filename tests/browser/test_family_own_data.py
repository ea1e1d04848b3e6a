"""A family's own data before a real browser, without a script: read, taken along and erased, each page searched by axe."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from application.domain.ids import Owner
from application.form import EXAMPLE, DraftChange
from playwright.sync_api import Browser, Page
from support.accessibility import faults_of
from support.application.family_in_browser import ServedPlace, open_window, served_place, settle, sign_in_by_cookie
from support.application.family_pages import FamilyPlace
from support.browser import ColorScheme
from support.pictures import look, nothing_sticks_out

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedPlace]:
    with served_place(tmp_path, NOW) as place:
        settle(_fill(place.place))
        yield place


async def _fill(place: FamilyPlace) -> None:
    """One that must stay, one that need not, and one that was begun."""
    held = await place.applied(pupil=EXAMPLE["pupil"] | {"first_name": "Bo"})
    await place.refused(held)
    place.clock[0] = place.clock[0].replace(minute=1)
    await place.applied(pupil=EXAMPLE["pupil"] | {"first_name": "Eli"})
    await place.workflow.drafts.begin(Owner("parent-1"), DraftChange.of(EXAMPLE), place.clock[0])


def seen(page: Page, width: int, name: str) -> None:
    look(page, f"own-data-{name}-{width}")
    nothing_sticks_out(page, width)
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize(
    ("width", "language", "scheme"), [(360, "de", "light"), (1280, "en", "dark")], ids=["phone-de", "screen-en"]
)
def test_axe_finds_nothing_on_any_page_of_the_own_data(
    browser: Browser, served: ServedPlace, width: int, language: str, scheme: ColorScheme
) -> None:
    page = open_window(browser, width, language, scheme, script=True)
    sign_in_by_cookie(page, served)
    found = {}
    for name in ("data", "data/read", "data/erasure", "privacy"):
        page.goto(f"{served.url}/family/{name}")
        found[name] = faults_of(page)
        seen(page, width, name.replace("/", "-"))
    assert found == {name: [] for name in found}


def test_a_family_finds_reads_takes_along_and_erases_what_need_not_stay(
    browser: Browser, served: ServedPlace, tmp_path: Path
) -> None:
    page = open_window(browser, 360, "de", "light", script=False)
    sign_in_by_cookie(page, served)
    page.goto(f"{served.url}/family")
    page.get_by_role("link", name="Meine Daten").click()
    page.get_by_role("link", name="Alles ansehen").click()
    page.wait_for_load_state()
    assert page.get_by_role("heading", level=2).count() == 3
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Alles herunterladen (ZIP)").click()
    archive = tmp_path / "mine.zip"
    download.value.save_as(archive)
    assert download.value.suggested_filename == "Meine-Daten.zip"
    assert zipfile.ZipFile(archive).namelist() == ["Meine-Daten.html", "data.json"]
    page.get_by_role("link", name="Meine Daten löschen …").click()
    stays = page.get_by_role("region", name="Das muss noch bleiben")
    assert "geklagt" in stays.inner_text() and "Bo" in stays.inner_text()
    page.get_by_role("button", name="Jetzt löschen").click()
    page.wait_for_load_state()
    assert page.get_by_role("alert").is_visible()
    page.get_by_label("Ja, ich möchte meine Daten löschen.").check()
    page.get_by_role("button", name="Jetzt löschen").click()
    assert "Ihre Daten sind gelöscht." in page.get_by_role("status").inner_text()
    page.goto(f"{served.url}/family")
    left = page.get_by_role("heading", level=2).all_inner_texts()
    assert any("Bo" in each for each in left) and not any("Eli" in each for each in left)


def test_the_page_of_the_archive_reads_well_by_itself(browser: Browser, served: ServedPlace, tmp_path: Path) -> None:
    page = open_window(browser, 360, "en", "light", script=True)
    sign_in_by_cookie(page, served)
    page.goto(f"{served.url}/family/data")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all of it (ZIP)").click()
    archive = tmp_path / "mine.zip"
    download.value.save_as(archive)
    zipfile.ZipFile(archive).extractall(tmp_path / "mine")
    page.goto((tmp_path / "mine" / "My-data.html").as_uri())
    assert faults_of(page) == []
    nothing_sticks_out(page, 360)
