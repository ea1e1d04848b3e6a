"""A family's values that nobody else has, and the search for them in all that a system leaves: in values, in raw bytes."""

import base64
import contextlib
import io
import random
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from shared.database.engine import open_engine

PIECE, STEP, FEWEST_DIFFERENT = 24, 700, 14
"""Of a file: pieces that lie within one page of a database, and do not come about by chance."""
MOST_INFLATED = 4_000_000
ZLIB_HEADS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


@dataclass
class Canaries:
    """By what it is: the forms in which its bytes may lie anywhere."""

    needles: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    luck: random.Random = field(default_factory=random.SystemRandom)
    pieces: set[str] = field(default_factory=set)
    """Those that are pieces of files."""

    def __post_init__(self) -> None:
        """All words begin alike: where that is not found, none of them is, and hundreds of megabytes are soon read."""
        self.mark = self._letters(12)
        self.marks = tuple(forms_of(self.mark))

    def _letters(self, count: int) -> str:
        return "".join(self.luck.choices("bcdfghjkmnpqrtvwxz", k=count))

    def word(self, what: str) -> str:
        """A name with letters alone, of which the middle is searched for: case and umlauts change nothing."""
        core = self.mark + self._letters(4)
        self.needles[what] = tuple(forms_of(core))
        return f"Ö{core}ä"

    def misspelled(self, word: str, what: str) -> str:
        """One of these words with another last letter, which is searched for by itself."""
        core = word[1:-2] + ("b" if word[-2] != "b" else "c")
        self.needles[what] = tuple(forms_of(core))
        return f"Ö{core}ä"

    def watch_file(self, what: str, content: bytes) -> None:
        """Pieces of it are searched for, wherever it was cut or lies between other bytes."""
        places = range(len(content) % PIECE, len(content) - PIECE, STEP)
        pieces = (content[at : at + PIECE] for at in places)
        self.needles[what] = tuple(each for each in pieces if len(set(each)) >= FEWEST_DIFFERENT)
        assert self.needles[what], what
        self.pieces.add(what)

    def found_in(self, content: bytes) -> set[str]:
        """What of it lies there, as it is or packed."""
        return {what for each in unpacked(content) for what in self.found_raw(each)}

    def found_raw(self, content: bytes) -> set[str]:
        """As it is alone: for whole files, which hold what is packed in parts."""
        is_marked = any(each in content for each in self.marks)
        looked_for = self.needles if is_marked else self.pieces
        return {what for what in looked_for if any(each in content for each in self.needles[what])}


def forms_of(text: str) -> Iterator[bytes]:
    """UTF-8 and UTF-16, small and capital letters, base64 wherever it begins, hexadecimal."""
    for each in dict.fromkeys((text, text.casefold(), text.upper(), text.title())):
        plain = each.encode()
        yield plain
        yield each.encode("utf-16-le")
        yield each.encode("utf-16-be")
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for lead in range(3):
            # the first and last letters depend on what stands beside
            packed = base64.b64encode(b"\0" * lead + plain)[4 if lead else 0 : -4]
            yield packed
            yield packed.replace(b"+", b"-").replace(b"/", b"_")


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes, what an archive holds, and each part that zlib has packed."""
    yield content
    if content.startswith(b"PK"):
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    for head in ZLIB_HEADS:
        at = content.find(head)
        while at >= 0:
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj().decompress(content[at:], MOST_INFLATED)
            at = content.find(head, at + 1)


def found_in_tables(url: str, canaries: Canaries) -> dict[str, set[str]]:
    """By table and column: what lies in any of its rows."""
    engine = open_engine(url, connections=1)
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for table in sorted(sa.inspect(connection).get_table_names()):
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(table))).mappings():
                for column, value in row.items():
                    if hits := canaries.found_in(_bytes(value)):
                        found.setdefault(f"{table}.{column}", set()).update(hits)
    engine.dispose()
    return found


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def found_in_files(files: Iterable[Path], canaries: Canaries) -> dict[str, set[str]]:
    """By file: what lies anywhere in its bytes. A file that has gone meanwhile has nothing."""
    found: dict[str, set[str]] = {}
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            if hits := canaries.found_raw(file.read_bytes()):
                found[file.name] = hits
    return found


def all_files(folder: Path, without: Sequence[str] = ()) -> list[Path]:
    """Beneath a folder, without those folders of it."""
    gone = tuple(folder / each for each in without)
    return sorted(
        each for each in folder.rglob("*") if each.is_file() and not any(each.is_relative_to(skip) for skip in gone)
    )


def named(found: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """In order, for the text of a test that fails."""
    return {place: sorted(whats) for place, whats in sorted(found.items())}
