"""A class list as a school's software writes it: bytes to rows, each fault named with its line. Pure.

Read are `Schulnummer;Nachname;Vorname;Geburtsdatum;Klasse` and what SchILD-NRW writes: its text export (columns and
separator as somebody chose them there) and its `SchuelerBasisdaten.dat` (separated by `|`). Text is UTF-8, with or
without a byte order mark, UTF-16 with one, else Windows-1252. Columns that are not needed are passed over.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.birth_dates import PartlyKnownDate
from shared.errors import Invalid, Text

from application.domain.attendance import LONGEST_CLASS_NAME, LONGEST_NAME
from application.form.names import tidy

MOST_BYTES = 1024 * 1024
MOST_ROWS = 5000
"""The largest schools of the state have some 3,500 pupils."""
MOST_FAULTS = 200
LONGEST_LINE = 4000
SEPARATORS = (";", "\t", "|", ",")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "school_number": ("schulnummer", "schulnr", "schulnr.", "nr. schule"),
    "last_name": ("nachname", "name", "familienname"),
    "first_name": ("vorname", "rufname", "vornamen"),
    "birth_date": ("geburtsdatum", "geb.datum", "geburtstag", "geb.-datum"),
    "class_name": ("klasse", "aktuelle klasse", "klassenname"),
    "particle": ("namenszusatz", "zusatz nachname"),
    "status": ("status",),
}
"""What a column is called in the first line, without regard to case."""
NEEDED = ("last_name", "first_name", "birth_date", "class_name")
GONE = frozenset({"1", "8", "9", "warteliste", "abschluss", "abgang", "abgänger"})
"""Values of SchILD's column Status of those who do not attend the school (2: active, 6: external)."""
FORMULA = ("=", "+", "-", "@")
NOT_TEXT = Text(
    "Die Datei ist keine Textdatei (CSV). Bitte exportieren Sie die Liste als Text mit Semikolon, nicht als "
    "Excel-Arbeitsmappe oder PDF.",
    "The file is no text file (CSV). Please export the list as text with semicolons, not as an Excel workbook or PDF.",
)
TOO_LARGE = Text(
    "Die Datei ist zu groß: höchstens 1 MB und 5.000 Zeilen. Bitte laden Sie die Jahrgänge einzeln hoch.",
    "The file is too large: at most 1 MB and 5,000 lines. Please upload it year by year.",
)
EMPTY = Text(
    "In der Datei steht keine Schülerin und kein Schüler. Bitte prüfen Sie den Export.",
    "There is no pupil in the file. Please check the export.",
)
NO_COLUMNS = Text(
    "In der ersten Zeile fehlen Spalten: {missing}. Gebraucht werden Nachname, Vorname, Geburtsdatum und Klasse.",
    "The first line lacks columns: {missing}. Needed are Nachname, Vorname, Geburtsdatum and Klasse.",
)
OTHER_SCHOOL = Text(
    "Das ist die Liste einer anderen Schule: In Zeile {line} steht eine andere Schulnummer als Ihre. Es wurde nichts "
    "übernommen.",
    "This is another school's list: line {line} has another school number than yours. Nothing was taken over.",
)
FORMULA_CELL = Text(
    "Ein Feld beginnt wie eine Formel (=, +, -, @). Bitte tragen Sie den Text ohne dieses Zeichen ein.",
    "A field begins like a formula (=, +, -, @). Please enter the text without that sign.",
)
NO_NAME = Text("Der Nachname fehlt. Bitte ergänzen Sie ihn.", "The last name is missing. Please add it.")
NO_USABLE_NAME = Text(
    "Der Name ist zu lang oder hat Zeichen, die kein Name hat. Bitte prüfen Sie ihn.",
    "The name is too long or has signs that no name has. Please check it.",
)
LONG_CLASS = Text(
    "Die Klasse ist zu lang (höchstens 20 Zeichen) oder hat Zeichen, die man nicht sieht. Bitte prüfen Sie sie.",
    "The class is too long (at most 20 characters) or has signs that cannot be seen. Please check it.",
)
NO_DAY = Text(
    "Das Geburtsdatum ist nicht lesbar. Bitte schreiben Sie es als TT.MM.JJJJ.",
    "The birth date cannot be read. Please write it as DD.MM.YYYY.",
)
GERMAN_NAMES = {
    "last_name": "Nachname", "first_name": "Vorname", "birth_date": "Geburtsdatum", "class_name": "Klasse",
}  # fmt: skip
_LINE_END = re.compile(r"\r\n|\n|\r")
_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})(?: 0?0:00(?::00)?)?", re.ASCII)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?", re.ASCII)


@dataclass(frozen=True)
class ListedPupil:
    """A line of a class list."""

    line: int
    """Of the file, from 1."""
    last_name: str
    first_name: str
    birth_date: date | PartlyKnownDate
    class_name: str


@dataclass(frozen=True)
class LineFault:
    """Why a line was left out, and what to do."""

    line: int
    text: Text


@dataclass(frozen=True)
class ClassList:
    pupils: tuple[ListedPupil, ...]
    faults: tuple[LineFault, ...]
    left_out: int = 0
    """Lines of pupils who are none of the school's any more, as the list says itself."""


