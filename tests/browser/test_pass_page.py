"""The page of a ticket before real browsers that say to be an iPhone, an Android phone or a computer: its own wallet
first, without JavaScript, without a network once it was opened, after its link has ended, and siblings together."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from shared.events import ApplicationPassLinkChanged, Event
from support.accessibility import faults_of
from support.browser import Browsers, violations, watch
from support.pictures import look, nothing_sticks_out
from support.served import Served
from support.wallet_pass.service import WalletService, open_service
from support.wallet_pass.tickets import NEW, NOW, OLD, about, issued, revoked
from wallet_pass import certificates, credentials
from wallet_pass.apple.package import AppleWallet
from wallet_pass.google.wallet import GoogleWallet, ServiceAccount

AGENTS = {
    "ios": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1",
    "android": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Mobile Safari/537.36",
    "other": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
}
WIDTHS = {"ios": 390, "android": 412, "other": 1280}
ADD = {
    ("de", "apple"): "Zu Apple Wallet hinzufügen", ("de", "google"): "Zu Google Wallet hinzufügen",
    ("en", "apple"): "Add to Apple Wallet", ("en", "google"): "Add to Google Wallet",
}  # fmt: skip
FIRST = {"ios": "apple", "android": "google", "other": "apple"}
GONE = {"de": "Kein Ticket gefunden", "en": "No ticket found"}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[WalletService]:
    certificates.hold_ceremony(tmp_path, NOW - timedelta(days=1))
    apple = AppleWallet(credentials.load_signer(tmp_path), "https://pass.example", "https://pass.example/apple")
    account = ServiceAccount.load(tmp_path / certificates.GOOGLE_ACCOUNT)
    google = GoogleWallet("3388000000012345678", account, "https://pass.example", lambda: NOW)
    with open_service(f"sqlite:///{tmp_path / 'wallet-pass.db'}", apple, google) as service:
        yield service


@pytest.fixture
def served(running: WalletService) -> Iterator[Served]:
    served = Served()
    served.start(running.app)
    yield served
    served.stop()


@pytest.fixture
def browser(browsers: Browsers) -> Browser:
    return browsers.running()


@contextmanager
def phone(browser: Browser, kind: str, language: str = "de", *, script: bool = True) -> Iterator[BrowserContext]:
    context = browser.new_context(
        user_agent=AGENTS[kind], locale=language, java_script_enabled=script,
        viewport={"width": WIDTHS[kind], "height": 844},
    )  # fmt: skip
    yield context
    context.close()


def open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    watch(page)
    page.goto(address)
    return page


def hear(running: WalletService, *events: Event) -> None:
    """In a thread of its own: the browser's driver has the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(running.hear, *events).result()


def link_changed(running: WalletService, number: int, *, ended: bool, ticket: UUID = OLD) -> None:
    told = {name: about(0)[name] for name in ("occurred_at", "authority_id", "application_id")}
    hear(running, ApplicationPassLinkChanged(**told, ticket_id=ticket, number=number, ended=ended))


def address(served: Served, running: WalletService) -> str:
    return f"{served.url}/v1/passes/{running.told()[-1].pass_url.rsplit('/', 1)[1]}"


def shows_the_code(page: Page) -> None:
    code = page.locator("img.ticket__code")
    expect(code).to_have_js_property("complete", value=True)
    assert code.evaluate("image => image.naturalWidth") > 200


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["ios", "android", "other"])
def test_the_wallet_of_this_phone_is_offered_first_beside_the_ticket_itself(
    running: WalletService, served: Served, browser: Browser, kind: str, language: str
) -> None:
    hear(running, issued())
    with phone(browser, kind, language) as context:
        page = open_page(context, address(served, running))
        look(page, f"pass-{kind}-{language}")
        nothing_sticks_out(page, WIDTHS[kind])
        buttons = page.get_by_role("link", name="Wallet")
        assert buttons.first.get_attribute("href") is not None
        expect(buttons.first.get_by_role("img")).to_have_attribute("alt", ADD[language, FIRST[kind]])
        expect(buttons).to_have_count(2 if kind == "other" else 1)
        shows_the_code(page)
        assert faults_of(page) == []
        if kind != "other":
            page.locator("details summary").first.click()
            expect(buttons).to_have_count(2)
            assert faults_of(page) == []
        assert violations(page) == []


@pytest.mark.parametrize("kind", ["ios", "android"])
def test_without_javascript_everything_is_there(
    running: WalletService, served: Served, browser: Browser, kind: str
) -> None:
    hear(running, issued())
    with phone(browser, kind, script=False) as context:
        page = open_page(context, address(served, running))
        look(page, f"pass-{kind}-no-script")
        for text in ("Zoë Müller-Şahin", "31.07.2027", ADD["de", FIRST[kind]], "Stand: "):
            assert text in page.content()
        expect(page.locator("#offline")).to_be_hidden()
        page.get_by_text("Für ein anderes Telefon").click()
        expect(page.get_by_role("link", name="Wallet")).to_have_count(2)


