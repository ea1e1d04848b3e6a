"""Documents before the application: by the same checks, for the same visitors, and nobody is told."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
from application.checks import SchoolKeys
from application.store import SqlStore
from application.workflow import DraftTerms, workflow_on
from shared.bus import outbox
from shared.database import Database
from support.application.documents import PDF, PHOTO, photograph
from support.application.families import FAMILIES, URL
from support.databases import on_both
from unit.application.api.drafts.conftest import Opened

Begin = Callable[..., Awaitable[Opened]]
Header = Callable[..., dict[str, str]]
BOTH = on_both("store")


@BOTH
async def test_a_document_is_kept_listed_fetched_byte_for_byte_and_deleted(
    begin: Begin, http: httpx.AsyncClient, store: Database[SqlStore]
) -> None:
    draft, large = await begin({}), photograph(1200)  # of several parts
    answer = await draft.upload(large, kind="medical_certificate")
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["name"], kept["media_type"], kept["size"]) == ("Attest Ana.png", "image/png", len(large))
    assert answer.headers["location"] == kept["link"] == f"{URL}{draft.path}/documents/{kept['id']}"
    assert (await draft.get()).json()["documents"] == [kept]
    fetched = await http.get(kept["link"], headers=draft.headers)
    assert fetched.content == large
    assert fetched.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in fetched.headers["content-security-policy"]
    assert (await http.delete(kept["link"], headers=draft.headers)).status_code == 204
    assert (await http.delete(kept["link"], headers=draft.headers)).status_code == 404
    assert (await draft.get()).json()["documents"] == []
    assert store.read_now(lambda s: outbox.waiting_events(s.session, 9)) == []


@BOTH
async def test_the_same_request_again_is_the_same_document_and_another_with_its_key_a_conflict(begin: Begin) -> None:
    draft = await begin({})
    answers = await asyncio.gather(*(draft.upload() for _ in range(6)))
    assert {(each.status_code, each.text) for each in answers} == {(201, answers[0].text)}
    assert (await draft.upload(photograph(41))).status_code == 409
    assert (await draft.upload(kind="custody")).status_code == 409
    answers = await asyncio.gather(*(draft.upload(key=f"upload-{each:04}") for each in range(2, 26)))
    assert sorted(each.status_code for each in answers) == [201] * 19 + [409] * 5


async def test_hostile_files_are_answered_as_those_of_applications(begin: Begin) -> None:
    draft = await begin({})
    for content, status in (
        (b"", 422),
        (b"PK\x03\x04" + PHOTO, 422),
        (PHOTO + b"<script>alert(1)</script>PK\x05\x06" + bytes(18), 422),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"), 422),
        (PHOTO[:-40], 422),
        (b"x" * (10 * 1024 * 1024 + 1), 413),
    ):
        answer = await draft.upload(content)
        assert answer.status_code == status, (content[:20], answer.text)
        assert answer.json()["problems"][0]["field"] == "file"
    assert (await draft.upload(kind="passport")).json()["problems"][0]["field"] == "kind"
    assert (await draft.upload(question_id=str(uuid4()))).json()["problems"][0]["field"] == "question_id"
    assert (await draft.upload(key="short")).status_code == 400
    assert (await draft.get()).json()["documents"] == []


async def test_a_document_of_another_draft_is_not_here_and_no_id_is_none(begin: Begin, http: httpx.AsyncClient) -> None:
    draft, other = await begin({}), await begin({})
    theirs = (await other.upload()).json()["id"]
    told = {
        (answer.status_code, answer.text)
        for name in (theirs, str(uuid4()), "x")
        for answer in [
            await http.get(f"{draft.path}/documents/{name}", headers=draft.headers),
            await http.delete(f"{draft.path}/documents/{name}", headers=draft.headers),
        ]
    }
    assert len(told) == 1 and told.pop()[0] == 404
    assert len((await other.get()).json()["documents"]) == 1


async def test_the_documents_of_one_draft_have_an_end(
    store: Database[SqlStore], keys: SchoolKeys, begin: Begin
) -> None:
    small = workflow_on(store, keys, drafts=DraftTerms(most_bytes=2 * len(PHOTO) + 1))
    draft = await begin({})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(FAMILIES.serving(small)), base_url=URL) as http:
        draft.http = http
        statuses = [(await draft.upload(key=f"upload-{each:04}")).status_code for each in range(3)]
        assert statuses == [201, 201, 413]
        assert (await draft.upload(key="upload-0000")).status_code == 201  # which is there already
