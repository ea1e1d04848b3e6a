"""The small types of the form: each knows what is wrong with it and says so in German and English."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from shared.birth_dates import BirthDate, PartlyKnownDate, parse_birth_date
from shared.calendar import SchoolYear
from shared.errors import Text
from shared.events.own_form import LARGEST_NUMBER, LONGEST_ANSWER, MOST_QUESTIONS
from shared.http.problems import bilingual

from application.form.names import Fault, fault_of_name, fault_of_place, tidy

LONGEST_NAME = 120
"""Characters. The longest field for one name part in German registers; a family name in full is far shorter."""
LONGEST_PLACE = 100
LONGEST_MOMENT = 40
SHORTEST_MONTH = 3
"""Letters of an abbreviated month."""

NAME_FAULTS = {
    Fault.NO_LETTER: Text(
        "Ein Name braucht mindestens einen Buchstaben. Bitte schreiben Sie ihn wie in der Geburtsurkunde.",
        "A name needs at least one letter. Please write it as in the birth certificate.",
    ),
    Fault.CONTROL: Text(
        "Der Name enthält unsichtbare Zeichen, die meist beim Kopieren entstehen. Bitte tippen Sie ihn neu ein.",
        "The name contains invisible characters, mostly left over from copying. Please type it anew.",
    ),
    Fault.DIGIT: Text(
        "Der Name enthält Ziffern. Bitte schreiben Sie ihn ohne Ziffern, wie in der Geburtsurkunde.",
        "The name contains digits. Please write it without digits, as in the birth certificate.",
    ),
    Fault.SCRIPT: Text(
        "Bitte schreiben Sie den Namen in lateinischen Buchstaben, wie im Ausweis oder in der Geburtsurkunde.",
        "Please write the name in Latin letters, as in the identity card or birth certificate.",
    ),
    Fault.SYMBOL: Text(
        "Der Name enthält Zeichen, die in Namen nicht vorkommen. Erlaubt sind Buchstaben, Leerzeichen, Bindestrich, "
        "Apostroph, Punkt und Komma.",
        "The name contains signs that names do not have. Allowed are letters, blanks, hyphen, apostrophe, full stop "
        "and comma.",
    ),
}
PLACE_FAULTS = {
    Fault.NO_LETTER: Text("Hier fehlt der Name. Bitte ergänzen Sie ihn.", "The name is missing here. Please add it."),
    Fault.CONTROL: Text(
        "Hier stehen unsichtbare Zeichen, die meist beim Kopieren entstehen. Bitte tippen Sie die Angabe neu ein.",
        "There are invisible characters here, mostly left over from copying. Please type it anew.",
    ),
    Fault.SCRIPT: Text("Bitte schreiben Sie in lateinischen Buchstaben.", "Please write in Latin letters."),
    Fault.SYMBOL: Text(
        "Hier stehen Zeichen, die in Adressen nicht vorkommen. Bitte schreiben Sie die Adresse wie auf einem Brief.",
        "There are signs here that addresses do not have. Please write the address as on a letter.",
    ),
}
POSTAL_CODE = Text(
    "Eine deutsche Postleitzahl hat fünf Ziffern, zum Beispiel 33602.",
    "A German postal code has five digits, for example 33602.",
)
HOUSE_NUMBER = Text(
    "Bitte geben Sie die Hausnummer an, zum Beispiel 5, 12a, 7-9 oder 3 1/2.",
    "Please give the house number, for example 5, 12a, 7-9 or 3 1/2.",
)
EMAIL = Text(
    "Bitte prüfen Sie die E-Mail-Adresse; erwartet wird die Form name@beispiel.de.",
    "Please check the e-mail address; the expected form is name@example.org.",
)
SCHOOL_NUMBER = Text(
    "Eine Schulnummer hat sechs Ziffern. Sie finden sie über die Schulsuche.",
    "A school number has six digits. You find it by the school search.",
)
GRADE = Text(
    "Bitte geben Sie die Klasse zweistellig an (01 bis 13) oder als EF, Q1, Q2.",
    "Please give the grade with two digits (01 to 13) or as EF, Q1, Q2.",
)
SCHOOL_YEAR = Text(
    "Bitte geben Sie das Schuljahr in der Form 2026/27 an.", "Please give the school year in the form 2026/27."
)
BIRTH_DATE = Text(
    "Bitte geben Sie ein Geburtsdatum an, das es gibt, zum Beispiel 31.08.2015 oder 2015-08-31. Ist nur das Jahr "
    "oder der Monat bekannt, schreiben Sie 2015 oder 06.2015.",
    "Please give a birth date that exists, for example 31.08.2015 or 2015-08-31. If only the year or the month is "
    "known, write 2015 or 06.2015.",
)
DAY = Text(
    "Bitte geben Sie ein Datum an, das es gibt, zum Beispiel 31.08.2030 oder 2030-08-31.",
    "Please give a date that exists, for example 31.08.2030 or 2030-08-31.",
)
MOMENT = Text(
    "Bitte geben Sie Datum und Uhrzeit mit Zeitzone an, zum Beispiel 2026-06-01T18:30:00+02:00.",
    "Please give date and time with time zone, for example 2026-06-01T18:30:00+02:00.",
)
CLOCK_TIME = Text(
    "Bitte geben Sie die Uhrzeit mit Stunden und Minuten an, zum Beispiel 06:40.",
    "Please give the time with hours and minutes, for example 06:40.",
)
CODE = Text(
    "Erwartet wird eine kurze Kennung aus Buchstaben, Ziffern, Punkt, Binde- und Unterstrich.",
    "A short code of letters, digits, full stop, hyphen and underscore is expected.",
)

_HOUSE_NUMBER = re.compile(r"(?:[1-9]\d{0,4}(?:[ ]?[0-9A-Za-zÄÖÜäöüß./,+½¼¾–-]){0,14}|[oO]\. ?[nN]r\.)")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\x00-\x20\x7f-\x9f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LOOSE_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_GERMAN_DAY = re.compile(r"(\d{1,2})(?:[.,] ?| )(\d{1,2})(?:[.,] ?| )(\d{4})", re.ASCII)
"""Also 31,8,2026 and 31 8 2026: an iPhone's keypad for figures has a comma in German, and no full stop."""
_DIGITS_DAY = re.compile(r"(\d{2})(\d{2})((?:19|20)\d{2})", re.ASCII)
"""31082026, from a keypad that has figures alone. No day of 1900 to 2099 reads as another one from its end."""
_YEAR_AND_MONTH = re.compile(r"(?:(\d{1,2})[.,/] ?)?(\d{4})", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_UNKNOWN_PARTS = re.compile(r"^(?:[xX?*-]{1,2}\. ?){1,2}(?=\d)|(?<=\d)(?:-[xX?]{2}){1,2}$", re.ASCII)
"""Of a date, as papers say that they are not known: XX.XX.2015, --.06.2015, 2015-XX-XX."""
_SPELT = re.compile(r"(?:(\d{1,2})\. ?)?([^\W\d]+)\.? (\d{4})")
_MONTHS = (
    *("januar", "februar", "märz", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "dezember"),
)
_CLASS = re.compile(r"(?:KLASSE|STUFE|JAHRGANG)? ?(\d{1,2}|EF|Q1|Q2)(?:\.|[A-F])?(?: ?KLASSE)?", re.ASCII)
"""6, 6a, 6. Klasse, Klasse 6: what is said of a grade at a kitchen table."""
_YEARS = re.compile(r"(20\d{2}) ?[/-] ?(?:20)?(\d{2})", re.ASCII)
"""2026/27, 2026/2027, 2026-27."""


def _name(text: str) -> str:
    text = tidy(text)
    if fault := fault_of_name(text):
        raise bilingual(NAME_FAULTS[fault])
    return text


def _needed_name(text: str) -> str:
    text = _name(text)
    if not text:
        raise bilingual(NAME_FAULTS[Fault.NO_LETTER])
    return text


def _place(text: str) -> str:
    text = tidy(text)
    if fault := fault_of_place(text) or (Fault.NO_LETTER if not text else None):
        raise bilingual(PLACE_FAULTS[fault])
    return text


def _matching(pattern: str | re.Pattern[str], text: Text, before: Callable[[str], str] = str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.ASCII) if isinstance(pattern, str) else pattern

    def check(value: str) -> str:
        value = before(tidy(value))
        if not compiled.fullmatch(value):
            raise bilingual(text)
        return value

    return check


def _without_word(text: str) -> str:
    """Nr. 5 is 5, Hausnummer 5 too."""
    return re.sub(r"^(?:haus)?(?:nr\.?|nummer) ?(?=\d)", "", text, flags=re.IGNORECASE)


def _postal_code(text: str) -> str:
    text = re.sub(r"^[Dd]-?(?=\d)", "", tidy(text).replace(" ", ""))  # 520 74, D-52074
    if not re.fullmatch(r"[0-9]{5}", text) or text < "01000":
        raise bilingual(POSTAL_CODE)
    return text


def _grade(text: str) -> str:
    """6 is 06, q1 is Q1, Klasse 6a is 06."""
    text = tidy(text).upper()
    text = found[1] if (found := _CLASS.fullmatch(text)) else text
    text = text.zfill(2) if text.isdecimal() else text
    if not re.fullmatch(r"[0-9A-Z]{2}", text):
        raise bilingual(GRADE)
    return text


def _school_year(text: str) -> str:
    try:
        found = _YEARS.fullmatch(tidy(text))
        return str(SchoolYear.parse(f"{found[1]}/{found[2]}" if found else tidy(text)))
    except ValueError:
        raise bilingual(SCHOOL_YEAR) from None


def _day(value: Any) -> date:
    """`2026-08-31`, or as people type it, 31.8.2026, 31. August 2026: pydantic would also take seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and _ISO_DAY.fullmatch(written := _iso(_numbered(tidy(value)))):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise bilingual(DAY)


def _iso(text: str) -> str:
    """31.8.2026, 31082026 and 2026-8-31 as 2026-08-31; everything else as it is."""
    if found := _GERMAN_DAY.fullmatch(text) or _DIGITS_DAY.fullmatch(text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    found = _LOOSE_ISO_DAY.fullmatch(text)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else text


def _birth_date(value: Any) -> date | PartlyKnownDate:
    """As a day; or `2015-00-00`, `2015-06-00`, 00.00.2015, 06.2015, 2015 where no more is known."""
    if isinstance(value, date | PartlyKnownDate):
        return value
    try:
        if isinstance(value, str):
            text = _numbered(_UNKNOWN_PARTS.sub("", tidy(value)))
            if found := _YEAR_AND_MONTH.fullmatch(text):
                return PartlyKnownDate(int(found[2]), int(found[1] or 0))
            if found := _ISO_MONTH.fullmatch(text):
                return PartlyKnownDate(int(found[1]), int(found[2]))
            return parse_birth_date(_iso(text))
    except ValueError:
        pass
    raise bilingual(BIRTH_DATE)


def _numbered(text: str) -> str:
    """3. August 2015 as 3.8.2015, and Juni 2015 as 6.2015; everything else as it is."""
    found = _SPELT.fullmatch(text)
    word = found[2].lower().replace("maerz", "märz") if found else ""
    month = next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)), None)
    if found is None or month is None or len(word) < SHORTEST_MONTH:
        return text
    return f"{found[1]}." * bool(found[1]) + f"{month}.{found[3]}"


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and len(value) <= LONGEST_MOMENT:
            moment = datetime.fromisoformat(value)
            if moment.utcoffset() is not None:
                return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise bilingual(MOMENT)


Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_name)]
"""A name that may be empty: some people bear one name only."""
NeededName = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_needed_name)]
Place = Annotated[str, Field(max_length=LONGEST_PLACE), AfterValidator(_place)]
Flat = Annotated[str, Field(max_length=40), AfterValidator(_place)]
"""Flat, floor or addition: written on letters, never measured."""
PostalCode = Annotated[str, Field(max_length=40), AfterValidator(_postal_code)]
HouseNumber = Annotated[
    str, Field(max_length=20), AfterValidator(_matching(_HOUSE_NUMBER, HOUSE_NUMBER, _without_word))
]
Email = Annotated[str, Field(max_length=254), AfterValidator(_matching(_EMAIL, EMAIL))]
SchoolNumber = Annotated[str, Field(max_length=12), AfterValidator(_matching(r"[0-9]{6}", SCHOOL_NUMBER))]
Grade = Annotated[str, Field(max_length=40), AfterValidator(_grade)]
SchoolYearText = Annotated[str, Field(max_length=40), AfterValidator(_school_year)]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
BirthDay = Annotated[BirthDate, BeforeValidator(_birth_date)]
Moment = Annotated[datetime, BeforeValidator(_moment, json_schema_input_type=datetime)]
"""Kept in UTC."""
ClockTime = Annotated[
    str, Field(max_length=5), AfterValidator(_matching(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", CLOCK_TIME))
]
TextId = Annotated[str, Field(max_length=64), AfterValidator(_matching(r"[0-9A-Za-z_.-]{1,64}", CODE))]
Version = Annotated[str, Field(max_length=32), AfterValidator(_matching(r"[0-9A-Za-z_.-]{1,32}", CODE))]


def _further(given: dict[str, Any]) -> dict[str, Any]:
    if len(given) > MOST_QUESTIONS or not all(FURTHER_KEY.fullmatch(each) for each in given):
        raise bilingual(NO_FURTHER_KEYS)
    for value in given.values():
        if isinstance(value, str):
            fits = len(value) <= LONGEST_ANSWER
        else:
            fits = value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= LARGEST_NUMBER)
        if not fits:
            raise bilingual(NO_FURTHER_VALUE)
    return given


FURTHER_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
NO_FURTHER_KEYS = Text(
    f"Höchstens {MOST_QUESTIONS} Antworten, jede unter dem Schlüssel ihrer Frage.",
    f"At most {MOST_QUESTIONS} answers, each under the key of its question.",
)
NO_FURTHER_VALUE = Text(
    f"Jede Antwort ist ein Text bis {LONGEST_ANSWER} Zeichen, eine ganze Zahl, true oder false.",
    f"Each answer is a text of up to {LONGEST_ANSWER} characters, a whole number, true or false.",
)
FurtherPart = Annotated[dict[str, Any], AfterValidator(_further)]
