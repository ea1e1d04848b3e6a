"""Whoever adds a reader of bytes adds a line to the corpus' table, or says why nothing foreign comes to it."""

import os
import time
from pathlib import Path

import pytest
from support.readers.files import FILES
from support.readers.found import calls, readers
from support.readers.own import OWN
from support.readers.read_by import READ_BY
from support.readers.requests import REQUESTS
from support.readers.tickets import TICKETS
from support.readers.trial import Reader, faults_of

TABLE = REQUESTS | TICKETS | FILES
HOW = "add its reader to tests/support/readers (a line in the table, the place in read_by.py), or say in own.py whose it is"


def test_every_place_that_reads_bytes_has_a_line_in_the_corpus_or_a_reason() -> None:
    told = [place for places in (*READ_BY.values(), *OWN.values()) for place in places]
    found = readers()
    assert sorted(set(found) - set(told)) == [], HOW
    assert sorted(set(told) - set(found)) == [], "these are gone: take them out"
    assert len(told) == len(set(told))


def test_every_line_is_a_reader_of_the_table() -> None:
    assert sorted(set(READ_BY) - set(TABLE)) == []
    assert len(TABLE) == len(REQUESTS) + len(TICKETS) + len(FILES)


@pytest.mark.parametrize(
    "line",
    [
        "json.loads(body)",
        "yaml.load(text, Loader=Loader)",
        "Model.model_validate_json(body)",
        "list(map(json.loads, lines))",
        "asyncio.to_thread(zlib.decompress, body)",
        "with zipfile.ZipFile(path) as archive: pass",
        "Image.open(io.BytesIO(data))",
        "date.fromisoformat(request.headers['x'])",
        "int(request.headers['x'])",
        "ET.fromstring(xml)",
    ],
)
def test_a_new_reader_is_found(line: str, tmp_path: Path) -> None:
    source = tmp_path / "new.py"
    source.write_text(f"async def route(request):\n    {line}\n")
    assert [where for where, _ in calls(source, with_numbers=True)][:1] == ["route"]


def _deep(content: bytes) -> object:
    return _deep(content) if content.startswith(b"[[") else None


def _dies(content: bytes) -> None:
    if content.startswith(b"- - "):
        os.abort()


def _swells(content: bytes) -> object:
    return bytearray(2 << 30) if content.startswith(b"999") else None


def _squares(content: bytes) -> None:
    if content.startswith(b"{{"):
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass


@pytest.mark.parametrize(
    ("read", "word"),
    [(_deep, "RecursionError"), (_dies, "ended by signal 6"), (_swells, "MemoryError"), (_squares, " ms")],
)
def test_a_reader_that_has_no_bounds_fails_the_corpus(read: object, word: str) -> None:
    _, faults = faults_of(Reader(read, b"[]", (), 100, 10_000))  # type: ignore[arg-type]
    assert any(word in each for each in faults), faults
