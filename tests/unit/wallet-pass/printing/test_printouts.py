"""Tickets on paper: what was printed is read again, by zxing and by readers that share nothing with it."""

import io
import random
import string
import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pikepdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from shared.errors import Text
from support import needs
from support.din_91379 import LETTERS, SEQUENCES
from support.independent.printed_codes import PrintedCode, read_codes, render
from support.independent.qr_symbol import LETTERS as BASE45
from support.wallet_pass.tickets import make_pass
from wallet_pass.domain.designs import DEFAULT_DESIGN, Colour, Design, contrast
from wallet_pass.domain.passes import Pass
from wallet_pass.printing.content import BREAK, breakable, card_content, ticket_content
from wallet_pass.printing.press import TicketPress

PRESS = TicketPress()
poppler = needs.program("pdftoppm", package="poppler-utils")
LEAST_MODULE_MM = 0.5
LONG = Design(
    Text("Schulverwaltungsamt der Stadt Musterstadt an der Lippe", "School office of the city of Musterstadt"),
    Colour(0xFF, 0xE0, 0x60),
    Colour(0, 0, 0),
    Colour(0x20, 0x20, 0x20),
)


def ticket_of(seed: int, **changes: object) -> Pass:
    """With codes as large as issuance makes them."""
    chance = random.Random(seed)
    vdv = b"\x9e\x81\x80" + chance.randbytes(342) + b"VDV\x14\x00"
    qr = "S1:" + "".join(chance.choices(BASE45, k=chance.randrange(225, 262)))
    return make_pass(None, **({"vdv": vdv, "qr": qr} | changes))


def both(printed: list[PrintedCode]) -> dict[str, bytes]:
    assert all(each.module_mm >= LEAST_MODULE_MM for each in printed)
    return {each.kind: each.content for each in printed}


def by_zxing(picture: Image.Image) -> dict[str, bytes]:
    kinds = {zxingcpp.BarcodeFormat.Aztec: "aztec", zxingcpp.BarcodeFormat.QRCode: "qr"}
    return {kinds[each.format]: each.bytes for each in zxingcpp.read_barcodes(picture)}


