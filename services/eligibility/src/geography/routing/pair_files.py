"""The bulk's result as files that numpy, R and spreadsheets read: pairs as `.npy`, homes and schools beside it as CSV.

OUT.npy          records (school u4, home u4, millimetres u4), schools in the order of OUT.schools.csv
OUT.homes.csv    home;source;street;house_number;postal_code;city      OUT.schools.csv    school;number;name;without
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from geography.routing.bulk import SchoolWays

PAIR: Final = np.dtype([("school", "<u4"), ("home", "<u4"), ("millimetres", "<u4")])


class PairFile:
    """Pairs, appended school by school: a state's are more than the memory holds."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, path.open("wb")
        self.count = 0
        self._head()

    def add(self, school: int, ways: SchoolWays) -> None:
        """The homes of one school, nearest first, ties by number."""
        order = np.lexsort((ways.homes, ways.metres))
        part = np.empty(len(order), dtype=PAIR)
        part["school"], part["home"] = school, ways.homes[order]
        part["millimetres"] = np.rint(ways.metres[order] * 1000)
        self._file.write(part.tobytes())
        self.count += len(part)

    def close(self) -> None:
        """Write the number of rows into the head, and close the file."""
        self._file.seek(0)
        self._head()
        self._file.close()

    def _head(self) -> None:
        """numpy leaves room for the count to grow, so that the head can be written again at the end."""
        head = {"descr": np.lib.format.dtype_to_descr(PAIR), "fortran_order": False, "shape": (self.count,)}
        np.lib.format.write_array_header_1_0(self._file, head)


@contextmanager
def pair_file(path: Path) -> Iterator[PairFile]:
    """For a `with` block: what was written is complete only after it."""
    pairs = PairFile(path)
    try:
        yield pairs
    finally:
        pairs.close()


def write_rows(path: Path, head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """A table with semicolons, UTF-8, as offices read it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
