"""Requests for tickets: what cannot be done is said at once, and the outcome of all others can be read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from issuance.api.tickets import STEPS
from issuance.commands import requests as commands
from issuance.domain.ticket import Ticket
from issuance.store.inspection import InspectionStore
from issuance.store.inspection.tables import KnownTicketRow
from issuance.workflow.inspection.inspect import KnownTicket
from issuance.workflow.inspection.requests import Sight
from shared.events import TicketRequestAnswered
from shared.identity import Caller
from sqlmodel import Session
from support.issuance.inspection_house import CALLERS, House, ticket_stands
from support.json import Json
from support.making import make
from typer import Exit


class Tickets:
    """One ticket, and what the signer tells of it and of its successor."""

    def __init__(self, house: House, ticket: Ticket) -> None:
        self.house, self.ticket, self.step = house, ticket, 0
        house.who = "operator"
        self.issued(ticket.ticket_id, ticket.number)

    def issued(self, ticket_id: UUID, number: int, replaces: UUID | None = None, because: str = "") -> None:
        self.stands("issued", ticket_id=ticket_id, number=number, replaces=replaces, replaces_because=because)

    def stands(self, state: str, **more: object) -> None:
        self.step += 1
        told = {"application_id": self.ticket.ticket_id, "step": self.step, **more}
        self.house.hear(self.house.requesting.state_changed, make(ticket_stands, self.ticket, state, **told))

    def revoked(self, reason: str) -> None:
        self.stands("revoked", reason=reason)

    def ask(self, path: str, reason: str = "fees", number: int | None = None) -> httpx.Response:
        path = f"/v1/tickets/{number or self.ticket.number}/{path}"
        answer: httpx.Response = self.house.http.post(path, json={"reason": reason})
        return answer

    def answered(self, request_id: str, kind: str, **more: object) -> None:
        event = TicketRequestAnswered(
            occurred_at=self.house.now,
            authority_id="101023",
            request_id=UUID(request_id),
            kind=kind,
            number=self.ticket.number,
            organisation_id=self.ticket.terms.organisation_id,
            **more,
        )
        self.house.hear(self.house.requesting.answered, event)

    def listed(self) -> dict[int, Json]:
        answer = self.house.http.get("/v1/tickets", params={"application_id": str(self.ticket.ticket_id)})
        return {each["number"]: each for each in answer.json()["tickets"]}


@pytest.fixture
def house(house_url: str, now: datetime) -> Iterator[House]:
    house = House(house_url, now)
    yield house
    house.database.close()


@pytest.fixture
def tickets(house_url: str, now: datetime, ticket: Ticket) -> Iterator[Tickets]:
    house = House(house_url, now)
    yield Tickets(house, ticket)
    house.database.close()


@pytest.mark.parametrize("path", STEPS)
def test_the_outcome_of_every_request_can_be_read(tickets: Tickets, path: str) -> None:
    made = tickets.ask(path)
    assert made.status_code == 202
    address = made.json()["links"]["self"]
    assert address == f"/v1/tickets/{tickets.ticket.number}/requests/{made.json()['request_id']}"
    asked = tickets.house.http.get(address).json()
    kind = STEPS[path][0]
    assert datetime.fromisoformat(asked.pop("asked_at")) == tickets.house.now
    assert asked == {"kind": kind, "state": "asked", "reason": None, "tickets": []}
    tickets.answered(made.json()["request_id"], kind, outcome="done", tickets=(tickets.ticket.number, 7))
    tickets.answered(made.json()["request_id"], kind, outcome="refused", reason="suspended")  # the first one stands
    done = tickets.house.http.get(address).json()
    assert (done["state"], done["reason"], done["tickets"]) == ("done", None, [tickets.ticket.number, 7])


def test_a_refusal_says_why(tickets: Tickets) -> None:
    made = tickets.ask("restorations").json()
    tickets.answered(made["request_id"], "restore", outcome="refused", reason="not_yours")
    found = tickets.house.http.get(made["links"]["self"]).json()
    assert (found["state"], found["reason"]) == ("refused", "not_yours")


def test_where_two_people_revoke_only_another_than_who_suspended_does_and_operators_do_as_ever(
    house: House, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CALLERS, "worker", Caller("cw", "303030", frozenset({"case_worker"})))
    monkeypatch.setitem(CALLERS, "colleague", Caller("cy", "303030", frozenset({"case_worker"})))
    house.hear(house.requesting.state_changed, ticket_stands(ticket, authority_id="303030"))

    def ask(who: str, path: str) -> httpx.Response:
        house.who = who
        answer: httpx.Response = house.http.post(f"/v1/tickets/{ticket.number}/{path}", json={"reason": "fraud"})
        return answer

    def done(made: httpx.Response, kind: str) -> None:
        told = {"occurred_at": house.now, "authority_id": "303030", "request_id": made.json()["request_id"]}
        told |= {"kind": kind, "number": ticket.number, "organisation_id": 32838, "outcome": "done"}
        house.hear(house.requesting.answered, TicketRequestAnswered.model_validate(told))
        stands({"suspend": "suspended", "restore": "issued"}[kind])
        house.now += timedelta(minutes=1)

    steps = count(2)

    def stands(state: str) -> None:
        told = ticket_stands(ticket, state, next(steps), authority_id="303030")
        house.hear(house.requesting.state_changed, told)

    assert ask("worker", "revocations").status_code == 409
    suspended = ask("worker", "suspensions")
    assert ask("colleague", "revocations").status_code == 409  # nobody knows yet whether it was done
    done(suspended, "suspend")
    assert ask("worker", "revocations").status_code == 409
    done(ask("colleague", "restorations"), "restore")
    assert ask("colleague", "revocations").status_code == 409
    done(ask("worker", "suspensions"), "suspend")
    stands("issued")  # lifted at the desk, of which this process knows the state alone
    assert ask("colleague", "revocations").status_code == 409
    done(ask("worker", "suspensions"), "suspend")
    assert ask("colleague", "revocations").status_code == 202
    assert ask("operator", "revocations").status_code == 202


def test_an_outcome_names_no_ticket_of_another_operator(tickets: Tickets) -> None:
    """A right may have tickets of two: what is asked of it reaches both."""
    other = ticket_stands(tickets.ticket, ticket_id=uuid4(), number=7, organisation_id=32839)
    tickets.house.hear(tickets.house.requesting.state_changed, other)
    made = tickets.ask("suspensions").json()
    tickets.answered(made["request_id"], "suspend", outcome="done", tickets=(tickets.ticket.number, 7, 8))
    for who, numbers in (("operator", [tickets.ticket.number, 8]), ("worker", [tickets.ticket.number, 7, 8])):
        tickets.house.who = who
        assert tickets.house.http.get(made["links"]["self"]).json()["tickets"] == numbers


def test_an_outcome_is_for_those_who_may_see_the_ticket_and_under_its_number(tickets: Tickets) -> None:
    address = tickets.ask("suspensions").json()["links"]["self"]
    expected = {"operator": 200, "neighbour": 404, "worker": 200, "stranger": 404, "guardian": 403, None: 401}
    for who, status in expected.items():
        tickets.house.who = who
        assert tickets.house.http.get(address).status_code == status
    tickets.house.who = "operator"
    for wrong in (address.replace(str(tickets.ticket.number), "1"), address[:-36] + str(uuid4())):
        assert tickets.house.http.get(wrong).status_code == 404


@pytest.mark.parametrize("path", ["suspensions", "restorations", "revocations"])
@pytest.mark.parametrize("reason", ["fraud", "by_authority", "withdrawn", "notice", "changed", "lost"])
def test_what_is_asked_of_the_right_by_the_number_of_a_dead_ticket_is_for_the_signer_to_decide(
    tickets: Tickets, path: str, reason: str
) -> None:
    """The child may have a ticket of another application, and suspensions outlive a ticket."""
    tickets.revoked(reason)
    assert tickets.ask(path).status_code == 202
    tickets.house.now = tickets.ticket.valid_until + timedelta(seconds=1)
    assert tickets.ask(path).status_code == 202


@pytest.mark.parametrize("path", ["replacements", "renewals"])
@pytest.mark.parametrize("reason", ["fraud", "by_authority"])
def test_a_revoked_ticket_gets_no_successor(tickets: Tickets, path: str, reason: str) -> None:
    tickets.revoked(reason)
    answer = tickets.ask(path)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["ticket_state"], answer.json()["successor"]) == ("revoked", None)
    assert tickets.house.told() == []


@pytest.mark.parametrize(("path", "status"), [("replacements", 409), ("renewals", 409), ("restorations", 202),
                                              ("revocations", 202), ("suspensions", 202)])  # fmt: skip
def test_where_another_ticket_has_taken_its_place_its_number_is_said_or_the_right_to_ride_is_reached(
    tickets: Tickets, path: str, status: int
) -> None:
    tickets.revoked("lost")
    second, third = uuid4(), uuid4()
    tickets.issued(third, 22, second, "changed")  # news of another ticket may come first
    tickets.issued(second, 21, tickets.ticket.ticket_id, "lost")
    answer = tickets.ask(path)
    assert answer.status_code == status
    if status == 409:
        found = answer.json()
        assert (found["ticket_state"], found["successor"]) == ("revoked", 22)
        assert tickets.house.http.get(found["links"]["successor"]).json()["number"] == 22


def test_a_loss_reported_by_the_number_before_a_change_is_asked_of_what_bears_the_ticket_now(tickets: Tickets) -> None:
    tickets.revoked("changed")
    assert tickets.ask("replacements").status_code == 202
    tickets.revoked("lost")
    assert tickets.ask("revocations", "lost").status_code == 409


@pytest.mark.parametrize("path", ["replacements", "renewals"])
def test_a_ticket_whose_time_is_over_gets_no_successor(tickets: Tickets, path: str) -> None:
    tickets.house.now = tickets.ticket.valid_until + timedelta(seconds=1)
    assert tickets.ask(path).json()["ticket_state"] == "expired"


def test_a_suspended_ticket_says_why(tickets: Tickets) -> None:
    number = tickets.ticket.number
    tickets.stands("suspended", reason="fraud")
    assert tickets.listed()[number]["state"] == "suspended" and tickets.listed()[number]["reason"] == "fraud"
    tickets.stands("issued")
    assert tickets.listed()[number]["state"] == "issued" and tickets.listed()[number]["reason"] is None
    tickets.stands("expired")
    assert tickets.listed()[number]["state"] == "expired"


LIFE = [("issued", ""), ("suspended", "fees"), ("issued", ""), ("suspended", "fraud"), ("expired", ""),
        ("revoked", "lost")]  # fmt: skip


@given(st.permutations(range(len(LIFE))), st.data())
def test_news_in_any_order_and_twice_ends_at_the_last_step(order: list[int], data: st.DataObject) -> None:
    """Also over a row that was told by the names of old, without steps."""
    last = data.draw(st.integers(0, len(LIFE) - 1))
    heard = [step for step in order if step <= last]
    heard += data.draw(st.lists(st.sampled_from(heard), max_size=4))
    ticket = KnownTicket(uuid4(), uuid4(), "101023", 32838, 7, "issued", 9995)
    engine = sa.create_engine("sqlite://")
    KnownTicketRow.metadata.create_all(engine)
    with Session(engine) as session:
        store = InspectionStore(session)
        if data.draw(st.booleans()):
            session.add(KnownTicketRow(ticket_id=ticket.ticket_id, application_id=ticket.application_id, state="issued",
                                  authority_id="101023", organisation_id=32838, number=7))  # fmt: skip
        for step in heard:
            state, reason = LIFE[step]
            store.keep_state(replace(ticket, state=state, reason=reason or None), step + 1)
        [found] = store.tickets(Sight("101023", None), number=7)
    assert (found.state, found.reason or "", found.product) == (*LIFE[last], 9995)


@pytest.mark.parametrize("kind", commands.KINDS, ids=lambda kind: kind.command)
def test_a_command_says_what_became_of_its_request(
    tickets: Tickets, kind: commands.Kind, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome: dict[str, object] = {"outcome": "refused", "reason": "not_yours"}

    def signer_answers(_: float) -> None:
        (event, *_more) = tickets.house.told()[-1:]
        tickets.answered(str(event.request_id), kind.command, **outcome)

    monkeypatch.setattr("issuance.commands.requests.time.sleep", signer_answers)
    http = tickets.house.http
    with pytest.raises(Exit):
        commands.carry_out(http, kind, tickets.ticket.number, {"reason": "fees"})
    assert "another party" in capsys.readouterr().err
    outcome = {"outcome": "done", "tickets": (7,)}
    commands.carry_out(http, kind, tickets.ticket.number, {"reason": "fees"})
    assert f"{kind.done} (tickets 7 too)" in capsys.readouterr().out
    tickets.revoked("fraud")
    if kind.command not in ("replace", "renew"):
        return  # of the right to ride: the signer decides
    with pytest.raises(Exit):
        commands.carry_out(http, kind, tickets.ticket.number, {"reason": "fees"})
    assert "nicht mehr gültig" in capsys.readouterr().err
