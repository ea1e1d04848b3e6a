"""What a PDF does when it is opened, or leads to: allowed is to go to one of its own pages. Pure."""

import re
from collections.abc import Callable, Sequence

from application.checks.faults import Fault
from application.checks.pdf_names import names_among, undone, without_strings

ACTIVE = frozenset(
    (b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"RichMediaExecute", b"XFA",
     b"SubmitForm", b"ImportData", b"ResetForm", b"Rendition")
)  # fmt: skip
"""Active content cannot do without these (ISO 32000-2, 12.6.4, 7.11.4, 12.7.8)."""
LEADS_OUT = frozenset((b"GoToR", b"GoToE", b"GoTo3DView", b"Movie", b"Sound"))
"""Actions upon other files: some readers send a user's sign-in to where `/F(\\\\server\\share)` points."""
OF_ITSELF = frozenset((b"OpenAction", b"AA"))
"""Set off by opening, scrolling or closing. Links that a person clicks are no fault."""


def _pattern(text: str) -> re.Pattern[bytes]:
    """`~` is a white sign."""
    return re.compile(text.replace("~", r"[\0\t\n\f\r ]").encode())


_NAME = re.compile(rb"/([A-Za-z0-9#]{1,60})")
_VALUE = _pattern(r"~*+(?:(?P<page>\[|null\b)|(?P<number>[0-9]{1,10})~++[0-9]{1,5}~++R\b|(?P<own><<))")
_PAGE = _pattern(r"~*+(?:\[|null\b)")
_GO_TO = _pattern(
    r"~*+<<(?:~*+(?:/Type~*+/Action|/S~*+/GoTo|/S?D~*+(?:\[[^\[\]<>()%]*+\]|\([^()\\<>%]*+\)|/[^\[\]<>()%/\0-\x20]++"
    r"|[0-9]++~++[0-9]++~++R|<[0-9A-Fa-f]*+>)))*+~*+>>"
)
"""Nothing but a page of this file: no `/Next`, and no other type."""

MOST_OPENINGS = 20
"""Of a file: each change of it may say anew what is shown first."""


def fault_of_names(text: bytes) -> Fault | None:
    """Raises NotUnderstood."""
    found = names_among(without_strings(text), ACTIVE | LEADS_OUT | {b"Encrypt"})
    if b"Encrypt" in found:
        return Fault.LOCKED
    return Fault.ACTIVE if found & ACTIVE else Fault.LEADS_OUT if found else None


def fault_of_itself(text: bytes, values_of: Callable[[int], Sequence[bytes]]) -> Fault | None:
    """`text`: objects, without streams' bodies; `values_of`: what an object is, by its number.

    Raises:
        NotUnderstood.
    """
    text = without_strings(text)
    found = names_among(text, OF_ITSELF)
    if b"AA" in found:
        return Fault.LEADS_OUT
    if not found:
        return None
    openings = [name.end() for name in _NAME.finditer(text) if undone(name[1]) == b"OpenAction"]
    if len(openings) > MOST_OPENINGS or not all(_goes_to_a_page(text, each, values_of) for each in openings):
        return Fault.LEADS_OUT
    return None


def _goes_to_a_page(text: bytes, at: int, values_of: Callable[[int], Sequence[bytes]]) -> bool:
    value = _VALUE.match(text, at)
    if value is None:
        return False
    if value["number"]:
        meant = values_of(int(value["number"]))
        return bool(meant) and all(_PAGE.match(each) or _GO_TO.match(each) for each in meant)
    return bool(value["page"]) or _GO_TO.match(text, value.start("own")) is not None