def opened_and_kept(context: BrowserContext, where: str) -> Page:
    page = open_page(context, where)
    expect(page.locator("html")).to_have_attribute("data-kept", "")
    assert violations(page) == []
    return page


@pytest.mark.parametrize("kind", ["ios", "android"])
def test_once_opened_the_ticket_is_there_without_a_network_and_says_as_of_when(
    running: WalletService, served: Served, browser: Browser, kind: str
) -> None:
    hear(running, issued())
    with phone(browser, kind) as context:
        where = address(served, running)
        page = opened_and_kept(context, where)
        served.stop()
        page.goto(where)
        look(page, f"pass-{kind}-offline")
        expect(page.locator("#offline")).to_be_visible()
        assert "23.11.2026, 10:30 Uhr" in page.locator("#offline").inner_text()
        shows_the_code(page)
        background = page.locator(".ticket__head").evaluate("one => getComputedStyle(one).backgroundColor")
        assert background != "rgba(0, 0, 0, 0)", "the style sheets are kept too"
        assert faults_of(page) == []


def test_a_ticket_that_was_revoked_meanwhile_shows_it_with_a_network_and_as_of_when_without(
    running: WalletService, served: Served, browser: Browser
) -> None:
    hear(running, issued())
    with phone(browser, "android") as context:
        where = address(served, running)
        page = opened_and_kept(context, where)
        hear(running, revoked())
        page.goto(where)
        expect(page.get_by_role("alert")).to_contain_text("gesperrt")
        expect(page.locator("html")).to_have_attribute("data-kept", "")
        served.stop()
        page.goto(where)
        expect(page.get_by_role("alert")).to_contain_text("gesperrt")
        expect(page.locator("#offline")).to_be_visible()
        expect(page.locator("img.ticket__code")).to_have_count(0)


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_ended_or_expired_link_is_gone_and_so_is_what_the_phone_kept(
    running: WalletService, served: Served, browser: Browser, language: str
) -> None:
    hear(running, issued())
    with phone(browser, "ios", language) as context:
        where = address(served, running)
        page = opened_and_kept(context, where)
        link_changed(running, 1, ended=True)
        page.goto(where)
        look(page, f"pass-gone-{language}")
        expect(page.locator("h1")).to_have_text(GONE[language])
        assert faults_of(page) == []
        link_changed(running, 2, ended=False)
        page.goto(address(served, running))
        expect(page.locator("img.ticket__code")).to_have_count(1)
        running.time[0] += timedelta(days=401)
        page.goto(address(served, running))
        expect(page.locator("h1")).to_have_text(GONE[language])
        kept = "caches.open('tickets-1').then(one => one.keys()).then(all => all.map(each => each.url))"
        assert [each for each in page.evaluate(kept) if "ticket" in each.rsplit("/", 1)[1]] == []


def test_a_computer_that_many_may_use_keeps_nothing(running: WalletService, served: Served, browser: Browser) -> None:
    hear(running, issued())
    with phone(browser, "other") as context:
        page = open_page(context, address(served, running))
        page.wait_for_load_state("networkidle")
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


@pytest.mark.parametrize(("kind", "language"), [("ios", "de"), ("android", "en"), ("other", "de")])
def test_siblings_come_with_one_button(
    running: WalletService, served: Served, browser: Browser, kind: str, language: str
) -> None:
    hear(running, issued())
    hear(running, issued(ticket_id=NEW, number=3000001, first_name="Ben", application_id=UUID(int=2)))
    tokens = ".".join(each.pass_url.rsplit("/", 1)[1] for each in running.told())
    with phone(browser, kind, language) as context:
        page = open_page(context, f"{served.url}/v1/passes/together/{tokens}")
        look(page, f"together-{kind}-{language}")
        nothing_sticks_out(page, WIDTHS[kind])
        expect(page.locator(".family__ticket")).to_have_count(2)
        first = page.get_by_role("link", name="Wallet").first
        expect(first.get_by_role("img")).to_have_attribute("alt", ADD[language, FIRST[kind]])
        assert faults_of(page) == []
        if kind == "ios":
            with page.expect_download() as download:
                first.click()
            assert download.value.suggested_filename == "schultickets.pkpasses"
        page.locator(".family__ticket a").first.click()
        expect(page.locator("img.ticket__code")).to_have_count(1)
        assert violations(page) == []
