"""Pictures as authorities send them, and as somebody sends who means harm."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms, ImageDraw


def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def logo(width: int = 600, height: int = 200, colour: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
    """A ring on nothing."""
    image = Image.new("RGBA", (width, height))
    ImageDraw.Draw(image).ellipse((0, 0, width - 1, height - 1), fill=(*colour, 255))
    return image


def icon(side: int = 300) -> Image.Image:
    return logo(side, side)


def chunk(name: bytes, content: bytes) -> bytes:
    """Of a PNG."""
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def png_that_says(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG whose head says this size, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def moving() -> bytes:
    frames = [logo(600, 200, (255, 250 - shade, 255)) for shade in range(5)]
    return saved(frames[0], save_all=True, append_images=frames[1:], duration=50)


def says_a_million_frames() -> bytes:
    plain = saved(logo())
    at = plain.index(b"IDAT") - 4
    return plain[:at] + chunk(b"acTL", struct.pack(">II", 1_000_000, 0)) + plain[at:]


def photograph_with_secrets() -> bytes:
    """Upright only by its EXIF, with a place, a camera and a profile."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET-CAMERA"
    exif[0x8825] = {1: "N", 2: (50.0, 46.0, 31.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (200, 600), (240, 240, 240))
    return saved(image, "JPEG", exif=exif, icc_profile=profile, comment=b"SECRET-COMMENT", quality=95)


def png_with_secrets() -> bytes:
    plain = saved(logo())
    at = plain.index(b"IDAT") - 4
    return plain[:at] + chunk(b"tEXt", b"Author\0SECRET-AUTHOR") + plain[at:] + b"<script>SECRET-TAIL</script>"


def text_bomb() -> bytes:
    plain = saved(logo())
    at = plain.index(b"IDAT") - 4
    packed = zlib.compress(bytes(300_000_000), 9)
    return plain[:at] + chunk(b"zTXt", b"Comment\0\0" + packed) + plain[at:]


def profile_bomb() -> bytes:
    plain = saved(logo())
    at = plain.index(b"IDAT") - 4
    packed = zlib.compress(bytes(300_000_000), 9)
    return plain[:at] + chunk(b"iCCP", b"icc\0\0" + packed) + plain[at:]
