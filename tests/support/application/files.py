"""Files as telephones, scanners, mail programs and web servers leave them, with what nobody should be told."""

import io
import struct
import zlib

import pikepdf
from PIL import Image

SECRET = b"52.5163N 13.3777E Eva Muster 2026:03:04"
"""Where, who and when: must be in no file that is kept."""
HOW_THE_CAMERA_WAS_HELD = 6
SAMSUNG = b"\0\0\1\x0a\x0e\0\0\0Image_UTC_Data" + SECRET + b"SEFHk\0\0\0" + b"\1\0\0\0" * 4 + b"\x18\0\0\0SEFT"
XMP = b"<?xpacket begin=''?><x:xmpmeta>" + SECRET + b"</x:xmpmeta>"


def exif(up: int = 1) -> bytes:
    """A TIFF directory with the orientation and a description."""
    return (
        b"II*\0\x08\0\0\0"
        + struct.pack("<H", 2)
        + struct.pack("<HHIHH", 0x0112, 3, 1, up, 0)
        + struct.pack("<HHII", 0x010E, 2, len(SECRET), 38)
        + b"\0\0\0\0"
        + SECRET
    )


def _noise() -> Image.Image:
    return Image.effect_noise((64, 48), 80).convert("RGB")


def jpeg(*, progressive: bool = False, up: int = 1) -> bytes:
    out = io.BytesIO()
    _noise().save(out, "JPEG", progressive=progressive, exif=b"Exif\0\0" + exif(up), comment=SECRET)
    plain = out.getvalue()
    segments = [(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP), (0xED, b"Photoshop 3.0\0" + SECRET)]
    more = b"".join(bytes((0xFF, kind)) + struct.pack(">H", len(each) + 2) + each for kind, each in segments)
    return plain[:2] + more + plain[2:]


def png(*, up: int = 1) -> bytes:
    out = io.BytesIO()
    _noise().save(out, "PNG")
    plain = out.getvalue()
    chunks = [(b"eXIf", exif(up)), (b"tEXt", b"Author\0" + SECRET), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)]
    more = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return plain[:33] + more + plain[33:]  # behind the header


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _entry(number: int, kind: bytes, name: bytes = b"\0") -> bytes:
    return box(b"infe", b"\2\0\0\0" + struct.pack(">HH", number, 0) + kind + name)


def heic(*, film: bool = False, version: int = 1) -> bytes:
    """A picture's item, its Exif and its XMP, as an iPhone writes them; with the film of a Samsung before the end."""
    picture, noted = b"\x26" * 300, struct.pack(">I", 6) + b"Exif\0\0" + exif()
    start = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    parts = (picture, noted, XMP)

    def meta(first: int) -> bytes:
        named = _entry(1, b"hvc1") + _entry(2, b"Exif") + _entry(3, b"mime", b"\0application/rdf+xml\0")
        places, at = b"", first
        for number, part in enumerate(parts, 1):
            method = b"\0\0" if version else b""
            places += struct.pack(">H", number) + method + struct.pack(">HHII", 0, 1, at, len(part))
            at += len(part)
        iloc = box(b"iloc", bytes((version, 0, 0, 0, 0x44, 0x00)) + struct.pack(">H", len(parts)) + places)
        iinf = box(b"iinf", b"\0\0\0\0" + struct.pack(">H", len(parts)) + named)
        return box(b"meta", b"\0\0\0\0" + iinf + iloc)

    size = len(start) + len(meta(0)) + 8
    return start + meta(size) + box(b"mdat", b"".join(parts)) + (box(b"mpvd", SECRET * 9) if film else b"")


def pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    photograph = document.make_stream(jpeg())
    photograph.Subtype, photograph.Filter = pikepdf.Name.Image, pikepdf.Name.DCTDecode
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=photograph))
    out = io.BytesIO()
    document.save(out, linearize=False, compress_streams=False)
    return out.getvalue()
