"""The picture in the terminal is the code itself: a reader reads it."""

from pathlib import Path

import pytest
import zxingcpp
from local.terminal_barcode import END, half_blocks, modules
from PIL import Image

CONTENT = bytes(range(256)) + bytes(106)  # as long as a VDV barcode


@pytest.fixture
def aztec(tmp_path: Path) -> Path:
    code = zxingcpp.create_barcode(CONTENT, zxingcpp.BarcodeFormat.Aztec)
    path = tmp_path / "ticket.png"
    Image.fromarray(code.to_image(scale=4)).save(path)
    return path


def photographed(text: str) -> Image.Image:
    """The terminal's window: two pixels high and one wide for each character, then enlarged."""
    lines = text.splitlines()
    image = Image.new("L", (len(lines[0]), 2 * len(lines)), 255)
    for y, line in enumerate(lines):
        for x, block in enumerate(line):
            if block in "▀█":
                image.putpixel((x, 2 * y), 0)
            if block in "▄█":
                image.putpixel((x, 2 * y + 1), 0)
    return image.resize((image.width * 5, image.height * 5), Image.Resampling.NEAREST)


def test_a_reader_reads_the_ticket_from_the_terminal(aztec: Path) -> None:
    text = half_blocks(modules(aztec), coloured=False)
    [read] = zxingcpp.read_barcodes(photographed(text))
    assert bytes(read.bytes) == CONTENT


def test_colours_do_not_change_the_picture(aztec: Path) -> None:
    plain, coloured = (half_blocks(modules(aztec), coloured=c) for c in (False, True))
    assert [line.removesuffix(END).split("m", 1)[1] for line in coloured.splitlines()] == plain.splitlines()


def test_an_empty_picture_is_refused(tmp_path: Path) -> None:
    Image.new("L", (50, 50), 255).save(tmp_path / "empty.png")
    with pytest.raises(ValueError, match="empty"):
        modules(tmp_path / "empty.png")
