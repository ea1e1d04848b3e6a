"""The body of an upload: multipart/form-data, read piece by piece, with bounds on everything that is held."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from shared.errors import Invalid, Problem, Text, Unavailable
from starlette.requests import ClientDisconnect, Request

from application.checks.uploads import KIND_TEXTS, KINDS, LARGEST_BYTES, TOO_LARGE
from application.workflow.documents.upload import Upload

HELD_TOGETHER = 64 * 1024 * 1024
"""Bytes of unfinished uploads in memory, of all families together."""
HELD_OF_ONE = 24 * 1024 * 1024
"""Of one account: two files of the largest size at once."""
LONGEST_FIELD = 1024
SECONDS = 180
"""For 10 MB over a slow telephone network (0.5 Mbit/s)."""
FIELDS = ("kind", "question_id", "file")

NOT_A_FORM = Text(
    "Erwartet wird ein Formular (multipart/form-data) mit den Feldern kind und file.",
    "A form (multipart/form-data) with the fields kind and file is expected.",
)
BOUNDARY = Text(
    "Die Trennzeile des Formulars (boundary) ist nicht brauchbar: höchstens 70 Zeichen sind üblich.",
    "The form's boundary cannot be used: at most 70 characters are usual.",
)
INCOMPLETE = Text(
    "Die Datei ist nicht vollständig angekommen. Bitte senden Sie sie noch einmal.",
    "The file has not arrived completely. Please send it again.",
)
FILE_MISSING = Text("Bitte wählen Sie eine Datei aus.", "Please choose a file.")
NAMED_KINDS = (
    ", ".join(f"{each.de} ({kind})" for kind, each in KIND_TEXTS.items()),
    ", ".join(f"{each.en} ({kind})" for kind, each in KIND_TEXTS.items()),
)
KIND_MISSING = Text(
    f"Bitte geben Sie an, was für eine Unterlage es ist: {NAMED_KINDS[0]}.",
    f"Please say which kind of document it is: {NAMED_KINDS[1]}.",
)
QUESTION = Text("Das ist keine gültige Kennung (UUID).", "This is not a valid id (UUID).")
BUSY = Text(
    "Gerade werden sehr viele Unterlagen gesendet. Bitte versuchen Sie es in einer Minute noch einmal.",
    "Very many documents are being sent just now. Please try again in a minute.",
)


BUSY_WITH_YOURS = Text(
    "Von Ihnen werden gerade schon mehrere Dateien gesendet. Bitte warten Sie, bis diese angekommen sind.",
    "Several files of yours are being sent already. Please wait until these have arrived.",
)


class FileTooLarge(Problem):
    status = 413
    kind = "too-large"
    title = Text("Die Datei ist zu groß.", "The file is too large.")


class NotAForm(Problem):
    status = 415
    kind = "unsupported-media-type"
    title = Text("Diese Form der Anfrage wird hier nicht gelesen.", "This form of request is not read here.")


class UploadBudget:
    """How many bytes of uploads are in memory, of all and of each account: what is too much is refused, and nobody
    else notices."""

    def __init__(self, most: int = HELD_TOGETHER, of_one: int = HELD_OF_ONE) -> None:
        self._left, self._of_one = most, of_one
        self._by_account: Counter[str] = Counter()

    def take(self, account: str, count: int) -> None:
        """Raises Unavailable."""
        if self._by_account[account] + count > self._of_one:
            raise Unavailable(BUSY_WITH_YOURS)
        if count > self._left:
            raise Unavailable(BUSY)
        self._by_account[account] += count
        self._left -= count

    def give_back(self, account: str, count: int) -> None:
        """Bytes that `take` took, once the request is over, however it ended."""
        self._left += count
        self._by_account[account] -= count
        if self._by_account[account] <= 0:
            del self._by_account[account]


@dataclass
class _Form:
    """Fills as the parser calls."""

    held: UploadBudget
    account: str
    names: tuple[str, ...] = FIELDS
    values: dict[str, bytearray] = field(default_factory=dict)
    name: str = ""
    parts: int = 0
    counted: int = 0
    too_large: bool = False
    complete: bool = False
    _header: list[bytearray] = field(default_factory=lambda: [bytearray(), bytearray()])
    _field: str = ""

    def callbacks(self) -> dict[str, Any]:
        return {
            "on_header_field": lambda data, start, end: self._collect_header(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._collect_header(1, data[start:end]),
            "on_header_end": self._header_ends,
            "on_part_begin": self._part_begins,
            "on_part_data": lambda data, start, end: self._part_goes_on(data[start:end]),
            "on_end": self._ends,
        }

    def _collect_header(self, place: int, data: bytes) -> None:
        if len(self._header[place]) + len(data) > LONGEST_FIELD:
            raise NotAForm(NOT_A_FORM)
        self._header[place] += data

    def _header_ends(self) -> None:
        name, value = (bytes(each) for each in self._header)
        self._header = [bytearray(), bytearray()]
        if name.lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if self._field not in self.names or self._field in self.values:
            raise NotAForm(NOT_A_FORM)
        self.values[self._field] = bytearray()
        if self._field == "file":
            self.name = options.get(b"filename", b"").decode("utf-8", "replace")[:LONGEST_FIELD]

    def _part_begins(self) -> None:
        self.parts += 1
        if self.parts > len(self.names):  # also of empty ones: each costs more than its bytes
            raise NotAForm(NOT_A_FORM)
        self._field = ""

    def _part_goes_on(self, data: bytes) -> None:
        if not self._field:
            raise NotAForm(NOT_A_FORM)
        value = self.values[self._field]
        if len(value) + len(data) > (LARGEST_BYTES if self._field == "file" else LONGEST_FIELD):
            self.too_large = True  # what still comes is read and thrown away: only then is the answer heard
        if self.too_large:
            return
        self.held.take(self.account, len(data))
        self.counted += len(data)
        value += data

    def _ends(self) -> None:
        self.complete = True

    def text(self, name: str) -> str:
        """Of a field; empty where it was not sent."""
        return bytes(self.values.get(name, b"")).decode("utf-8", "replace")


@asynccontextmanager
async def read_upload(
    request: Request, key: str, account: str, held: UploadBudget, more: dict[str, str] | None = None
) -> AsyncIterator[Upload]:
    """Yields the one upload; its bytes count as held until the caller is done with it.

    Args:
        more: further fields by name, which a page's form has; they are filled in as soon as the form is read, whatever
            the file is.

    Raises:
        Invalid, NotAForm, FileTooLarge.
        Unavailable: where too much is under way or it takes too long.
    """
    mark, options = parse_options_header(request.headers.get("content-type"))
    if mark != b"multipart/form-data" or not options.get(b"boundary"):
        raise NotAForm(NOT_A_FORM)
    form = _Form(held, account, names=(*FIELDS, *(more or ())))
    try:
        parser = MultipartParser(options[b"boundary"], cast(Any, form.callbacks()))
    except FormParserError:
        raise Invalid(BOUNDARY, field="Content-Type") from None
    try:
        await _fill(parser, request)
        for name in more or ():
            cast(dict[str, str], more)[name] = form.text(name)
        yield _upload(form, key)
    finally:
        held.give_back(account, form.counted)


async def _fill(parser: MultipartParser, request: Request) -> None:
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in request.stream():
                parser.write(piece)
        parser.finalize()
    except TimeoutError:
        raise Unavailable(INCOMPLETE) from None
    except (FormParserError, ClientDisconnect):
        raise Invalid(INCOMPLETE, field="file") from None


def _upload(form: _Form, key: str) -> Upload:
    if form.too_large:
        raise FileTooLarge(TOO_LARGE, field="file")
    if not form.complete:
        raise Invalid(INCOMPLETE, field="file")
    kind = form.text("kind")
    if kind not in KINDS:
        raise Invalid(KIND_MISSING, field="kind")
    if "file" not in form.values:
        raise Invalid(FILE_MISSING, field="file")
    return Upload(
        key=key,
        kind=kind,
        name=form.name,
        question_id=_question(form.text("question_id").encode()),
        content=form.values["file"],
    )


def _question(given: bytes) -> UUID | None:
    """An empty field of a page's form is no question."""
    if not given.strip():
        return None
    try:
        return UUID(given.decode("ascii").strip())
    except ValueError:
        raise Invalid(QUESTION, field="question_id") from None
