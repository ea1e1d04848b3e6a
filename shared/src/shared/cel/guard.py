"""What a condition may ask of a list, found in its text: the compiler sets no bound on the work.

`all`, `exists` and `exists_one` may only be asked of lists that are named and short (siblings and benefits: at most 30
and 20), never nested: the work then grows with the length of the text alone. (Five nested `all()` held a processor for
46 seconds.)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.errors import Text

MACROS = ("all", "exists", "exists_one")
REFUSED_MACROS = ("map", "filter")
TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)|(?P<text>[rRbB]{0,2}(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>.)""",
    re.DOTALL,
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int


@dataclass(frozen=True)
class Comprehension:
    """One `siblings.exists(s, …)`: where it and its body begin, and the name of its variable."""

    start: int
    body: int
    end: int
    variable: str
    over: str


class Refused(Exception):
    def __init__(self, place: int, german: str, english: str) -> None:
        super().__init__(english)
        self.place, self.text = place, Text(german, english)


def comprehensions(when: str, lists: Sequence[str]) -> Iterator[Comprehension]:
    """The comprehensions of a condition; `lists`: of what they may ask.

    Raises:
        Refused: for what could run away.
    """
    tokens = [
        _Token(str(each.lastgroup), each.group(), each.start())
        for each in TOKEN.finditer(when)
        if each.lastgroup != "space"
    ]
    inside = 0
    for index, token in enumerate(tokens):
        called = token.kind == "name" and index + 1 < len(tokens) and tokens[index + 1].text == "("
        if token.text == "`":
            raise Refused(token.start, "Namen stehen ohne Akzentzeichen (`).", "Names stand without backquotes (`).")
        if called and token.text in REFUSED_MACROS:
            raise Refused(token.start, f"{token.text} ist nicht vorgesehen: Fragen Sie mit exists oder all.",
                           f"{token.text} is not provided for: ask with exists or all.")  # fmt: skip
        if not (called and token.text in MACROS):
            continue
        if token.start < inside:
            raise Refused(
                token.start,
                "Eine Frage über eine Liste darf keine weitere enthalten: Teilen Sie die Bedingung auf.",
                "A question about a list must not hold another one: split the condition.",
            )
        one = _comprehension(tokens, index, lists)
        inside = one.end
        yield one


def _comprehension(tokens: list[_Token], index: int, lists: Sequence[str]) -> Comprehension:
    over = tokens[index - 2] if index > 1 and tokens[index - 1].text == "." else tokens[index]
    own = index < 3 or tokens[index - 3].text != "."
    if over.text not in lists or not own:
        raise Refused(
            tokens[index].start,
            f"all, exists und exists_one gibt es nur für {' und '.join(lists)}.",
            f"all, exists and exists_one are only for {' and '.join(lists)}.",
        )
    variable, comma = tokens[index + 2 : index + 3], tokens[index + 3 : index + 4]
    if not (variable and comma and variable[0].kind == "name" and comma[0].text == ","):
        raise Refused(
            tokens[index].start, f"Schreiben Sie {over.text}.exists(x, …).", f"Write {over.text}.exists(x, …)."
        )
    depth = 1
    for token in tokens[index + 4 :]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return Comprehension(over.start, comma[0].start + 1, token.start, variable[0].text, over.text)
    raise Refused(tokens[index].start, "Eine Klammer ist nicht geschlossen.", "A bracket is not closed.")


def flatten_lists(when: str, found: list[Comprehension]) -> str:
    """The same text with each question about a list replaced by its body, at the same place: the body is then checked
    with the types of the list's members, which the compiler cannot know."""
    for each in found:
        head = when[each.start : each.body]
        blank = "".join(sign if sign == "\n" else " " for sign in head[:-1]) + "("
        when = when[: each.start] + blank + when[each.body :]
    return when
