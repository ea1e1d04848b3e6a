"""The ticket as a picture, for the page and for paper."""

from io import BytesIO

import segno
import zxingcpp
from PIL import Image

PIXELS_A_MODULE = 6
"""An Aztec code of 79 modules becomes 498 pixels: sharp on a phone, and 4 cm wide on paper at 300 dots an inch."""
QUIET_MODULES = 2
"""Aztec needs no quiet zone; a little white keeps it apart from a dark page."""


def aztec_png(vdv: bytes) -> bytes:
    """The VDV-KA barcode. `vdv` must be bytes: from a text zxing would write UTF-8, and no inspector could read it."""
    code = zxingcpp.create_barcode(vdv, zxingcpp.BarcodeFormat.Aztec)
    modules = Image.fromarray(code.to_image(scale=1, add_quiet_zones=False)).convert("1")
    size = modules.width + 2 * QUIET_MODULES
    framed = Image.new("1", (size, size), 1)
    framed.paste(modules, (QUIET_MODULES, QUIET_MODULES))
    file = BytesIO()
    framed.resize((size * PIXELS_A_MODULE,) * 2, Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()


def qr_png(text: str, *, on_paper: bool = False) -> bytes:
    """The signed QR code, error correction M, with the quiet zone of four modules that the standard asks for.

    Paper is folded, stained and held by a thumb: there it is level Q, of more modules, and read with a tenth covered.
    """
    file = BytesIO()
    segno.make_qr(text, error="q" if on_paper else "m", boost_error=False).save(
        file, kind="png", scale=PIXELS_A_MODULE, border=4
    )
    return file.getvalue()
