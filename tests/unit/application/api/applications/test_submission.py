"""Handing in: once per key, for the owner alone, and never a 500."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import UTC, datetime

import httpx
import pytest
from application.domain.ids import Owner
from application.domain.school import School
from application.form import EXAMPLE, ApplicationForm
from application.workflow import Store, Workflow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared.bus import outbox
from shared.database import Database
from shared.errors import Invalid
from shared.events import ApplicationHolderGiven, ApplicationSubmitted, ApplicationWithdrawn
from support.json import mapping

Header = Callable[..., dict[str, str]]
Post = Callable[..., Awaitable[httpx.Response]]


def events(database: Database[Store]) -> list[tuple[str, dict[str, object]]]:
    rows = database.read_now(lambda store: outbox.waiting_events(store.session, 1000))  # type: ignore[attr-defined]
    return [(row.subject, json.loads(row.payload)) for row in rows]


@pytest.fixture
def post(http: httpx.AsyncClient, bearer: Header) -> Post:
    async def send(
        body: object, key: str | None = "key-12345678", subject: str = "parent-1", **headers: str
    ) -> httpx.Response:
        key_header = {} if key is None else {"Idempotency-Key": key}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        everything = {**bearer(subject), **key_header, **headers}
        return await http.post("/v1/applications", content=content, headers=everything)

    return send


async def test_an_application_is_taken_and_told_in_two_events(
    post: Post, body: dict[str, object], database: Database[Store]
) -> None:
    answer = await post(body)
    assert answer.status_code == 201
    receipt = answer.json()
    assert (
        answer.headers["location"]
        == receipt["links"]["self"]
        == f"https://antrag.example/v1/applications/{receipt['id']}"
    )
    assert datetime.fromisoformat(receipt["submitted_at"]).utcoffset() is not None
    (first, facts), (second, holder) = events(database)
    assert (first, second) == (ApplicationSubmitted.subject, ApplicationHolderGiven.subject)
    submitted = ApplicationSubmitted.model_validate(facts)
    assert str(submitted.application_id) == receipt["id"]
    assert submitted.authority_id == "10261"
    assert submitted.grade == "05" and submitted.track == "GY9"
    assert submitted.claims.health_weeks == 12 and submitted.claims.health_certificate
    assert submitted.circumstances.benefits == ("SGB II",) and submitted.circumstances.lives_in_nrw
    assert submitted.addressee.last_name == "O’Neill-Łukasiewicz"
    assert submitted.addressee_address == submitted.home
    assert ApplicationHolderGiven.model_validate(holder).birth_date.isoformat() == "2016-02-29"


async def test_the_holder_goes_without_health_benefits_or_address(
    post: Post, body: dict[str, object], database: Database[Store]
) -> None:
    await post(body)
    _, holder = events(database)[1]
    assert set(holder) == {
        "event_id", "occurred_at", "authority_id", "application_id",
        "first_name", "last_name", "birth_date", "gender", "medium",
    }  # fmt: skip


async def test_without_a_key_it_is_a_400_that_names_the_header(post: Post, body: dict[str, object]) -> None:
    for key in (None, "short", "x" * 256):
        answer = await post(body, key)
        assert answer.status_code == 400
        assert answer.json()["problems"][0]["field"] == "Idempotency-Key"


async def test_of_two_keys_nobody_guesses_which_was_meant(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[Store]
) -> None:
    for second in ("key-12345678", "key-87654321"):
        headers = [*bearer("parent-1").items(), ("Idempotency-Key", "key-12345678"), ("idempotency-key", second)]
        answer = await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)
        assert (answer.status_code, "zweimal" in answer.text) == (400, True)
    assert events(database) == []


async def test_the_same_key_and_body_get_the_same_answer_and_one_application(
    post: Post, body: dict[str, object], database: Database[Store]
) -> None:
    first, second = await post(body), await post(dict(reversed(body.items())))
    assert (second.status_code, second.content, second.headers["location"]) == (
        first.status_code, first.content, first.headers["location"],
    )  # fmt: skip
    assert len(events(database)) == 2


async def test_the_same_key_with_another_body_is_a_conflict(post: Post, body: dict[str, object]) -> None:
    await post(body)
    answer = await post({**body, "grade": "06"}, **{"Accept-Language": "en"})
    assert answer.status_code == 409
    assert "new key" in answer.json()["detail"]
    assert "Dieser Idempotency-Key" in (await post({**body, "grade": "06"})).json()["detail"]


async def test_a_key_belongs_to_its_caller(post: Post, body: dict[str, object]) -> None:
    mine, theirs = await post(body), await post({**body, "grade": "06"}, subject="parent-2")
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]


async def test_a_repeated_request_is_answered_although_the_school_has_closed_since(
    post: Post, body: dict[str, object], workflow: Workflow, school: Callable[..., School]
) -> None:
    first = await post(body)
    workflow.directory.fill([school(operation="9")], [])
    assert (await post(body)).content == first.content
    assert (await post(body, "another-key")).status_code == 422


async def test_a_corrected_body_may_use_the_key_of_the_refused_one(post: Post, body: dict[str, object]) -> None:
    assert (await post({**body, "grade": "01"})).status_code == 422
    assert (await post(body)).status_code == 201


async def test_of_many_posts_at_once_with_one_key_one_counts(
    post: Post, body: dict[str, object], database: Database[Store]
) -> None:
    answers = await asyncio.gather(*(post(body) for _ in range(20)), *(post({**body, "grade": "06"}) for _ in range(5)))
    taken = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in taken}) == 1
    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert len(events(database)) == 2


async def test_nobody_else_can_tell_that_an_application_exists(
    post: Post, http: httpx.AsyncClient, bearer: Header, body: dict[str, object]
) -> None:
    own = (await post(body)).headers["location"]
    absent = "https://antrag.example/v1/applications/00000000-0000-4000-8000-000000000000"
    stranger = bearer("parent-2")
    answers = [
        await http.get(path, headers=stranger)
        for path in (own, absent, own[:-4], own.upper().replace("HTTPS", "https"))
    ]
    answers += [await http.post(f"{path}/withdrawal", headers=stranger) for path in (own, absent)]
    assert {(answer.status_code, answer.text) for answer in answers[:3]} == {(404, answers[0].text)}
    assert {(answer.status_code, answer.text) for answer in answers[4:]} == {(404, answers[0].text)}
    assert (await http.get("/v1/applications", headers=stranger)).json() == {"items": [], "next": None}
    assert (await http.get(own, headers=bearer("parent-1"))).status_code == 200


async def test_without_a_token_it_is_401_and_without_the_role_403(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object]
) -> None:
    key = {"Idempotency-Key": "key-12345678"}
    assert (await http.post("/v1/applications", json=body, headers=key)).status_code == 401
    clerk = bearer("clerk", "case_worker")
    assert (await http.post("/v1/applications", json=body, headers={**key, **clerk})).status_code == 403
    assert (await http.get("/v1/applications", headers=clerk)).status_code == 403


async def test_the_owner_sees_pupil_school_and_timeline(
    post: Post, http: httpx.AsyncClient, bearer: Header, body: dict[str, object]
) -> None:
    location = (await post(body)).headers["location"]
    answer = await http.get(location, headers=bearer())
    assert answer.headers["cache-control"] == "no-store"
    shown = answer.json()
    assert shown["status"] == "submitted"
    assert shown["pupil"] == {"first_name": "Jānis", "last_name": "Łukasiewicz"}
    assert shown["school"]["authority"] == "Stadt Bielefeld"
    assert [entry["kind"] for entry in shown["timeline"]] == ["submitted"]
    assert shown["timeline"][0]["text"] == {
        "de": "Ihr Antrag ist bei uns eingegangen.", "en": "We have received your application.",
    }  # fmt: skip
    assert shown["decision"] is None


async def test_the_list_comes_in_pages_newest_first(
    post: Post, http: httpx.AsyncClient, bearer: Header, body: dict[str, object]
) -> None:
    ids = [(await post(body, f"key-1234567{number}")).json()["id"] for number in range(5)]
    first = (await http.get("/v1/applications?limit=2", headers=bearer())).json()
    second = (await http.get(first["next"], headers=bearer())).json()
    third = (await http.get(second["next"], headers=bearer())).json()
    assert [item["id"] for page in (first, second, third) for item in page["items"]] == ids[::-1]
    assert third["next"] is None


async def test_taking_back_twice_is_told_once(
    post: Post, http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[Store]
) -> None:
    withdrawal = (await post(body)).json()["links"]["withdrawal"]
    first = await http.post(withdrawal, headers=bearer())
    second = await http.post(withdrawal, headers=bearer())
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["status"] == "withdrawn"
    assert first.json()["links"]["withdrawal"] is None
    assert [subject for subject, _ in events(database)].count(ApplicationWithdrawn.subject) == 1


async def test_a_late_application_is_accepted_with_a_hint(
    workflow: Workflow, body: dict[str, object], bearer: Header, http: httpx.AsyncClient
) -> None:
    body |= {"school_year": "2024/25", "wanted_from": "2024-09-01", "consents": []}
    form = ApplicationForm.model_validate_json(json.dumps(body))
    for day, late in (
        (datetime(2025, 10, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2025, 10, 31, 23, 0, tzinfo=UTC), True),
    ):
        application = await workflow.applications.submit(Owner("parent-1"), f"key-{day}", form, day)
        shown = await http.get(f"/v1/applications/{application.id}", headers=bearer())
        assert bool(shown.json()["hints"]) is late


async def test_the_day_of_the_law_is_that_of_germany(workflow: Workflow, body: dict[str, object]) -> None:
    mapping(body["pupil"])["birth_date"] = "2015-05-01"
    body["siblings"] = [{"birth_date": "2026-06-02", "funded": False}]
    form = ApplicationForm.model_validate_json(json.dumps(body))
    with pytest.raises(Invalid):
        await workflow.applications.submit(Owner("p"), "key", form, datetime(2026, 6, 1, 21, 59, tzinfo=UTC))
    body["consents"] = []
    assert await workflow.applications.submit(Owner("p"), "key", form, datetime(2026, 6, 1, 22, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[1,2", b'{"a": NaN}', b'{"guardian":' * 2000, b'"\\ud800"', b"\x00", b'{"a": 1}}'],
)
async def test_what_is_no_json_is_a_400(post: Post, content: bytes) -> None:
    answer = await post(content)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("content", [b"[]", b"null", b"1", b'"text"', b"{}", b'{"siblings": {}}', b'{"pupil": []}'])
async def test_what_is_no_form_is_a_422(post: Post, content: bytes) -> None:
    assert (await post(content)).status_code == 422


NUMBERS = itertools.count()
HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40) | st.just("9" * 400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PATHS = st.sampled_from(
    [
        ("guardian",), ("guardian", "last_name"), ("guardian", "email"), ("pupil",), ("pupil", "birth_date"),
        ("pupil", "last_name"), ("home",), ("home", "house_number"), ("school_number",), ("grade",), ("track",),
        ("course",), ("school_year",), ("wanted_from",), ("claims",), ("claims", "health"), ("siblings",),
        ("benefits",), ("consents",), ("language",), ("medium",), ("extra",),
    ]
)  # fmt: skip


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoilt=st.lists(st.tuples(PATHS, HOSTILE), min_size=1, max_size=4))
async def test_no_body_makes_a_500(spoilt: list[tuple[tuple[str, ...], object]], post: Post) -> None:
    body: dict[str, object] = deepcopy(EXAMPLE)
    for path, value in spoilt:
        place: object = body
        for part in path[:-1]:
            place = place.get(part) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place[path[-1]] = value
    content = json.dumps(body).encode("utf-8", "surrogatepass")
    answer = await post(content, key=f"key-{next(NUMBERS):08}")
    assert answer.status_code in (201, 400, 422), answer.text
