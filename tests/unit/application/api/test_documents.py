"""Documents over HTTP: handed in once, read by the family and its authority alone, told without name or content."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from application import api
from application.api.documents.uploads import Held, reading
from application.checks import SchoolKeys
from application.domain.school import School
from application.main import open_database
from application.workflow import Store, Workflow, workflow_on
from application.workflow.announce import announce
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from PIL import Image
from shared.bus import outbox
from shared.database import Database
from shared.database.migration import upgrade
from shared.errors import Unavailable
from shared.events import (
    ApplicationDocumentAdded,
    ApplicationDocumentRemoved,
    EligibilityQuestionAsked,
    EligibilityRefused,
)
from shared.http import problems
from shared.http.edge import Edge
from shared.identity import Identity

Header = Callable[..., dict[str, str]]
Send = Callable[..., Any]
ISSUER = "https://id.example"


def photograph(side: int = 40) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 80).save(out, "PNG")
    return out.getvalue()


PHOTO = photograph()


BOTH = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
"""Where the two databases could differ."""


@pytest.fixture
def store(request: pytest.FixtureRequest, keys: SchoolKeys, school: Callable[..., School]) -> Iterator[Database[Store]]:
    """The small directory; on PostgreSQL where the test says so."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield request.getfixturevalue("database")
        return
    url = request.getfixturevalue("postgresql")()
    upgrade(url, "application")
    database = open_database(url)
    workflow_on(database, keys).directory.fill([school()], [school().authority])
    yield database
    database.close()


@pytest.fixture
def workflow(store: Database[Store], keys: SchoolKeys) -> Workflow:
    return workflow_on(store, keys)


@pytest.fixture
async def http(workflow: Workflow, signing_key: ECKey) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    problems.install(app)
    identity = Identity(ISSUER, "schulticket", keys=KeySet([signing_key]))
    app.include_router(api.applications(workflow, identity, "https://antrag.example"))
    app.include_router(api.documents(workflow, identity, "https://antrag.example"))
    app.add_middleware(Edge, maximum_body_bytes=262_144, larger=[api.LARGER_BODY])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://antrag.example") as client:
        yield client


@pytest.fixture
def staff(signing_key: ECKey) -> Header:
    def header(authority: str = "10261", role: str = "case_worker") -> dict[str, str]:
        claims = {"iss": ISSUER, "aud": "schulticket", "sub": "worker", "roles": [role], "authority_id": authority,
                  "exp": int(datetime.now(UTC).timestamp()) + 600}  # fmt: skip
        return {"Authorization": "Bearer " + jwt.encode({"alg": "ES256", "kid": "test"}, claims, signing_key)}

    return header


@pytest.fixture
async def application(http: httpx.AsyncClient, bearer: Header, body: dict[str, Any]) -> str:
    headers = bearer() | {"Idempotency-Key": "key-12345678"}
    answer = await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["links"]["self"])


@pytest.fixture
def send(http: httpx.AsyncClient, bearer: Header, application: str) -> Send:
    async def post(content: bytes = PHOTO, *, key: str = "upload-0001", kind: str = "medical_certificate",
                   name: str = "Attest Ana.png", who: str = "parent-1", **fields: str) -> httpx.Response:  # fmt: skip
        return await http.post(
            f"{application}/documents",
            files={"file": (name, content, "application/x-msdownload")},
            data={"kind": kind, **fields},
            headers=bearer(who) | {"Idempotency-Key": key},
        )

    return post


def told(database: Database[Store]) -> list[Any]:
    kinds = {each.subject: each for each in (ApplicationDocumentAdded, ApplicationDocumentRemoved)}
    rows = database.read_now(lambda store: outbox.waiting(store.session, 1000))  # type: ignore[attr-defined]
    return [kinds[row.subject].model_validate_json(row.payload) for row in rows if row.subject in kinds]


def number(path: str) -> UUID:
    return UUID(path.rsplit("/", 1)[1])


