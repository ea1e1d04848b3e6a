"""Names in a PDF's bytes (ISO 32000-2, 7.3.5), also written with escapes (`/J#61vaScript`). Pure."""

import re
from functools import cache

from application.checks.faults import Fault, NotUnderstood

MOST_ESCAPED = 10_000
"""Names with escapes in one text: programs write one for an umlaut in a font's name."""
_ESCAPED = re.compile(rb"/((?:[A-Za-z0-9]{0,60}#[0-9A-Fa-f]{2}){1,20}[A-Za-z0-9]{0,60})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRING = re.compile(rb"\([^()<>\\\r\n]*\)")
"""A literal string so plain that a reader cannot take it for anything else: without line break (it would end a comment
that hides the bracket), without `<` and `>` (an action is a dictionary), brackets and escapes."""


def without_strings(text: bytes) -> bytes:
    """With every plain literal string emptied: words that are printed are not taken for names."""
    return _STRING.sub(b"()", text)


def names_among(text: bytes, wanted: frozenset[bytes]) -> set[bytes]:
    """Which of the `wanted` names the text holds.

    Raises:
        NotUnderstood: where escapes are all it is made of.
    """
    found = set(_pattern(wanted).findall(text))
    if b"#" in text:
        for count, each in enumerate(_ESCAPED.finditer(text)):
            if count >= MOST_ESCAPED:
                raise NotUnderstood(Fault.PACKED)
            found.add(undone(each[1]))
    return found & wanted


def undone(name: bytes) -> bytes:
    """A name without its escapes: `J#61vaScript` is `JavaScript`."""
    return _ESCAPE.sub(lambda each: bytes((int(each[1], 16),)), name)


@cache
def _pattern(wanted: frozenset[bytes]) -> re.Pattern[bytes]:
    return re.compile(rb"/(" + rb"|".join(sorted(wanted)) + rb")(?![A-Za-z0-9#])")
