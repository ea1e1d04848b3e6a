"""Documents over HTTP: handed in once, read by the family and its authority alone, told without name or content."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import sqlalchemy as sa
from application.store import SqlStore
from application.workflow import Workflow
from application.workflow.announce import announce
from application.workflow.documents.documents import Documents
from application.workflow.reconcile import Reconciliation, What
from shared.database import Database
from shared.events import (
    ApplicationDocumentAdded,
    ApplicationDocumentRemoved,
    EligibilityMessageRead,
    EligibilityQuestionAsked,
    EligibilityRefused,
)
from shared.questions import CaseOut, CasesReply, DocumentOut, Question
from support.answers import Answer, as_asked
from support.application.documents import PHOTO, photograph
from support.application.families import FAMILIES, URL
from support.databases import on_both
from support.outbox import told, told_again

Header = Callable[..., dict[str, str]]
Send = Callable[..., Awaitable[httpx.Response]]
BOTH = on_both("store")


def number(path: str) -> UUID:
    return UUID(path.rsplit("/", 1)[1])


@BOTH
async def test_a_document_is_kept_listed_and_fetched_byte_for_byte_and_told_without_its_name(
    http: httpx.AsyncClient, bearer: Header, application: str, send: Send, store: Database[SqlStore]
) -> None:
    large = photograph(1200)  # of several parts
    assert len(large) > 1_100_000
    answer = await send(large)
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["name"], kept["media_type"], kept["size"]) == ("Attest Ana.png", "image/png", len(large))
    assert kept.pop("received")["de"].startswith(
        "Wir haben Ihre Unterlage erhalten. Sie liegt jetzt bei: Stadt Bielefeld."
    )
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
    (event,) = told(store, ApplicationDocumentAdded)
    assert (event.kind, event.media_type, event.size) == ("medical_certificate", "image/png", len(large))
    assert "Attest" not in event.model_dump_json()
    shown = (await http.get(application, headers=bearer())).json()
    assert [each["kind"] for each in shown["timeline"]] == ["submitted", "document_added"]
    assert shown["links"]["documents"] == f"{application}/documents"


@BOTH
async def test_the_same_request_again_is_the_same_document_and_another_one_with_its_key_a_conflict(
    send: Send, store: Database[SqlStore]
) -> None:
    first, again = await send(), await send()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert len(told(store, ApplicationDocumentAdded, ApplicationDocumentRemoved)) == 1
    assert (await send(photograph(41))).status_code == 409
    assert (await send(kind="other")).status_code == 409
    other = await send(key="upload-0002")
    assert (other.status_code, other.json()["id"] != first.json()["id"]) == (201, True)


@BOTH
async def test_of_many_requests_at_once_with_one_key_one_counts_and_twenty_stay_twenty(
    send: Send, store: Database[SqlStore]
) -> None:
    answers = await asyncio.gather(*(send() for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    answers = await asyncio.gather(*(send(key=f"upload-{count:04}") for count in range(2, 26)))
    assert sorted(answer.status_code for answer in answers) == [201] * 19 + [409] * 5
    assert len(told(store, ApplicationDocumentAdded, ApplicationDocumentRemoved)) == 20


async def test_nobody_but_the_family_and_its_authority_sees_that_there_is_anything(
    http: httpx.AsyncClient, bearer: Header, staff: Header, application: str, send: Send, store: Database[SqlStore]
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
    assert len(told(store, ApplicationDocumentAdded, ApplicationDocumentRemoved)) == 1


async def test_a_document_sent_for_a_question_answers_it_until_it_is_deleted(
    http: httpx.AsyncClient, bearer: Header, workflow: Workflow, store: Database[SqlStore], application: str, send: Send
) -> None:
    asked = EligibilityQuestionAsked(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=number(application), question_id=uuid4(),
        case_id=uuid4(), text="Bitte senden Sie das Attest.", due=datetime.now(UTC).date(),
    )  # fmt: skip
    await store.write(await workflow.timeline.record(asked))
    link = (await send(question_id=str(asked.question_id))).json()["link"]
    assert (await http.get(application, headers=bearer())).json()["questions"][0]["answered"]
    assert told(store, ApplicationDocumentAdded)[0].question_id == asked.question_id
    assert (await http.delete(link, headers=bearer())).status_code == 204
    assert not (await http.get(application, headers=bearer())).json()["questions"][0]["answered"]


@BOTH
async def test_the_family_deletes_a_document_until_it_is_decided(
    http: httpx.AsyncClient, bearer: Header, workflow: Workflow, store: Database[SqlStore], application: str, send: Send
) -> None:
    first = (await send()).json()
    assert (await http.delete(first["link"], headers=bearer())).status_code == 204
    assert (await http.delete(first["link"], headers=bearer())).status_code == 404
    assert (await http.get(first["link"], headers=bearer())).status_code == 404
    assert (await send()).status_code == 409  # the late echo of a request does not bring it back
    left = store.read_now(lambda s: s.session.execute(sa.text("SELECT count(*) FROM document_part")).scalar_one())
    assert left == 0
    (added,), (removed,) = told(store, ApplicationDocumentAdded), told(store, ApplicationDocumentRemoved)
    assert removed.document_id == added.document_id == UUID(first["id"])
    second = (await send(key="upload-0002")).json()
    refused = EligibilityRefused(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=number(application), decision_id=uuid4(),
        distance_m=1.0, limit_m=2, reasons=(), rules_version="x",
    )  # fmt: skip
    await store.write(await workflow.timeline.record(refused))
    assert (await http.delete(second["link"], headers=bearer())).status_code == 409
    # what came after the decision is in none, until somebody has looked at it
    third, fourth = [(await send(key=f"upload-000{each}")).json() for each in (3, 4)]
    assert (await http.delete(third["link"], headers=bearer())).status_code == 204
    read = EligibilityMessageRead(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=number(application),
        message_id=UUID(fourth["id"]),
    )  # fmt: skip
    await store.write(await workflow.timeline.record(read))
    answer = await http.delete(fourth["link"], headers=bearer())
    assert answer.status_code == 409 and "schon angesehen" in answer.text


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
async def test_an_account_has_room_for_so_many_bytes_in_all_its_applications_and_hears_in_both_languages_what_to_do(
    store: Database[SqlStore], workflow: Workflow, bearer: Header, body: dict[str, object]
) -> None:
    documents = Documents(store, most_bytes=2 * len(PHOTO) + 10)
    served = FAMILIES.serving(replace(workflow, documents=documents))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url=URL) as http:

        async def apply(who: str, key: str) -> str:
            headers = bearer(who) | {"Idempotency-Key": key}
            answer = await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)
            return str(answer.json()["links"]["self"])

        async def send(to: str, key: str, who: str = "parent-1", language: str = "de") -> httpx.Response:
            form = {"files": {"file": ("a.png", PHOTO, "image/png")}, "data": {"kind": "medical_certificate"}}
            headers = bearer(who) | {"Idempotency-Key": key, "Accept-Language": language}
            return await http.post(f"{to}/documents", headers=headers, **form)  # type: ignore[arg-type]

        first, second = await apply("parent-1", "key-12345678"), await apply("parent-1", "key-87654321")
        other = await apply("parent-2", "key-12345678")
        sent = [await send(first, "upload-0001"), await send(second, "upload-0002")]
        assert [answer.status_code for answer in sent] == [201, 201]
        for language, words in (("de", "wie wir aufbewahren"), ("en", "as we keep")):
            more = await send(second, "upload-0003", language=language)
            assert (more.status_code, more.json()["problems"][0]["field"]) == (413, "file") and words in more.text
        assert (await send(first, "upload-0001")).status_code == 201, "the same one again is no more"
        assert (await send(other, "upload-0001", "parent-2")).status_code == 201
        link = sent[0].json()["link"]
        assert (await http.delete(link, headers=bearer())).status_code == 204
        assert (await send(second, "upload-0003")).status_code == 201


@BOTH
async def test_documents_are_erased_with_their_application_and_told_again_on_command(
    store: Database[SqlStore], send: Send
) -> None:
    await send()
    (event,) = [
        each for each in store.read_now(lambda s: told_again(announce(s))) if isinstance(each, ApplicationDocumentAdded)
    ]
    assert event.model_dump(exclude={"event_id"}) == told(store, ApplicationDocumentAdded, ApplicationDocumentRemoved)[
        0
    ].model_dump(exclude={"event_id"})
    store.write_now(lambda s: s.session.execute(sa.text("DELETE FROM application")))
    for table in ("document", "document_part"):
        query = sa.text(f"SELECT count(*) FROM {table}")
        assert store.read_now(lambda s, query=query: s.session.execute(query).scalar_one()) == 0  # type: ignore[misc]


@BOTH
async def test_a_document_whose_bytes_are_gone_after_a_restore_is_named(
    application: str, send: Send, store: Database[SqlStore]
) -> None:
    """Its row, or some of its bytes: the authority knows that it was handed in."""
    ids = [UUID((await send(photograph(900 + each), key=f"upload-{each:04}")).json()["id"]) for each in range(3)]
    told_back = Reconciliation(store, Eligibility(number(application), ids))
    assert await told_back.lost() == []
    for table, column, document_id in (("document", "id", ids[0]), ("document_part", "document_id", ids[1])):
        last = " AND number = 0" if table == "document_part" else ""
        gone = sa.text(f"DELETE FROM {table} WHERE {column} = :of{last}").bindparams(of=str(document_id))
        store.write_now(lambda one: one.session.execute(gone) and None)  # noqa: B023
    lost = await told_back.lost()
    assert [(each.what, each.document.document_id) for each in lost if each.document] == [
        (What.DOCUMENT, ids[0]),
        (What.DOCUMENT, ids[1]),
    ]


@dataclass(frozen=True)
class Eligibility:
    """Knows one case, and documents of it."""

    application_id: UUID
    document_ids: list[UUID]

    async def ask(self, _question: Question, answer: type[Answer]) -> Answer | None:
        day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        case = CaseOut(
            application_id=self.application_id,
            case_id=uuid4(),
            authority_id="101023",
            state="granted",
            addressee="",
            received_on=day.date(),
            documents=tuple(
                DocumentOut(document_id=each, kind="other", handed_in_at=day) for each in self.document_ids
            ),
        )
        return as_asked(CasesReply(cases=(case,), is_last=True), answer)