@BOTH
async def test_a_document_is_kept_listed_and_fetched_byte_for_byte_and_told_without_its_name(
    http: httpx.AsyncClient, bearer: Header, application: str, send: Send, store: Database[Store]
) -> None:
    large = photograph(1200)  # of several parts
    assert len(large) > 1_100_000
    answer = await send(large)
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["name"], kept["media_type"], kept["size"]) == ("Attest Ana.png", "image/png", len(large))
    assert kept["kind_text"] == {"de": "Ärztliches Attest", "en": "Medical certificate"}
    assert (await http.get(f"{application}/documents", headers=bearer())).json() == {"items": [kept]}
    fetched = await http.get(answer.headers["location"], headers=bearer())
    assert fetched.content == large
    assert fetched.headers["content-type"] == "image/png"
    assert fetched.headers["content-disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Attest%20Ana.png" in fetched.headers["content-disposition"]
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in fetched.headers["content-security-policy"]
    assert fetched.headers["cache-control"] == "no-store"
    (event,) = told(store)
    assert (event.kind, event.media_type, event.size) == ("medical_certificate", "image/png", len(large))
    assert "Attest" not in event.model_dump_json()
    shown = (await http.get(application, headers=bearer())).json()
    assert [each["kind"] for each in shown["timeline"]] == ["submitted", "document_added"]
    assert shown["links"]["documents"] == f"{application}/documents"


@BOTH
async def test_the_same_request_again_is_the_same_document_and_another_one_with_its_key_a_conflict(
    send: Send, store: Database[Store]
) -> None:
    first, again = await send(), await send()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert len(told(store)) == 1
    assert (await send(photograph(41))).status_code == 409
    assert (await send(kind="other")).status_code == 409
    other = await send(key="upload-0002")
    assert (other.status_code, other.json()["id"] != first.json()["id"]) == (201, True)


@BOTH
async def test_of_many_requests_at_once_with_one_key_one_counts_and_twenty_stay_twenty(
    send: Send, store: Database[Store]
) -> None:
    answers = await asyncio.gather(*(send() for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    answers = await asyncio.gather(*(send(key=f"upload-{count:04}") for count in range(2, 26)))
    assert sorted(answer.status_code for answer in answers) == [201] * 19 + [409] * 5
    assert len(told(store)) == 20


async def test_nobody_but_the_family_and_its_authority_sees_that_there_is_anything(
    http: httpx.AsyncClient, bearer: Header, staff: Header, application: str, send: Send, store: Database[Store]
) -> None:
    link = (await send()).json()["link"]
    for who in (bearer("stranger"), staff("10999"), bearer("worker")):
        for path in (link, f"{application}/documents"):
            assert (await http.get(path, headers=who)).status_code == 404
    assert (await http.delete(link, headers=bearer("stranger"))).status_code == 404
    assert (await send(who="stranger", key="upload-0009")).status_code == 404
    assert (await http.get(link)).status_code == 401
    for role in ("inspector", "operator", "administrator"):
        assert (await http.get(link, headers=staff(role=role))).status_code == 403
    assert (await http.delete(link, headers=staff())).status_code == 403
    for role in ("case_worker", "releaser"):
        assert (await http.get(link, headers=staff(role=role))).content == PHOTO
    assert len((await http.get(f"{application}/documents", headers=staff())).json()["items"]) == 1
    # another application's document is not found under this one, and what is no id is not there either
    for path in (f"{application}/documents/{uuid4()}", f"{application}/documents/x", "/v1/applications/x/documents"):
        assert (await http.get(path, headers=bearer())).status_code == 404
    assert len(told(store)) == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "leer"),
        (b"MZ" * 100, "PDF und Fotos"),
        (PHOTO[:-10], "unvollständig"),
        (PHOTO + b"PK", "steckt"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_with_the_reason_in_both_languages(
    http: httpx.AsyncClient,
    bearer: Header,
    application: str,
    send: Send,
    store: Database[Store],
    content: bytes,
    word: str,
) -> None:
    answer = await send(content)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["problems"][0]["field"] == "file"
    assert word in answer.json()["problems"][0]["detail"]
    assert told(store) == []
    assert (await http.get(f"{application}/documents", headers=bearer())).json() == {"items": []}


async def test_the_largest_file_is_taken_and_one_byte_more_is_not(send: Send, store: Database[Store]) -> None:
    filler = 10 * 1024 * 1024 - len(PHOTO)

    # a chunk of its own with a right checksum before the end of the picture
    def padded(extra: int) -> bytes:
        import struct
        import zlib

        data = b"tEXt" + b"x" * (filler - 12 + extra)
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
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"", 422),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"nonsense", 422),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nother\r\n'
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + PHOTO,
            422,  # the body ends before the form does
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + PHOTO + b"\r\n--b--\r\n",
            422,  # of which kind?
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="role"\r\n\r\nadmin\r\n--b--\r\n',
            415,
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nother\r\n' * 2 + b"--b--\r\n",
            415,
        ),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b\r\nX-" + b"a" * 5000 + b": 1\r\n\r\n", 422),
    ],
)
async def test_a_body_that_is_no_whole_form_is_refused(
    http: httpx.AsyncClient,
    bearer: Header,
    application: str,
    store: Database[Store],
    headers: dict[str, str],
    content: bytes,
    status: int,
) -> None:
    key = {"Idempotency-Key": "upload-0001"}
    answer = await http.post(f"{application}/documents", content=content, headers=bearer() | key | headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told(store) == []


async def test_without_a_key_or_with_an_unknown_kind_or_question_nothing_is_kept(
    http: httpx.AsyncClient, bearer: Header, application: str, send: Send, store: Database[Store]
) -> None:
    files = {"file": ("a.png", PHOTO, "image/png")}
    answer = await http.post(f"{application}/documents", files=files, data={"kind": "other"}, headers=bearer())
    assert answer.status_code == 400
    assert (await send(kind="passport")).json()["problems"][0]["field"] == "kind"
    assert (await send(question_id="x")).json()["problems"][0]["field"] == "question_id"
    assert (await send(question_id=str(uuid4()))).json()["problems"][0]["field"] == "question_id"
    assert (await send(question_id="")).status_code == 201  # a page's empty field
    assert len(told(store)) == 1


async def test_a_document_sent_for_a_question_answers_it_until_it_is_deleted(
    http: httpx.AsyncClient, bearer: Header, workflow: Workflow, store: Database[Store], application: str, send: Send
) -> None:
    asked = EligibilityQuestionAsked(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=number(application), question_id=uuid4(),
        case_id=uuid4(), text="Bitte senden Sie das Attest.", due=datetime.now(UTC).date(),
    )  # fmt: skip
    await store.write(await workflow.newsroom.hear(asked))
    link = (await send(question_id=str(asked.question_id))).json()["link"]
    assert (await http.get(application, headers=bearer())).json()["questions"][0]["answered"]
    assert told(store)[0].question_id == asked.question_id
    assert (await http.delete(link, headers=bearer())).status_code == 204
    assert not (await http.get(application, headers=bearer())).json()["questions"][0]["answered"]


@BOTH
async def test_the_family_deletes_a_document_until_it_is_decided(
    http: httpx.AsyncClient, bearer: Header, workflow: Workflow, store: Database[Store], application: str, send: Send
) -> None:
    first = (await send()).json()
    assert (await http.delete(first["link"], headers=bearer())).status_code == 204
    assert (await http.delete(first["link"], headers=bearer())).status_code == 404
    assert (await http.get(first["link"], headers=bearer())).status_code == 404
    assert (await send()).status_code == 409  # the late echo of a request does not bring it back
    left = store.read_now(lambda s: s.session.execute(sa.text("SELECT count(*) FROM document_part")).scalar_one())  # type: ignore[attr-defined]
    assert left == 0
    added, removed = told(store)
    assert removed.document_id == added.document_id == UUID(first["id"])
    second = (await send(key="upload-0002")).json()
    refused = EligibilityRefused(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=number(application), decision_id=uuid4(),
        distance_m=1.0, limit_m=2, reasons=(), rules_version="x",
    )  # fmt: skip
    await store.write(await workflow.newsroom.hear(refused))
    assert (await http.delete(second["link"], headers=bearer())).status_code == 409


async def test_an_application_that_was_withdrawn_takes_no_document(
    http: httpx.AsyncClient, bearer: Header, application: str, send: Send
) -> None:
    await http.post(f"{application}/withdrawal", headers=bearer())
    answer = await send()
    assert (answer.status_code, "zurückgenommen" in answer.json()["detail"]) == (409, True)


async def test_an_application_takes_twenty_documents_and_shows_them_in_their_order(
    http: httpx.AsyncClient, bearer: Header, application: str, send: Send
) -> None:
    for count in range(20):
        assert (await send(key=f"upload-{count:04}")).status_code == 201
    more = await send(key="upload-0020")
    assert (more.status_code, "20 Unterlagen" in more.json()["detail"]) == (409, True)
    assert (await send(key="upload-0000")).status_code == 201  # a repeated one is no twenty-first
    listed = (await http.get(f"{application}/documents", headers=bearer())).json()["items"]
    assert [each["added_at"] for each in listed] == sorted(each["added_at"] for each in listed)


@BOTH
async def test_documents_are_erased_with_their_application_and_told_again_on_command(
    store: Database[Store], send: Send
) -> None:
    await send()
    (event,) = [
        each for each in store.read_now(lambda s: list(announce(s))) if isinstance(each, ApplicationDocumentAdded)
    ]
    assert event.model_dump(exclude={"event_id"}) == told(store)[0].model_dump(exclude={"event_id"})
    store.write_now(lambda s: s.session.execute(sa.text("DELETE FROM application")))  # type: ignore[attr-defined]
    for table in ("document", "document_part"):
        query = sa.text(f"SELECT count(*) FROM {table}")
        assert store.read_now(lambda s, query=query: s.session.execute(query).scalar_one()) == 0  # type: ignore[misc,attr-defined]


async def test_unfinished_uploads_hold_no_more_memory_than_is_set_aside() -> None:
    class Arriving:
        def __init__(self) -> None:
            self.headers = {"content-type": "multipart/form-data; boundary=b"}

        async def stream(self) -> AsyncIterator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(8):
                yield b"x" * 1000

    held = Held(5000)
    with pytest.raises(Unavailable):
        async with reading(Arriving(), "upload-0001", held):  # type: ignore[arg-type]
            pass
    held.take(5000)  # all of it was given back
