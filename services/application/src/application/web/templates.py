"""The families' pages: their templates speak the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.calendar import day_in_berlin
from shared.errors import Language
from shared.formats import format_day, format_euros, format_metres, format_number
from shared.http.templates import Templates

_TEMPLATES = Templates("application.web")


@dataclass(frozen=True)
class Formatter:
    """Writes in one language. Templates call it `say`."""

    language: Language

    def t(self, german: str, english: str) -> str:
        """Either of two texts that stand beside their use."""
        return german if self.language == "de" else english

    def euros(self, cents: int) -> str:
        """Cents as euros."""
        return format_euros(cents, self.language)

    def metres(self, value: float, limit: float | None = None) -> str:
        """A length, with more digits where it lies close to `limit`; figure and unit stay on one line."""
        german, english = format_metres(value, limit)
        return self.t(german, english).replace(" ", "\N{NO-BREAK SPACE}")

    def day(self, value: date) -> str:
        """24.11.2026, 24 November 2026."""
        return format_day(value, self.language)

    def day_of(self, moment: datetime) -> str:
        """The day of a moment, by Berlin's clock."""
        return self.day(day_in_berlin(moment))

    def limit(self, value: int) -> str:
        """Whole metres."""
        return f"{format_number(value, self.language)}\N{NO-BREAK SPACE}m"


def render(template: str, language: Language, **values: Any) -> str:
    """`template`: a file of templates/."""
    say = Formatter(language)
    return _TEMPLATES.render(template, language, say=say, t=say.t, **values)
