"""The network file: a line that names the format, a JSON header, then raw arrays, each at a multiple of 64 bytes.

An `.npz` cannot be memory-mapped; this can, so a state's network costs no memory until it is asked.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from shared.durable_files import sync

from geography.network.graph import Network
from geography.network.walking_rules import RULES_VERSION

MAGIC: Final = b"SCHULTICKET WALKING NETWORK 1\n"
ALIGNMENT: Final = 64
_SECOND_LINE: Final = 12 + 1 + 64 + 1
"""After the first line: the length of the JSON in bytes as twelve digits, its SHA-256 in hexadecimal, a line feed."""
_LONGEST_HEADER: Final = 1_000_000


class NetworkUnusable(Exception):
    """Not a network file, of another version, or damaged. The message says what to do."""


def write_network(path: Path, header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """Write beside the target and rename: a reader never sees half a file. Returns the header with its hashes.

    Args:
        arrays: by name, of any shape and type.
    """
    ordered = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    table, offset = [], 0
    for name, values in ordered.items():
        table.append({"name": name, "dtype": values.dtype.str, "shape": list(values.shape), "offset": offset})
        offset += -(-values.nbytes // ALIGNMENT) * ALIGNMENT
    full = {**header, "graph": {"sha256": _graph_hash(table, _body(ordered))}, "arrays": table, "bytes": offset}
    text = json.dumps(full, ensure_ascii=False, sort_keys=True).encode()
    text += b" " * (-(len(MAGIC) + _SECOND_LINE + len(text)) % ALIGNMENT)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as file:
            file.write(MAGIC + f"{len(text):012d} {hashlib.sha256(text).hexdigest()}\n".encode() + text)
            for part in _body(ordered):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return full


def _body(arrays: Mapping[str, npt.NDArray[Any]]) -> Iterator[bytes | memoryview]:
    """The arrays in the order of the table, each filled up to the alignment."""
    for values in arrays.values():
        yield values.data
        yield b"\0" * (-values.nbytes % ALIGNMENT)


def _graph_hash(table: list[dict[str, Any]], body: Iterable[Any]) -> str:
    """SHA-256 over the table of arrays (names, types, shapes) and all their bytes."""
    digest = hashlib.sha256(json.dumps(table, sort_keys=True).encode())
    for part in body:
        digest.update(part)
    return digest.hexdigest()


def load(path: Path, check: bool = True) -> Network:
    """Map a network into memory.

    check: read it once and compare the hash (0.01 s for a city, a second for the state), so that no decision is made on
    a damaged file.

    Raises:
        NetworkUnusable: also for one built by other rules than today's: decisions made on it keep their measurements,
            new ones are not made by a reading that is known to be wrong.
    """
    header, start = _header(path)
    if header.get("rules") != RULES_VERSION:
        raise NetworkUnusable(
            f"{path.name} was built by {header.get('rules')}; this version reads ways by {RULES_VERSION}. "
            f"{_BUILD_AGAIN}"
        )
    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    if len(mapped) != start + header["bytes"]:
        raise NetworkUnusable(f"{path.name} is damaged: it has not the length that its header states. {_BUILD_AGAIN}")
    arrays = {}
    for entry in header["arrays"]:
        dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
        begin = start + entry["offset"]
        size = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        values = mapped[begin : begin + size].view(dtype).reshape(shape)
        arrays[entry["name"]] = np.asarray(values)
    if check and _graph_hash(header["arrays"], [mapped[start:]]) != header["graph"]["sha256"]:
        raise NetworkUnusable(f"{path.name} is damaged: its contents do not fit its hash. {_BUILD_AGAIN}")
    return Network({key: value for key, value in header.items() if key not in {"arrays", "bytes"}}, arrays)


def check_age(network: Network, today: date, most_days: int) -> None:
    """Raise NetworkUnusable for a map older than allowed, or one that does not say how old it is (allowed with 0 days:
    no limit)."""
    if most_days <= 0:
        return
    written = str(network.header["date"])[:10]
    try:
        age = (today - date.fromisoformat(written)).days
    except ValueError:
        raise NetworkUnusable(
            f"The network does not say from which day its map is, and maps may be {most_days} days old at most. "
            "Build it from an extract with a date (the .osm.pbf files of Geofabrik have one)."
        ) from None
    if age > most_days:
        raise NetworkUnusable(
            f"The network's map is of {written}, {age} days old; {most_days} are allowed. "
            "Build it again from a newer extract: eligibility network build REGION.osm.pbf -o FILE"
        )


_BUILD_AGAIN = "Build it again: eligibility network build REGION.osm.pbf -o FILE"


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """The JSON header and where the arrays begin."""
    if not path.is_file():
        raise NetworkUnusable(f"There is no file {path}. {_BUILD_AGAIN}")
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise NetworkUnusable(f"{path.name} is not a walking network of this version. {_BUILD_AGAIN}")
        second = file.read(_SECOND_LINE)
        text = file.read(int(second[:12])) if second[:12].isdigit() and int(second[:12]) < _LONGEST_HEADER else b""
    if hashlib.sha256(text).hexdigest().encode() != second[13:-1]:
        raise NetworkUnusable(f"{path.name} is damaged: its header does not fit its hash. {_BUILD_AGAIN}")
    header: dict[str, Any] = json.loads(text)
    return header, len(MAGIC) + _SECOND_LINE + len(text)
