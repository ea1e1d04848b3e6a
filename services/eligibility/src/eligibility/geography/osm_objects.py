"""Filtered passes over an OpenStreetMap file (.osm, .osm.pbf, .osm.bz2), filtered in C++: Python sees little."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import osmium


class ExtractUnusable(Exception):
    """The file is missing, damaged, or no OpenStreetMap extract. The message says what to do."""


def nodes(path: Path, *, key: str | None = None, ids: Iterable[int] | None = None) -> Iterator[Any]:
    """Nodes with a tag of this key, or with one of these ids, that have a place."""
    return (node for node in _pass(path, osmium.osm.NODE, key, ids) if node.location.valid())


def ways(path: Path, *, key: str | None = None, ids: Iterable[int] | None = None) -> Iterator[Any]:
    """Ways with a tag of this key, or with one of these ids."""
    return _pass(path, osmium.osm.WAY, key, ids)


def relations(path: Path, *, key: str) -> Iterator[Any]:
    """Relations with a tag of this key."""
    return _pass(path, osmium.osm.RELATION, key, None)


def _pass(path: Path, kind: Any, key: str | None, ids: Iterable[int] | None) -> Iterator[Any]:
    if not path.is_file():
        raise ExtractUnusable(f"There is no file {path}. Give an OpenStreetMap extract (.osm.pbf or .osm).")
    wanted = osmium.filter.IdFilter(ids) if ids is not None else osmium.filter.KeyFilter(key or "")
    try:
        yield from osmium.FileProcessor(str(path), kind).with_filter(wanted)
    except (RuntimeError, ValueError) as error:
        raise ExtractUnusable(
            f"{path.name} cannot be read as an OpenStreetMap extract ({error}). "
            "Give a complete .osm.pbf or .osm file; a broken download has to be repeated."
        ) from error
