"""Barcodes as pictures, and back: PNG with quiet zone, and reading within bounds. Pure: bytes in, bytes out."""

import io
import math

import zxingcpp
from PIL import Image

from issuance.barcode.refusal import Unreadable

MOST_PICTURE_BYTES = 10_000_000
MOST_PIXELS = 50_000_000
"""A phone's camera gives 12 to 48 million; JPEG is unpacked at half of its size or less where it is so large."""
MOST_PNG_PIXELS = 16_000_000
"""PNG, WEBP and GIF must be unpacked whole. A phone's screen has 4 million; with four channels and a copy: 130 MB."""
_LONGEST_SIDE = 2400
"""Larger pictures are read at this size: a ticket fills a good part of the picture, and reading stays below 0.2 s."""
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
NO_ECI = 0
"""zxing-cpp would mark bytes as bytes by an ECI (899), which its own readers leave out again and others do not."""
_AZTEC_QUIET_MODULES, _AZTEC_SCALE = 4, 6
_QR_QUIET_MODULES, _QR_SCALE = 4, 8


def aztec_png(data: bytes) -> bytes:
    """The VDV barcode. `data` goes in as bytes: zxing-cpp would turn a str to UTF-8 and mark it by an ECI."""
    # Aztec needs no quiet zone by its norm; wallets in dark mode do
    symbol = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.Aztec, eci=NO_ECI)
    return _framed(symbol, _AZTEC_QUIET_MODULES, _AZTEC_SCALE)


def qr_png(text: str) -> bytes:
    """The signed QR code: alphanumeric mode, level M, the smallest version that holds it."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return _framed(symbol, _QR_QUIET_MODULES, _QR_SCALE)


def is_picture(data: bytes) -> bool:
    """By its first bytes one of the kinds that are read: photographs, and what phones keep of their screens."""
    return data.startswith(_MARKS) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")


def read(data: bytes) -> tuple[bytes, ...]:
    """The contents of all Aztec and QR codes in a PNG, JPEG, WEBP or GIF picture, as their bytes.

    Raises:
        Unreadable: `picture_too_large`, `not_a_picture` or `no_barcode_found`.
    """
    if len(data) > MOST_PICTURE_BYTES:
        raise Unreadable("picture_too_large", f"{len(data)} bytes")
    picture = _open(data)
    formats = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.Aztec, zxingcpp.BarcodeFormat.QRCode))
    found = zxingcpp.read_barcodes(picture, formats=formats)
    contents = tuple(dict.fromkeys(barcode.bytes for barcode in found if barcode.valid))
    if not contents:
        raise Unreadable("no_barcode_found")
    return contents


def _open(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            most = MOST_PIXELS if picture.format == "JPEG" else MOST_PNG_PIXELS
            if picture.width * picture.height > most:
                raise Unreadable("picture_too_large", f"{picture.width} x {picture.height} pixels")
            picture.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
            grey = _on_white(picture)
    except Unreadable:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise Unreadable("picture_too_large") from error
    except Exception as error:  # a damaged picture raises what its decoder likes: OSError, SyntaxError, struct.error …
        raise Unreadable("not_a_picture") from error
    grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return grey


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        opaque = Image.new("RGBA", picture.size, "white")
        opaque.alpha_composite(picture.convert("RGBA"))
        return opaque.convert("L")
    return picture.convert("L")


def _framed(symbol: zxingcpp.Barcode, quiet_modules: int, scale: int) -> bytes:
    """PNG, one bit a pixel: `scale` pixels a module and `quiet_modules` white ones on every side."""
    grey = bytes(symbol.to_image(scale=1, add_quiet_zones=False))  # type: ignore[call-overload]  # a buffer: one byte a module
    side = math.isqrt(len(grey))
    picture = Image.new("L", (side + 2 * quiet_modules,) * 2, 255)
    picture.paste(Image.frombytes("L", (side, side), grey), (quiet_modules, quiet_modules))
    out = io.BytesIO()
    picture.convert("1").resize((picture.width * scale,) * 2, Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()
