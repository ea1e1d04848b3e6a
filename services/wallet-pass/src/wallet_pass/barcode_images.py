"""The ticket as a picture, for the page and for paper."""

from collections.abc import Sequence
from io import BytesIO

import segno
import zxingcpp
from PIL import Image

PIXELS_A_MODULE = 6
"""An Aztec code of 79 modules becomes 498 pixels: sharp on a phone, and 4 cm wide on paper at 300 dots an inch."""
QUIET_MODULES = 2
"""Aztec needs no quiet zone; a little white keeps it apart from a dark page."""

NO_ECI = 0
"""zxing marks bytes as bytes by an ECI (899), which its own readers leave out again. A VDV-KA barcode has none: other
readers hand it on as the ticket's first letters, or refuse the code."""
Modules = Sequence[Sequence[bool]]
"""The rows of a code without its quiet zone; True is black."""


def aztec_modules(vdv: bytes) -> Modules:
    """The VDV-KA barcode. `vdv` must be bytes: from a text zxing would write UTF-8, and no inspector could read it."""
    image = Image.fromarray(_aztec(vdv))
    pixels, width = image.tobytes(), image.width
    return [[pixel == 0 for pixel in pixels[start : start + width]] for start in range(0, len(pixels), width)]


def qr_modules(text: str, *, on_paper: bool) -> Modules:
    """The signed QR code; of level Q where it is for paper, else of level M."""
    return [[bool(module) for module in row] for row in _qr(text, on_paper=on_paper).matrix]


def aztec_png(vdv: bytes) -> bytes:
    """The VDV-KA barcode, as bytes (see aztec_modules)."""
    modules = Image.fromarray(_aztec(vdv)).convert("1")
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
    _qr(text, on_paper=on_paper).save(file, kind="png", scale=PIXELS_A_MODULE, border=4)
    return file.getvalue()


def _aztec(vdv: bytes) -> zxingcpp.Image:
    code = zxingcpp.create_barcode(vdv, zxingcpp.BarcodeFormat.Aztec, eci=NO_ECI)
    return code.to_image(scale=1, add_quiet_zones=False)


def _qr(text: str, *, on_paper: bool) -> segno.QRCode:
    return segno.make_qr(text, error="q" if on_paper else "m", boost_error=False)
