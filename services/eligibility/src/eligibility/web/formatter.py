"""Days, times, amounts and lengths as people in Germany read them, in German or English. Europe/Berlin."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.birth_dates import parse_birth_date
from shared.calendar import day_in_berlin
from shared.errors import Language, Text
from shared.formats import format_amount, format_birth_date, format_day, format_euros, format_moment, format_number

from eligibility.rules import texts


@dataclass(frozen=True)
class Formatter:
    """Writes in one language. Templates call it `say`, and `t` for a pair of texts that stands beside its use."""

    language: Language

    def t(self, german: str, english: str) -> str:
        """Either of two texts that stand beside their use."""
        return german if self.language == "de" else english

    def text(self, text: Text) -> str:
        """A text in this language."""
        return text.in_language(self.language)

    def pair(self, said: tuple[str, str]) -> str:
        """Either of a pair, German first."""
        return said[0] if self.language == "de" else said[1]

    def day(self, value: date | str | None) -> str:
        """Also from a table's or a fact's ISO text, of which a day or month may be unknown."""
        if isinstance(value, str):
            try:
                return format_birth_date(parse_birth_date(value[:10]), self.language)
            except ValueError:
                return value
        return "–" if value is None else format_day(value, self.language)

    def moment(self, value: datetime | None) -> str:
        """Day and time in Germany; a dash for None."""
        return "–" if value is None else format_moment(value, self.language)

    def euros(self, cents: int | None) -> str:
        """Cents as euros; a dash for None."""
        return "–" if cents is None else format_euros(cents, self.language)

    def amount(self, cents: int | None) -> str:
        """As it is typed: 14,00 or 14.00."""
        return "" if cents is None else format_amount(cents, self.language)

    def metres(self, value: float | None, limit: float | None = None) -> str:
        """A length in metres, with more digits where it lies close to `limit`; a dash for None."""
        return "–" if value is None else self.pair(texts.metres(value, limit))

    def limit(self, value: int | None) -> str:
        """A limit in whole metres; a dash for None."""
        return "–" if value is None else self.pair(texts.limit(value))

    def number(self, value: int) -> str:
        """A whole number with this language's separators."""
        return format_number(value, self.language)

    def waiting(self, since: datetime, now: datetime) -> str:
        """In whole days of Germany's calendar."""
        days = (day_in_berlin(now) - day_in_berlin(since)).days
        if days <= 0:
            return self.t("seit heute", "since today")
        if days == 1:
            return self.t("seit gestern", "since yesterday")
        return self.t(f"seit {self.number(days)} Tagen", f"for {self.number(days)} days")
