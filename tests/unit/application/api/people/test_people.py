"""People who help, over HTTP: what is answered, and what the family reads of who has sent what."""

import json
import logging
from collections.abc import Callable

import httpx
import pytest
from application.api.people.limits import InvitationLimits
from shared.errors import Problem
from starlette.requests import Request
from support.application.documents import PHOTO

Header = Callable[..., dict[str, str]]


@pytest.fixture
async def application(http: httpx.AsyncClient, bearer: Header, body: dict[str, object]) -> str:
    headers = bearer() | {"Idempotency-Key": "key-12345678"}
    answer = await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["links"]["self"])


async def invited(http: httpx.AsyncClient, bearer: Header, application: str, kind: str = "helper") -> str:
    """The token of a new link."""
    answer = await http.post(f"{application}/invitations", json={"kind": kind}, headers=bearer())
    assert answer.status_code == 201, answer.text
    assert answer.json()["link"].startswith("https://antrag.example/invitations/")
    return str(answer.json()["link"]).rpartition("/")[2]


async def helping(http: httpx.AsyncClient, bearer: Header, application: str, who: str = "grandmother") -> None:
    token = await invited(http, bearer, application)
    answer = await http.post(f"/v1/invitations/{token}", json={"name": "Oma Inge"}, headers=bearer(who))
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"application": application, "you": "helper"}


async def test_who_helps_sees_it_in_the_list_with_what_can_be_done(
    http: httpx.AsyncClient, bearer: Header, application: str
) -> None:
    await helping(http, bearer, application)
    (item,) = (await http.get("/v1/applications", headers=bearer("grandmother"))).json()["items"]
    assert item["you"] == "helper" and item["links"]["withdrawal"] is None and item["links"]["answers"]
    (own,) = (await http.get("/v1/applications", headers=bearer())).json()["items"]
    assert own["you"] == "owner" and own["links"]["withdrawal"]
    page = await http.get(f"/v1/applications?before={item['id']}", headers=bearer("grandmother"))
    assert page.json()["items"] == []


async def test_the_owner_lists_invites_takes_back_and_removes(
    http: httpx.AsyncClient, bearer: Header, application: str
) -> None:
    await helping(http, bearer, application)
    await invited(http, bearer, application)
    people = (await http.get(f"{application}/people", headers=bearer())).json()
    (person,), (open_one,) = people["items"], people["invitations"]
    assert (person["kind"], person["name"]) == ("helper", "Oma Inge") and person["since"].endswith(("+01:00", "+02:00"))
    assert "token" not in json.dumps(people) and "link" not in json.dumps(people)
    for path in (f"invitations/{open_one['id']}", f"people/{person['id']}"):
        assert (await http.delete(f"{application}/{path}", headers=bearer())).status_code == 204
        assert (await http.delete(f"{application}/{path}", headers=bearer())).status_code == 404
    people = (await http.get(f"{application}/people", headers=bearer())).json()
    assert people["items"] == people["invitations"] == []
    assert (await http.get(application, headers=bearer("grandmother"))).status_code == 404


async def test_who_helps_sees_nobody_else_and_removes_itself_alone(
    http: httpx.AsyncClient, bearer: Header, application: str
) -> None:
    await helping(http, bearer, application)
    await helping(http, bearer, application, "father")
    own = (await http.get(f"{application}/people", headers=bearer("father"))).json()
    (me,) = own["items"]
    assert own["invitations"] == [] and own["takeover_from"] is None
    every = (await http.get(f"{application}/people", headers=bearer())).json()["items"]
    other = next(each["id"] for each in every if each["id"] != me["id"])
    for foreign in (other, "nonsense"):
        answer = await http.delete(f"{application}/people/{foreign}", headers=bearer("father"))
        assert answer.status_code == 403 and "hier mit" in answer.json()["detail"]
    assert (await http.delete(f"{application}/people/{me['id']}", headers=bearer("father"))).status_code == 204
    assert (await http.get(application, headers=bearer("father"))).status_code == 404


