"""The barcode for inspectors holds the ticket's bytes and nothing before them: read module by module, by a reader that
leaves nothing out as zxing's does."""

import io

import pytest
from issuance.barcode.picture import aztec_png as png_of_issuance
from PIL import Image
from support.independent.aztec_symbol import read_aztec
from support.wallet_pass.tickets import VDV
from wallet_pass.barcode_images import PIXELS_A_MODULE, QUIET_MODULES, aztec_modules, aztec_png


def modules(png: bytes, quiet: int) -> list[list[bool]]:
    picture = Image.open(io.BytesIO(png)).convert("1")
    count = picture.width // PIXELS_A_MODULE
    small = picture.resize((count, count), Image.Resampling.NEAREST)
    inside = range(quiet, count - quiet)
    return [[not small.getpixel((x, y)) for x in inside] for y in inside]


def test_the_modules_hold_exactly_the_tickets_bytes() -> None:
    assert read_aztec(aztec_modules(VDV)) == VDV
    assert read_aztec(modules(aztec_png(VDV), QUIET_MODULES)) == VDV
    assert read_aztec(modules(png_of_issuance(VDV), 4)) == VDV


def test_the_reader_refuses_what_zxing_leaves_out() -> None:
    import zxingcpp

    marked = Image.fromarray(zxingcpp.create_barcode(VDV, zxingcpp.BarcodeFormat.Aztec).to_image(add_quiet_zones=False))
    with pytest.raises(AssertionError, match="ECI"):
        read_aztec([[marked.getpixel((x, y)) == 0 for x in range(marked.width)] for y in range(marked.height)])
