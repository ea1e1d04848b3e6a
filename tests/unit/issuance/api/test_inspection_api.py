"""The API: verification, lists, revocation requests; who may do what."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from issuance.api import tickets
from issuance.barcode import picture
from issuance.domain.acts import RequestAct
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.lists.status_list import place_of
from issuance.signer.ceremony import Pki
from shared.events import ApplicationFamilyErased
from shared.http import problems
from shared.http.limits import Limit
from support.issuance.inspection_house import Desk, House, codes, ticket_stands, told_of_status, told_of_trust
from support.record import faults, unknown_acts


@pytest.fixture
def house(house_url: str, now: datetime) -> Iterator[House]:
    house = House(house_url, now)
    yield house
    assert not faults(house.database), "what was asked for is not on record as it was asked"
    assert not unknown_acts(house.database, RequestAct), "an act that nobody can read"
    house.database.close()


def test_a_code_is_unknown_then_valid_then_revoked_as_the_signer_publishes(
    house: House, pki: Pki, ticket: Ticket, signed: SignedTicket
) -> None:
    def verdicts() -> set[str]:
        answers = [house.http.post("/v1/verifications", json=body) for body in codes(signed)]
        assert {answer.status_code for answer in answers} == {200}
        return {answer.json()["verdict"] for answer in answers}

    assert verdicts() == {"unknown_issuer"}
    told_of_trust(house, pki)
    told_of_status(house, pki, ticket, 1, ())
    assert verdicts() == {"valid"}
    told_of_status(house, pki, ticket, 2, (place_of(ticket.number),))
    assert verdicts() == {"revoked"}
    told_of_status(house, pki, ticket, 1, ())  # an old list that comes late changes nothing
    assert verdicts() == {"revoked"}


@pytest.mark.parametrize(
    "body",
    [{}, {"vdv": "AA==", "qr": "S1:"}, {"vdv": "%%%"}, {"image": "a"}, {"qr": "x" * 5000}, {"pdf": "AA=="}, {"vdv": 1}],
)
def test_requests_of_another_form_get_a_problem_document(house: House, body: dict[str, object]) -> None:
    answer = house.http.post("/v1/verifications", json=body, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["problems"][0]["detail"]


@pytest.mark.parametrize("body", [{"vdv": ""}, {"qr": ""}, {"qr": "S1:äöü\x00"}, {"image": ""}, {"vdv": "noGA"}])
def test_any_content_gets_a_verdict(house: House, body: dict[str, object]) -> None:
    answer = house.http.post("/v1/verifications", json=body)
    assert answer.status_code == 200 and answer.json()["verdict"] == "unreadable"


def test_lists_are_public_and_not_sent_twice(house: House, pki: Pki, ticket: Ticket) -> None:
    assert house.http.get("/v1/trust-list").status_code == 404
    told_of_trust(house, pki)
    told_of_status(house, pki, ticket, 1, ())
    answer = house.http.get("/v1/trust-list")
    assert answer.content == pki.trust_list
    again = house.http.get("/v1/trust-list", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and not again.content
    (shard,) = house.http.get("/v1/status-lists").json()["shards"]
    assert shard == "32838-416"
    answer = house.http.get(f"/v1/status-lists/{shard}")
    assert answer.headers["content-type"] == "application/statuslist+cwt"
    assert house.http.get("/v1/status-lists/1-1").status_code == 404
    found = house.http.get("/v1/certificates").json()["certificates"]
    assert {name: base64.b64decode(data) for name, data in found.items()} == pki.certificates


def test_who_may_ask_for_a_revocation(house: House, ticket: Ticket) -> None:
    house.hear(house.requesting.state_changed, ticket_stands(ticket))
    address, body = f"/v1/tickets/{ticket.number}/revocations", {"reason": "fraud"}
    asked: dict[str | None, int] = {None: 401, "guardian": 403, "nobody": 403, "stranger": 404, "neighbour": 404}
    for who, status in {**asked, "worker": 202, "operator": 202}.items():
        house.who = who
        assert house.http.post(address, json=body).status_code == status
    assert [event.requested_by for event in house.told()] == ["cw", "op"]
    assert {(event.number, event.organisation_id, event.reason) for event in house.told()} == {
        (ticket.number, 32838, "fraud")
    }
    house.who = "operator"
    for reason in ("", "lost\x00", "lost\x1b[2J"):
        assert house.http.post(address, json={"reason": reason}).status_code == 422
    house.who = "stranger"
    not_yours = house.http.post(address, json=body)
    not_there = house.http.post("/v1/tickets/1/revocations", json=body)
    assert not_yours.json() == not_there.json()


def test_a_number_of_two_organisations_must_be_told_apart(house: House, ticket: Ticket) -> None:
    for organisation in (32838, 32839):
        event = ticket_stands(ticket, ticket_id=uuid4(), organisation_id=organisation)
        house.hear(house.requesting.state_changed, event)
    house.who = "worker"
    address = f"/v1/tickets/{ticket.number}/revocations"
    assert house.http.post(address, json={"reason": "lost"}).status_code == 409
    assert house.http.post(address, json={"reason": "lost", "organisation_id": 32839}).status_code == 202
    assert house.told()[0].organisation_id == 32839


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_staff_see_state_and_number_but_no_name(house: House, ticket: Ticket, order: tuple[int, ...]) -> None:
    steps = {1: ticket_stands(ticket), 2: ticket_stands(ticket, "revoked", 2, reason="lost")}
    for step in order:
        house.hear(house.requesting.state_changed, steps[step])
    address = f"/v1/tickets?application_id={ticket.ticket_id}"
    for who, seen_by in (("worker", 1), ("operator", 1), ("stranger", 0), ("neighbour", 0)):
        house.who = who
        answer = house.http.get(address)
        assert len(answer.json()["tickets"]) == seen_by
        assert "Müßter" not in answer.text
    house.who = "worker"
    (seen,) = house.http.get(address).json()["tickets"]
    assert (seen["state"], seen["reason"], seen["number"]) == ("revoked", "lost", ticket.number)
    assert seen["valid_until"] == "2027-07-31T23:59:58+02:00"
    house.who = "guardian"
    assert house.http.get(address).status_code == 403


def test_who_asks_too_often_for_verdicts_waits_but_gets_the_lists(house_url: str, now: datetime, pki: Pki) -> None:
    house = House(house_url, now, Limit(60, 3, monotonic=lambda: 0.0))
    told_of_trust(house, pki)
    answers = [house.http.post("/v1/verifications", json={"qr": "S1:"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert {house.http.get("/v1/trust-list").status_code for _ in range(20)} == {200}
    house.database.close()


def test_inspectors_behind_one_address_have_each_a_limit_of_their_own(house_url: str, now: datetime, pki: Pki) -> None:
    still = {"monotonic": lambda: 0.0}
    house = House(house_url, now, Limit(60, 2, **still), Limit(60, 5, **still))  # type: ignore[arg-type]
    told_of_trust(house, pki)

    def ask(token: str | None) -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return int(house.http.post("/v1/verifications", json={"qr": "S1:"}, headers=headers).status_code)

    assert [ask(None) for _ in range(3)] == [200, 200, 429]
    assert ask("guessed") == 429  # a token that nobody gave counts for its address
    for name in ("inspector-1", "inspector-2"):
        assert [ask(name) for _ in range(6)] == [200] * 5 + [429]
    house.database.close()


def http_with_endings(house: House, per_hour: int) -> TestClient:
    app = FastAPI()
    problems.install(app)
    limit = tickets.ending_limit(per_hour)
    limit.monotonic = lambda: 0.0
    app.include_router(tickets.router(house.requesting, Desk(house), limit))
    return TestClient(app)


def test_what_cannot_be_done_takes_nothing_of_what_may_be_ended_in_an_hour_and_says_why_where_nothing_is_left(
    house: House, ticket: Ticket
) -> None:
    house.hear(house.requesting.state_changed, ticket_stands(ticket))
    dead = replace(ticket, ticket_id=uuid4(), number=ticket.number + 1)
    house.hear(house.requesting.state_changed, ticket_stands(dead, state="revoked", reason="lost"))
    http = http_with_endings(house, 1)

    def ask(number: int, path: str, body: object) -> int:
        return int(http.post(f"/v1/tickets/{number}/{path}", json=body).status_code)

    def impossible() -> list[int]:
        return [
            ask(99, "revocations", {"reason": "why"}),
            ask(ticket.number, "revocations", {"reason": "why", "organisation_id": 1}),
            ask(ticket.number, "revocations", {"reason": ""}),
            ask(dead.number, "replacements", {"reason": "why"}),
        ]

    house.who = "worker"
    for _ in range(3):
        assert impossible() == [404, 404, 422, 409]
    house.who = "guardian"
    assert ask(ticket.number, "revocations", {"reason": "why"}) == 403
    house.who = "worker"
    assert ask(ticket.number, "revocations", {"reason": "why"}) == 202
    assert ask(ticket.number, "revocations", {"reason": "why"}) == 429
    assert impossible() == [404, 404, 422, 409]


def test_so_many_are_ended_in_an_hour_for_one_authority_and_who_asks_for_more_reads_how(
    house: House, ticket: Ticket
) -> None:
    house.hear(house.requesting.state_changed, ticket_stands(ticket))
    http = http_with_endings(house, 3)

    def ask(path: str) -> httpx.Response:
        answer: httpx.Response = http.post(f"/v1/tickets/{ticket.number}/{path}", json={"reason": "why"})
        return answer

    house.who = "worker"
    assert [ask(path).status_code for path in ("revocations", "suspensions", "revocations")] == [202] * 3
    answer = ask("replacements")
    assert answer.status_code == 429 and answer.headers["retry-after"] == "1200"
    assert "issuance signer revoke DATEI" in answer.json()["detail"]
    assert ask("restorations").status_code == 202
    house.who = "operator"
    assert ask("revocations").status_code == 202


def test_an_inspectors_own_reader_feeds_the_warning_for_copies_and_strangers_leave_no_mark(
    house: House, pki: Pki, ticket: Ticket, signed: SignedTicket
) -> None:
    told_of_trust(house, pki)
    told_of_status(house, pki, ticket, 1, ())

    def ask(token: str | None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer: httpx.Response = house.http.post("/v1/verifications", json={"qr": signed.qr}, headers=headers)
        return answer

    for _ in range(3):
        assert "attention" not in ask(None).json()
    found = [ask(f"inspector-{number}").json() for number in (1, 1, 2)]
    assert [one["attention"] for one in found] == [False, False, True]
    assert {one["verdict"] for one in found} == {"valid"}
    assert ask("guessed").status_code == 401


def test_the_process_that_answers_the_network_decodes_no_picture(
    house: House, signed: SignedTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: bytes) -> None:
        raise AssertionError("decoded in the API's own process")

    monkeypatch.setattr(picture, "_open", never)
    png = base64.b64encode(picture.qr_png(signed.qr)).decode()
    found = house.http.post("/v1/verifications", json={"image": png}).json()
    assert found["verdict"] == "unknown_issuer"  # it was read; there are no lists


def test_an_erased_family_leaves_nothing_here_but_a_trail_that_holds(house: House, ticket: Ticket) -> None:
    house.hear(house.requesting.state_changed, ticket_stands(ticket))
    house.who = "worker"
    body = {"reason": "Hausbesuch bei Familie"}
    assert house.http.post(f"/v1/tickets/{ticket.number}/suspensions", json=body).status_code == 202
    erased = ApplicationFamilyErased(occurred_at=house.now, authority_id="101023", application_id=ticket.ticket_id)
    for _ in range(2):
        house.hear(house.erasure.family_erased, erased)
    assert faults(house.database) == []
    assert house.http.get(f"/v1/tickets/{ticket.number}").status_code == 404
    for table in ("known_ticket", "revocation_request", "audit_content"):
        query = sa.text(f"SELECT count(*) FROM {table}")
        assert house.database.read_now(lambda store: store.session.execute(query).scalar_one()) == 0  # noqa: B023
