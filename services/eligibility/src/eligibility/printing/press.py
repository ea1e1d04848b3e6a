"""Sets a notice. What it says comes as data: a name is a stranger's input and never becomes Typst source."""

import calendar
import json
import re
import threading
from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Any, Final

import typst
from shared.displayable import displayable

from eligibility.printing.route import draw_route

STANDARD: Final = "ua-1"
FONT = "Libertinus Serif"
"""Built into Typst. Carries every letter of String.Latin+ (DIN 91379), as a test proves. The machine's are not used."""
BEFORE = "notice.typ"
TEMPLATES = dict.fromkeys(("din-5008-b", "din-5008-b-2", "din-5008-b-3"), "letter.typ")
"""By the layout that a notice names. One that was written down before there were such names is set as it was."""
MAP_HEIGHTS_MM = (82, 66, 52, 40, 28)
"""Of the map, the highest first: of the last one the way can be seen, and its street names no more be read."""
MOST_SHEETS = 2
_COUNT = re.compile(rb"/Type/Pages/Count (\d+)")


class Press:
    """Prints notices. May be used by several threads; Typst's fonts are read once."""

    def __init__(self) -> None:
        self._local = threading.local()

    def print(self, content: dict[str, Any]) -> bytes:
        """The notice as PDF/UA-1. The same content gives the same bytes.

        `content` as made by `eligibility.notice.content`. A character that the font lacks (nobody's name, in
        what registers may hold) is shown as a white square rather than that the family gets no notice.
        """
        data = {**content, "font": FONT, "picture": draw_route(content)}
        stamp = calendar.timegm(datetime.fromisoformat(content["date"]).timetuple())
        try:
            return self._set(data, stamp)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            return self._set(displayable(data), stamp)

    def _set(self, data: dict[str, Any], stamp: int) -> bytes:
        """With the highest map that leaves two sheets; where none does, with the highest.

        The letter finds that height while it is set. Only where it ends on a third sheet each height is tried: a
        notice costs 15 ms of processor time each time that it is set.
        """
        data = {**data, "map_heights": MAP_HEIGHTS_MM, "most_sheets": MOST_SHEETS, "map_height": None}
        found = self._compile(data, stamp)
        if data["picture"] is None or _sheets(found) <= MOST_SHEETS:
            return found
        for height in MAP_HEIGHTS_MM[1:]:
            smaller = self._compile({**data, "map_height": height}, stamp)
            if _sheets(smaller) <= MOST_SHEETS:
                return smaller
        return self._compile({**data, "map_height": MAP_HEIGHTS_MM[0]}, stamp)

    def _compile(self, data: dict[str, Any], stamp: int) -> bytes:
        pdf = self._compiler.compile(
            self._templates[TEMPLATES.get(data.get("layout", ""), BEFORE)],
            format="pdf",
            sys_inputs={"notice": json.dumps(data, ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=stamp,
        )
        if not isinstance(pdf, bytes):
            raise TypeError("Typst gave no PDF")
        return pdf

    @property
    def _compiler(self) -> typst.Compiler:
        compiler: typst.Compiler | None = getattr(self._local, "compiler", None)
        if compiler is None:
            compiler = typst.Compiler(font_paths=self._fonts)
            self._local.compiler = compiler
        return compiler

    @cached_property
    def _fonts(self) -> typst.Fonts:
        return typst.Fonts(include_system_fonts=False)

    @cached_property
    def _templates(self) -> dict[str, bytes]:
        here = resources.files("eligibility.printing")
        return {name: (here / name).read_bytes() for name in (BEFORE, *TEMPLATES.values())}


def _sheets(pdf: bytes) -> int:
    found = _COUNT.search(pdf)
    if found is None:
        raise ValueError("a PDF without a count of its sheets")
    return int(found[1])
