"""A parent in front of one browser: what is read, typed and answered is counted; every page is looked at."""

from collections.abc import Mapping

from playwright.sync_api import Browser, Page
from support.accessibility import faults_of
from support.application.reading import Effort
from support.browser import ColorScheme
from support.pictures import look, nothing_sticks_out
from support.sign_in import PASSWORD

LARGEST_PAGE = 100_000
EXPECTED = ("422", "409")
"""What a browser reports of pages that show a fault."""


class Parent:
    """`script`: with JavaScript, as axe needs; the pages have none."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        width: int,
        language: str,
        scheme: ColorScheme = "light",
        *,
        script: bool = True,
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=script,
            color_scheme=scheme, locale="de-DE" if language == "de" else "en-GB",
        )  # fmt: skip
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.url, self.width, self.script, self.language = url, width, script, language
        self.name, self.effort, self.complaints = f"{scheme}-{width}-{language}", Effort(), list[str]()
        self.page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def t(self, german: str, english: str) -> str:
        return german if self.language == "de" else english

    @property
    def step(self) -> str:
        """The last part of the address."""
        return self.page.url.partition("?")[0].partition("#")[0].rpartition("/")[2]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def see(self, what: str, *, asks: bool = False) -> None:
        """The page as it stands: read, looked at, and searched for faults."""
        if asks:
            self.effort.pages.append(what)
        self.effort.read(self.page)
        look(self.page, f"{what}-{self.name}")
        nothing_sticks_out(self.page, self.width)
        assert self.page.locator("h1").count() == 1
        assert len(self.page.content().encode()) < LARGEST_PAGE
        if self.script:
            assert faults_of(self.page) == [], what

    def follow(self, german: str, english: str) -> None:
        self.page.get_by_role("link", name=self.t(german, english)).first.click()

    def press(self, german: str, english: str) -> None:
        self.page.get_by_role("button", name=self.t(german, english)).first.click()

    def type(self, fields: Mapping[str, str]) -> None:
        for name, text in fields.items():
            self.effort.type(self.page, name, text)

    def finds(self, german: str, english: str) -> None:
        self.page.get_by_text(self.t(german, english)).first.wait_for()

    def go_on(self) -> None:
        """The one button of a page of the application."""
        self.page.locator("main form#typed button[type=submit]").click()

    def sign_in(self) -> None:
        self.page.locator("[name=username]").fill("parent-1")
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("[name=password]").press("Enter")
        self.page.locator("main h1").wait_for()

    def end(self) -> None:
        """Nothing was complained of."""
        assert [each for each in self.complaints if not any(known in each for known in EXPECTED)] == []
        self.context.close()
