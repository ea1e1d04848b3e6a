"""What an inspector must be able to read on the scanner page, whatever the ticket and the device are like."""

from datetime import timedelta

from issuance.domain.times import end_of
from issuance.signer import ceremony
from support.scanner.page import Scanner, enter, until, visit
from support.scanner.service import Service

OVERLAP = """() => {
  const badge = document.getElementById('fact-test').getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(document.getElementById('fact-name'));
  return [...range.getClientRects()].some((line) =>
    line.left < badge.right && line.right > badge.left && line.top < badge.bottom && line.bottom > badge.top);
}"""


def test_the_badge_of_a_test_ticket_never_covers_a_long_name(service: Service, scanner: Scanner) -> None:
    last_name = "von Hohenlohe-Waldenburg-Schillingsfürst"
    ticket = service.ticket(first_name="Maximiliane Friederike-Charlotte", last_name=last_name)
    service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        shown = enter(page, service.sign(ticket).vdv.hex())
        assert last_name in shown["name"] and page.is_visible("#fact-test")
        assert not page.evaluate(OVERLAP)


def test_that_there_is_no_camera_is_said_where_it_was_asked_for(service: Service, scanner: Scanner) -> None:
    with scanner() as page:
        visit(page, service)
        page.click("#start-camera")
        until(page, "document.getElementById('hint').textContent.startsWith('Keine Kamera')")
        box = page.locator("#hint").bounding_box()
        assert box is not None
        top = f"document.elementFromPoint({box['x'] + 20}, {box['y'] + 10}).id"
        assert page.evaluate(top) == "hint"
        # the button keeps black on white under a finger
        page.hover("#start-camera")
        page.wait_for_timeout(400)
        assert (
            page.evaluate("getComputedStyle(document.getElementById('start-camera')).backgroundColor")
            == "rgb(255, 255, 255)"
        )


def test_the_log_tells_in_the_order_in_which_tickets_were_shown_also_within_a_minute(
    service: Service, scanner: Scanner
) -> None:
    good = service.ticket()
    over = service.ticket(valid_until=end_of(service.now.date() - timedelta(days=2)))
    service.publish_status(good)
    with scanner() as page:
        page.clock.install()
        page.clock.pause_at(service.now + timedelta(minutes=1))
        page.goto(f"{service.url}/scan")
        until(page, "document.documentElement.dataset.ready === 'yes'")
        order = (over, good, good, over, good, over, over, good)
        shown = [enter(page, service.sign(ticket).qr)["colour"] for ticket in order]
        page.click("#next")
        page.click("#open-log")
        until(page, "document.querySelectorAll('#log li').length === 8")
        told = page.evaluate("[...document.querySelectorAll('#log li')].map((one) => one.dataset.colour)")
        assert told == shown[::-1] and len(set(told)) == 2


def test_anothers_ticket_is_amber_with_what_can_be_read_of_it_and_nobody_is_called_a_forger(
    service: Service, scanner: Scanner
) -> None:
    ticket = service.ticket()
    other = ceremony.make(ceremony.Period.around(service.now.date()), service.now, lists_url="https://lists.example")
    anothers = bytearray(other.signer.sign_ticket(ticket).vdv)
    anothers[-8:] = bytes.fromhex(
        "4445564456100505"
    )  # the sub-CA that it names is one of which this list knows nothing
    service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        for code, read in (
            (bytes(anothers), "VDV-Ticket, nach eigener Angabe von Zertifikat 4445564456100505"),
            (b"#UT01108000001" + bytes(range(200)), "Bahnticket (UIC), nach eigener Angabe von Unternehmen 1080"),
            (bytes.fromhex("815564") + bytes(100), "Bahnticket (UIC). Name"),
        ):
            shown = enter(page, code.hex())
            assert shown["colour"] == "amber" and page.is_hidden("#facts"), read
            assert page.inner_text("#verdict-why") == "Ticket eines anderen Ausstellers, hier nicht prüfbar."
            assert page.inner_text("#verdict-say").startswith(read)
