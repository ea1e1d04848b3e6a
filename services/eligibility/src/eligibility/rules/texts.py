"""Figures in words: never rounded so that they contradict the decision.

Lengths are written here and not by babel: no two are the same, and a decision would take two thirds longer.
"""

from collections.abc import Sequence
from datetime import date

from shared.birth_dates import BirthDate, PartlyKnownDate, parse_birth_date
from shared.formats import format_day, format_euros, format_metres, format_month, format_number

metres = format_metres


def limit(value: int) -> tuple[str, str]:
    """A limit in whole metres, German and English.

    Args:
        value: metres.
    """
    return f"{format_number(value, 'de')} m", f"{format_number(value, 'en')} m"


def euros(cents: int) -> tuple[str, str]:
    """14,00 Euro / 14.00 euros."""
    return format_euros(cents, "de"), format_euros(cents, "en")


def day(value: date) -> tuple[str, str]:
    """24.11.2026 / 24 November 2026."""
    return format_day(value, "de"), format_day(value, "en")


def day_of(iso: str) -> tuple[str, str]:
    """A day from its ISO form, German and English."""
    return day(date.fromisoformat(iso))


def month(value: date) -> tuple[str, str]:
    """August 2026 / August 2026; März 2027 / March 2027."""
    return format_month(value, "de"), format_month(value, "en")


def born(when: BirthDate | str) -> tuple[str, str]:
    """am 24.11.2015 / on 24 November 2015; of a date that is known in part: 2015, 06.2015."""
    known = parse_birth_date(when) if isinstance(when, str) else when
    if isinstance(known, PartlyKnownDate):
        return str(known), str(known)
    german, english = day(known)
    return f"am {german}", f"on {english}"


def all_born(dates: Sequence[BirthDate]) -> tuple[str, str]:
    """am 24.11.2015, 01.03.2017; with dates that are known in part: am 24.11.2015, 2017."""

    def joined(said: Sequence[str], word: str) -> str:
        once = said[0].startswith(word)
        return ", ".join([said[0], *(each.removeprefix(word) if once else each for each in said[1:])])

    german, english = zip(*map(born, dates), strict=True)
    return joined(german, "am "), joined(english, "on ")


COURSE_FORMS = frozenset({"BK", "SB", "WB"})
"""Forms of school at which the year is that of the course, not of the school."""


BENEFITS = {
    "SGB XII": ("Hilfe zum Lebensunterhalt (SGB XII)", "social assistance (SGB XII)"),
    "SGB II": ("Leistungen nach dem SGB II", "benefits under SGB II"),
    "AsylbLG": ("Leistungen nach dem Asylbewerberleistungsgesetz", "benefits for asylum seekers (AsylbLG)"),
    "KiZ": ("Kinderzuschlag", "Kinderzuschlag"),
    "WoGG": ("Wohngeld", "Wohngeld"),
}
"""As a family calls them; what is not named here is called as it was told."""


KINDS_OF_SCHOOL = {
    "GMS": ("Gemeinschaftsschule", "non-denominational school"),
    "RKB": ("katholische Bekenntnisschule", "Roman Catholic school"),
    "EVB": ("evangelische Bekenntnisschule", "Protestant school"),
    "JUB": ("jüdische Bekenntnisschule", "Jewish school"),
    "WAS": ("Weltanschauungsschule", "school of a world view"),
}
"""Schularten of § 26 SchulG NRW by their keys in the register; others are not named."""


def year_of_school(grade: str, form: str | None) -> tuple[str, str]:
    """Klasse 3 / grade 3; Jahrgangsstufe EF / year EF; at a Berufskolleg 1. Jahr des Bildungsgangs / year 1 of the course."""
    shown = grade.lstrip("0")
    if not shown:
        return "", ""
    if form in COURSE_FORMS and shown.isdecimal():
        return f"{shown}. Jahr des Bildungsgangs", f"year {shown} of the course"
    if shown in ("EF", "Q1", "Q2"):
        return f"Jahrgangsstufe {shown}", f"year {shown}"
    return f"Klasse {shown}", f"grade {shown}"


def weeks(value: float) -> tuple[str, str]:
    """A number of weeks, German and English, with every digit that it has.

    Args:
        value: weeks, also parts of one.
    """
    english = f"{value:g}" if value == round(value, 4) else repr(value)
    return english.translate(_GERMAN), english


_GERMAN = str.maketrans(",.", ".,")


def share_from(since: date, cents: int) -> tuple[str, str]:
    """What the own share is from a day on."""
    (german, english), (from_, from_en) = euros(cents), day(since)
    if not cents:
        return f"Ab dem {from_} ist kein Eigenanteil zu zahlen.", f"From {from_en} no own share is to be paid."
    return (
        f"Ab dem {from_} beträgt der Eigenanteil {german} im Monat.",
        f"From {from_en} the own share is {english} a month.",
    )
