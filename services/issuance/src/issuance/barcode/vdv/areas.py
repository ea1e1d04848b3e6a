"""Where a ticket is valid (section 6, element DC): a type, an organisation, and a list whose sense the type tells."""

from dataclasses import dataclass
from typing import Literal

from issuance.barcode.refusal import Unreadable

AREA_LIST_3_BYTES, AREA_LIST_2_BYTES, RELATION = 0x0D, 0x0F, 0x31

# Types come in groups of four: 3 bytes big-endian, 3 little-endian, 2 big-endian, 2 little-endian. A group is what the
# first numbers are, and what the rest is.
_GROUPS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("area", "from", "to"), "via"),  # 01-04
    (("area",), "points"),  # 05-08
    (("from", "to"), "via"),  # 09-0C
    ((), "areas"),  # 0D-10
    (("station", "area", "from", "to"), "via"),  # 11-14
    (("station", "area"), "points"),  # 15-18
    (("station", "from", "to"), "via"),  # 19-1C
    (("station",), "points"),  # 1D-20
    (("station",), "end_stations"),  # 21 and 24
    ((), "bits"),  # 25-28
    (("station",), "bits"),  # 29-2C
)
_PLAIN = 3
_UNKNOWN = (0x22, 0x23)
"""Inside the ninth group, but no source names them."""
_RELATION_WIDTHS = (("start", 3), ("destination", 3), ("way", 2), ("relation", 4), ("points", 4))


@dataclass(frozen=True)
class Area:
    """Numbers of an organisation's list (0: the product owner's). Of organisation 5000, 1 is Germany.

    `raw` has what is no list of numbers: bits, types that no source describes, lists that do not come out even.
    """

    organisation_id: int
    numbers: tuple[int, ...] = ()
    kind: int = AREA_LIST_2_BYTES
    raw: bytes = b""

    def encode(self) -> bytes:
        """The value of TAG_AREA: kind, organisation, then the numbers in the width and byte order of the kind."""
        head = bytes((self.kind,)) + self.organisation_id.to_bytes(2, "big")
        if self.kind == RELATION and self.numbers:
            widths = [width for _, width in _RELATION_WIDTHS]
            return head + b"".join(
                number.to_bytes(width, "big") for number, width in zip(self.numbers, widths, strict=True)
            )
        width, order = _coding(self.kind)
        return head + b"".join(number.to_bytes(width, order) for number in self.numbers) + self.raw

    @property
    def is_list(self) -> bool:
        """A plain list of areas: valid in each of them."""
        return bool(self.numbers) and _is_known(self.kind) and (self.kind - 1) // 4 == _PLAIN

    def described(self) -> dict[str, int | list[int] | str]:
        """What each number is: area, station, from, to, via, points … Bits and what is not known as hex."""
        if self.kind == RELATION and self.numbers:
            return {name: number for (name, _), number in zip(_RELATION_WIDTHS, self.numbers, strict=True)}
        if not _is_known(self.kind) or not self.numbers:
            return {"raw": self.raw.hex()} if self.raw else {}
        first, rest = _GROUPS[(self.kind - 1) // 4]
        told: dict[str, int | list[int] | str] = dict(zip(first, self.numbers, strict=False))
        if rest == "bits":
            return {**told, "bits": self.raw.hex()}
        return {**told, rest: list(self.numbers[len(first) :])}


def whole(organisation_id: int, numbers: tuple[int, ...]) -> Area:
    """A plain list in the shorter coding that holds it: the one of the Deutschlandticket wherever possible."""
    kind = AREA_LIST_2_BYTES if max(numbers) < 1 << 16 else AREA_LIST_3_BYTES
    return Area(organisation_id, numbers, kind)


def parse(value: bytes) -> Area:
    """Strict for the plain lists, on which the right hangs. Of the others, what does not come out even stays raw."""
    if len(value) < 3:
        raise Unreadable("area_length", str(len(value)))
    kind, organisation_id, body = value[0], int.from_bytes(value[1:3], "big"), value[3:]
    if kind == RELATION:
        return _relation(organisation_id, body)
    if not _is_known(kind):
        return Area(organisation_id, (), kind, body)
    first, rest = _GROUPS[(kind - 1) // 4]
    width, order = _coding(kind)
    end = len(first) * width if rest == "bits" else len(body)
    if end % width or end > len(body) or end // width < len(first):
        if (kind - 1) // 4 == _PLAIN:
            raise Unreadable("area_length", f"{len(body)} bytes in a list of {width}-byte numbers")
        return Area(organisation_id, (), kind, body)
    numbers = tuple(int.from_bytes(body[at : at + width], order) for at in range(0, end, width))
    return Area(organisation_id, numbers, kind, body[end:])


def _relation(organisation_id: int, body: bytes) -> Area:
    if len(body) != sum(width for _, width in _RELATION_WIDTHS):
        return Area(organisation_id, (), RELATION, body)
    numbers = []
    at = 0
    for _, width in _RELATION_WIDTHS:
        numbers.append(int.from_bytes(body[at : at + width], "big"))
        at += width
    return Area(organisation_id, tuple(numbers), RELATION)


def _is_known(kind: int) -> bool:
    return 1 <= kind <= 4 * len(_GROUPS) and kind not in _UNKNOWN


def _coding(kind: int) -> tuple[int, Literal["big", "little"]]:
    place = (kind - 1) % 4
    return (3 if place < 2 else 2), ("little" if place % 2 else "big")
