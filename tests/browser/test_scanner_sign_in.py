"""The inspector signs in from the page, only to send the log; the answer may say that a ticket was shown elsewhere."""

from pathlib import Path

from playwright.sync_api import Page
from support.browser import violations
from support.scanner.page import Scanner, enter, go_offline, until, visit
from support.scanner.providers import Demo, Provider
from support.scanner.service import Service


def sign_in(page: Page) -> str:
    if page.is_visible("#next"):
        page.click("#next")
    page.click("#open-log")
    with page.expect_navigation():
        page.click("#sign-in")
    until(page, "/gesendet|geklappt/.test(document.getElementById('log-state').textContent)")
    return str(page.inner_text("#log-state"))


def provider_of(service: Service) -> Provider:
    assert isinstance(service.provider, Provider)
    return service.provider


def test_an_inspector_signs_in_with_code_and_pkce_and_the_log_goes_out_once(service: Service, scanner: Scanner) -> None:
    ticket = service.ticket()
    service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        assert enter(page, service.sign(ticket).qr)["colour"] == "green"  # nobody signed in for that
        assert sign_in(page) == "gesendet"
        assert page.evaluate("location.search + location.hash") == ""
        assert page.inner_text("#sign-in-state").startswith("Angemeldet bis")
        assert provider_of(service).told == [] and [count for count, _ in service.sent()] == [1]
        kept = page.evaluate(
            """async () => {
              const open = indexedDB.open('schulticket-scanner');
              await new Promise((done) => { open.onsuccess = done; });
              const all = open.result.transaction('kept').objectStore('kept').getAllKeys();
              await new Promise((done) => { all.onsuccess = done; });
              return [all.result, Object.keys(localStorage)];
            }"""
        )
        assert set(kept[0]) <= {"language", "lists", "refreshed", "place"} and kept[1] == []  # no token among them
        page.click("#log-sheet [data-close]")
        assert enter(page, service.sign(service.ticket()).qr)["colour"] in ("green", "amber")
        for _ in range(200):  # signed in, the next one goes out by itself
            if sum(count for count, _ in service.sent()) == 2:
                break
            page.wait_for_timeout(25)
        assert sum(count for count, _ in service.sent()) == 2
        page.click("#next")
        page.click("#open-log")
        page.click("#sign-in")
        until(page, "document.getElementById('sign-in-word').textContent === 'Anmelden'")
        assert page.is_disabled("#send-log")
        assert not violations(page)


def test_who_may_not_send_reads_why_and_that_the_entries_stay(service: Service, scanner: Scanner) -> None:
    """A control room's account gets the report and sends no inspections."""
    provider_of(service).user = "operator-1"
    ticket = service.ticket()
    service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        enter(page, service.sign(ticket).qr)
        said = sign_in(page)
        assert "Leitstelle" in said and "bleiben auf diesem Gerät" in said
        assert "noch nicht gesendet" in page.inner_text("#log li")


LINES = """async () => {
  const { View } = await import(new URL("scan/static/page/view.js", location.href));
  const entries = ["suspended", "revoked"].map((verdict) => ({ at: 0, colour: "red", verdict, isSent: true }));
  new View("de").log(entries, null, null);
  return [...document.querySelectorAll("#log li")].map((line) => [line.children[1].textContent, line.dataset.colour]);
}"""


def test_a_line_of_the_log_says_what_stood_above_the_ticket(service: Service, scanner: Scanner) -> None:
    with scanner() as page:
        visit(page, service)
        assert page.evaluate(LINES) == [["Ausgesetzt", "suspended"], ["Ungültig", "red"]]


def test_the_report_is_saved_as_a_table_from_the_page_by_who_may_have_it(service: Service, scanner: Scanner) -> None:
    ticket = service.ticket()
    service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        enter(page, service.sign(ticket).qr)
        assert page.is_hidden("#report")
        sign_in(page)
        page.click("#report")
        until(page, "document.getElementById('log-state').textContent.includes('freigeschaltet')")
        page.click("#sign-in")
        page.click("#log-sheet [data-close]")
        provider_of(service).user = "operator-1"
        sign_in(page)
        with page.expect_download() as saved:
            page.click("#report")
        table = Path(saved.value.path()).read_text(encoding="utf-8-sig")
        assert saved.value.suggested_filename == "kontrollen.csv" and table.startswith("Art;Tag;Organisation;Ergebnis")
        assert ";gültig;grün;1;" in table
        until(page, "document.getElementById('log-state').textContent.includes('gespeichert')")


def test_an_answer_that_nobody_asked_for_or_a_refusal_signs_nobody_in(service: Service, scanner: Scanner) -> None:
    with scanner() as page:
        visit(page, service)
        provider_of(service).denies = True
        assert "nicht geklappt" in sign_in(page)
        provider_of(service).denies = False
        for answer in ("code=stolen&state=guessed", "state=&code=", "state=x&error=access_denied"):
            page.goto(f"{service.url}/scan?{answer}")
            until(page, "document.getElementById('log-state').textContent.includes('geklappt')")
            assert page.evaluate("location.search") == "" and page.is_disabled("#send-log")
        assert provider_of(service).tokens == {} and provider_of(service).told == []


def test_a_ticket_that_another_scanner_met_far_away_turns_amber_with_words_never_red(
    service: Service, scanner: Scanner
) -> None:
    ticket = service.ticket()
    code = service.sign(ticket).qr
    service.publish_status(ticket)
    place = {"latitude": 51.51, "longitude": 7.46}
    with scanner(geolocation=place, permissions=["geolocation"]) as page:
        visit(page, service)
        page.click("#open-log")
        page.check("#place")
        page.click("#log-sheet [data-close]")
        assert sign_in(page) == "gesendet"
        page.click("#log-sheet [data-close]")
        service.meet(ticket, "inspector-9", "51.2,6.7")
        assert enter(page, code)["colour"] in ("green", "amber")  # green, until the service has answered
        until(page, "document.getElementById('verdict').dataset.colour === 'amber'")
        assert page.inner_text("#verdict-why").startswith("Zweimal gezeigt") and "Müßter" in page.inner_text("#facts")
        page.click("#language")
        assert page.inner_text("#verdict-why").startswith("Shown twice")
        go_offline(page, service)
        shown = enter(page, code)
        assert shown["colour"] == "green"  # alone, a scanner cannot know


def test_the_demo_system_s_own_provider_signs_the_inspector_in(tmp_path: Path, scanner: Scanner) -> None:
    provider = Demo(tmp_path)
    service = Service(tmp_path, provider=provider)
    service.start()
    service.publish_trust()
    ticket = service.ticket()
    service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        assert enter(page, service.sign(ticket).qr)["colour"] == "green"
        page.click("#next")
        page.click("#open-log")
        page.click("#sign-in")
        page.fill("#username", "inspector")
        page.fill("#password", "sixteen letters!")
        page.click("button")
        until(page, "document.getElementById('log-state')?.textContent === 'gesendet'")
        assert [count for count, _ in service.sent()] == [1]
        assert not violations(page)
    service.stop()
    provider.stop()
    service.database.close()
