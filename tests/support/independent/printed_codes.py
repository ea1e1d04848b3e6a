"""Codes on a printed page: rendered by poppler, found as black squares, read module by module."""

import io
import subprocess
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from support.independent.aztec_symbol import read_aztec, side_of
from support.independent.qr_symbol import read_qr

LEAST_SIDE_MM = 25
Black = NDArray[np.bool_]


@dataclass(frozen=True)
class PrintedCode:
    """One that was read."""

    kind: str
    content: bytes
    module_mm: float
    quiet_modules: float
    """White on its narrowest side."""


def render(pdf: bytes, dots: int, page: int = 1) -> Image.Image:
    """One page as a printer would print it, in grey."""
    command = ["pdftoppm", "-gray", "-r", str(dots), "-f", str(page), "-l", str(page), "-"]
    return Image.open(io.BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))


def read_codes(picture: Image.Image, dots: int) -> list[PrintedCode]:
    """All on the page, from left to right.

    Raises:
        AssertionError: a square that looks like a code is not read.
    """
    black = np.asarray(picture.convert("L")) < 128
    return [_read(black, box, dots) for box in _squares(black, dots)]


def _squares(black: Black, dots: int) -> list[tuple[slice, slice]]:
    """What becomes one black square when gaps of a millimetre are closed."""
    reach = max(1, round(0.6 * dots / 25.4))
    closed = ndimage.maximum_filter(black.astype(np.uint8), 2 * reach + 1)
    found = []
    for place in ndimage.find_objects(ndimage.label(closed)[0]):
        rows, columns = (slice(each.start + reach, each.stop - reach) for each in place)
        high, wide = rows.stop - rows.start, columns.stop - columns.start
        share = black[rows, columns].mean()
        if min(high, wide) * 25.4 / dots >= LEAST_SIDE_MM and abs(high - wide) <= 3 and 0.35 < share < 0.65:
            found.append((rows, columns))
    return sorted(found, key=lambda box: (box[0].start // (dots * 2), box[1].start))


def _read(black: Black, box: tuple[slice, slice], dots: int) -> PrintedCode:
    square = black[box]
    for kind, sides in (("qr", range(45, 98, 4)), ("aztec", map(side_of, range(8, 28)))):
        for side in sides:
            content = _attempt(square, kind, side)
            if content is not None:
                module = square.shape[0] / side
                return PrintedCode(kind, content, module * 25.4 / dots, _quiet(black, box) / module)
    raise AssertionError("a square that no reader knows")


def _attempt(square: Black, kind: str, side: int) -> bytes | None:
    middles = [((np.arange(side) + 0.5) * length / side).astype(int) for length in square.shape]
    grid = square[np.ix_(*middles)].tolist()
    if kind == "qr" and not _has_finders(grid):
        return None
    try:
        return read_qr(grid).encode() if kind == "qr" else read_aztec(grid)
    except (AssertionError, ValueError, IndexError):
        return None


def _has_finders(grid: list[list[bool]]) -> bool:
    mark = [max(abs(y - 3), abs(x - 3)) != 2 for y in range(7) for x in range(7)]
    corners = ((0, 0), (0, len(grid) - 7), (len(grid) - 7, 0))
    return all([grid[y0 + y][x0 + x] for y in range(7) for x in range(7)] == mark for y0, x0 in corners)


def _quiet(black: Black, box: tuple[slice, slice]) -> int:
    """Pixels of white around the square."""
    rows, columns = box
    for away in range(1, min(rows.start, columns.start)):
        around = black[rows.start - away : rows.stop + away, columns.start - away : columns.stop + away]
        if around.sum() != black[box].sum():
            return away - 1
    return int(min(rows.start, columns.start))
