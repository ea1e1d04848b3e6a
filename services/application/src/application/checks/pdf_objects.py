"""The objects of a PDF, one after the other as they stand in the file. Pure; calls itself for nothing.

An allow list: what a reader could take for an object, and does not stand where this finds one (in a string, a comment,
a stream's body, where a table may point), is not understood, and the file is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from application.checks.faults import Fault, NotUnderstood

MOST_TOKENS = 600_000
"""Of a file: a second or two. 10 MB of a tagged text, nothing of it packed, have 400,000."""
LONGEST_VALUE, LONGEST_NUMBER = 4096, 11
"""Bytes of an action that is looked at, and digits."""
DEEPEST = 100
"""Dictionaries, or brackets of a string, in one another: writers use up to ten."""

_TOKEN = re.compile(
    rb"(?P<run>[^()<>%]+)|(?P<open><<)|(?P<close>>>)|(?P<comment>%[^\r\n]*)"
    rb"|(?P<hex><[0-9A-Fa-f\0\t\n\f\r ]*>)|(?P<plain>\((?:[^()\\]|\\.)*+\))|(?P<string>\()",
    re.DOTALL,
)
_HEAD = re.compile(rb"(?<![0-9])([0-9]{1,10})[\0\t\n\f\r ]+[0-9]{1,5}[\0\t\n\f\r ]*obj")
_LIKE_A_HEAD = re.compile(rb"(?<=[0-9\0\t\n\f\r ])obj(?=[\0\t\n\f\r %<\[(/])")
_BEGIN = re.compile(rb"[\0\t\n\f\r ]*+stream\r?\n")
_KEYWORD = re.compile(rb"(?:/[^\0\t\n\f\r /\[\]{}]*+)|(?P<stream>stream)")
_IN_STRING = re.compile(rb"[()\\]")


@dataclass(frozen=True)
class Stream:
    dictionary: bytes
    start: int
    end: int


@dataclass
class Objects:
    content: bytes
    places: dict[int, list[int]] = field(default_factory=dict)
    """Where the value of each object begins, by its number; several where it was changed."""
    streams: list[Stream] = field(default_factory=list)
    plain: bytes = b""
    """All that is no stream's body."""
    packed: list[tuple[int, bytes]] = field(default_factory=list)
    """Object streams, unpacked: where the first object begins, and the text."""

    def values_of(self, number: int) -> list[bytes]:
        """The beginning of each value that the object of this number has in the file.

        Raises:
            NotUnderstood.
        """
        found = [self.content[at : at + LONGEST_VALUE] for at in self.places.get(number, ())]
        for first, text in self.packed:
            head = text[:first].split()
            if not all(each.isdigit() and len(each) < LONGEST_NUMBER for each in head):
                raise NotUnderstood(Fault.PACKED)
            numbers = [int(each) for each in head]
            places = (first + at for one, at in zip(numbers[::2], numbers[1::2], strict=False) if one == number)
            found += [text[at : at + LONGEST_VALUE] for at in places]
        return found


def objects(content: bytes, at: int, end: int) -> Objects:
    """From the header at `at` to the end mark at `end`.

    Raises:
        NotUnderstood.
    """
    found, pieces, heads = Objects(content), [], set()
    begins = at
    for kind, start, stop in (walk := _Walk(content, at, end)):
        if kind == "run":
            for head in _HEAD.finditer(content, start, stop):
                heads.add(head.end() - len(b"obj"))
                found.places.setdefault(int(head[1]), []).append(head.end())
        elif kind == "stream":
            pieces.append(content[begins:start])
            found.streams.append(Stream(content[walk.opened : walk.closed], start, stop))
            begins = stop
    pieces.append(content[begins:end])
    found.plain = b"\n".join(pieces)
    if any(each.start() not in heads for each in _LIKE_A_HEAD.finditer(content)):
        raise NotUnderstood(Fault.PACKED)
    return found


class _Walk:
    """Yields runs of simple tokens, and streams' bodies, with where they begin and end."""

    def __init__(self, content: bytes, at: int, end: int) -> None:
        self._content, self._at, self._end = content, at, end
        self.left = MOST_TOKENS
        self.opened, self.closed = 0, 0
        """The last whole dictionary, outermost."""

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        content, at, depth, after = self._content, self._at, 0, ""
        while at < self._end:
            self.left -= 1
            token = _TOKEN.match(content, at, self._end)
            kind = token.lastgroup if token else None
            if token is None or kind is None:
                raise NotUnderstood(Fault.PACKED)
            at = token.end()
            if kind == "open":
                self.opened = token.start() if depth == 0 else self.opened
                depth += 1
            elif kind == "close":
                depth, self.closed = depth - 1, at
            elif kind == "string":
                at = self._string_end(at)
            elif kind == "run":
                body = self._body(token, depth == 0 and after == "close")
                if body is None:
                    yield "run", token.start(), at
                else:
                    yield ("stream", *body)
                    at = body[1]
            if not 0 <= depth <= DEEPEST or self.left < 0:
                raise NotUnderstood(Fault.PACKED)
            after = kind

    def _body(self, run: re.Match[bytes], may_begin: bool) -> tuple[int, int] | None:
        """Of a stream, if one begins here. The keyword stands nowhere else than directly behind a dictionary."""
        content = self._content
        if may_begin and (begin := _BEGIN.match(content, run.start())):
            end = content.find(b"endstream", begin.end(), self._end)
            if end < 0:
                raise NotUnderstood(Fault.CUT_OFF)
            return begin.end(), end
        text = run[0].replace(b"endstream", b"")
        if b"stream" in text and any(each["stream"] for each in _KEYWORD.finditer(text)):
            raise NotUnderstood(Fault.PACKED)
        return None

    def _string_end(self, at: int) -> int:
        """Behind the bracket that closes a string; brackets come in pairs, or with a backslash before them."""
        depth = 1
        while depth:
            self.left -= 1
            sign = _IN_STRING.search(self._content, at, self._end)
            if sign is None or depth > DEEPEST or self.left < 0:
                raise NotUnderstood(Fault.PACKED)
            at = sign.end() + (sign[0] == b"\\")
            depth += {b"(": 1, b")": -1}.get(sign[0], 0)
        return at
