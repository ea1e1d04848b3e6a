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
    fields hold these codes) or single (one name only, given as last name). `cut` tells a writer's cut; a reader sees
    it in the initials alone, where a `*` stands beside the `@` for parts that were left out.
    """

    first: str
    last: str
    form: str = "plain"
    cut: bool = False

    def encode(self) -> bytes:
        """The name as it is written into a ticket, ISO 8859-15.

        Raises:
            UnicodeEncodeError: for other letters.
        """
        mark = {"plain": "#", "initials": "*@" if self.cut else "@", "single": ""}[self.form]
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


def write_initials(first_name: str, last_name: str) -> BarcodeName:
    """Only first letter, count of omitted letters and last letter of each part: `Katie Dragon` is `K3e@D4n`.

    Parts are what spaces and hyphens divide. A part of one letter is written twice with 0 between, which readers take
    as a length that is not given. Whole parts are left out at the end where it is too long.
    """
    first, last = (_parts(to_latin(name)) for name in (first_name, last_name))
    room = MOST_BYTES - 1
    cut = False
    while len("".join((*first, *last))) > room - 1:
        cut = True
        (first if len(first) > len(last) else last).pop()
    return BarcodeName("".join(first), "".join(last), "initials", cut)


def _parts(name: str) -> list[str]:
    letters = ("".join(letter for letter in part if letter.isalpha()) for part in re.split("[ -]", name))
    return [f"{part[0]}{max(len(part) - 2, 0)}{part[-1]}" for part in letters if part]


def parse(value: bytes) -> BarcodeName:
    """Any bytes are some name: ISO-8859-15 knows every byte. NULs at the end are padding."""
    text = value.rstrip(b"\x00").decode("iso-8859-15")
    if "#" in text:
        first, _, last = text.partition("#")
        return BarcodeName(first, last)
    if _INITIALS.fullmatch(text):
        first, _, last = text.partition("@")
        was_cut = first.endswith("*") or last.startswith("*")
        return BarcodeName(first.strip("*"), last.strip("*"), "initials", was_cut)
    return BarcodeName("", text, "single")
