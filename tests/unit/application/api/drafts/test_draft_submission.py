"""A draft is handed in: once, whole, by an account, and is gone then."""

import asyncio
from collections.abc import Awaitable, Callable
from unittest.mock import patch

import httpx
import pytest
import sqlalchemy as sa
from application.checks import SchoolKeys
from application.form import EXAMPLE
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from shared.bus import outbox
from shared.database import Database
from shared.errors import Conflict, Text
from shared.events import ApplicationDocumentAdded
from support.application.documents import PHOTO, photograph
from support.application.families import FAMILIES, URL
from support.databases import on_both
from support.outbox import told
from unit.application.api.drafts.conftest import Opened

Begin = Callable[..., Awaitable[Opened]]
Header = Callable[..., dict[str, str]]
BOTH = on_both("store")
TABLES = "draft", "draft_document", "draft_document_part"


def subjects(store: Database[SqlStore]) -> list[str]:
    return [each.subject for each in store.read_now(lambda s: outbox.waiting_events(s.session, 1000))]


def count(store: Database[SqlStore], table: str) -> int:
    query = sa.text(f"SELECT count(*) FROM {table}")
    return int(store.read_now(lambda s: s.session.execute(query).scalar_one()))


@BOTH
async def test_a_draft_becomes_an_application_with_its_documents_and_is_gone(
    begin: Begin, bearer: Header, http: httpx.AsyncClient, store: Database[SqlStore]
) -> None:
    draft, large = await begin(), photograph(1200)
    names = []
    for number, content in enumerate((large, PHOTO)):
        names.append((await draft.upload(content, f"upload-{number:04}", "medical_certificate")).json()["id"])
    assert subjects(store) == []
    answer = await draft.submit(bearer("parent-1"))
    assert answer.status_code == 201, answer.text
    place = answer.headers["location"]
    assert place == answer.json()["links"]["self"] == f"{URL}/v1/applications/{answer.json()['id']}"
    assert subjects(store) == [
        "application.submitted.v1", "application.holder_given.v1", "application.document_added.v1",
        "application.document_added.v1",
    ]  # fmt: skip
    events = told(store, ApplicationDocumentAdded)
    assert [(str(each.document_id), each.kind, each.size) for each in events] == [
        (names[0], "medical_certificate", len(large)), (names[1], "medical_certificate", len(PHOTO)),
    ]  # fmt: skip
    shown = (await http.get(place, headers=bearer("parent-1"))).json()
    assert [each["id"] for each in shown["documents"]] == names
    assert [each["kind"] for each in shown["timeline"]] == ["submitted", "document_added", "document_added"]
    fetched = await http.get(shown["documents"][0]["link"], headers=bearer("parent-1"))
    assert fetched.content == large
    assert [count(store, each) for each in TABLES] == [0, 0, 0]
    plain = await http.post("/v1/applications", json=EXAMPLE, headers=bearer() | {"Idempotency-Key": "key-87654321"})
    assert shown["form"] == (await http.get(plain.headers["location"], headers=bearer())).json()["form"]


@BOTH
async def test_the_same_key_is_the_same_application_also_once_the_draft_is_gone_and_another_key_none(
    begin: Begin, bearer: Header, http: httpx.AsyncClient, store: Database[SqlStore]
) -> None:
    draft = await begin()
    await draft.upload()
    first, again = await draft.submit(bearer()), await draft.submit(bearer())
    assert (first.status_code, first.content) == (again.status_code, again.content)
    other = await draft.submit(bearer(), "key-87654321")
    assert (other.status_code, other.json()["application_id"]) == (409, first.json()["id"])
    assert (await draft.submit(bearer("parent-2"))).status_code == 404
    assert len(subjects(store)) == 3


@BOTH
async def test_of_many_submissions_side_by_side_one_counts(
    begin: Begin, bearer: Header, store: Database[SqlStore]
) -> None:
    draft = await begin()
    await draft.upload()
    tries = [draft.submit(bearer(), key) for key in ["key-12345678"] * 8 + ["key-87654321"] * 4]
    tries += [draft.submit(bearer("parent-2"), "key-12345678") for _ in range(4)]
    answers = await asyncio.gather(*tries)
    made = {each.json()["id"] for each in answers if each.status_code == 201}
    assert len(made) == 1
    assert {each.status_code for each in answers} <= {201, 404, 409}
    assert (count(store, "application"), count(store, "document"), len(subjects(store))) == (1, 1, 3)


