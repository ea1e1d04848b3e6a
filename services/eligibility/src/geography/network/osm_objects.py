"""Filtered passes over an OpenStreetMap file (.osm, .osm.pbf, .osm.bz2), filtered in C++: Python sees little."""

from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

import osmium


class ExtractUnusable(Exception):
    """The file is missing, damaged, or no OpenStreetMap extract. The message says what to do."""


SMALL_FILE = 64_000_000
"""Below this size (bytes) wanted ids are looked up in Python: osmium's table of ids takes a gigabyte for one with
old and new nodes. A state is worth that, a city is not."""


def declared_box(path: Path) -> tuple[float, float, float, float] | None:
    """West, south, east, north as the file declares them; None where it does not."""
    with osmium.io.Reader(str(path)) as reader:
        box = reader.header().box()
    if not box.valid():
        return None
    return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat


def nodes(path: Path, *, key: str | None = None, ids: Set[int] | None = None) -> Iterator[Any]:
    """Nodes with a tag of this key, or with one of these ids, that have a place."""
    return (node for node in _pass(path, osmium.osm.NODE, key, ids) if node.location.valid())


def ways(path: Path, *, key: str | None = None, ids: Set[int] | None = None) -> Iterator[Any]:
    """Ways with a tag of this key, or with one of these ids."""
    return _pass(path, osmium.osm.WAY, key, ids)


def relations(path: Path, *, key: str) -> Iterator[Any]:
    """Relations with a tag of this key."""
    return _pass(path, osmium.osm.RELATION, key, None)


def _pass(path: Path, kind: Any, key: str | None, ids: Set[int] | None) -> Iterator[Any]:
    if not path.is_file():
        raise ExtractUnusable(f"There is no file {path}. Give an OpenStreetMap extract (.osm.pbf or .osm).")
    try:
        objects = osmium.FileProcessor(str(path), kind)
        if key is not None:
            objects = objects.with_filter(osmium.filter.KeyFilter(key))
        elif ids is not None and path.stat().st_size >= SMALL_FILE:
            objects = objects.with_filter(osmium.filter.IdFilter(ids))
        yield from (one for one in objects if ids is None or one.id in ids)
    except (RuntimeError, ValueError) as error:
        raise ExtractUnusable(
            f"{path.name} cannot be read as an OpenStreetMap extract ({error}). "
            "Give a complete .osm.pbf or .osm file; a broken download has to be repeated."
        ) from error
