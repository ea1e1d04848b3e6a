"""Filtered passes over an OpenStreetMap file (.osm, .osm.pbf, .osm.bz2), filtered in C++: Python sees little.

A file has one version of the world. Two versions of an object (extracts of two days joined, a history), changes and
deleted objects are refused: whichever version were taken, another object of the file may not fit it.
"""

import bz2
import gzip
import re
from array import array
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium


class ExtractUnusable(Exception):
    """The file is missing, damaged, or no OpenStreetMap extract. The message says what to do."""


SMALL_FILE = 64_000_000
"""Below this size (bytes) wanted ids are looked up in Python: osmium's table of ids takes a gigabyte for one with
old and new nodes. A state is worth that, a city is not."""
HOW_TO_JOIN: Final = (
    "Give an extract of one day. Several regions: take the files of the same day and join them with "
    "`osmium merge A.osm.pbf B.osm.pbf -o REGION.osm.pbf`; of a history: "
    "`osmium time-filter HISTORY -o REGION.osm.pbf`; "
    "changes: `osmium apply-changes OLD.osm.pbf CHANGES.osc -o REGION.osm.pbf`."
)
_DELETED_IN_EDITOR = re.compile(rb"""<(?:node|way|relation)\b[^<>]*\baction\s*=\s*["']delete["']""")
_CHUNK = 1 << 20


def declared_box(path: Path) -> tuple[float, float, float, float] | None:
    """West, south, east, north as the file declares them; None where it does not."""
    with osmium.io.Reader(str(path)) as reader:
        box = reader.header().box()
    if not box.valid():
        return None
    return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat


def check_is_extract(path: Path) -> None:
    """Raise ExtractUnusable for a file that says itself that it holds a history, changes or an editor's deletions."""
    if not path.is_file():
        raise ExtractUnusable(f"There is no file {path}. Give an OpenStreetMap extract (.osm.pbf or .osm).")
    with _readable(path), osmium.io.Reader(str(path)) as reader:
        changes = reader.header().has_multiple_object_versions
    if changes or ".osc" in path.suffixes:
        raise ExtractUnusable(f"{path.name} is a history or a file of changes, not an extract. {HOW_TO_JOIN}")
    if ".pbf" not in path.suffixes and _deleted_in_editor(path):
        raise ExtractUnusable(
            f"{path.name} was saved by an editor and holds objects that are deleted there (action='delete'). "
            f"Upload or discard the changes, and load the region anew. {HOW_TO_JOIN}"
        )


def _opened(path: Path) -> BufferedIOBase:
    if path.suffix == ".bz2":
        return bz2.open(path, "rb")
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _deleted_in_editor(path: Path) -> bool:
    """JOSM keeps what is deleted in its files and marks it; libosmium does not read the mark."""
    rest = b""
    try:
        with _opened(path) as file:
            while part := file.read(_CHUNK):
                if _DELETED_IN_EDITOR.search(rest + part):
                    return True
                rest = part[-1000:]
    except (OSError, EOFError):
        return False  # damaged: osmium says so in its own words
    return False


def nodes(path: Path, *, keys: Sequence[str] = (), ids: Set[int] | None = None) -> Iterator[Any]:
    """Nodes with a tag of one of these keys, or with one of these ids, that have a place."""
    return (node for node in _pass(path, osmium.osm.NODE, keys, ids) if node.location.valid())


def ways(path: Path, *, keys: Sequence[str] = (), ids: Set[int] | None = None) -> Iterator[Any]:
    """Ways with a tag of one of these keys, or with one of these ids."""
    return _pass(path, osmium.osm.WAY, keys, ids)


def relations(path: Path, *, keys: Sequence[str] = (), ids: Set[int] | None = None) -> Iterator[Any]:
    """Relations with a tag of one of these keys, or with one of these ids."""
    return _pass(path, osmium.osm.RELATION, keys, ids)


def check_once_each(objects: Iterator[Any]) -> None:
    """Only to see that what was taken by its tags is there once."""
    for _ in objects:
        pass


def _pass(path: Path, kind: Any, keys: Sequence[str], ids: Set[int] | None) -> Iterator[Any]:
    """Asked for by id, each object must be there once. Whoever takes objects by their tags asks for their ids as well,
    for a newer version may have lost the tag, and would not be seen."""
    if not path.is_file():
        raise ExtractUnusable(f"There is no file {path}. Give an OpenStreetMap extract (.osm.pbf or .osm).")
    seen = array("q")
    with _readable(path):
        objects = osmium.FileProcessor(str(path), kind)
        if ids is None:
            yield from objects.with_filter(osmium.filter.KeyFilter(*keys))
            return
        if path.stat().st_size >= SMALL_FILE:
            objects = objects.with_filter(osmium.filter.IdFilter(ids))
        for one in objects:
            if one.id in ids:
                if not isinstance(one, osmium.osm.Changeset) and one.deleted:
                    raise ExtractUnusable(f"{path.name} holds an object that was deleted ({one}). {HOW_TO_JOIN}")
                seen.append(one.id)
                yield one
    _refuse_twice(path, {osmium.osm.NODE: "node", osmium.osm.WAY: "way"}.get(kind, "relation"), seen)


def _refuse_twice(path: Path, word: str, seen: "array[int]") -> None:
    found = np.sort(np.frombuffer(seen, dtype=np.int64))
    twice = found[1:][found[1:] == found[:-1]]
    if len(twice):
        raise ExtractUnusable(f"{path.name} holds {word} {twice[0]} more than once: two days joined? {HOW_TO_JOIN}")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """osmium's errors in words that say what to do."""
    try:
        yield
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise ExtractUnusable(
            f"{path.name} cannot be read as an OpenStreetMap extract ({error}). "
            "Give a complete .osm.pbf or .osm file; a broken download has to be repeated."
        ) from error
