"""Sets a notice: its template, its font, and a map that leaves it two sheets."""

import re
from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Any

from shared.typesetting import Typesetter

from eligibility.printing.route import draw_route

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
    """Prints notices. May be used by several threads."""

    def __init__(self) -> None:
        self._typesetter = Typesetter("notice")

    def print(self, content: dict[str, Any]) -> bytes:
        """The notice as PDF/UA-1. The same content gives the same bytes. `content` as made by
        `eligibility.notice.content`.

        With the highest map that leaves two sheets; where none does, with the highest. The letter finds that height
        while it is set. Only where it ends on a third sheet each height is tried: a notice costs 15 ms of processor
        time each time that it is set.
        """
        data = {**content, "font": FONT, "picture": draw_route(content)}
        data |= {"map_heights": [*MAP_HEIGHTS_MM], "most_sheets": MOST_SHEETS, "map_height": None}
        moment = datetime.fromisoformat(content["date"])
        found = self._compile(data, moment)
        if data["picture"] is None or _sheets(found) <= MOST_SHEETS:
            return found
        for height in MAP_HEIGHTS_MM[1:]:
            smaller = self._compile({**data, "map_height": height}, moment)
            if _sheets(smaller) <= MOST_SHEETS:
                return smaller
        return self._compile({**data, "map_height": MAP_HEIGHTS_MM[0]}, moment)

    def _compile(self, data: dict[str, Any], moment: datetime) -> bytes:
        template = self._templates[TEMPLATES.get(data.get("layout", ""), BEFORE)]
        return self._typesetter.compile(template, data, moment)

    @cached_property
    def _templates(self) -> dict[str, bytes]:
        here = resources.files("eligibility.printing")
        return {name: (here / name).read_bytes() for name in (BEFORE, *TEMPLATES.values())}


def _sheets(pdf: bytes) -> int:
    found = _COUNT.search(pdf)
    if found is None:
        raise ValueError("a PDF without a count of its sheets")
    return int(found[1])
