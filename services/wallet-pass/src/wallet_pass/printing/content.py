"""What stands on paper, as data for the templates: strings are set, never run. Pure."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from shared.errors import Text

from wallet_pass import wording
from wallet_pass.barcode_images import aztec_modules, qr_modules
from wallet_pass.domain.designs import LEAST_CONTRAST, Colour, Design, contrast
from wallet_pass.domain.passes import Pass
from wallet_pass.printing.codes import AZTEC_QUIET, QR_QUIET, PrintedCode, print_code
from wallet_pass.printing.words import CARD_STEPS, PAPER

Content = dict[str, Any]
PAPER_COLOUR = Colour(0xFF, 0xFF, 0xFF)
INK = Colour(0, 0, 0)
SHEET_ROOM_MM = 71.0
"""For a code in a quarter of A4, beside its margins."""
CARD_ROOM_MM = 50.0
"""Of the 53.98 mm of a card's height."""
LONGEST_PIECE = 16
"""Letters of a word that is not broken: a name of a hundred letters without a space goes on in the next line."""
BREAK = "\N{ZERO WIDTH SPACE}"


def ticket_content(wallet_pass: Pass, design: Design) -> Content:
    """The sheet of A4."""
    return _document(wallet_pass, "ticket_title") | {"ticket": _ticket(wallet_pass, design, SHEET_ROOM_MM)}


def card_content(wallet_pass: Pass, design: Design) -> Content:
    """The card of ID-1, on A4."""
    return _document(wallet_pass, "card_title") | {
        "ticket": card_of(wallet_pass, design),
        "steps": _both_all(CARD_STEPS),
    }


def card_of(wallet_pass: Pass, design: Design) -> Content:
    """What stands on a card alone."""
    return _ticket(wallet_pass, design, CARD_ROOM_MM)


def _document(wallet_pass: Pass, title: str) -> Content:
    product = wording.product_name(wallet_pass.ticket.product)
    return {"title": fill_in(PAPER[title], product=product), "words": words()}


def words() -> dict[str, list[str]]:
    """All that the templates say, German first."""
    return {name: _both(text) for name, text in PAPER.items()}


def _ticket(wallet_pass: Pass, design: Design, room_mm: float) -> Content:
    ticket = wallet_pass.ticket
    number = str(ticket.number)
    early = wallet_pass.early_end is not None
    return {
        "name": breakable(ticket.name),
        "birth_date": wording.inspectors_date(ticket.birth_date),
        "valid_from": wording.inspectors_date(ticket.first_day),
        "valid_until": wording.inspectors_end(ticket),
        "ends": wording.last_day(wallet_pass) if early else None,
        "early_end": [wording.early_end(wallet_pass, "de"), wording.early_end(wallet_pass, "en")] if early else None,
        "number": number,
        "organisation": str(ticket.organisation_id),
        "product": _both(wording.product_name(ticket.product)),
        "issuer": [breakable(name) for name in _both(design.issuer)],
        "short_issuer": _both(design.short_issuer),
        "show": _both(wording.with_document(design, PAPER["show"], PAPER["show_with"])),
        "show_card": _both(wording.with_document(design, PAPER["show_card"], PAPER["show_card_with"])),
        "loss": fill_in(PAPER["loss"], issuer=design.issuer),
        "aztec": _code(print_code(aztec_modules(ticket.vdv), AZTEC_QUIET, room_mm), "aztec_picture", number),
        "qr": _code(_qr(ticket.qr, room_mm), "qr_picture", number),
        "background": design.background.hex,
        "foreground": design.foreground.hex,
        "accent": _accent(design).hex,
    }


def _qr(text: str, room_mm: float) -> PrintedCode | None:
    """Level Q is read with a tenth of it covered; level M has fewer modules, for where there is no room for those."""
    strong = print_code(qr_modules(text, on_paper=True), QR_QUIET, room_mm)
    return strong or print_code(qr_modules(text, on_paper=False), QR_QUIET, room_mm)


def _code(code: PrintedCode | None, alternative: str, number: str) -> Content | None:
    if code is None:
        return None
    told = fill_in(PAPER[alternative], number=number)
    return {"svg": code.svg, "side_mm": code.side_mm, "alt": f"{told[0]} / {told[1]}"}


def _accent(design: Design) -> Colour:
    """The authority's colour that can be read on white paper; black where it has none."""
    chosen = (design.background, design.foreground, INK)
    return next(each for each in chosen if contrast(each, PAPER_COLOUR) >= LEAST_CONTRAST)


def breakable(name: str) -> str:
    """The same name, with places where a very long word may go on in the next line, never within a letter."""
    return " ".join(BREAK.join(_pieces(word)) for word in name.split(" "))


def _pieces(word: str) -> Iterator[str]:
    piece, letters = "", 0
    for character in word:
        is_letter = unicodedata.category(character)[0] != "M"
        if is_letter and letters >= LONGEST_PIECE:
            yield piece
            piece, letters = "", 0
        piece += character
        letters = 0 if character == "-" else letters + is_letter
    yield piece


def _both(text: Text) -> list[str]:
    return [text.de, text.en]


def _both_all(texts: tuple[Text, ...]) -> list[list[str]]:
    return [_both(text) for text in texts]


def fill_in(text: Text, **values: Text | str) -> list[str]:
    """German and English, with what stands in braces put in."""
    both = {name: Text(value, value) if isinstance(value, str) else value for name, value in values.items()}
    return [
        text.de.format(**{name: value.de for name, value in both.items()}),
        text.en.format(**{name: value.en for name, value in both.items()}),
    ]
