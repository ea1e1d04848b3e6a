"""How large a code stands on paper, and its drawing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from wallet_pass.barcode_images import Modules

DOT_MM = 25.4 / 300
"""A module is a whole number of dots of an office printer, so that each is as wide as the next."""
LEAST_DOTS = 6
"""0.508 mm. DENSO WAVE, who invented the QR code, asks for four dots of the printer for a module ("Point for setting
the module size"): these are four of the coarsest that print tickets, 200 dots an inch, and twice what its readers of
the standard type can tell apart (0.25 mm)."""
MOST_DOTS = 10
"""0.847 mm. A code that is larger still does not lie in an inspector's view as a whole."""
AZTEC_QUIET = 2
"""Aztec needs no quiet zone; a little white keeps it apart from what is printed beside it."""
QR_QUIET = 4
"""ISO/IEC 18004."""


@dataclass(frozen=True)
class PrintedCode:
    """A code as it stands on paper."""

    svg: str
    side_mm: float
    """With its quiet zone."""
    dots: int
    """How many of 300 an inch a module is wide."""


def print_code(modules: Modules, quiet: int, room_mm: float) -> PrintedCode | None:
    """As large as there is room for; None where its modules would be too small for old readers.

    Args:
        quiet: the modules of white around it.
        room_mm: how wide and high it may be, with its quiet zone.
    """
    count = len(modules) + 2 * quiet
    dots = min(MOST_DOTS, int(room_mm / (count * DOT_MM)))
    if dots < LEAST_DOTS:
        return None
    return PrintedCode(_svg(modules, quiet, count), count * dots * DOT_MM, dots)


def _svg(modules: Modules, quiet: int, count: int) -> str:
    """One path for all that is black: of several, which only touch each other, hairlines would be seen between."""
    runs = "".join(
        f"M{quiet + start} {quiet + y}h{length}v1h-{length}z"
        for y, row in enumerate(modules)
        for start, length in _runs(row)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {count} {count}"><path d="{runs}"/></svg>'


def _runs(row: Iterable[bool]) -> Iterable[tuple[int, int]]:
    """Where black begins, and how long it goes on."""
    start: int | None = None
    x = -1
    for x, black in enumerate(row):
        if black and start is None:
            start = x
        elif not black and start is not None:
            yield start, x - start
            start = None
    if start is not None:
        yield start, x + 1 - start
