"""Sets the copy of an application. What it says comes as data: a name is a stranger's input and never becomes Typst
source."""

import calendar
import json
import threading
from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Any, Final

import typst
from shared.displayable import displayable

STANDARD: Final = "ua-1"
TEMPLATE = "copy.typ"


class CopyPress:
    """Prints copies. May be used by several threads; Typst's fonts are read once."""

    def __init__(self) -> None:
        self._local = threading.local()

    def print(self, content: dict[str, Any]) -> bytes:
        """The copy as PDF/UA-1. The same content gives the same bytes. `content`: see web.apply.copy. A character that
        the font lacks is a white square rather than that the family gets no copy."""
        try:
            return self._compile(content)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            return self._compile(displayable(content))

    def _compile(self, content: dict[str, Any]) -> bytes:
        pdf = self._compiler.compile(
            self._template,
            format="pdf",
            sys_inputs={"copy": json.dumps(content, ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=calendar.timegm(datetime.fromisoformat(content["submitted_at"]).utctimetuple()),
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
    def _template(self) -> bytes:
        return (resources.files("application.printing") / TEMPLATE).read_bytes()
