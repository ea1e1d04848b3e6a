"""A class list is read whatever program wrote it; what cannot be read is said by line, and never more than that."""

from datetime import date

import pytest
from application.checks.class_list import MOST_BYTES, MOST_ROWS, ListedPupil, read_class_list, read_day
from hypothesis import given
from hypothesis import strategies as st
from shared.birth_dates import PartlyKnownDate
from shared.errors import Invalid
from support.application.school_place import FIRST, HEAD

SCHILD = "Interne ID-Nummer;Nachname;Vorname;Klasse;Geburtsdatum;Geschlecht;Status"
"""The text export of SchILD-NRW, with the columns and in the order in which its users describe it."""
BASIC = "Nachname|Vorname|Geburtsdatum|Geschlecht|Status|PLZ|Ort|Straße|Jahr|Abschnitt|Jahrgang|Klasse"
"""The beginning of SchuelerBasisdaten.dat, as its interface is described, with fewer columns."""
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")
LETTERS = st.sampled_from("aemnrsüößéàÄÖÜ- ")
NAMES = st.text(LETTERS, min_size=1, max_size=20).map(lambda text: f"M{text.strip(' -')}")
PUPILS = st.tuples(
    NAMES, NAMES, st.dates(date(2005, 1, 1), date(2020, 12, 31)), st.sampled_from(["5b", "EF", "", "10 c"])
)


def texts(content: bytes) -> list[str]:
    return [f"{each.line} {each.text.de}" for each in read_class_list(content, FIRST).faults]


@given(
    st.lists(PUPILS, min_size=1, max_size=12),
    st.sampled_from(ENCODINGS),
    st.sampled_from(";\t|"),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.booleans(),
    st.permutations(["Nachname", "Vorname", "Geburtsdatum", "Klasse"]),
)
def test_whatever_encoding_separator_and_order_the_same_pupils_are_read(  # what a file may be
    pupils: list[tuple[str, str, date, str]],
    encoding: str,
    separator: str,
    end: str,
    quoted: bool,
    order: list[str],
) -> None:
    rows = [
        {"Nachname": last, "Vorname": first, "Geburtsdatum": born.strftime("%d.%m.%Y"), "Klasse": name}
        for last, first, born, name in pupils
    ]
    mark = '"' if quoted else ""
    lines = [separator.join(order)]
    lines += [separator.join(f"{mark}{row[each]}{mark}" for each in order) for row in rows]
    read = read_class_list(end.join([*lines, ""]).encode(encoding), FIRST)
    assert not read.faults
    assert [(each.last_name, each.first_name, each.birth_date, each.class_name) for each in read.pupils] == pupils
    assert [each.line for each in read.pupils] == list(range(2, len(pupils) + 2))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_refused(content: bytes) -> None:
    for each in (content, HEAD.encode() + b"\n" + content):
        try:
            read_class_list(each, FIRST)
        except Invalid:
            continue


def test_the_exports_of_schild_are_read() -> None:
    export = f"{SCHILD}\r\n4711;Müller;Jörg;5b;01.03.2016;m;2\r\n4712;Alt;Eva;10a;01.03.2010;w;9\r\n"
    read = read_class_list(export.encode("cp1252"), FIRST)
    assert read.pupils == (ListedPupil(2, "Müller", "Jörg", date(2016, 3, 1), "5b"),)
    assert read.left_out == 1
    basic = f"{BASIC}\r\nMüller|Jörg|01.03.2016|3|2|33602|Bielefeld|Am Markt 1|2026|1|05|05B\r\n"
    assert read_class_list(basic.encode("utf-8-sig"), FIRST).pupils[0].class_name == "05B"


@pytest.mark.parametrize(
    "row",
    ["=cmd|' /C calc'!A0;Jörg;01.03.2016;5b", "Müller;+1;01.03.2016;5b", "Müller;@SUM(A1);01.03.2016;5b",
     "Müller;Jörg;01.03.2016;-2+3"],
)  # fmt: skip
def test_a_formula_is_no_name(row: str) -> None:
    assert texts(f"Nachname;Vorname;Geburtsdatum;Klasse\n{row}\n".encode()) == [
        "2 Ein Feld beginnt wie eine Formel (=, +, -, @). Bitte tragen Sie den Text ohne dieses Zeichen ein."
    ]


def test_each_fault_is_said_with_its_line_and_the_others_are_read() -> None:
    rows = ["168890;Müller;Jörg;01.03.2016;5b", "168890;;Jörg;01.03.2016;5b", '168890;"Offen;Jörg;01.03.2016;5b',
            f"168890;{'x' * 81};Jörg;01.03.2016;5b", "168890;Müller;Eva;31.02.2016;5b", "168890;Kurz"]  # fmt: skip
    read = read_class_list("\n".join([HEAD, *rows]).encode(), FIRST)
    assert [each.line for each in read.pupils] == [2]
    assert [each.line for each in read.faults] == [3, 4, 5, 6, 7]


@pytest.mark.parametrize("first", ["Name;Wohnort", "", "Nachname,Vorname", "\x00\x01", "PK\x03\x04"])
def test_what_has_not_the_columns_is_refused_with_what_is_needed(first: str) -> None:
    with pytest.raises(Invalid):
        read_class_list(f"{first}\na;b;c\n".encode(), FIRST)


def test_the_list_of_another_school_is_refused_as_a_whole() -> None:
    rows = [HEAD, "168890;Müller;Jörg;01.03.2016;5b", "100001;Öz;Can;01.03.2016;3a"]
    with pytest.raises(Invalid) as refused:
        read_class_list("\n".join(rows).encode(), FIRST)
    assert "Zeile 3" in refused.value.text.de
    assert "Öz" not in refused.value.text.de


def test_bytes_and_lines_are_bounded() -> None:
    row = "168890;Müller;Jörg;01.03.2016;5b\n"
    assert len(read_class_list((HEAD + "\n" + row * MOST_ROWS).encode(), FIRST).pupils) == MOST_ROWS
    for content in ((HEAD + "\n" + row * (MOST_ROWS + 1)).encode(), b"x" * (MOST_BYTES + 1), b"x;" * 5000):
        with pytest.raises(Invalid):
            read_class_list(content, FIRST)


@pytest.mark.parametrize(
    ("text", "day"),
    [("01.03.2016", date(2016, 3, 1)), ("1.3.16", date(2016, 3, 1)), ("2016-03-01", date(2016, 3, 1)),
     ("01.03.2016 00:00:00", date(2016, 3, 1)), ("00.00.2016", PartlyKnownDate(2016)),
     ("00.03.2016", PartlyKnownDate(2016, 3)), ("31.02.2016", None), ("", None), ("1.3.0016", None),
     ("٠١.٠٣.٢٠١٦", None)],
)  # fmt: skip
def test_days_are_read_as_schools_write_them(text: str, day: date | PartlyKnownDate | None) -> None:
    assert read_day(text) == day
