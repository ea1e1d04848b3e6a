"""Reading a register: as offices export it, and errors that say which file and which line."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared.registers import RegisterUnusable, Row, read_rows

COLUMNS = ("number", "name")
REMEDY = "Give register.csv."
Read = Callable[..., list[Row]]


@pytest.fixture
def rows(tmp_path: Path) -> Read:
    def read(content: str | bytes, columns: tuple[str, ...] = COLUMNS) -> list[Row]:
        path = tmp_path / "register.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_rows(path, columns, REMEDY))

    return read


def test_each_row_tells_its_line_and_the_columns_that_were_asked_for(rows: Read) -> None:
    assert rows("name;number;more\nEast;1;x\nWest;2;y\n") == [
        Row(2, {"number": "1", "name": "East"}, is_complete=True),
        Row(3, {"number": "2", "name": "West"}, is_complete=True),
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("number;name\n1;East\n", 2),
        ("number;name\r\n1;East\r\n", 2),
        ("\ufeffnumber;name\n1;East", 2),
        ("sep=;\nnumber;name\n1;East\n", 3),
        ("\ufeffsep=;\r\nnumber;name\r\n1;East\r\n", 3),
        ("number;name;\n\n 1 ;\tEast ;\n", 3),
        ('number;name\n"1";"East"\n', 2),
        ("number;name\n1;East;one;too;many\n", 2),
    ],
)
def test_a_mark_a_separator_line_quotes_and_blanks_do_not_matter(rows: Read, content: str, line: int) -> None:
    assert rows(content) == [Row(line, {"number": "1", "name": "East"}, is_complete=True)]


def test_a_row_that_ends_too_early_is_not_complete(rows: Read) -> None:
    short, whole = rows("number;name;last\n1\n2;;x\n")
    assert (short.fields, short.is_complete) == ({"number": "1", "name": ""}, False)
    assert (whole.fields, whole.is_complete) == ({"number": "2", "name": ""}, True)


def test_what_is_missing_beyond_the_columns_does_not_count(rows: Read) -> None:
    assert rows("number;name;last\n1;East\n")[0].is_complete


def test_an_entry_of_several_lines_is_one_row(rows: Read) -> None:
    first, second = rows('number;name\n1;"East\nEnd"\n2;West\n')
    assert first.fields["name"] == "East\nEnd"
    assert second.line == 4


@pytest.mark.parametrize("content", ["", "a;b\n1;2\n", "number,name\n1,East\n", "sep=;\n", "sep=;\na;b\n"])
def test_another_layout_is_named_with_the_columns_that_it_lacks(rows: Read, content: str) -> None:
    with pytest.raises(
        RegisterUnusable, match=r"^register\.csv lacks the columns number, name\. Give register\.csv\.$"
    ):
        rows(content)


def test_only_the_missing_columns_are_named(rows: Read) -> None:
    with pytest.raises(RegisterUnusable, match="lacks the columns name, town"):
        rows("number;x\n", ("number", "name", "town"))


@pytest.mark.parametrize("content", ["number;name\n1;Süd\n".encode("latin-1"), b"number;\xff\xfe\n", b"\xff"])
def test_another_encoding_is_refused(rows: Read, content: bytes) -> None:
    with pytest.raises(RegisterUnusable, match="cannot be read as UTF-8 CSV"):
        rows(content)


def test_a_field_without_an_end_is_refused(rows: Read) -> None:
    with pytest.raises(RegisterUnusable, match="cannot be read as UTF-8 CSV"):
        rows('number;name\n1;"' + "x" * (csv.field_size_limit() + 1))


def test_a_missing_file_is_told_with_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(RegisterUnusable, match=r"^There is no file .*none\.csv\. Give register\.csv\.$"):
        list(read_rows(tmp_path / "none.csv", COLUMNS, REMEDY))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**6).map(str), st.text(st.characters(codec="utf-8", exclude_characters="\0"))))
)
def test_whatever_a_spreadsheet_writes_is_read_back(rows: Read, entries: list[tuple[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerows([COLUMNS, *entries])
    assert [tuple(row.fields.values()) for row in rows(text.getvalue())] == [
        (number, name.strip()) for number, name in entries
    ]
