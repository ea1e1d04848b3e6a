"""What is sent with a document: files and bodies that cannot be taken are refused, and hold no memory."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import httpx
import pytest
from application.api.documents.uploads import UploadBudget, read_upload
from application.checks.uploads import LARGEST_BYTES
from application.store import SqlStore
from shared.database import Database
from shared.errors import Unavailable
from shared.events import ApplicationDocumentAdded, ApplicationDocumentRemoved
from support.application.documents import END, MULTIPART, PHOTO, field, file
from support.outbox import told

Header = Callable[..., dict[str, str]]
Send = Callable[..., Awaitable[httpx.Response]]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "leer"),
        (b"MZ" * 100, "PDF und Fotos"),
        (PHOTO[:-10], "fehlt ein Teil"),
        (PHOTO + b"PK\5\6" + b"\0" * 18, "steckt"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_with_the_reason_in_both_languages(
    http: httpx.AsyncClient,
    bearer: Header,
    application: str,
    send: Send,
    store: Database[SqlStore],
    content: bytes,
    word: str,
) -> None:
    answer = await send(content)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["problems"][0]["field"] == "file"
    assert word in answer.json()["problems"][0]["detail"]
    assert told(store, ApplicationDocumentAdded, ApplicationDocumentRemoved) == []
    assert (await http.get(f"{application}/documents", headers=bearer())).json() == {"items": []}


async def test_the_largest_file_is_taken_and_one_byte_more_is_not(send: Send, store: Database[SqlStore]) -> None:
    filler = 10 * 1024 * 1024 - len(PHOTO)

    # a chunk of its own with a right checksum before the end of the picture
    def padded(extra: int) -> bytes:
        import struct
        import zlib

        data = b"IDAT" + b"x" * (filler - 12 + extra)
        return PHOTO[:-12] + struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data)) + PHOTO[-12:]

    answer = await send(padded(1))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:schulticket:problem:too-large")
    assert "10 MB" in answer.json()["detail"]
    answer = await send(padded(0))
    assert (answer.status_code, answer.json()["size"]) == (201, 10 * 1024 * 1024)


async def test_no_other_route_takes_as_much(http: httpx.AsyncClient, bearer: Header, application: str) -> None:
    for path in ("/v1/applications", f"{application}/answers", f"{application}/documents/x"):
        answer = await http.post(path, content=b"x" * 300_000, headers=bearer() | {"Idempotency-Key": "key-12345678"})
        assert answer.status_code == 413


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "application/pdf"}, b"%PDF-1.7", 415),
        ({"Content-Type": "multipart/form-data"}, b"", 415),
        ({"Content-Type": MULTIPART}, b"", 422),
        ({"Content-Type": MULTIPART}, b"nonsense", 422),
        ({"Content-Type": MULTIPART}, field("kind", "other") + file(PHOTO), 422),  # the body ends before the form does
        ({"Content-Type": MULTIPART}, file(PHOTO) + b"\r\n" + END, 422),  # of which kind?
        ({"Content-Type": MULTIPART}, field("role", "admin") + END, 415),
        ({"Content-Type": MULTIPART}, field("kind", "other") * 2 + END, 415),
        ({"Content-Type": MULTIPART}, b"--b\r\nX-" + b"a" * 5000 + b": 1\r\n\r\n", 422),
        ({"Content-Type": MULTIPART}, b"--b\r\n\r\n\r\n" * 4 + field("kind", "other") + END, 415),
        *(
            ({"Content-Type": f"multipart/form-data; boundary={'b' * length}"}, b"--b--", 422)
            for length in (1, 70, 256, 257, 258, 5000)
        ),
        *(
            ({"Content-Type": f"multipart/form-data; {options}"}, b"--b--", 415)
            for options in ("boundary", "boundary=", 'boundary=""', "boundary*=utf-8''%ff%", "x=" + "y;" * 3000)
        ),
    ],
)
async def test_a_body_that_is_no_whole_form_is_refused(
    http: httpx.AsyncClient,
    bearer: Header,
    application: str,
    store: Database[SqlStore],
    headers: dict[str, str],
    content: bytes,
    status: int,
) -> None:
    key = {"Idempotency-Key": "upload-0001"}
    answer = await http.post(f"{application}/documents", content=content, headers=bearer() | key | headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told(store, ApplicationDocumentAdded, ApplicationDocumentRemoved) == []


async def test_without_a_key_or_with_an_unknown_kind_or_question_nothing_is_kept(
    http: httpx.AsyncClient, bearer: Header, application: str, send: Send, store: Database[SqlStore]
) -> None:
    files = {"file": ("a.png", PHOTO, "image/png")}
    answer = await http.post(f"{application}/documents", files=files, data={"kind": "other"}, headers=bearer())
    assert answer.status_code == 400
    assert (await send(kind="passport")).json()["problems"][0]["field"] == "kind"
    assert (await send(question_id="x")).json()["problems"][0]["field"] == "question_id"
    assert (await send(question_id=str(uuid4()))).json()["problems"][0]["field"] == "question_id"
    assert (await send(question_id="")).status_code == 201  # a page's empty field
    assert len(told(store, ApplicationDocumentAdded, ApplicationDocumentRemoved)) == 1


async def test_unfinished_uploads_hold_no_more_memory_than_is_set_aside() -> None:
    class Arriving:
        def __init__(self) -> None:
            self.headers = {"content-type": "multipart/form-data; boundary=b"}

        async def stream(self) -> AsyncIterator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(8):
                yield b"x" * 1000

    for held in (UploadBudget(5000, 9000), UploadBudget(9000, 5000)):
        with pytest.raises(Unavailable):
            async with read_upload(Arriving(), "upload-0001", "one", held):  # type: ignore[arg-type]
                pass
        held.take("one", 5000)  # all of it was given back


def test_one_account_does_not_take_the_room_of_the_others() -> None:
    held = UploadBudget()
    for _ in range(2):
        held.take("one", LARGEST_BYTES)
    with pytest.raises(Unavailable):
        held.take("one", LARGEST_BYTES)
    held.take("another", LARGEST_BYTES)
    held.give_back("one", LARGEST_BYTES)
    held.take("one", LARGEST_BYTES)
