"""A PDF, read as bytes: a parser of the whole format would itself be what a hostile file aims at. Pure.

What is understood is a list, and what is not is refused: objects that stand one after the other (`pdf_objects`), object
streams packed once and unpacked wholly, and actions that stay in the file (`pdf_actions`). Readers take a header within
the first 1,024 bytes and look for the end mark from behind (ISO 32000-1, annex H, notes 13 and 18), so what a mail
program, web server or printer wrote around it is no fault.
"""

import re
import zlib

from application.checks.faults import Fault, NotUnderstood
from application.checks.pdf_actions import fault_of_itself, fault_of_names
from application.checks.pdf_names import names_among
from application.checks.pdf_objects import Objects, objects
from application.checks.second_files import is_another_file, is_text

LONGEST_INFLATED = 8 * 1024 * 1024
LONGEST_INFLATED_IMAGE = 256 * 1024
LONGEST_INFLATED_TOGETHER = 64 * 1024 * 1024
"""Bytes. Our own choice: a bomb of compressed nothing costs at most about half a second."""
LONGEST_AROUND = 1024
"""Bytes that may stand before the header, and behind the end apart from filling."""

_HEADER = re.compile(rb"%PDF-[12]\.")
_FILLING = b"\0\t\n\f\r \x1a"
_OBJECT = re.compile(rb"\d+ \d+ obj\b")
_FILTERS = frozenset(
    (b"FlateDecode", b"Fl", b"LZWDecode", b"LZW", b"ASCII85Decode", b"A85", b"ASCIIHexDecode", b"AHx", b"DCTDecode",
     b"RunLengthDecode", b"RL", b"DCT", b"CCITTFaxDecode", b"CCF", b"JBIG2Decode", b"JPXDecode")
)  # fmt: skip
"""ISO 32000-2, table 6, and the short forms; not Crypt."""
_FILTER = re.compile(rb"/Filter[\0\t\n\f\r ]*+(\[[^\]<>()%]*+\]|/[A-Za-z0-9]++|null\b)")
_OBJECT_STREAM = re.compile(
    r"<<(?:~*+(?:/Type~*+/ObjStm|/N~++[0-9]{1,9}|/First~++(?P<first>[0-9]{1,9})|/Length~++[0-9]++(?:~++[0-9]++~++R)?+"
    r"|/Extends~++[0-9]++~++[0-9]++~++R|/Filter~*+(?:/FlateDecode|/Fl|\[~*+/FlateDecode~*+\])))*+~*+>>".replace(
        "~", r"[\0\t\n\f\r ]"
    ).encode()
)
"""Packed once, without a predictor: what writers make. Anything else is a way of hiding."""
_KINDS = frozenset((b"ObjStm", b"First", b"FlateDecode", b"Fl", b"Image", b"Filter"))


def header_at(content: bytes) -> int | None:
    """Where the header stands, if only text stands before it."""
    found = _HEADER.search(content, 0, LONGEST_AROUND + 8)
    if found is None:
        return None
    before = content[: found.start()]
    return found.start() if is_text(before) and not is_another_file(before) else None


def fault_of_pdf(content: bytes) -> Fault | None:
    """1. Is it whole? 2. Does a name of active content stand anywhere? 3. Which objects are there, packed ones too?
    4. What does it do of itself?"""
    try:
        # 1. and 2.
        if fault := _fault_of_end(content) or fault_of_names(content):
            return fault
        # 3.
        found = objects(content, header_at(content) or 0, content.rfind(b"%%EOF"))
        if fault := _unpack(found):
            return fault
        # 4.
        texts = (found.plain, *(text for _, text in found.packed))
        return next((fault for text in texts if (fault := fault_of_itself(text, found.values_of))), None)
    except NotUnderstood as wrong:
        return wrong.fault


def _fault_of_end(content: bytes) -> Fault | None:
    """An end mark with its pointer before it, and behind it nothing but filling and a little text."""
    end = content.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in content[max(0, end - 2 * LONGEST_AROUND) : end]:
        return Fault.CUT_OFF
    rest = content[end + 5 :].strip(_FILLING)
    if is_another_file(rest):
        return Fault.TWO_IN_ONE
    if _OBJECT.search(rest):  # a change was appended, and its end is missing
        return Fault.CUT_OFF
    return None if len(rest) <= LONGEST_AROUND and is_text(rest) else Fault.MORE_BEHIND


def _unpack(found: Objects) -> Fault | None:
    """Adds the object streams; tells what speaks against them or, as far as it can be unpacked, any other stream."""
    together = 0
    for each in found.streams:
        kinds = names_among(each.dictionary, _KINDS)
        body = found.content[each.start : each.end]
        if kinds & {b"ObjStm", b"First"}:  # readers do not look at the type
            first, text = _of_object_stream(each.dictionary, body)
            found.packed.append((first, text))
        elif b"Filter" in kinds and not _filters_are_known(each.dictionary):
            return Fault.PACKED
        elif kinds & {b"FlateDecode", b"Fl"}:
            text, all_of_it = _inflated(body, LONGEST_INFLATED_IMAGE if b"Image" in kinds else LONGEST_INFLATED)
            if not (all_of_it or b"Image" in kinds):
                return Fault.PACKED
        else:
            continue  # as it stands: its names were looked at with the rest
        together += len(text)
        if together > LONGEST_INFLATED_TOGETHER:
            return Fault.PACKED
        if fault := fault_of_names(text):
            return fault
    return None


def _filters_are_known(dictionary: bytes) -> bool:
    filters = _FILTER.search(dictionary)
    return filters is not None and set(re.findall(rb"/([A-Za-z0-9]+)", filters[1])) <= _FILTERS


def _of_object_stream(said: bytes, body: bytes) -> tuple[int, bytes]:
    """Where its first object begins, and what it unpacks to.

    Raises:
        NotUnderstood.
    """
    first = _OBJECT_STREAM.fullmatch(said)
    if not first or not first["first"] or said.count(b"/First") != 1 or said.count(b"/Filter") > 1:
        raise NotUnderstood(Fault.PACKED)
    if b"/Filter" not in said:
        return int(first["first"]), body
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(body, LONGEST_INFLATED)
    except zlib.error:
        raise NotUnderstood(Fault.PACKED) from None
    if not unpacking.eof or unpacking.unused_data.strip(_FILLING):
        raise NotUnderstood(Fault.PACKED)
    return int(first["first"]), text


def _inflated(body: bytes, most: int) -> tuple[bytes, bool]:
    """As far as it can be unpacked, at most `most` bytes; and whether that was all."""
    unpacking = zlib.decompressobj()
    try:
        return unpacking.decompress(body, most), not unpacking.unconsumed_tail
    except zlib.error:
        return b"", True