@BOTH
async def test_the_link_says_where_the_application_is_to_whose_it_is_alone(
    begin: Begin, bearer: Header, http: httpx.AsyncClient, workflow: Workflow, store: Database[SqlStore]
) -> None:
    draft = await begin()
    made = await draft.submit(bearer("parent-1"))
    shown = (await draft.get(**bearer("parent-1"))).json()
    assert (shown["state"], shown["application"]) == ("submitted", made.headers["location"])
    by_link = await workflow.drafts.id_of_link(draft.token)
    assert str(by_link) == draft.id
    for headers in ({}, bearer("parent-2"), bearer("parent-1", "case_worker")):
        assert {each.status_code for each in await draft.every_way(**headers)} == {404}
    ways = [each.status_code for each in await draft.every_way(**bearer("parent-1"))]
    assert ways == [200, *[409] * 6]
    store.write_now(lambda s: s.session.execute(sa.text("DELETE FROM application")) and None)
    assert count(store, "submitted_draft") == 0
    assert (await draft.get(**bearer("parent-1"))).status_code == 404


async def test_what_is_missing_or_wrong_is_told_as_for_an_application_and_the_draft_stays(
    begin: Begin, bearer: Header, http: httpx.AsyncClient, store: Database[SqlStore]
) -> None:
    parts = {name: value for name, value in EXAMPLE.items() if name != "home"} | {"grade": "01"}
    draft = await begin(parts)
    answer = await draft.submit(bearer())
    key = bearer() | {"Idempotency-Key": "key-87654321"}
    plain = await http.post("/v1/applications", json=parts, headers=key)
    assert (answer.status_code, answer.json()) == (plain.status_code, plain.json())
    assert {each["field"] for each in answer.json()["problems"]} == {"home", "grade"}
    assert (await draft.get()).json()["form"] == parts
    assert subjects(store) == []
    await draft.put({"home": EXAMPLE["home"], "grade": "05"})
    assert (await draft.submit(bearer())).status_code == 201


async def test_it_takes_an_account_a_right_to_the_draft_and_a_key(
    begin: Begin, bearer: Header, http: httpx.AsyncClient, store: Database[SqlStore]
) -> None:
    draft = await begin()
    own = await begin(EXAMPLE, bearer("parent-1"))
    assert (await draft.submit({})).status_code == 401
    assert (await draft.submit(bearer("clerk", "case_worker"))).status_code == 403
    assert (await draft.submit(bearer(), "short")).status_code == 400
    key = {"Idempotency-Key": "key-12345678"}
    assert (await http.post(f"{draft.path}/submission", headers=bearer() | key)).status_code == 404
    assert (await http.post(f"{own.path}/submission", headers=bearer("parent-2") | key)).status_code == 404
    assert (await http.post("/v1/drafts/x/submission", headers=bearer() | key)).status_code == 404
    assert subjects(store) == []
    assert (await own.submit(bearer("parent-1"))).status_code == 201


@BOTH
async def test_a_key_of_another_application_is_a_conflict_whatever_it_says(
    begin: Begin, bearer: Header, http: httpx.AsyncClient, store: Database[SqlStore]
) -> None:
    key = bearer() | {"Idempotency-Key": "key-12345678"}
    assert (await http.post("/v1/applications", json=EXAMPLE, headers=key)).status_code == 201
    same, other = await begin(), await begin(EXAMPLE | {"grade": "06"})
    for draft in (same, other):
        assert (await draft.submit(bearer())).status_code == 409
        assert (await draft.get()).status_code == 200
    assert count(store, "application") == 1


async def test_more_documents_than_are_kept_of_an_account_are_told_before_anything_is_written(
    begin: Begin, bearer: Header, store: Database[SqlStore], keys: SchoolKeys
) -> None:
    draft = await begin()
    await draft.upload()
    small = workflow_on(store, keys, most_bytes=len(PHOTO) - 1)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(FAMILIES.serving(small)), base_url=URL) as http:
        draft.http = http
        assert (await draft.submit(bearer())).status_code == 413
        assert (count(store, "application"), subjects(store)) == (0, [])
        assert len((await draft.get()).json()["documents"]) == 1


@BOTH
@pytest.mark.parametrize("step", ["hand_over", "drop_draft", "note", "emit"])
async def test_whatever_fails_in_it_all_is_as_before_and_the_next_try_counts(
    begin: Begin, bearer: Header, store: Database[SqlStore], step: str
) -> None:
    """As where the process dies between two of its steps: nothing is committed."""
    draft = await begin()
    await draft.upload()
    before = (await draft.get()).content

    def fails(*_: object) -> None:
        raise Conflict(Text("Hier endet es.", "Here it ends."))

    with patch.object(SqlStore, step, fails):
        assert (await draft.submit(bearer())).status_code == 409
    assert (await draft.get()).content == before
    assert (count(store, "application"), count(store, "document"), subjects(store)) == (0, 0, [])
    assert (await draft.submit(bearer())).status_code == 201
    assert len(subjects(store)) == 3
