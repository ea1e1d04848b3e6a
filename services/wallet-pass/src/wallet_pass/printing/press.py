"""Sets tickets on paper: templates, and the one font that has every letter of names (DIN 91379)."""

from datetime import datetime
from functools import cached_property
from importlib import resources

from shared.typesetting import Typesetter

from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass
from wallet_pass.printing.content import Content, card_content, ticket_content
from wallet_pass.printing.sheet import sheet_content
from wallet_pass.workflow.ports import HandOut

TICKET, CARD = ("common.typ", "ticket.typ"), ("common.typ", "card.typ", "single_card.typ")
SHEET = ("common.typ", "card.typ", "sheet.typ")
"""Of which files a template is made, in this order."""


class TicketPress:
    """Prints tickets. May be used by several threads."""

    def __init__(self) -> None:
        self._typesetter = Typesetter("paper")

    def ticket(self, wallet_pass: Pass, design: Design) -> bytes:
        """The sheet of A4 as PDF/UA-1. The same pass gives the same bytes."""
        return self._compile(TICKET, ticket_content(wallet_pass, design), wallet_pass.changed_at)

    def card(self, wallet_pass: Pass, design: Design) -> bytes:
        """The card of ID-1 as PDF/UA-1. The same pass gives the same bytes."""
        return self._compile(CARD, card_content(wallet_pass, design), wallet_pass.changed_at)

    def sheet(self, hand_out: HandOut) -> bytes:
        """Cards for a class and the list to sign as PDF/UA-1."""
        try:
            return self._compile(SHEET, sheet_content(hand_out), hand_out.at)
        finally:
            self._typesetter.forget()

    def _compile(self, template: tuple[str, ...], content: Content, moment: datetime) -> bytes:
        return self._typesetter.compile(self._templates[template], content, moment)

    @cached_property
    def _templates(self) -> dict[tuple[str, ...], bytes]:
        here = resources.files("wallet_pass.printing")
        return {names: b"".join((here / name).read_bytes() for name in names) for names in (TICKET, CARD, SHEET)}
