"""An application before a real browser: without JavaScript, and how long it takes; then every page there is, with its
faults shown, searched by axe: on a phone and on a screen, in both languages, light and dark."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from support.application.documents import PHOTO
from support.application.parents import Parent
from support.application.served_family import ServedFamily, served_family
from support.browser import ColorScheme

TYPED: dict[str, dict[str, str]] = {
    "child": {"pupil-first_name": "Jana", "pupil-last_name": "Öztürk", "pupil-birth_date": "28.2.2018"},
    "home": {"home-street": "Am Markt", "home-house_number": "5", "home-postal_code": "33602", "home-city": "Bielefeld"},
    "guardian": {
        "guardian-first_name": "Elif", "guardian-last_name": "Öztürk", "guardian-email": "elif@example.org",
    },
}  # fmt: skip
CHOSEN = {"grade": {"grade": "03"}}
SECONDS = 180
MOST_PAGES = 12


@pytest.fixture
def family(tmp_path: Path) -> Iterator[ServedFamily]:
    with served_family(tmp_path) as served:
        yield served


class Applicant(Parent):
    """A parent who writes an application."""

    def see(self, what: str = "", *, asks: bool = True) -> None:
        super().see(what or self.step, asks=asks)

    def begin(self, school: str = "Grundschule Süd") -> None:
        self.page.goto(f"{self.url}/family/apply")
        self.see("start")
        self.effort.type(self.page, "school", school)
        self.go_on()

    def answer(self) -> None:
        for name, value in TYPED.get(self.step, {}).items():
            self.effort.type(self.page, name, value)
        if self.step == "consents":
            self.page.locator("#consent-privacy-notice").check()
        for name, value in CHOSEN.get(self.step, {}).items():
            self.page.locator(f"#{name}").select_option(value)

    def walk(self, to: str) -> None:
        while self.step != to:
            before = self.step
            self.see()
            self.answer()
            self.go_on()
            assert self.step != before, self.page.locator("main").inner_text()

    def sign_in(self) -> None:
        self.page.locator("main a[href*='sign-in']").click()
        super().sign_in()
        self.page.locator(".rows").wait_for()


@pytest.mark.parametrize(("width", "scheme", "language"), [(390, "light", "de"), (1280, "dark", "en")])
def test_a_plain_application_takes_few_questions_and_three_minutes(
    browser: Browser, family: ServedFamily, width: int, scheme: ColorScheme, language: str
) -> None:
    parent = Applicant(browser, family.url, width, language, scheme, script=False)
    parent.begin("Grundschule Bielefeld")
    parent.see("schools")
    parent.page.locator("#school-100001").check()
    parent.go_on()
    parent.walk("summary")
    parent.see()
    print(parent.effort.pages, parent.effort.words, parent.effort.characters, parent.effort.seconds)
    assert len(parent.effort.pages) <= MOST_PAGES and parent.effort.seconds < SECONDS
    parent.sign_in()
    parent.see("signed-in", asks=False)
    parent.go_on()
    parent.see("sent", asks=False)
    assert parent.step == "sent"
    with parent.page.expect_download() as found:
        parent.page.locator("a[href$='copy.pdf']").click()
    assert found.value.suggested_filename == "Antrag.pdf"
    parent.end()


@pytest.mark.parametrize(("width", "scheme", "language"), [(390, "dark", "de"), (1280, "light", "en")])
def test_every_page_and_every_fault_is_there_for_all(
    browser: Browser, family: ServedFamily, width: int, scheme: ColorScheme, language: str
) -> None:
    parent = Applicant(browser, family.url, width, language, scheme)
    every_page(parent)
    parent.end()


def every_page(parent: Applicant) -> None:
    """At a vocational college, by a pupil of age with every circumstance; each page once empty, for its faults."""
    school_and_course(parent)
    child_and_home(parent)
    guardian_and_day(parent)
    every_claim(parent)
    parent.page.locator("main nav a").first.click()
    parent.see("later")
    two_windows(parent)


def school_and_course(parent: Applicant) -> None:
    page = parent.page
    page.goto(f"{parent.url}/family/apply")
    parent.go_on()
    parent.see("start-faults")
    parent.begin("Berufskolleg Senne")
    page.locator("#grade").select_option("01")
    parent.go_on()
    parent.go_on()
    parent.see("course-faults")
    page.locator("[id='course-annex']").select_option("A")
    page.locator("[id='course-full_time-no']").check()
    parent.go_on()
    parent.see()
    parent.go_on()


def child_and_home(parent: Applicant) -> None:
    page = parent.page
    parent.go_on()
    parent.see("child-faults")
    parent.effort.type(page, "pupil-last_name", "Đặng")
    parent.effort.type(page, "pupil-birth_date", "3. Mai 2007")
    parent.go_on()
    parent.go_on()
    parent.see("home-faults")
    for name, value in (TYPED["home"] | {"home-street": "Kirschstraße"}).items():
        parent.effort.type(page, name, value)
    parent.go_on()
    parent.see("home-candidates")
    page.locator("#meant-1").check()
    parent.go_on()


def guardian_and_day(parent: Applicant) -> None:
    page = parent.page
    parent.see("guardian-of-age")
    page.locator("[id='applicant-other']").check()
    parent.effort.type(page, "guardian-last_name", "Meyer zu Heringdorf")
    page.locator("[id='guardian-address']").check()
    parent.go_on()
    parent.see()
    address(parent, "guardian-address")
    proposed = page.locator("#wanted_from").input_value()
    parent.effort.type(page, "wanted_from", "1.1.1999")
    parent.go_on()
    parent.see("from-faults")
    page.reload()
    parent.effort.type(page, "wanted_from", proposed)
    parent.go_on()


def every_claim(parent: Applicant) -> None:
    """Each circumstance, its documents, and all of it at the summary."""
    page = parent.page
    page.locator("[id='claims-health']").wait_for()  # `all` waits for nothing
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    parent.see("circumstances-all")
    parent.go_on()
    every_circumstance(parent)
    parent.see("documents", asks=False)
    handed_in(parent)
    parent.go_on()
    parent.go_on()
    parent.see("summary-all")


def every_circumstance(parent: Applicant) -> None:
    page = parent.page
    assert parent.step == "health"
    parent.go_on()
    parent.see("health-faults")
    page.locator("[id='claims-health-certificate-yes']").check()
    parent.go_on()
    parent.effort.type(page, "school", "Grundschule Bielefeld")
    parent.go_on()
    parent.see("refusal-schools")
    page.locator("#school-100001").check()
    parent.go_on()
    parent.see()
    address(parent, "second_home")
    parent.see()
    page.locator("[id='transport-kind']").select_option("car")
    parent.effort.type(page, "transport-kilometres_one_way", "viel")
    parent.go_on()
    parent.see("transport-faults")
    parent.effort.type(page, "transport-kilometres_one_way", "12,5")
    parent.go_on()
    page.locator("[id='place_of_teaching-required-unknown']").check()
    parent.see("other-place")
    address(parent, "place_of_teaching-address")
    parent.effort.type(page, "sibling-0", "morgen")
    parent.go_on()
    parent.see("share-faults")
    parent.effort.type(page, "sibling-0", "1.5.2015")
    page.locator("#benefit_WoGG").check()
    parent.go_on()
    parent.go_on()


def address(parent: Applicant, prefix: str) -> None:
    for name, value in TYPED["home"].items():
        parent.effort.type(parent.page, name.replace("home", prefix, 1), value)
    parent.go_on()


def handed_in(parent: Applicant) -> None:
    page = parent.page
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("attest.png", PHOTO), ("brief.docx", b"PK\x03\x04 no picture")):
            Path(folder, name).write_bytes(content)
            page.locator("#file").set_input_files(Path(folder, name))
            page.locator("form[enctype] button").click()
            parent.see(f"documents-{name[:5]}", asks=False)


def two_windows(parent: Applicant) -> None:
    page, draft = parent.page, parent.page.url.rpartition("/")[0]
    page.goto(f"{draft}/child")
    other = parent.context.new_page()
    other.goto(f"{draft}/child")
    other.locator("[id='pupil-first_name']").fill("Ana")
    other.locator("main form#typed button[type=submit]").click()
    parent.effort.type(page, "pupil-first_name", "Anna")
    parent.go_on()
    parent.see("conflict", asks=False)
    assert "Ana" in page.locator("#changed").inner_text()