def read_class_list(content: bytes, school_number: str) -> ClassList:
    """1. Within its bounds, as text. 2. The columns. 3. Line by line; none of another school.

    Raises:
        Invalid: for what cannot be used as a whole.
    """
    # 1.
    if len(content) > MOST_BYTES:
        raise Invalid(TOO_LARGE, field="file")
    text = _decoded(content)
    # 2.
    rows, columns = _rows(text)
    # 3.
    pupils: list[ListedPupil] = []
    faults: list[LineFault] = []
    left_out = 0
    for line, cells in rows:
        row = {name: _cell(cells, index) for name, index in columns.items()}
        if row.get("school_number") and row["school_number"].lstrip("0") != school_number.lstrip("0"):
            raise Invalid(_filled(OTHER_SCHOOL, line=str(line)), field="file")
        if row.get("status", "").casefold() in GONE:
            left_out += 1
            continue
        read = _pupil(line, row)
        if isinstance(read, LineFault):
            faults.append(read)
        else:
            pupils.append(read)
    if not pupils and not faults:
        raise Invalid(EMPTY, field="file")
    return ClassList(tuple(pupils), tuple(faults[:MOST_FAULTS]), left_out)


def _decoded(content: bytes) -> str:
    has_mark_of_16_bits = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if has_mark_of_16_bits else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if any(each < " " and each not in "\t\r\n\x1a" for each in text):
            break
        return text.rstrip("\x1a")
    raise Invalid(NOT_TEXT, field="file")


def _rows(text: str) -> tuple[list[tuple[int, list[str]]], dict[str, int]]:
    """The lines behind the first that is none of `sep=;`, with their numbers, and where which column stands. Each line
    is read by itself, so that a quotation mark that nobody closed swallows no more than its own."""
    lines = _LINE_END.split(text)
    if any(len(each) > LONGEST_LINE for each in lines):
        raise Invalid(NOT_TEXT, field="file")
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip(" ;\t|,")]
    if numbered and numbered[0][1].casefold().startswith("sep="):
        numbered = numbered[1:]
    if not numbered:
        raise Invalid(EMPTY, field="file")
    if len(numbered) > MOST_ROWS + 1:
        raise Invalid(TOO_LARGE, field="file")
    separator = max(SEPARATORS, key=numbered[0][1].count)
    try:
        rows = [(number, next(csv.reader([line], delimiter=separator))) for number, line in numbered]
    except csv.Error:
        raise Invalid(NOT_TEXT, field="file") from None
    return rows[1:], _columns(rows[0][1])


def _columns(names: Sequence[str]) -> dict[str, int]:
    given = [tidy(each).casefold() for each in names]
    columns: dict[str, int] = {}
    for column, called in COLUMNS.items():
        places = [given.index(each) for each in called if each in given]
        if places:
            columns[column] = places[0]
    missing = [GERMAN_NAMES[each] for each in NEEDED if each not in columns]
    if missing:
        raise Invalid(_filled(NO_COLUMNS, missing=", ".join(missing)), field="file")
    return columns


def _cell(cells: Sequence[str], index: int) -> str:
    return tidy(cells[index].replace("\xa0", " ")) if index < len(cells) else ""


def _pupil(line: int, row: Mapping[str, str]) -> ListedPupil | LineFault:
    named = " ".join(each for each in (row.get("particle", ""), row["last_name"]) if each)
    first, class_name = row["first_name"], row["class_name"]
    if any(each.startswith(FORMULA) for each in (named, first, class_name, row["birth_date"])):
        return LineFault(line, FORMULA_CELL)
    if not named:
        return LineFault(line, NO_NAME)
    if len(named) > LONGEST_NAME or len(first) > LONGEST_NAME or not _is_written(named + first):
        return LineFault(line, NO_USABLE_NAME)
    if len(class_name) > LONGEST_CLASS_NAME or not _is_written(class_name):
        return LineFault(line, LONG_CLASS)
    born = read_day(row["birth_date"])
    if born is None:
        return LineFault(line, NO_DAY)
    return ListedPupil(line, named, first, born, class_name)


def read_day(text: str) -> date | PartlyKnownDate | None:
    """`01.03.2015`, `2015-03-01`; a day or month of 00 is not known. None for what is no date of this or the last
    century; two digits of a year belong to those who go to school now."""
    if found := _DAY.fullmatch(text):
        day, month, year = (int(each) for each in found.groups())
        if len(found[3]) == 2:
            year += 2000 if year < 50 else 1900
    elif found := _ISO.fullmatch(text):
        year, month, day = (int(each) for each in found.groups())
    else:
        return None
    try:
        if not 1900 <= year <= 2100:
            return None
        return PartlyKnownDate(year, month) if day == 0 else date(year, month, day)
    except ValueError:
        return None


def _is_written(text: str) -> bool:
    return all(unicodedata.category(each)[0] != "C" for each in text)


def _filled(text: Text, **values: str) -> Text:
    return Text(text.de.format(**values), text.en.format(**values))
