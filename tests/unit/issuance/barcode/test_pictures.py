"""Pictures of tickets as people send them, and as nobody should: read or refused, in bounded time and memory."""

import io
import random
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import pytest
from issuance.barcode import picture
from issuance.barcode.refusal import Unreadable
from issuance.domain.ticket import SignedTicket
from PIL import Image, ImageFilter, ImageOps

Change = Callable[[Image.Image], bytes]


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def sixteen_bits(image: Image.Image) -> bytes:
    grey = image.convert("L")
    wide = Image.new("I", grey.size)
    wide.putdata([value * 257 for value in grey.tobytes()])
    return saved(wide.convert("I;16"))


def transparent(image: Image.Image) -> bytes:
    out = Image.new("RGBA", image.size, (0, 0, 0, 0))
    out.paste((0, 0, 0, 255), mask=ImageOps.invert(image.convert("L")))
    return saved(out)


def turned_by_exif(image: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(image.convert("RGB").rotate(90, expand=True), "JPEG", exif=exif)


def noisy(image: Image.Image) -> bytes:
    grey = image.convert("L")
    return saved(Image.blend(grey, Image.effect_noise(grey.size, 60), 0.2), "JPEG", quality=45)


CHANGES: dict[str, Change] = {
    "as it is": saved,
    "turned by 37 degrees": lambda image: saved(image.convert("L").rotate(37, expand=True, fillcolor=255)),
    "upside down": lambda image: saved(image.rotate(180)),
    "mirrored": lambda image: saved(ImageOps.mirror(image)),
    "light on dark": lambda image: saved(ImageOps.invert(image.convert("L"))),
    "blurred": lambda image: saved(image.convert("L").filter(ImageFilter.GaussianBlur(2.5))),
    "noise and bad JPEG": noisy,
    "CMYK": lambda image: saved(image.convert("CMYK"), "JPEG"),
    "16 bits": sixteen_bits,
    "palette": lambda image: saved(image.convert("P")),
    "transparent": transparent,
    "turned by EXIF": turned_by_exif,
    "progressive JPEG": lambda image: saved(image.convert("RGB"), "JPEG", progressive=True),
    "animated": lambda image: saved(image.convert("L"), save_all=True, append_images=[Image.new("L", image.size)]),
    "12 million pixels": lambda image: saved(ImageOps.pad(image.convert("RGB"), (4000, 3000), color="white"), "JPEG"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_ticket_is_read_from_a_picture_that_is(name: str, signed: SignedTicket) -> None:
    codes = {signed.vdv: picture.aztec_png(signed.vdv), signed.qr.encode(): picture.qr_png(signed.qr)}
    for content, png in codes.items():
        assert picture.read(CHANGES[name](Image.open(io.BytesIO(png)))) == (content,)


def png_of(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that says how large it is, whatever it holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", body or zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


HOSTILE = {
    "empty": (b"", "not_a_picture"),
    "text": (b"<svg onload=alert(1)>", "not_a_picture"),
    "GIF": (saved(Image.new("L", (50, 50)), "GIF"), "no_barcode_found"),
    "BMP": (saved(Image.new("L", (50, 50)), "BMP"), "not_a_picture"),
    "only a head": (b"\x89PNG\r\n\x1a\n", "not_a_picture"),
    "cut": (saved(Image.effect_noise((300, 300), 90))[:-2000], "not_a_picture"),
    "white": (saved(Image.new("L", (3000, 3000), 255)), "no_barcode_found"),
    "one pixel": (saved(Image.new("L", (1, 1))), "no_barcode_found"),
    "one line": (saved(Image.new("L", (20_000, 1), 255)), "no_barcode_found"),
    "noise": (saved(Image.effect_noise((900, 900), 120)), "no_barcode_found"),
    "bomb": (png_of(30_000, 30_000), "picture_too_large"),
    "bomb beyond numbers": (png_of(2**31 - 1, 2**31 - 1), "picture_too_large"),
    "just too many pixels": (png_of(4001, 4000), "picture_too_large"),
    "says more than it has": (png_of(4000, 3999), "not_a_picture"),
    "too many bytes": (b"\xff\xd8\xff" + bytes(picture.MOST_PICTURE_BYTES), "picture_too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_ticket_is_refused_with_a_reason_in_bounded_time(name: str) -> None:
    data, reason = HOSTILE[name]
    start = time.process_time()
    with pytest.raises(Unreadable) as refused:
        picture.read(data)
    assert refused.value.reason == reason
    assert time.process_time() - start < 10  # a hang would be found; the figure is the bench's


def test_any_damage_to_a_picture_is_a_reading_or_a_reason(signed: SignedTicket) -> None:
    draw = random.Random(9)
    small = Image.open(io.BytesIO(picture.qr_png(signed.qr))).convert("L").resize((228, 228))
    for kind in ("PNG", "JPEG"):
        good = saved(small, kind)
        for _ in range(150):
            data = bytearray(good)
            for _ in range(draw.randint(1, 6)):
                data[draw.randrange(len(data))] = draw.randrange(256)
            try:
                contents = picture.read(bytes(data[: draw.randrange(len(data) * 4)]))
            except Unreadable:
                continue
            assert contents == (signed.qr.encode(),)


def test_the_largest_pictures_that_are_taken_need_less_than_400_mb() -> None:
    program = (
        "import io, resource; from PIL import Image; from issuance.barcode import picture\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for size, mode, kind in (((4000, 4000), 'RGBA', 'PNG'), ((7300, 5400), 'RGB', 'JPEG')):\n"
        "    out = io.BytesIO(); Image.new(mode, size, 'white').save(out, kind, **({'compress_level': 1} if kind == 'PNG' else {}))\n"
        "    try: picture.read(out.getvalue())\n"
        "    except ValueError as refused: assert refused.reason == 'no_barcode_found', refused\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 400