def words_of(pdf: bytes) -> str:
    """As a screen reader or a search has them."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(unicodedata.normalize("NFC", told).replace(BREAK, "").split())


names = st.lists(st.sampled_from([*LETTERS, *SEQUENCES, " ", "-", "'"]), min_size=1, max_size=100).map("".join)
days = st.dates(date(2026, 8, 1), date(2027, 7, 1))


@poppler
@settings(max_examples=3, deadline=None)
@given(first=names, last=names, day=days, seed=st.integers(0, 10**6), early=st.booleans())
def test_what_was_printed_is_what_was_issued(first: str, last: str, day: date, seed: int, early: bool) -> None:
    start = datetime.combine(day, datetime.min.time(), UTC)
    issued = ticket_of(seed, first_name=first, last_name=last, valid_from=start, valid_until=start + timedelta(300))
    issued = replace(issued, early_end=day + timedelta(100) if early else None)
    wanted = {"aztec": issued.ticket.vdv, "qr": issued.ticket.qr.encode()}
    for pdf in (PRESS.ticket(issued, LONG), PRESS.card(issued, DEFAULT_DESIGN)):
        for dots in (150, 300):
            picture = render(pdf, dots)
            assert by_zxing(picture) == wanted
            printed = read_codes(picture, dots)
            assert both(printed) == wanted
            assert all(each.quiet_modules >= (3.5 if each.kind == "qr" else 1.5) for each in printed)


@poppler
@pytest.mark.parametrize("kind", ["ticket", "card"])
def test_a_paper_says_who_when_and_what_to_do_in_both_languages_on_one_tagged_page(kind: str) -> None:
    issued = replace(ticket_of(1), early_end=date(2027, 1, 31))
    pdf = getattr(PRESS, kind)(issued, LONG)
    assert pdf == getattr(TicketPress(), kind)(issued, LONG), "the same pass gives the same bytes"
    said = words_of(pdf)
    for word in ("Zoë Müller-", "Şahin", "29.02.2012", "01.08.2026", "31.07.2027", "31.01.2027", "2099643", "32838"):
        assert word in said
    for word in ("Schülerausweis", "pupil's card", "Screenshot", "Verloren?", "Lost?", "falten", "fold"):
        assert word.lower() in said.lower()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        assert str(document.Root.Lang).startswith("de") and document.Root.MarkInfo.Marked
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert "Deutschlandticket Schule" in metadata["dc:title"]


@poppler
@pytest.mark.parametrize("kind", ["ticket", "card"])
def test_a_paper_names_the_document_that_the_authority_wants_to_see(kind: str) -> None:
    said = words_of(getattr(PRESS, kind)(ticket_of(1), replace(LONG, document=Text("Kundenkarte", "Customer card"))))
    assert "Kundenkarte" in said and "Customer card" in said
    assert "Lichtbild" not in said and "photo ID" not in said


@pytest.mark.parametrize("name", ['#panic("x")', "$x$", "*fett*", "\\", '"] #eval("1")', "= Titel", "<l>", "@ref", "中文", "\U0001f600", "a\u202eb"])  # fmt: skip
def test_a_name_is_set_and_never_run(name: str) -> None:
    assert PRESS.ticket(ticket_of(2, first_name="", last_name=name), DEFAULT_DESIGN).startswith(b"%PDF-")


@needs.program("pdftotext", package="poppler-utils")
def test_the_longest_name_is_whole_and_stays_within_its_place() -> None:
    first, last = "Maximiliane-Đặng" * 6 + "Xyza", string.ascii_lowercase * 3 + "abcdefghijklmnopqrstuv"
    assert len(first) == len(last) == 100
    issued = replace(ticket_of(3, first_name=first, last_name=last), early_end=date(2027, 1, 31))
    for pdf in (PRESS.ticket(issued, LONG), PRESS.card(issued, LONG)):
        said = words_of(pdf).replace(" ", "")
        assert unicodedata.normalize("NFC", first) in said and last in said
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert len(document.pages) == 1


@needs.program("pdftotext", package="poppler-utils")
def test_a_wide_name_stays_left_of_the_fold_of_the_card() -> None:
    name = "Wolfeschlegelstein-Hausenbergerdorff-Mwwmwwmwwmwwmww"
    pdf = PRESS.card(ticket_of(6, first_name="Zoë", last_name=name), DEFAULT_DESIGN)
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    found = list(ElementTree.fromstring(told).iter("{http://www.w3.org/1999/xhtml}word"))
    parts = [each for each in found if (each.text or "").startswith(("Wolfeschl", "Hausenb", "Mwwmww"))]
    assert parts and all(float(each.attrib["xMax"]) * 25.4 / 72 < 105 - 1.5 for each in parts)


def test_a_very_long_word_may_go_on_in_the_next_line_and_no_letter_is_torn() -> None:
    assert breakable("Zoë Müller-Şahin") == "Zoë Müller-Şahin"
    word = "K̕" * 45
    assert breakable(word).split(BREAK) == ["K̕" * 16, "K̕" * 16, "K̕" * 13]
    assert BREAK not in breakable("Wolfeschlegel-Hausenberger-Dorff")


def test_a_code_that_would_be_too_small_for_old_readers_is_left_to_the_other() -> None:
    large = ticket_of(4, vdv=random.Random(4).randbytes(900))
    assert card_content(large, DEFAULT_DESIGN)["ticket"]["aztec"] is None
    assert ticket_content(large, DEFAULT_DESIGN)["ticket"]["aztec"] is not None
    picture = render(PRESS.card(large, DEFAULT_DESIGN), 150)
    assert both(read_codes(picture, 150)) == {"qr": large.ticket.qr.encode()}


@pytest.mark.parametrize("design", [DEFAULT_DESIGN, LONG, Design(background=Colour(255, 255, 255), foreground=Colour(90, 90, 90), label=Colour(0, 0, 0))])  # fmt: skip
def test_the_colours_of_an_authority_can_be_read_on_white_paper(design: Design) -> None:
    accent = Colour.from_hex(ticket_content(ticket_of(5), design)["ticket"]["accent"])
    assert contrast(accent, Colour(255, 255, 255)) >= 4.5
