"""The operator's report as a table for a spreadsheet: in German or English, and no cell that it would run."""

import csv
import io
from collections.abc import Sequence
from typing import Literal

from shared.errors import Text

from issuance.workflow.inspection.scan_log import Copy, Count

Language = Literal["de", "en"]
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the old code page of the country."""
_HEADER = (
    Text("Art", "Kind"),
    Text("Tag", "Day"),
    Text("Organisation", "Organisation"),
    Text("Ergebnis", "Verdict"),
    Text("Farbe", "Colour"),
    Text("Anzahl", "Count"),
    Text("Ticketnummer", "Ticket number"),
    Text("Grund", "Reason"),
    Text("Prüfgeräte", "Scanners"),
)
_INSPECTIONS, _COPY = Text("Kontrollen", "Inspections"), Text("Verdacht auf Kopie", "Suspected copy")
_WORDS = {
    "valid": Text("gültig", "valid"),
    "status_unchecked": Text("echt, ohne Sperrliste", "genuine, no status list"),
    "status_stale": Text("echt, Sperrliste veraltet", "genuine, status list old"),
    "not_yet_valid": Text("noch nicht gültig", "not yet valid"),
    "expired": Text("abgelaufen", "expired"),
    "suspended": Text("ausgesetzt", "suspended"),
    "revoked": Text("gesperrt", "revoked"),
    "unknown_issuer": Text("unbekannter Aussteller", "unknown issuer"),
    "invalid": Text("verändert oder gefälscht", "altered or forged"),
    "unreadable": Text("nicht lesbar", "unreadable"),
    "green": Text("grün", "green"),
    "amber": Text("gelb", "amber"),
    "red": Text("rot", "red"),
    "too_fast": Text("zu schnell an zwei Orten", "too fast in two places"),
    "many_scanners": Text("von vielen Geräten geprüft", "checked by many scanners"),
}
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")


def table_of(counts: Sequence[Count], copies: Sequence[Copy], language: Language) -> bytes:
    """UTF-8, semicolons, CRLF: opened by a click where commas stand in numbers."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")

    def word(code: str) -> str:
        return getattr(_WORDS[code], language) if code in _WORDS else code

    def write(*cells: object) -> None:
        writer.writerow([_plain("" if cell is None else str(cell)) for cell in cells])

    write(*(getattr(one, language) for one in _HEADER))
    for count in counts:
        about = count.day, count.organisation_id, word(count.verdict), word(count.colour), count.count
        write(getattr(_INSPECTIONS, language), *about, None, None, None)
    for copy in copies:
        about_copy = copy.day, copy.organisation_id, None, None, None, copy.number, word(copy.reason), copy.scanners
        write(getattr(_COPY, language), *about_copy)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _plain(cell: str) -> str:
    """A text that a spreadsheet would take for a formula is led by an apostrophe, and stays a text."""
    return f"'{cell}" if cell.startswith(_RUN_BY_SPREADSHEETS) else cell
