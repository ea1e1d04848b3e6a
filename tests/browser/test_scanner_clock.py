"""A scanner whose clock is wrong: found at a refresh, said in words, and no ticket is green or red by that clock."""

from datetime import timedelta

from issuance.domain.times import end_of
from playwright.sync_api import Page
from support.scanner.page import Scanner, enter, until, visit
from support.scanner.service import Service

HOUR = 3_600_000
MOVE = "(ms) => { const real = Date.now.real ?? Date.now; Date.now = () => real() + ms; Date.now.real = real; }"


def refresh(page: Page) -> str:
    page.evaluate(
        "() => { document.getElementById('lists-problem').textContent = ''; document.getElementById('refresh').click(); }"
    )
    until(page, "document.getElementById('lists-problem').textContent")
    return str(page.text_content("#lists-problem"))


WRONG = {
    365 * 24: "365 Tage vor",
    25: "25 Stunden vor",
    0.2: "12 Minuten vor",
    -0.2: "12 Minuten nach",
    -24 * 400: "400 Tage nach",
}
"""By how many hours a clock is wrong, and what is said of it."""


def test_a_wrong_clock_is_said_at_the_refresh_and_a_good_ticket_is_amber(service: Service, scanner: Scanner) -> None:
    good, *others = (service.ticket(number=(number << 20) + 5) for number in range(416, 417 + len(WRONG)))
    for ticket in (good, *others):
        service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        assert enter(page, service.sign(good).qr)["colour"] == "green"
        for (hours, words), revoked in zip(WRONG.items(), others, strict=True):
            page.evaluate(MOVE, hours * HOUR)
            service.publish_status(revoked, revoked=True)
            page.wait_for_timeout(1200)
            assert words in refresh(page)
            assert page.inner_text("#lists") == "Uhr geht falsch" and page.get_attribute("#lists", "data-fresh") == "no"
            for code in (service.sign(good).qr, service.sign(good).vdv.hex()):
                assert enter(page, code)["colour"] == "amber"
                assert "die Uhr dieses Geräts geht falsch" in page.inner_text("#verdict-why")
            # what does not hang on the clock is known by it too: the list that revoked was taken in
            assert enter(page, service.sign(revoked).qr)["colour"] == "red"
            # set right again, with one more refresh all is as before: an earlier time that was wrong is not kept against it
            page.evaluate(MOVE, 0)
            assert refresh(page) == "alles in Ordnung"
            assert enter(page, service.sign(good).qr)["colour"] == "green"


def test_a_device_that_was_always_ahead_says_so_at_its_first_visit_and_takes_a_verdict_back(
    service: Service, scanner: Scanner
) -> None:
    ticket = service.ticket()
    service.publish_status(ticket)
    with scanner(locale="en-GB") as page:
        visit(page, service)
        page.evaluate(MOVE, 20 * HOUR)
        nearly_over = service.ticket(valid_until=end_of(service.now.date()))
        assert enter(page, service.sign(nearly_over).qr)["colour"] in ("red", "green")
        page.evaluate("document.getElementById('refresh').click()")
        until(page, "document.getElementById('verdict').dataset.colour === 'amber'")
        assert "clock of this device is wrong" in page.inner_text("#verdict-why")
        page.reload()
        until(page, "document.documentElement.dataset.ready === 'yes'")


def test_a_ticket_that_is_over_by_a_clock_that_nothing_confirmed_for_a_day_is_no_reason_to_accuse(
    service: Service, scanner: Scanner
) -> None:
    ticket = service.ticket()
    over = service.ticket(valid_until=end_of(service.now.date() - timedelta(days=2)))
    service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        page.context.set_offline(True)
        page.evaluate(MOVE, 365 * 24 * HOUR)
        assert enter(page, service.sign(ticket).qr)["colour"] == "amber"
        assert "seit über einem Tag nichts bestätigt" in page.inner_text("#verdict-why")
        # this one was over before anything but the clock said so
        assert enter(page, service.sign(over).qr)["colour"] == "red"
