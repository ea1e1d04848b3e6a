"""The pages of a school's office before a real browser: without scripts, in both languages, light and dark, on a screen
and on a telephone, each searched by axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from support.accessibility import faults_of
from support.application.family_in_browser import open_window, settle
from support.application.school_in_browser import ServedSchool, enter_office, served_school
from support.application.school_place import NOW, SECOND, Child, apply_for, listed
from support.browser import ColorScheme
from support.pictures import look, nothing_sticks_out
from support.sign_in import PASSWORD

CHILDREN = (
    Child(), Child("von der Heide", "Anna Maria"), Child("Öztürk", "Can", grade="06"), Child("Nguyễn", "Bo", grade="06"),
)  # fmt: skip
LIST = listed(
    CHILDREN[0], Child("Heide", "Anna"), Child("Öztürk", "Cem"), Child("Fremd", "Kind"), Child("=Formel", "Kind")
)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[ServedSchool]:
    with served_school(tmp_path, NOW) as served:
        for number, each in enumerate(CHILDREN):
            settle(apply_for(served.workflow, each, f"parent-{number}"))
        settle(apply_for(served.workflow, Child("Andere", "Schule"), "parent-9", SECOND))
        yield served


def window(
    browser: Browser, school: ServedSchool, width: int = 1280, language: str = "de", scheme: ColorScheme = "light",
    *, script: bool = False,
) -> Page:  # fmt: skip
    page = open_window(browser, width, language, scheme, script=script)
    enter_office(page, school)
    page.goto(f"{school.url}/school?year=2026/27")
    return page


def upload(page: Page, school: ServedSchool, content: bytes) -> None:
    page.goto(f"{school.url}/school/class-list?year=2026/27")
    page.set_input_files("#file", {"name": "liste.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("form:has(#file) button").click()


def seen(page: Page, width: int, name: str) -> None:
    look(page, f"school-{name}")
    nothing_sticks_out(page, width)
    assert page.locator("h1").count() == 1
    assert faults_of(page) == [], name


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    [(1280, "de", "light"), (390, "en", "dark"), (390, "de", "light"), (1280, "en", "dark")],
)
def test_every_page_of_a_school_fits_and_complains_of_nothing(
    browser: Browser, school: ServedSchool, width: int, language: str, scheme: ColorScheme
) -> None:
    page = window(browser, school, width, language, scheme, script=True)
    mark = f"{width}-{language}-{scheme}"
    seen(page, width, f"{mark}-list")
    page.locator(".rows__acts a").first.click()
    seen(page, width, f"{mark}-pupil")
    page.locator("form[action$=departure] button").click()
    seen(page, width, f"{mark}-pupil-errors")
    page.goto(f"{school.url}/school/class-list?year=2026/27")
    seen(page, width, f"{mark}-upload")
    upload(page, school, b"PK\x03\x04 a workbook")
    seen(page, width, f"{mark}-upload-errors")
    upload(page, school, LIST)
    seen(page, width, f"{mark}-preview")
    page.locator("form[action$=answers] button").click()
    seen(page, width, f"{mark}-after")
    page.goto(f"{school.url}/school?year=2026/27&state=left")
    seen(page, width, f"{mark}-nobody")
    page.goto(f"{school.url}/school?year=2035/36")
    seen(page, width, f"{mark}-empty")


def test_an_office_signs_in_confirms_a_class_by_one_click_and_signs_out(browser: Browser, school: ServedSchool) -> None:
    page = open_window(browser, 1280, "de")
    page.goto(f"{school.url}/school")
    page.fill("#username", "office-1")
    page.fill("#password", PASSWORD)
    page.get_by_role("button").last.click()
    page.goto(f"{school.url}/school?year=2026/27")
    assert "Andere" not in page.content() and "33602" not in page.content() and "O’Neill" not in page.content()
    page.get_by_role("button", name="Alle offenen bestätigen (2) Jahrgang 5").click()
    assert "Bestätigt: 2." in page.inner_text("main")
    page.get_by_role("button", name="Bestätigen Öztürk, Can").click()
    assert "Bestätigt: 1." in page.inner_text("main")
    page.locator(".head__out button").click()
    page.goto(f"{school.url}/school")
    assert "/authorize" in page.url


def test_a_pupil_who_left_is_reported_taken_back_and_other_data_are_named(
    browser: Browser, school: ServedSchool
) -> None:
    page = window(browser, school)
    page.get_by_role("link", name="Etwas anderes Müller, Jörg").click()
    page.fill("#last_day", "31.02.2027")
    page.locator("form[action$=departure] button").click()
    assert "Diesen Tag gibt es nicht" in page.inner_text("#last_day-error")
    page.fill("#last_day", "31.01.2027")
    page.locator("form[action$=departure] button").click()
    assert "letzter Tag: 31.01.2027" in page.inner_text("main")
    page.get_by_role("link", name="Etwas anderes Müller, Jörg").click()
    page.locator("form[action$=reopening] button").click()
    page.wait_for_load_state()
    assert page.locator("#reason-error").is_visible()
    page.fill("#reason", "falsche Zeile")
    page.locator("form[action$=reopening] button").click()
    page.get_by_role("link", name="Etwas anderes Müller, Jörg").click()
    page.fill("#birth_date", "02.03.2016")
    page.fill("#class_name", "5c")
    page.locator("form[action$=differences] button").click()
    assert "Geburtsdatum laut Schule: 02.03.2016" in page.inner_text("main")


def test_a_class_list_is_looked_at_before_it_is_taken_over(browser: Browser, school: ServedSchool) -> None:
    page = window(browser, school)
    upload(page, school, LIST)
    shown = page.inner_text("main")
    assert "Noch ist nichts übernommen." in shown and "Zeile 6" in shown
    assert "Fremd" not in page.content(), "who has not applied is named nowhere"
    assert page.locator(".figures dd").all_inner_texts() == ["2", "0", "0", "2", "2"]
    page.goto(f"{school.url}/school?year=2026/27")
    assert "bestätigt" not in page.locator(".kern-badge").all_inner_texts()
    upload(page, school, LIST)
    page.get_by_role("button", name="Übernehmen (2)").click()
    page.wait_for_url("**done=list**")  # and until it has loaded: a list of texts waits for nothing
    assert page.locator(".kern-badge").all_inner_texts().count("bestätigt") == 2
    upload(page, school, LIST)
    assert "Es gibt nichts Neues zu übernehmen." in page.inner_text("main")


def test_the_list_of_another_school_is_refused_in_words(browser: Browser, school: ServedSchool) -> None:
    page = window(browser, school)
    upload(page, school, LIST.replace(b"168890", b"100001"))
    assert "Das ist die Liste einer anderen Schule" in page.inner_text("main")


def test_who_is_no_school_is_told_so(browser: Browser, school: ServedSchool) -> None:
    page = open_window(browser, 1280, "de")
    page.goto(f"{school.url}/school")
    page.fill("#username", "parent-1")
    page.fill("#password", PASSWORD)
    page.get_by_role("button").last.click()
    assert "Liste einer Schule nicht ansehen" in page.inner_text("main")
