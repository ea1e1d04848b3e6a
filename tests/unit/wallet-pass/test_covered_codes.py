"""A printed QR code of which a tenth is covered, by a thumb, a fold or a stain, is still read."""

import io
import random

import zxingcpp
from PIL import Image, ImageDraw
from wallet_pass.barcode_images import qr_png

QUIET, PIXELS = 4, 6
FINDER = 8
"""Modules of a corner mark and its white edge: no level of correction makes up for one of those."""


def read_share(png: bytes, text: str, share: float) -> float:
    """How often it is read with a square of this share covered in black, grey or white, the corner marks left free."""
    symbol = Image.open(io.BytesIO(png)).convert("L")
    modules = symbol.width // PIXELS - 2 * QUIET
    side, chance, read = round(modules * share**0.5), random.Random(4), list[bool]()
    while len(read) < 45:
        x, y = chance.randrange(modules - side), chance.randrange(modules - side)
        at_left, at_right = x < FINDER, x + side > modules - FINDER
        if (y < FINDER and (at_left or at_right)) or (y + side > modules - FINDER and at_left):
            continue
        covered = symbol.copy()
        box = [PIXELS * (QUIET + one) for one in (x, y, x + side, y + side)]
        ImageDraw.Draw(covered).rectangle(box, fill=(0, 128, 255)[len(read) % 3])
        read.append(any(one.valid and one.text == text for one in zxingcpp.read_barcodes(covered)))
    return sum(read) / len(read)


def longest_text() -> str:
    chance = random.Random(5)
    return "S1:" + "".join(chance.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-./:", k=259))


def test_with_a_tenth_covered_the_code_on_paper_is_read_wherever_its_corner_marks_are_free() -> None:
    text = longest_text()
    assert read_share(qr_png(text, on_paper=True), text, 0.10) == 1.0
    assert read_share(qr_png(text, on_paper=True), text, 0.15) > 0.9 > read_share(qr_png(text), text, 0.15)


def test_the_code_on_the_phone_keeps_its_size() -> None:
    width = Image.open(io.BytesIO(qr_png(longest_text()[:240]))).width // PIXELS - 2 * QUIET
    assert width <= 17 + 4 * 9
