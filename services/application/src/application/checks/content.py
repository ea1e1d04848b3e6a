"""What a file is, by its content alone: name and announced type are only said. Pure.

Allowed are PDF, JPEG, PNG and HEIC. A file that is two things at once (a picture with an archive behind it), that is
cut off, or that could act when it is opened is refused. What senders, mail programs and telephones put before or behind
a file without making it another one is no fault. What is kept is offered as a download all the same, never inside a
page.
"""

from application.checks import heic, pictures
from application.checks.faults import Fault
from application.checks.pdf import fault_of_pdf, header_at
from application.checks.second_files import ends_as_archive, is_markup

HEAD = 1024
"""Bytes at the beginning in which readers look for a format's mark."""

PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
MEDIA_TYPES = (PDF, JPEG, PNG, HEIC)

_OTHER_PICTURES = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ", b"\x8aMNG")
_OFFICE = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"{\\rtf",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xfd7zXZ",
)
"""Word, Excel, LibreOffice, Outlook: a ZIP, Microsoft's compound file, or rich text. What is packed by ZIP, gzip, 7-Zip
and the like is meant by the words too."""
FARTHER = 65_536
"""Bytes in which a PDF's mark shows what the sender took the file for."""


def examine(content: bytes) -> str | Fault:
    """The media type, or what speaks against the file."""
    if not content:
        return Fault.EMPTY
    for begins, media_type, fault_of in (
        (content.startswith(b"\xff\xd8\xff"), JPEG, pictures.fault_of_jpeg),
        (content.startswith(pictures.PNG_MARK), PNG, pictures.fault_of_png),
        (heic.is_heic(content), HEIC, heic.fault_of_heic),
        (header_at(content) is not None, PDF, fault_of_pdf),
    ):
        if begins:
            return _second_nature(content, media_type) or fault_of(content) or media_type
    return _what_else(content)


def _second_nature(content: bytes, media_type: str) -> Fault | None:
    head = content[:HEAD]
    if is_markup(head) or (media_type != PDF and b"%PDF-" in head) or ends_as_archive(content):
        return Fault.TWO_IN_ONE
    return None


def _what_else(content: bytes) -> Fault:
    """A kind that cannot be taken, named as far as its sender can do something about it."""
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if content.startswith(_OTHER_PICTURES) or is_webp or content[4:8] == b"ftyp":
        return Fault.OTHER_PICTURE
    if content.startswith(_OFFICE):
        return Fault.OFFICE
    return Fault.MORE_BEFORE if b"%PDF-" in content[:FARTHER] else Fault.UNKNOWN
