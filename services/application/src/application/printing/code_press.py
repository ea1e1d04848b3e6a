"""Sets codes for a class, and letters with a code. What is printed is kept nowhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from shared.typesetting import Typesetter

SHEET, LETTERS = "code_sheet.typ", "code_letter.typ"


class CodePress:
    """May be used by several threads."""

    def __init__(self) -> None:
        self._typesetter = Typesetter("codes")

    def sheet(self, content: Mapping[str, Any], now: datetime) -> bytes:
        """A class's codes, to be cut apart, as PDF/UA-1.

        Args:
            content: see web.codes.sheet_of.
        """
        return self._typesetter.compile(_template(SHEET), content, now)

    def letters(self, letters: Sequence[Mapping[str, Any]], title: str, now: datetime) -> bytes:
        """Letters, one a page, as PDF/UA-1.

        Args:
            letters: see web.codes.letter_of.
        """
        return self._typesetter.compile(_template(LETTERS), {"title": title, "letters": letters}, now)


def _template(name: str) -> bytes:
    return (resources.files("application.printing") / name).read_bytes()
