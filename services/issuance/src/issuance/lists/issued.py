"""What was issued: a filter of the contents of all tickets that were ever signed for a shard. Pure.

It tells a forged ticket under a stolen key from an honest one without a network. The key of an entry is the first 16
bytes of SHA-256 over what is signed (QR: the payload; VDV: the whole message): a thief who copies the number of an
honest ticket, but writes another name or another end into it, is not in the filter.

Tagged COSE_Sign1 by a key of use `status`. Payload, canonical CBOR: 1 [organisation id, shard number], 2 version,
3 published at, 4 expires at, 5 form (0 VDV, 1 QR), 6 [part, parts], 7 [seed, length, segments, cells] (fuse.py).
A ticket belongs to part `u32(first four bytes of its key) mod parts`; `parts` is a power of two.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import cbor2

from issuance.barcode.qr import cbor, cose
from issuance.barcode.qr.cbor import is_whole
from issuance.barcode.refusal import Unreadable
from issuance.lists import fuse
from issuance.lists.delta import Head, Sign, head_of
from issuance.lists.fuse import Fuse16

KIND = "application/schulticket-issued+cbor"
FORMS = ("vdv", "qr")
_MOST_PARTS = 64
_MOST_CELLS = 1 << 23


@dataclass(frozen=True)
class IssuedPart:
    head: Head
    form: str
    part: int
    parts: int
    filter: Fuse16

    def sign(self, key_id: bytes, sign: Sign) -> bytes:
        """A COSE_Sign1 over the head, the form, which part of how many, and the filter's parameters."""
        fuse16 = self.filter
        cells = [fuse16.seed, fuse16.length, fuse16.segments, fuse16.cells]
        claims = {**self.head.out(), 5: FORMS.index(self.form), 6: [self.part, self.parts], 7: cells}
        return cose.sign_list(key_id, KIND, cbor2.dumps(claims, canonical=True), sign)


def key_of(signed_content: bytes) -> bytes:
    """The first 16 bytes of SHA-256 over what was signed in a code."""
    return hashlib.sha256(signed_content).digest()[:16]


def part_of(key: bytes, parts: int) -> int:
    """In which of `parts` parts a key is: by its first 4 bytes."""
    return int.from_bytes(key[:4], "big") % parts


def build(head: Head, form: str, keys: Iterable[bytes]) -> list[IssuedPart]:
    """All parts of a shard's filter of one form."""
    members = set(keys)
    parts = 1
    while len(members) > parts * fuse.MOST_KEYS * 0.98:  # the parts are not of one size to a key
        parts *= 2
    piles: list[list[bytes]] = [[] for _ in range(parts)]
    for key in members:
        piles[part_of(key, parts)].append(key)
    return [IssuedPart(head, form, number, parts, fuse.build(pile)) for number, pile in enumerate(piles)]


def unwrap(data: bytes) -> cose.SignedPayload:
    """The signed bytes, unchecked."""
    return cose.open_list(data, KIND)


def parse(payload: bytes) -> IssuedPart:
    """A payload whose signature was checked.

    Raises:
        Unreadable: `filter`.
    """
    claims = cbor.decode(payload)
    if not isinstance(claims, dict) or claims.keys() != set(range(1, 8)):
        raise Unreadable("filter")
    match [claims[key] for key in (5, 6, 7)]:
        case [form, [part, parts], [bytes(seed), length, segments, bytes(cells)]]:
            is_part = is_whole(parts, _MOST_PARTS + 1, 1) and parts & (parts - 1) == 0 and is_whole(part, parts)
            is_filter = is_whole(length, _MOST_CELLS) and is_whole(segments, _MOST_CELLS)
            if is_whole(form, 2) and is_part and is_filter:
                filled = Fuse16.checked(seed, length, segments, cells)
                return IssuedPart(head_of(claims, "filter"), FORMS[form], part, parts, filled)
    raise Unreadable("filter")


@dataclass(frozen=True)
class IssuedList:
    """All parts of one shard and form, of one version."""

    published_at: datetime
    parts: tuple[IssuedPart, ...]

    def __contains__(self, key: bytes) -> bool:
        return key in self.parts[part_of(key, len(self.parts))].filter


def complete(parts: Iterable[IssuedPart]) -> IssuedList | None:
    """The newest version of which all parts are there."""
    versions: dict[int, dict[int, IssuedPart]] = {}
    for one in parts:
        versions.setdefault(one.head.version, {})[one.part] = one
    for version in sorted(versions, reverse=True):
        found = versions[version]
        whole = found[min(found)].parts
        if found.keys() == set(range(whole)) and all(one.parts == whole for one in found.values()):
            return IssuedList(found[0].head.published_at, tuple(found[number] for number in range(whole)))
    return None
