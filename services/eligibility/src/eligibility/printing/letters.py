"""Letters as files to print: each notice with the window of its addressee, and a list of them (DIN 5008, form B)."""

import asyncio
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Any

from shared.calendar import day_in_berlin
from shared.formats import format_day
from shared.typesetting import Typesetter

from eligibility.printing.press import FONT
from eligibility.printing.worker import NoticePrinter
from eligibility.workflow.delivery.letters import Letter

LIST = "letter_list.typ"
LIST_FILE, TABLE_FILE = "000-Liste.pdf", "000-Liste.csv"


class LetterPrinter:
    """Sets a batch of letters. A notice is the PDF that is kept; only a window with another address is set again."""

    def __init__(self, notices: NoticePrinter, clock: Callable[[], datetime]) -> None:
        self._notices = notices
        self._clock = clock
        self._typesetter = Typesetter("letters")

    async def archive(self, letters: Sequence[Letter]) -> bytes:
        """A ZIP file: the list first, as PDF and as CSV, then each letter as PDF, numbered as in the list."""
        now = self._clock()
        made = [(file_name(number, each), await self._letter(each)) for number, each in enumerate(letters, 1)]
        covered = await asyncio.to_thread(self._list, letters, now)
        return await asyncio.to_thread(_zip, [(LIST_FILE, covered), (TABLE_FILE, table(letters)), *made], now)

    async def _letter(self, letter: Letter) -> bytes:
        return await self._notices.letter(letter.dispatch.token, letter.addressee)

    def _list(self, letters: Sequence[Letter], now: datetime) -> bytes:
        day = format_day(day_in_berlin(now), "de")
        content: dict[str, Any] = {
            "font": FONT,
            "authority": letters[0].authority_name,
            "title": f"Briefe vom {day}",
            "note": f"{len(letters)} Briefe, in der Reihenfolge der Dateien. Bitte vermerken Sie danach den Tag, an "
            "dem sie zur Post gegeben wurden: Von ihm hängt die Klagefrist ab.",
            "letters": [
                {"number": number, "reference": reference_of(each), "addressee": ", ".join(each.addressee)}
                for number, each in enumerate(letters, 1)
            ],
        }
        return self._typesetter.compile(self._template, content, now)

    @cached_property
    def _template(self) -> bytes:
        return (resources.files("eligibility.printing") / LIST).read_bytes()


def reference_of(letter: Letter) -> str:
    """As the notice bears it."""
    return f"{letter.case.school_year} / {str(letter.dispatch.decision_id)[:8].upper()}"


def file_name(number: int, letter: Letter) -> str:
    """Without a name: files lie about."""
    return f"{number:03}-{str(letter.dispatch.decision_id)[:8].upper()}-{letter.dispatch.recipient + 1}.pdf"


def table(letters: Sequence[Letter]) -> bytes:
    """The list for a spreadsheet: semicolons, and UTF-8 with its mark."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow(("Nr.", "Datei", "Aktenzeichen", "An"))
    for number, each in enumerate(letters, 1):
        addressee = ", ".join(each.addressee)
        safe = f"'{addressee}" if addressee[:1] in ("=", "+", "-", "@") else addressee
        rows.writerow((number, file_name(number, each), reference_of(each), safe))
    return text.getvalue().encode("utf-8-sig")


def _zip(files: Sequence[tuple[str, bytes]], now: datetime) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), content)
    return made.getvalue()
