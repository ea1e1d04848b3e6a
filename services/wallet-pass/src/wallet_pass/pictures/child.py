"""A process that turns one upload into pixels and can do nothing else: `python -m wallet_pass.pictures.child KIND`.

Decoders of pictures are where hostile bytes do harm. Here they meet no key, no database and no environment; memory,
time and files are bounded by the kernel. In: the upload. Out: a sign, then width and height (4 bytes each) and the
pixels; or why there are none.
"""

import contextlib
import io
import resource
import sys
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps
from shared.runtime.confinement import confine

from wallet_pass.domain.pictures import (
    MOST_BYTES,
    MOST_PIXELS,
    OPAQUE,
    SHAPES,
    NoPicture,
    PictureFault,
    PictureKind,
    fault_of_shape,
)

MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 8
"""Of a processor; the slowest known takes 2."""
LONGEST_SIDE = 2048
"""Larger ones are reduced to this before their colours are worked out."""
PIXELS, REASON = b"\0", b"\1"
MARKS = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"))
DRAWINGS = (b"<svg", b"<?xml", b"<!doctype svg", b"%pdf", b"%!ps", b"\xc5\xd0\xd3\xc6", b"\x1f\x8b")
"""The last: SVG is also sent packed (.svgz)."""
OTHERS = (
    b"GIF8",
    b"RIFF",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\0\0\1\0",
    b"8BPS",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL",
    b"\0\0\0\x0cjP",
)


def pixels_of(data: bytes, kind: PictureKind) -> Image.Image:
    """The picture in sRGB with opacity, upright, without a border of nothing, at the size in which it is kept.

    What else a file may hold (place and time of a photograph, profiles, texts, further pictures) stays behind.

    Raises:
        NoPicture.
    """
    picture = _in_srgb(_open(data))
    if kind is PictureKind.LOGO:
        picture = _without_border(picture)
    fault = fault_of_shape(kind, *picture.size)
    if fault is not None:
        raise NoPicture(fault)
    if picture.getchannel("A").point(lambda opacity: 255 * (opacity >= OPAQUE)).getbbox() is None:
        raise NoPicture(PictureFault.EMPTY)
    picture.thumbnail(SHAPES[kind].largest, Image.Resampling.LANCZOS)
    return picture


def format_of(data: bytes) -> str:
    """`PNG` or `JPEG`, by the bytes: what a name or header says of them counts for nothing.

    Raises:
        NoPicture: for all else, with what it is as far as that helps.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    begins = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begins.startswith(DRAWINGS) or b"<svg" in begins:
        raise NoPicture(PictureFault.DRAWING)
    if data.startswith(OTHERS) or data[4:8] == b"ftyp":
        raise NoPicture(PictureFault.OTHER_KIND)
    raise NoPicture(PictureFault.NO_PICTURE)


def _open(data: bytes) -> Image.Image:
    if len(data) > MOST_BYTES:
        raise NoPicture(PictureFault.TOO_MANY_BYTES)
    name = format_of(data)
    try:
        with Image.open(io.BytesIO(data), formats=(name,)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPicture(PictureFault.TOO_MANY_PIXELS)
            if name == "PNG" and getattr(picture, "n_frames", 1) > 1:
                raise NoPicture(PictureFault.MOVING)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            return ImageOps.exif_transpose(picture)
    except NoPicture:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise NoPicture(PictureFault.TOO_MANY_PIXELS) from error
    except Exception as error:  # a damaged picture raises what its decoder likes: OSError, SyntaxError, struct.error …
        raise NoPicture(PictureFault.DAMAGED) from error


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Sixteen bits of grey are reduced to eight; palettes and transparent colours become what they stand for."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith(("I", "F")):
        picture = picture.convert("I").point(lambda level: level / 257).convert("L")
    if picture.mode not in ("L", "RGB", "CMYK") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    opacity = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if picture.mode == "RGBA" else picture
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError):  # a bad profile, or another mode's: as without one
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
            colours = converted or colours
    plain = Image.new("RGBA", colours.size)
    plain.paste(colours.convert("RGB"))
    plain.putalpha(opacity or 255)
    return plain


def _without_border(picture: Image.Image) -> Image.Image:
    drawn = picture.getchannel("A").getbbox()
    return picture if drawn is None else picture.crop(drawn)


def answer(data: bytes, kind: PictureKind) -> bytes:
    """What is sent back."""
    try:
        picture = pixels_of(data, kind)
    except NoPicture as refusal:
        return REASON + refusal.fault.encode()
    except MemoryError:
        return REASON + PictureFault.TOO_MANY_PIXELS.encode()
    size = picture.width.to_bytes(4, "big") + picture.height.to_bytes(4, "big")
    return PIXELS + size + picture.tobytes()


def serve(given: BinaryIO, out: BinaryIO, kind: PictureKind) -> None:
    """One upload."""
    out.write(answer(given.read(MOST_BYTES + 1), kind))
    out.flush()


if __name__ == "__main__":
    confine(MEMORY_BYTES)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    serve(sys.stdin.buffer, sys.stdout.buffer, PictureKind(sys.argv[1]))
