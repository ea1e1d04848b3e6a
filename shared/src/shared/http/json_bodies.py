"""JSON bodies as people's tools write them: a byte order mark is taken off, and what is said twice is asked about.

Of two values under one name each reader would take another one (RFC 8259, 4): nobody guesses which was meant. More
values than any form has are refused before a reader names a fault of each (a second for 250 kB, in which nobody else
is answered).
"""

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import FieldProblem, Invalid, Problem, Text
from shared.http.problems import answer

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
LONGEST_NAME = 60
LONGEST_AT_ONCE = 16_384
"""Bytes that are looked through in less than a millisecond; longer ones beside the event loop."""
MOST_VALUES = 2_500
"""The longest body is a scanner's log of 200 inspections: 1,800 commas and brackets."""
KINDS = re.compile(
    r"(application/json|text/json|text/plain|application/x-www-form-urlencoded|[a-z0-9.!#$&^_/-]+\+json)?\s*(;.*)?"
)
"""What a JSON body may be called: `curl --data` calls it a form, a browser's script a plain text, some say nothing."""
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00{", b"{\x00", b"\x00[", b"[\x00", b"\x00\x00")
"""How JSON in UTF-16 and UTF-32 begins, as Windows' tools write it."""
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
TOO_MANY = Text(
    "Das sind zu viele Angaben auf einmal. Bitte senden Sie sie in mehreren Anfragen.",
    "These are too many values at once. Please send them in several requests.",
)
CALLED_OTHERWISE = Text(
    "Der Inhalt ist JSON, heißt im Kopf Content-Type aber anders. Bitte senden Sie ihn als application/json.",
    "The body is JSON, but the header Content-Type calls it something else. Please send it as application/json.",
)
TWICE = Text(
    "Diese Angabe steht zweimal da. Bitte senden Sie jede nur einmal.",
    "This is given twice. Please send each field only once.",
)
NOT_UTF_8 = Text(
    "Der Inhalt ist nicht in UTF-8 geschrieben (vielleicht UTF-16 oder Latin-1). Bitte speichern Sie ihn als UTF-8.",
    "The body is not written in UTF-8 (UTF-16 or Latin-1 perhaps). Please save it as UTF-8.",
)
CORRECT = Text("Bitte berichtigen Sie die genannten Angaben.", "Please correct the fields named here.")


class NotCalledJson(Problem):
    status = 415
    kind = "unsupported-media-type"
    title = Text("Diese Form der Anfrage wird hier nicht gelesen.", "This form of request is not read here.")


class NoJson(Problem):
    status = 400
    kind = "malformed"
    title = Text("Die Anfrage ist nicht lesbar.", "The request cannot be read.")


class _Twice(Exception):
    def __init__(self, name: str) -> None:
        super().__init__("a name twice")
        self.name = name


class JsonBodies:
    """ASGI middleware. Forms and files pass by as they come, and so does what a route reads within bounds of its own
    (`own_readers`: patterns of whole paths)."""

    def __init__(self, app: ASGIApp, own_readers: Sequence[re.Pattern[str]] = ()) -> None:
        self._app = app
        self._own_readers = own_readers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in WITH_BODY or not self._may_be_json(scope):
            await self._app(scope, receive, send)
            return
        pieces = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            pieces.append(message.get("body", b""))
            if not message.get("more_body", False):
                break
        body = b"".join(pieces).removeprefix(BYTE_ORDER_MARK)
        kind = _kind(scope)
        look = asyncio.to_thread(fault_of, body, kind) if len(body) > LONGEST_AT_ONCE else None
        problem = await look if look is not None else fault_of(body, kind)
        if problem is not None:
            await answer(problem, Headers(scope=scope).get("accept-language"))(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, again, send)

    def _may_be_json(self, scope: Scope) -> bool:
        """Everything but forms with files: `curl --data` calls JSON a form."""
        own = any(each.fullmatch(scope["path"]) for each in self._own_readers)
        return not own and not _kind(scope).startswith("multipart/")


def _kind(scope: Scope) -> str:
    return Headers(scope=scope).get("content-type", "").strip().lower()


def fault_of(body: bytes, kind: str = "") -> Problem | None:
    """What speaks against a body of JSON that is called `kind`; None for what does not begin like JSON: its reader says
    so."""
    if body[:2] in WIDE:
        return NoJson(NOT_UTF_8)
    if body.lstrip()[:1] not in (b"{", b"["):
        return None
    if not KINDS.fullmatch(kind):
        return NotCalledJson(CALLED_OTHERWISE, field="Content-Type")
    if _values(body) > MOST_VALUES and _values(_STRING.sub(b"", body)) > MOST_VALUES:
        return Invalid(TOO_MANY, field="body")
    try:
        name = said_twice(body)
    except UnicodeDecodeError:
        return NoJson(NOT_UTF_8)
    except json.JSONDecodeError as error:
        return NoJson(_place(error))
    return None if name is None else Invalid(CORRECT, problems=[FieldProblem(name, TWICE)])


def _place(error: json.JSONDecodeError) -> Text:
    """Where the reader stopped, and nothing of what stands there: it may be personal."""
    line, column = error.lineno, error.colno
    return Text(
        f"Der Inhalt ist kein gültiges JSON: Zeile {line}, Zeichen {column}. Oft fehlt dort oder kurz davor ein Komma "
        "oder ein Anführungszeichen, oder es steht eines zu viel.",
        f"The body is not valid JSON: line {line}, character {column}. Often a comma or a quotation mark is missing "
        "there or shortly before it, or there is one too many.",
    )


def _values(body: bytes) -> int:
    """About: each has a comma or a bracket before it."""
    return body.count(b",") + body.count(b"{") + body.count(b"[")


def said_twice(body: bytes) -> str | None:
    """The first name that an object of this JSON has twice.

    Returns:
        None: there is none; also for what is nested too deep, or has a number of more digits than Python reads: its
            reader says so.

    Raises:
        JSONDecodeError, UnicodeDecodeError.
    """
    if body.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        json.loads(body.decode(), object_pairs_hook=_once)
    except _Twice as twice:
        return twice.name[:LONGEST_NAME]
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except (RecursionError, ValueError):
        pass
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found
