"""A phone before a ticket: the real page in a real browser, with the network off, and what it must never do."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from issuance.domain.ticket import SignedTicket
from PIL import Image
from playwright.sync_api import Page
from support.browser import violations
from support.scanner.page import Scanner, enter, go_offline, until, verdict, visit
from support.scanner.service import Service


def look(page: Page, name: str) -> None:
    """A picture for people, where SCHULTICKET_PICTURES names a folder."""
    if os.environ.get("SCHULTICKET_PICTURES"):
        page.screenshot(path=str(Path(os.environ["SCHULTICKET_PICTURES"]) / f"{name}.png"))


@pytest.mark.parametrize("kind", ["qr", "vdv"])
def test_a_ticket_held_before_the_camera_without_network_is_green_and_the_time_since_its_frame_is_told(
    service: Service, scanner: Scanner, codes: Callable[[SignedTicket], dict[str, bytes]], kind: str
) -> None:
    ticket = service.ticket()
    service.publish_status(ticket)
    with scanner(codes(service.sign(ticket))[kind]) as page:
        visit(page, service)
        go_offline(page, service)
        page.click("#start-camera")
        shown = verdict(page)
        look(page, f"green-{kind}-de")
        assert (shown["colour"], shown["word"]) == ("green", "Gültig")
        assert shown["name"].startswith("J") and "M" in shown["name"]
        assert "Nordrhein-Westfalen" in page.inner_text("#facts") and "29.02.2012" in page.inner_text("#fact-birth")
        for _ in range(4):
            page.click("#next")
            until(page, "document.body.dataset.state === 'verdict'")
        times = sorted(page.evaluate("performance.getEntriesByName('frame-to-verdict').map((one) => one.duration)"))
        print(f"{kind}: milliseconds from frame to verdict, {len(times)} times: {[round(one) for one in times]}")
        # the figure is measured; a machine that is busy with other tests decides nothing here, only a hang would
        assert times[len(times) // 2] < 1500
        assert not [
            one for one in violations(page) if "ERR_INTERNET_DISCONNECTED" not in one and "ERR_CONNECTION" not in one
        ]


def test_a_revoked_ticket_turns_red_within_a_minute_on_a_scanner_that_nobody_touches(
    service: Service, scanner: Scanner
) -> None:
    ticket = service.ticket()
    signed = service.sign(ticket)
    service.publish_status(ticket)
    with scanner() as page:
        page.clock.install()
        visit(page, service)
        assert enter(page, signed.qr)["colour"] == "green"
        service.publish_status(ticket, revoked=True)
        page.wait_for_timeout(1200)  # the API looks into its tables once a second
        page.clock.fast_forward(60_000)  # the page asks by itself; nobody touches it
        for _ in range(20):  # the answer takes its time on a busy machine
            shown = enter(page, signed.qr)
            if shown["colour"] == "red":
                break
            page.wait_for_timeout(500)
        look(page, "red-de")
        assert (shown["colour"], shown["word"]) == ("red", "Ungültig") and "on_status_list" in shown["codes"]
        go_offline(page, service)
        assert enter(page, signed.qr)["colour"] == "red"


def test_lists_that_are_old_missing_or_younger_than_the_clock_are_never_green(
    service: Service, scanner: Scanner
) -> None:
    old, unlisted, good = (
        service.ticket(),
        service.ticket(number=(417 << 20) + 5),
        service.ticket(number=(418 << 20) + 5),
    )
    service.publish_status(old, age=timedelta(hours=24, minutes=1))
    service.publish_status(good)
    texts = {name: service.sign(one).qr for name, one in (("old", old), ("none", unlisted), ("good", good))}
    with scanner() as page:
        visit(page, service)
        shown = enter(page, texts["old"])
        look(page, "amber-de")
        assert (shown["colour"], shown["word"]) == ("amber", "Bitte prüfen") and "status_list_old" in shown["codes"]
        assert enter(page, texts["none"])["colour"] == "amber"
        assert enter(page, texts["good"])["colour"] == "green"
        go_offline(page, service)
        for hours, colour in ((0, "green"), (23.8, "green"), (24, "amber"), (24 * 6, "amber"), (-1, "amber")):
            page.evaluate(
                "(ms) => { const real = Date.now.real ?? Date.now; Date.now = () => real() + ms; Date.now.real = real; }",
                hours * 3_600_000,
            )
            assert enter(page, texts["good"])["colour"] == colour, hours


def test_forged_expired_future_and_foreign_codes_are_told_apart_in_both_languages(
    service: Service, scanner: Scanner
) -> None:
    ticket = service.ticket()
    service.publish_status(ticket)
    signed = service.sign(ticket)
    past = service.ticket(valid_until=ticket.valid_from + timedelta(days=2))
    later = service.ticket(valid_from=ticket.valid_until - timedelta(days=2))
    with scanner(locale="en-GB") as page:
        visit(page, service)
        assert page.inner_text("h1") == "School ticket check"
        shown = enter(page, signed.qr)
        look(page, "green-en")
        assert (shown["colour"], shown["word"]) == ("green", "Valid")
        forged = signed.qr[:-1] + ("0" if signed.qr[-1] != "0" else "1")
        shown = enter(page, forged)
        look(page, "red-en")
        assert (shown["colour"], shown["word"]) == ("red", "Not valid") and page.is_hidden("#facts")
        for one in (past, later):
            shown = enter(page, service.sign(one).qr)
            assert shown["colour"] == "red" and "Müßter" in shown["name"]
        assert enter(page, "https://example.org/")["colour"] == "amber"
        assert enter(page, "<img src=x onerror=alert(1)>")["colour"] == "amber"
        shown = enter(page, str(ticket.number))
        look(page, "amber-en")
        assert shown["colour"] == "amber" and "proves nothing" in page.inner_text("#verdict-why")
        page.click("#language")
        assert page.inner_text("#verdict-word") == "Bitte prüfen"
        page.click("#next")
        look(page, "start-de")
        assert not violations(page)


def test_a_picture_file_is_read_and_markup_in_a_name_stays_text(
    service: Service, scanner: Scanner, codes: Callable[[SignedTicket], dict[str, bytes]], tmp_path: Path
) -> None:
    ticket = service.ticket(first_name="<b>Jo</b>", last_name="<i>Ho</i>")
    service.publish_status(ticket)
    pictures = codes(service.sign(ticket))
    with scanner() as page:
        visit(page, service)
        for name, data in pictures.items():
            (tmp_path / f"{name}.png").write_bytes(data)
            page.set_input_files("#picture", tmp_path / f"{name}.png")
            shown = verdict(page)
            assert shown["colour"] == "green" and shown["name"] == "<b>Jo</b> <i>Ho</i>"
            page.click("#next")
            assert page.text_content("#fact-name") == ""
            for kind in ("WEBP", "GIF", "JPEG"):  # as phones keep their screens, and messengers send them
                Image.open(io.BytesIO(data)).convert("L").save(tmp_path / f"shot.{kind.lower()}", kind)
                page.set_input_files("#picture", tmp_path / f"shot.{kind.lower()}")
                assert verdict(page)["colour"] == "green", (name, kind)
                page.click("#next")


def test_a_file_that_is_no_picture_is_called_that_and_no_picture_without_a_code(
    service: Service, scanner: Scanner, tmp_path: Path
) -> None:
    empty = io.BytesIO()
    Image.new("L", (300, 300), 255).save(empty, "PNG")
    tiff = io.BytesIO()
    Image.new("L", (300, 300), 255).save(tiff, "TIFF")
    files = {
        "unsupported_file": [
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
            b"PK\x03\x04 a pass",
            b"no picture",
            b"",
            tiff.getvalue(),
        ],
        "no_barcode_found": [empty.getvalue()],
    }
    with scanner() as page:
        visit(page, service)
        for code, contents in files.items():
            for number, data in enumerate(contents):
                (tmp_path / f"{code}{number}.png").write_bytes(data)
                page.set_input_files("#picture", tmp_path / f"{code}{number}.png")
                shown = verdict(page)
                assert (shown["colour"], shown["codes"]) == ("amber", code)
                told = page.inner_text("#verdict-why")
                assert told.startswith("Diese Datei ist kein Bild") == (code == "unsupported_file")
                page.click("#next")


def test_the_device_keeps_no_name_number_or_birth_date(service: Service, scanner: Scanner) -> None:
    ticket = service.ticket()
    service.publish_status(ticket)
    with scanner() as page:
        visit(page, service)
        assert enter(page, service.sign(ticket).qr)["colour"] == "green"
        page.click("#next")
        page.click("#open-log")
        until(page, "document.querySelector('#log-sheet[open] #log li')")
        look(page, "log-de")
        kept = page.evaluate(
            """async () => {
              const open = indexedDB.open('schulticket-scanner');
              await new Promise((done) => { open.onsuccess = done; });
              const all = open.result.transaction('log').objectStore('log').getAll();
              await new Promise((done) => { all.onsuccess = done; });
              return JSON.stringify(all.result) + JSON.stringify({...localStorage}) + (await caches.keys()).length;
            }"""
        )
        assert '"verdict":"valid"' in kept and '"colour":"green"' in kept
        for private in ("Müßter", "Jörg", str(ticket.number), "2012"):
            assert private not in kept
        assert page.is_disabled("#send-log") and "Anmeldung" in page.inner_text("#sign-in-state")
        assert service.sent() == []


def test_a_list_that_goes_back_or_comes_from_another_root_is_not_taken(service: Service, scanner: Scanner) -> None:
    from issuance.signer import ceremony

    ticket = service.ticket()
    signed = service.sign(ticket)
    service.publish_status(ticket, revoked=True)
    with scanner() as page:
        visit(page, service)
        assert enter(page, signed.qr)["colour"] == "red"
        other = ceremony.make(
            ceremony.Period.around(service.now.date()), service.now, lists_url="https://lists.example"
        )
        service.pki = other
        service.publish_trust(2)
        service.publish_status(ticket)
        page.wait_for_timeout(1200)
        page.evaluate("document.getElementById('refresh').click()")
        until(page, "document.getElementById('lists-problem').textContent.includes('anderen Aussteller')")
        assert enter(page, signed.qr)["colour"] == "red"
        assert enter(page, service.sign(service.ticket()).qr)["colour"] == "red"


@pytest.mark.parametrize(("width", "height"), [(320, 568), (844, 390)])
def test_verdict_name_and_next_button_are_in_sight_on_a_small_phone_and_a_turned_one(
    service: Service, scanner: Scanner, width: int, height: int
) -> None:
    ticket = service.ticket()
    service.publish_status(ticket)
    with scanner(viewport={"width": width, "height": height}) as page:
        visit(page, service)
        assert enter(page, service.sign(ticket).qr)["colour"] == "green"
        look(page, f"green-{width}")
        for one in ("#verdict-word", "#fact-name", "#next"):
            box = page.locator(one).bounding_box()
            assert box is not None
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert box["y"] >= 0 and box["y"] + box["height"] <= height, one
        assert page.evaluate("document.documentElement.scrollWidth") <= width
