"""An application in pieces: what is saved, what is refused, two windows, and for whom it is not there."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from application.domain.draft import Visitor
from application.domain.ids import DraftId
from application.form import EXAMPLE, DraftChange
from application.store import SqlStore
from application.store.drafts import DRAFT
from application.workflow import Workflow
from shared.bus import outbox
from shared.calendar import day_in_berlin
from shared.database import Database
from shared.errors import NotFound
from support.application.families import URL
from support.databases import on_both
from unit.application.api.drafts.conftest import Opened

Begin = Callable[..., Awaitable[Opened]]
Header = Callable[..., dict[str, str]]
BOTH = on_both("store")
TABLES = "draft", "draft_document", "draft_document_part", "submitted_draft"


def rows(store: Database[SqlStore]) -> list[int]:
    """Of each table of drafts."""
    return [
        store.read_now(lambda s, name=name: s.session.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one())  # type: ignore[misc]
        for name in TABLES
    ]


@BOTH
async def test_a_draft_is_begun_without_an_account_and_opened_by_its_link_alone(
    http: httpx.AsyncClient, begin: Begin, store: Database[SqlStore]
) -> None:
    answer = await http.post("/v1/drafts")
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    made = answer.json()
    assert made["link"].startswith(f"{URL}/drafts/") and len(made["link"].rpartition("/")[2]) == 22
    assert answer.headers["location"] == made["links"]["self"] == f"{URL}/v1/drafts/{made['id']}"
    draft = await begin({"school_number": "168890"})
    shown = await draft.get()
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    body = shown.json()
    assert (body["state"], body["version"], body["form"]) == ("draft", 1, {"school_number": "168890"})
    in_a_month = datetime.now(UTC) + timedelta(days=30)
    assert body["deleted_on"] in {day_in_berlin(in_a_month + timedelta(minutes=each)).isoformat() for each in (-9, 0)}
    missing = {each["field"] for each in body["problems"] if each["kind"] == "missing"}
    assert missing == {"guardian", "pupil", "home", "grade", "school_year", "wanted_from"}
    assert not body["complete"]
    assert store.read_now(lambda s: outbox.waiting_events(s.session, 9)) == []


async def test_what_is_missing_inside_a_part_or_does_not_fit_is_saved_and_named(begin: Begin) -> None:
    parts = EXAMPLE | {"grade": "01", "pupil": {"first_name": "Ana"}, "siblings": [{"funded": None}]}
    shown = (await (await begin(parts)).get()).json()
    assert shown["form"] == parts
    problems = {(each["field"], each["kind"]) for each in shown["problems"]}
    assert problems == {
        ("pupil.last_name", "missing"), ("pupil.birth_date", "missing"), ("siblings.0.birth_date", "missing"),
        ("grade", "wrong"),
    }  # fmt: skip
    assert all(each["text"]["de"] and each["text"]["en"] for each in shown["problems"])


async def test_a_whole_form_is_complete_and_nothing_is_wrong_with_it(begin: Begin) -> None:
    shown = (await (await begin()).get()).json()
    assert (shown["complete"], shown["problems"], shown["form"]) == (True, [], EXAMPLE)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"grade": 6}, "grade"),
        ({"shoe_size": 38}, "shoe_size"),
        ({"shoe_size": None}, "shoe_size"),
        ({"pupil": {"first_name": "x" * 121}}, "pupil.first_name"),
        ({"pupil": {"last_name": "A\x00"}}, "pupil.last_name"),
        ({"home": {"postal_code": "123"}}, "home.postal_code"),
        ({"siblings": [{}] * 21}, "siblings"),
        ({"pupil": "Ana"}, "pupil"),
        ({"claims": {"health": {"weeks": 0}}}, "claims.health.weeks"),
        ({"transport": {"distance": 1}}, "transport.distance"),
        ([], "body"),
        ("draft", "body"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_field_as_elsewhere_and_nothing_of_it_is_saved(
    begin: Begin, http: httpx.AsyncClient, store: Database[SqlStore], parts: object, field: str
) -> None:
    draft = await begin({"school_year": "2026/27"})
    before = (await draft.get()).content
    with_good_ones = {**parts, "medium": "paper"} if isinstance(parts, dict) else parts
    for answer in (await draft.put(with_good_ones), await http.post("/v1/drafts", json=with_good_ones)):
        assert answer.status_code == 422, answer.text
        assert [each["field"] for each in answer.json()["problems"]] == [field]
    assert (await draft.get()).content == before
    assert rows(store)[0] == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"grade": "\\ud800"}', b"[" * 5000, b'{"grade": ' + b"9" * 5000]
)
async def test_what_is_no_json_is_a_400(begin: Begin, http: httpx.AsyncClient, body: bytes) -> None:
    draft = await begin({})
    assert (await http.put(draft.path, content=body, headers=draft.headers)).status_code == 400


async def test_a_draft_has_an_end_whatever_blanks_it_is_filled_with(begin: Begin, http: httpx.AsyncClient) -> None:
    draft = await begin({})
    full = {"wanted_from": "2026-09-02" + " " * 40_000}
    for answer in (await draft.put(full), await http.post("/v1/drafts", json=full)):
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:schulticket:problem:too-large")
    assert (await draft.get()).json()["form"] == {}


@BOTH
async def test_parts_take_the_place_of_parts_null_takes_one_out_and_the_others_survive(begin: Begin) -> None:
    draft = await begin({"grade": "05", "pupil": {"first_name": "Ana"}, "medium": "paper"})
    saved = await draft.put({"pupil": {"last_name": "Kara"}, "medium": None, "track": None})
    assert saved.status_code == 200, saved.text
    assert saved.json()["form"] == {"grade": "05", "pupil": {"last_name": "Kara"}}
    assert saved.json()["version"] == 2
    again = await draft.put({"pupil": {"last_name": "Kara"}, "medium": None})
    assert again.json()["version"] == 2
    assert (await draft.get()).json()["form"] == saved.json()["form"]


@BOTH
async def test_of_two_windows_none_overwrites_a_part_that_it_has_not_seen(begin: Begin) -> None:
    draft = await begin({"grade": "05", "medium": "paper"})
    seen = (await draft.get()).headers["etag"]
    first = await draft.put({"grade": "06"}, If_Match=seen)
    assert first.status_code == 200
    late = await draft.put({"grade": "07", "language": "en"}, If_Match=seen)
    assert (late.status_code, late.json()["type"]) == (409, "urn:schulticket:problem:conflict")
    assert [each["field"] for each in late.json()["problems"]] == ["grade"]
    assert late.json()["version"] == first.json()["version"]
    assert (await draft.get()).json()["form"] == {"grade": "06", "medium": "paper"}  # nor half of it
    # another part, and the same once more after an answer that was lost
    assert (await draft.put({"medium": None}, If_Match=seen)).status_code == 200
    assert (await draft.put({"grade": "06"}, If_Match=seen)).status_code == 200
    assert (await draft.put({"medium": "wallet"}, If_Match=seen)).status_code == 409  # taken out is changed too
    newest = (await draft.get()).headers["etag"]
    assert (await draft.put({"grade": "07"}, If_Match=f'"999999-{"0" * 16}"')).status_code == 409
    for tag in (newest, f"W/{newest}", f'"x", {newest}', "*"):
        assert (await draft.put({"grade": "08"}, If_Match=tag)).status_code == 200
    for tag in ("", "3", '"3"', "null", "W/"):
        answer = await draft.put({"grade": "09"}, If_Match=tag)
        assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "If-Match")
    # without it the last one counts
    assert (await draft.put({"grade": "10"})).json()["form"] == {"grade": "10"}


async def test_who_asks_again_is_told_that_nothing_is_new(begin: Begin) -> None:
    draft = await begin({"grade": "05"})
    tag = (await draft.get()).headers["etag"]
    for known in (tag, f"W/{tag}", f'"a", {tag}'):
        answer = await draft.get(**{"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    await draft.put({"grade": "06"})
    assert (await draft.get(**{"If-None-Match": tag})).status_code == 200


@BOTH
async def test_unknown_wrong_old_over_and_deleted_are_answered_alike(
    begin: Begin, workflow: Workflow, http: httpx.AsyncClient, bearer: Header, store: Database[SqlStore]
) -> None:
    others = await begin({})
    draft, renewed, gone, over = [await begin(EXAMPLE) for _ in range(4)]
    deaf = await begin(EXAMPLE, bearer("parent-1"))
    new = await http.post(f"{renewed.path}/link", headers=renewed.headers)
    assert new.status_code == 201 and new.json()["link"] != renewed.link
    assert (await http.delete(gone.path, headers=gone.headers)).status_code == 204
    long_ago = datetime.now(UTC) - timedelta(days=30, seconds=1)
    aged = DRAFT.update().where(DRAFT.c.id == over.id).values(edited_at=long_ago)
    store.write_now(lambda s: s.session.execute(aged) and None)
    absent = type(draft)(http, str(uuid4()), draft.link, draft.headers)
    nonsense = type(draft)(http, "drafts", draft.link, draft.headers)
    answers = [
        *[await each.every_way() for each in (renewed, gone, over, absent, nonsense)],
        *[await draft.every_way(Draft_Token=each) for each in (others.token, "", "x" * 5000, draft.token[:-1], "~")],
        await type(draft)(http, draft.id, draft.link).every_way(),
        await deaf.every_way(**bearer("parent-2")),
        await deaf.every_way(**bearer("parent-1", "case_worker")),
        await draft.every_way(Draft_Token="", **bearer("parent-1")),
    ]
    told = {(answer.status_code, answer.text) for each in answers for answer in each}
    assert len(told) == 1, told
    assert told.pop()[0] == 404
    assert (await draft.get()).json()["form"] == (await deaf.get()).json()["form"] == EXAMPLE
    with_new = {"Draft-Token": new.json()["link"].rpartition("/")[2]}
    assert (await http.get(renewed.path, headers=with_new)).json()["form"] == EXAMPLE
    for link in (renewed.token, gone.token, "", "x" * 5000, "\ud800"):
        with pytest.raises(NotFound):
            await workflow.drafts.id_of_link(link)
    assert await workflow.drafts.id_of_link(draft.token) == DraftId(UUID(draft.id))


async def test_a_part_is_refused_in_the_words_in_which_a_whole_form_is(
    begin: Begin, http: httpx.AsyncClient, bearer: Header
) -> None:
    draft, wrong = await begin({}), {"grade": 6, "home": EXAMPLE["home"] | {"postal_code": "1"}, "medium": "stone"}
    key = bearer() | {"Idempotency-Key": "key-12345678"}
    whole = await http.post("/v1/applications", json=EXAMPLE | wrong, headers=key)
    assert {each["field"]: each["detail"] for each in (await draft.put(wrong)).json()["problems"]} == {
        each["field"]: each["detail"] for each in whole.json()["problems"]
    }


async def test_a_token_that_does_not_count_is_a_401_whatever_is_there(begin: Begin, http: httpx.AsyncClient) -> None:
    draft = await begin({})
    for path in (draft.path, f"/v1/drafts/{uuid4()}"):
        answer = await http.get(path, headers=draft.headers | {"Authorization": "Bearer x"})
        assert answer.status_code == 401


async def test_the_account_that_began_it_opens_it_without_the_link_and_renews_that(
    begin: Begin, http: httpx.AsyncClient, bearer: Header
) -> None:
    draft = await begin({"grade": "05"}, bearer("parent-1"))
    assert (await draft.put({"grade": "06"})).status_code == 200
    by_link = {"Draft-Token": draft.token}
    assert (await http.get(draft.path, headers=by_link)).json()["form"] == {"grade": "06"}
    # the link opens it for another account too: a grandparent helps
    assert (await http.get(draft.path, headers=by_link | bearer("parent-2"))).status_code == 200
    assert (await http.post(f"{draft.path}/link", headers=draft.headers)).status_code == 201
    assert (await http.get(draft.path, headers=by_link)).status_code == 404


@BOTH
async def test_the_link_is_kept_nowhere_and_a_deleted_draft_leaves_nothing(
    begin: Begin, http: httpx.AsyncClient, store: Database[SqlStore]
) -> None:
    draft = await begin()
    assert (await draft.upload()).status_code == 201
    kept = store.read_now(lambda s: s.session.execute(sa.text("SELECT * FROM draft")).one())
    assert draft.token not in repr(tuple(kept)) and draft.token.encode().hex() not in repr(tuple(kept))
    assert draft.token not in (await draft.get()).text
    assert rows(store) == [1, 1, 1, 0]
    assert (await http.delete(draft.path, headers=draft.headers)).status_code == 204
    assert rows(store) == [0, 0, 0, 0]


@BOTH
async def test_a_draft_is_deleted_thirty_days_after_the_last_edit_with_all_that_is_in_it(
    begin: Begin, workflow: Workflow, store: Database[SqlStore]
) -> None:
    drafts = [await begin({}) for _ in range(25)]
    assert (await drafts[0].upload()).status_code == 201
    now = datetime.now(UTC)
    assert await workflow.drafts.forget(now + timedelta(days=29, hours=23)) == 0
    later = now + timedelta(days=10)
    kept = Visitor(token=drafts[1].token), DraftId(UUID(drafts[1].id))
    change = (await workflow.drafts.put(*kept, DraftChange.of({"grade": "06"}), later)).deleted_at
    assert change == later + timedelta(days=30)
    end = now + timedelta(days=30, minutes=1)
    assert [await workflow.drafts.forget(end) for _ in range(3)] == [20, 4, 0]
    assert rows(store) == [1, 0, 0, 0]
    assert await workflow.drafts.forget(change) == 1
