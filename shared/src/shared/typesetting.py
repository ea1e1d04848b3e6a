"""Sets documents with Typst as PDF/UA-1. What they say comes as data: a name is a stranger's input and never becomes
Typst source.

The data are a file beside the template, which Typst does not find on any disk. Given as `sys.inputs` they were part of
the language itself for Typst, and all that it remembered of the last documents was void with each other name: so it
remembers every paragraph that says the same again. What is different in each document must not stand in a style, though
(the foot of a page, a function that a style calls): a paragraph is remembered together with its styles.
"""

import calendar
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import typst

from shared.displayable import displayable

STANDARD: Final = "ua-1"
KEPT_COMPILATIONS: Final = 10


class Typesetter:
    """May be used by several threads; Typst's fonts are read once. The machine's are not used."""

    def __init__(self, name: str) -> None:
        """`name`: as `json("NAME.json")` the template reads the data."""
        self._name = name
        self._local = threading.local()

    def compile(self, template: bytes, content: Mapping[str, Any], moment: datetime) -> bytes:
        """The same content gives the same bytes.

        A character that the font lacks (nobody's name, in what registers may hold) is shown as a white square rather
        than that the family gets no document.

        Args:
            template: Typst source.
            content: what becomes JSON.
            moment: stands in the PDF as its time.

        Raises:
            typst.TypstError: the template cannot be set.
        """
        try:
            return self._compile(template, content, moment)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            return self._compile(template, displayable(content), moment)

    def forget(self) -> None:
        """Give back the memory of what was set last. Typst keeps what it worked out in the last ten compilations: of a
        long document some hundred megabytes."""
        for _ in range(KEPT_COMPILATIONS + 1):
            self._compiler.compile(b"", format="pdf")

    def _compile(self, template: bytes, content: Mapping[str, Any], moment: datetime) -> bytes:
        files = {"main.typ": template, f"{self._name}.json": json.dumps(content, ensure_ascii=False).encode()}
        pdf = self._compiler.compile(  # type: ignore[type-var]  # its stub knows of no files by name
            files,
            format="pdf",
            pdf_standards=STANDARD,
            timestamp=calendar.timegm(moment.utctimetuple()),
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
