"""Marks of another file or a page inside one. Pure."""

import re

_MARKUP = re.compile(rb"<(?:script|html|!doctype|svg|iframe|\?php)", re.IGNORECASE)
_MARKS = (
    b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"\x7fELF", b"#!", b"GIF8", b"RIFF", b"\xff\xd8\xff",
    b"\x89PNG", b"{\\rtf", b"%!PS", b"%PDF-", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_CONTROLS = re.compile(rb"[^\t\n\f\r\x1b -\x7e\x80-\xff]")


def is_markup(text: bytes) -> bool:
    """Whether a browser might find a page or a script in it, in whatever case its tags are written."""
    return _MARKUP.search(text) is not None


def is_another_file(rest: bytes) -> bool:
    """Whether this, found before or behind a file, begins as one of its own or is a page."""
    return rest.lstrip().startswith(_MARKS) or is_markup(rest)


def is_text(rest: bytes) -> bool:
    """What senders and printers add: lines of text (also a byte order mark), no binary data."""
    try:
        rest.decode()
    except UnicodeDecodeError:
        return False
    return _CONTROLS.search(rest) is None


def ends_as_archive(content: bytes) -> bool:
    """A ZIP is found by its end record, whose comment reaches to the end of the file."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 22 - 65_535))
    if at < 0 or at + 22 > len(content):
        return False
    return at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") == len(content)
