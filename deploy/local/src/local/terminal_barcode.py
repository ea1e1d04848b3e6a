"""A two-dimensional code in the terminal, two rows of modules in each line of text; a phone can scan it from there."""

import itertools
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

QUIET_MODULES = 2
"""Light margin. Aztec needs none; four would be QR's rule, and readers make do with two."""
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
BLACK_ON_WHITE, END = "\x1b[38;2;0;0;0;48;2;255;255;255m", "\x1b[0m"

Modules = list[list[bool]]


def modules(picture: Path) -> Modules:
    """The dark modules of a clean black-and-white code, as rows.

    Raises:
        ValueError: where there is none.
    """
    with Image.open(picture) as image:
        grey = image.convert("L")
        dark = grey.point([255] * 128 + [0] * 128)
        box = dark.getbbox()
        if box is None:
            raise ValueError(f"{picture} is empty")
        code = dark.crop(box)
    size = _module_pixels(code)
    columns, rows = round(code.width / size), round(code.height / size)
    return [
        [code.getpixel((int((x + 0.5) * size), int((y + 0.5) * size))) == 255 for x in range(columns)]
        for y in range(rows)
    ]


def _module_pixels(code: Image.Image) -> int:
    """The side of one module: the shortest run of one colour in any row."""
    pixels = code.tobytes()
    lines = (pixels[row * code.width : (row + 1) * code.width] for row in range(code.height))
    return min(len(list(run)) for line in lines for _, run in itertools.groupby(line))


def half_blocks(code: Modules, *, coloured: bool) -> str:
    """Text, a line for two rows. `coloured` fixes black on white, whatever the terminal's own colours are."""
    framed = _frame(code)
    lines = [
        "".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(framed[::2], framed[1::2], strict=True)
    ]
    return "\n".join(f"{BLACK_ON_WHITE}{line}{END}" if coloured else line for line in lines)


def _frame(code: Modules) -> Modules:
    width = len(code[0]) + 2 * QUIET_MODULES
    side: Sequence[bool] = [False] * QUIET_MODULES
    blank = [[False] * width for _ in range(QUIET_MODULES)]
    framed = [*blank, *([*side, *row, *side] for row in code), *blank]
    return framed if len(framed) % 2 == 0 else [*framed, [False] * width]


def width(code: Modules) -> int:
    """Columns that `half_blocks` needs."""
    return len(code[0]) + 2 * QUIET_MODULES
