"""Sets the copy of an application."""

from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Any

from shared.typesetting import Typesetter

TEMPLATE = "copy.typ"


class CopyPress:
    """Prints copies. May be used by several threads."""

    def __init__(self) -> None:
        self._typesetter = Typesetter("copy")

    def print(self, content: dict[str, Any]) -> bytes:
        """The copy as PDF/UA-1. The same content gives the same bytes.

        Args:
            content: see web.apply.copy.
        """
        return self._typesetter.compile(self._template, content, datetime.fromisoformat(content["submitted_at"]))

    @cached_property
    def _template(self) -> bytes:
        return (resources.files("application.printing") / TEMPLATE).read_bytes()
