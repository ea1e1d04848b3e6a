"""The traveller's name in the barcode (section 6, DB): charset, length, and the forms that readers know."""

import re
from dataclasses import dataclass

from issuance.barcode.vdv.latin import to_latin

MOST_BYTES = 94
"""The longest name with which every length field of the message stays one byte, as the oldest readers expect."""

_INITIALS = re.compile(r"\*?(?:[^\W\d_]\d+[^\W\d_])*\*?@\*?(?:[^\W\d_]\d+[^\W\d_])*\*?")


@dataclass(frozen=True)
class BarcodeName:
    """The name as it stands in the barcode.

    `form` is plain (`first#last`), initials (`K3e@D4n`: first letter, count of omitted letters, last letter; then the
    fields hold these codes) or single (one name only, given as last name). `cut` tells a writer's cut; a reader
    cannot see it.
    """

    first: str
    last: str
    form: str = "plain"
    cut: bool = False

    def encode(self) -> bytes:
        mark = {"plain": "#", "initials": "@", "single": ""}[self.form]
        return f"{self.first}{mark}{self.last}".encode("iso-8859-15")


def write(first_name: str, last_name: str) -> BarcodeName:
    """The name in letters that every reader shows right, cut where it is too long: the longer part gives way first."""
    first, last = to_latin(first_name), to_latin(last_name)
    room = MOST_BYTES - 1
    cut = len(first) + len(last) > room
    if cut:
        last_room = max(room - len(first), room // 2)
        last = last[:last_room].rstrip()
        first = first[: room - len(last)].rstrip()
    if not first:
        return BarcodeName("", last, "single", cut)
    return BarcodeName(first, last, "plain", cut)


def parse(value: bytes) -> BarcodeName:
    """Any bytes are some name: ISO-8859-15 knows every byte. NULs at the end are padding."""
    text = value.rstrip(b"\x00").decode("iso-8859-15")
    if "#" in text:
        first, _, last = text.partition("#")
        return BarcodeName(first, last)
    if _INITIALS.fullmatch(text):
        first, _, last = text.partition("@")
        return BarcodeName(first.strip("*"), last.strip("*"), "initials")
    return BarcodeName("", text, "single")
