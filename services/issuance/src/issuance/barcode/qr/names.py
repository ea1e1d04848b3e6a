"""How much of a name the signed QR carries: 30 bytes of UTF-8, cut at a letter and marked, never a larger symbol."""

import unicodedata
from typing import NamedTuple

import regex  # type: ignore[import-untyped]

MOST_BYTES = 30
"""First and last name together."""


class QrName(NamedTuple):
    first: str
    last: str
    cut: bool


def shorten(first_name: str, last_name: str) -> QrName:
    """Both names as written (composed, NFC). The longer part gives way first; each keeps half of the room at least.

    A letter with its marks (an extended grapheme cluster) stays whole or goes whole. A single letter with more marks
    than the room holds is dropped: there is no honest piece of it.
    """
    first, last = (unicodedata.normalize("NFC", name) for name in (first_name, last_name))
    first_size, last_size = len(first.encode()), len(last.encode())
    if first_size + last_size <= MOST_BYTES:
        return QrName(first, last, False)
    last_room = max(MOST_BYTES - first_size, MOST_BYTES // 2)
    last = _cut(last, last_room)
    return QrName(_cut(first, MOST_BYTES - len(last.encode())), last, True)


def _cut(name: str, room: int) -> str:
    if len(name.encode()) <= room:
        return name
    kept, size = [], 0
    for letter in regex.findall(r"\X", name):
        size += len(letter.encode())
        if size > room:
            break
        kept.append(letter)
    return "".join(kept).rstrip()