async def test_the_timeline_says_that_who_helps_has_sent_it_and_names_nobody(
    http: httpx.AsyncClient, bearer: Header, application: str
) -> None:
    await helping(http, bearer, application)
    headers = bearer("grandmother")
    said = await http.post(f"{application}/answers", json={"text": "Das Attest kommt."}, headers=headers)
    assert said.status_code == 200, said.text
    upload = headers | {"Idempotency-Key": "upload-0001"}
    sent = await http.post(
        f"{application}/documents", files={"file": ("a.png", PHOTO)}, data={"kind": "other"}, headers=upload
    )
    assert sent.status_code == 201, sent.text
    answer = (await http.get(application, headers=bearer())).json()
    by = {each["kind"]: (each["by"], "eine Person, die mithilft" in each["text"]["de"]) for each in answer["timeline"]}
    assert by["answered"] == by["document_added"] == ("helper", True) and by["submitted"] == (None, False)
    assert by["person_joined"] == (None, False)
    assert [each["by"] for each in answer["messages"]] == ["helper"]
    assert "Inge" not in json.dumps(answer) and "grandmother" not in json.dumps(answer)


@pytest.mark.parametrize("told", [
    {"changes": {"grade": "06"}},
    {"text": "Umzug", "changed_from": "2027-01-15"},
])  # fmt: skip
async def test_more_than_a_text_of_who_helps_is_refused_in_words(
    http: httpx.AsyncClient, bearer: Header, application: str, told: dict[str, object]
) -> None:
    await helping(http, bearer, application)
    answer = await http.post(f"{application}/answers", json=told, headers=bearer("grandmother"))
    assert answer.status_code == 403 and "Sie helfen hier mit" in answer.json()["detail"]


async def test_before_the_18th_birthday_a_takeover_is_refused_in_words_without_the_date(
    http: httpx.AsyncClient, bearer: Header, application: str
) -> None:
    answer = await http.post(f"{application}/invitations", json={"kind": "takeover"}, headers=bearer())
    assert answer.status_code == 409 and "18. Geburtstag" in answer.json()["detail"] and "2034" not in answer.text
    assert (await http.get(f"{application}/people", headers=bearer())).json()["takeover_from"] == "2034-03-01"


async def test_links_that_lead_nowhere_are_one_answer_and_stand_in_no_log(
    http: httpx.AsyncClient, bearer: Header, application: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = await invited(http, bearer, application)
    assert (await http.post(f"/v1/invitations/{token}", headers=bearer("father"))).status_code == 200
    said = {
        (await http.post(f"/v1/invitations/{each}", headers=bearer("stranger"))).text
        for each in (token, "guessed", "x" * 200)
    }
    assert len(said) == 1 and '"status":404' in said.pop().replace(" ", "")
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith(("httpx", "httpcore"))]
    assert not any(token in each for each in ours)


@pytest.mark.parametrize("name", ["O\u202ema", "Oma\n", "x" * 61])
async def test_a_name_that_is_none_is_told_and_uses_no_link_up(
    http: httpx.AsyncClient, bearer: Header, application: str, name: str
) -> None:
    token = await invited(http, bearer, application)
    answer = await http.post(f"/v1/invitations/{token}", json={"name": name}, headers=bearer("father"))
    assert answer.status_code in (400, 422)
    assert (await http.post(f"/v1/invitations/{token}", headers=bearer("father"))).status_code == 200


def test_a_day_has_twenty_invitations_of_one_account() -> None:
    limits, request = InvitationLimits.of(20), Request({"type": "http", "headers": []})
    for _ in range(20):
        limits.invite("parent-1", request)  # type: ignore[arg-type]
    with pytest.raises(Problem) as problem:
        limits.invite("parent-1", request)  # type: ignore[arg-type]
    assert problem.value.status == 429
    limits.invite("parent-2", request)  # type: ignore[arg-type]
