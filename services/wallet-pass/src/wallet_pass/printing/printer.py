"""The port to the pictures, and to what is printed."""

from wallet_pass import barcode_images
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass
from wallet_pass.printing.press import TicketPress
from wallet_pass.workflow.ports import HandOut


class Printer:
    """May be used by several threads."""

    def __init__(self) -> None:
        self._press = TicketPress()

    def ticket(self, wallet_pass: Pass, design: Design) -> bytes:
        """PDF of a sheet of A4."""
        return self._press.ticket(wallet_pass, design)

    def card(self, wallet_pass: Pass, design: Design) -> bytes:
        """PDF of a card of ID-1."""
        return self._press.card(wallet_pass, design)

    def sheet(self, hand_out: HandOut) -> bytes:
        """PDF of cards for a class, and of the list to sign."""
        return self._press.sheet(hand_out)

    def aztec(self, vdv: bytes) -> bytes:
        """PNG of the VDV-KA barcode."""
        return barcode_images.aztec_png(vdv)

    def qr(self, text: str) -> bytes:
        """PNG for a screen."""
        return barcode_images.qr_png(text)

    def qr_on_paper(self, text: str) -> bytes:
        """PNG that bears more damage."""
        return barcode_images.qr_png(text, on_paper=True)
