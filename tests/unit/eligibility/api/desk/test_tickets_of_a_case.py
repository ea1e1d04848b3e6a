"""The ticket at the case: how it stands, what a person asks of it, and what became of that."""

import json
from itertools import product
from uuid import UUID

import httpx
import pytest
from eligibility.workflow import MeasuredRoutes
from shared.events import ApplicationSubmitted, EligibilityTicketChangeRequested
from support.eligibility import small_place
from support.eligibility.cases_api import path_of
from support.eligibility.tickets import NUMBER, Signer
from support.eligibility.world import World
from support.identity import bearer
from support.json import text

ASK: dict[str, object] = {"number": NUMBER, "change": "suspend", "reason": "Eigenanteil seit März offen"}


@pytest.fixture
async def granted(world: World) -> ApplicationSubmitted:
    world.publish({"release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2500.0))
    event = small_place.submitted()
    await world.hear(event)
    return event


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"change": "suspend"}, "by_authority"),
        ({"change": "suspend", "fraud": True}, "fraud"),
        ({"change": "revoke", "fraud": True}, "fraud"),
        ({"change": "revoke"}, "by_authority"),
        ({"change": "restore", "fraud": True}, "by_authority"),
        ({"change": "replace", "fraud": True}, "lost"),
    ],
)
async def test_what_is_asked_of_a_ticket_is_told_to_the_signer_once_and_kept_with_who_asked(
    world: World, granted: ApplicationSubmitted, http: httpx.AsyncClient, asked: dict[str, object], told: str
) -> None:
    await Signer(world, granted).tells("suspended" if asked["change"] == "restore" else "issued")
    answer = await http.post(f"{path_of(world, granted)}/ticket-requests", json=ASK | asked)
    assert answer.status_code == 202
    again = await http.post(f"{path_of(world, granted)}/ticket-requests", json=ASK | asked)
    assert again.status_code == 409  # it is on its way
    (event,) = world.told_of(granted, EligibilityTicketChangeRequested)
    assert (event.change, event.reason, event.requested_by) == (asked["change"], told, "anna")
    assert (event.number, event.organisation_id, event.authority_id) == (NUMBER, 32838, "12345")
    (request,) = answer.json()["ticket_requests"]
    assert (request["state"], request["asked_by"], request["reason"]) == ("asked", "anna", ASK["reason"])
    (act,) = [each for each in answer.json()["acts"] if each["act"] == f"ticket: {asked['change']}"]
    assert act["by"] == "anna" and act["hash"] and act["detail"] == {"request": str(event.request_id)}
    assert text(ASK["reason"]) not in json.dumps(answer.json()["acts"]), "the chain of acts is never erased"


LIKE_A_CODE = ("lost", "changed", "notice", "withdrawn", "fraud", "by_authority")


@pytest.mark.parametrize("change", ["suspend", "restore", "replace", "revoke"])
async def test_what_a_person_types_never_becomes_a_code_though_it_reads_like_one(
    world: World, granted: ApplicationSubmitted, http: httpx.AsyncClient, change: str
) -> None:
    signer = Signer(world, granted)
    await signer.tells("suspended")
    for words in LIKE_A_CODE:
        answer = await http.post(
            f"{path_of(world, granted)}/ticket-requests", json=ASK | {"change": change, "reason": words}
        )
        assert answer.json()["ticket_requests"][-1]["reason"] == words
        event = world.told_of(granted, EligibilityTicketChangeRequested)[-1]
        assert event.reason == ("lost" if change == "replace" else "by_authority"), words
        await signer.answers(change, request_id=event.request_id)  # the same may be asked again then
    assert len(world.told_of(granted, EligibilityTicketChangeRequested)) == len(LIKE_A_CODE)


ASKED = tuple(product(("suspend", "restore", "replace", "revoke"), (False, True), ("Gebühren offen", "Umzug")))
Asked = tuple[str, bool, str]


def _counts(asked: Asked) -> tuple[str, bool]:
    """What makes a request another one, for the signer: a party's suspensions and revocations for misuse are others."""
    change, fraud, _ = asked
    return change, fraud and change in ("suspend", "revoke")


@pytest.mark.parametrize("first", ASKED)
async def test_a_request_is_dropped_only_where_the_very_same_is_on_its_way(
    world: World, granted: ApplicationSubmitted, http: httpx.AsyncClient, first: Asked
) -> None:
    await Signer(world, granted).tells("suspended")
    path, told = f"{path_of(world, granted)}/ticket-requests", set[tuple[str, bool]]()
    for asked in (first, *ASKED):
        body: dict[str, object] = dict(zip(("change", "fraud", "reason"), asked, strict=True))
        status = (await http.post(path, json=ASK | body)).status_code
        assert status == (409 if _counts(asked) in told else 202), (asked, told)
        told.add(_counts(asked))
    events = world.told_of(granted, EligibilityTicketChangeRequested)
    assert {(each.change, each.reason == "fraud") for each in events} == told and len(events) == len(told)


async def test_its_outcome_stands_at_the_case(
    world: World, granted: ApplicationSubmitted, http: httpx.AsyncClient
) -> None:
    signer = Signer(world, granted)
    await signer.tells("suspended", reason="by_authority")
    asked = await http.post(f"{path_of(world, granted)}/ticket-requests", json=ASK | {"change": "restore"})
    request_id = UUID(asked.json()["ticket_requests"][0]["request_id"])
    await signer.answers("restore", "refused", request_id, reason="not_yours")
    await signer.answers("restore", "done", request_id)  # the first one stands
    shown = (await http.get(path_of(world, granted))).json()
    assert (shown["ticket_requests"][0]["state"], shown["ticket_requests"][0]["refused"]) == ("refused", "not_yours")
    assert (shown["tickets"][0]["state"], shown["tickets"][0]["reason"]) == ("suspended", "by_authority")


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("issued", {"suspend", "replace", "revoke"}),
        ("suspended", {"suspend", "restore", "replace", "revoke"}),
        ("revoked", set()),
        ("expired", set()),
    ],
)
async def test_only_what_a_ticket_s_state_allows_can_be_asked(
    world: World, granted: ApplicationSubmitted, http: httpx.AsyncClient, state: str, possible: set[str]
) -> None:
    await Signer(world, granted).tells(state, reason="lost" if state == "revoked" else "")
    for change in ("suspend", "restore", "replace", "revoke"):
        answer = await http.post(f"{path_of(world, granted)}/ticket-requests", json=ASK | {"change": change})
        assert answer.status_code == (202 if change in possible else 409), change


async def test_who_may_ask(world: World, granted: ApplicationSubmitted, http: httpx.AsyncClient) -> None:
    await Signer(world, granted).tells("issued")
    path = f"{path_of(world, granted)}/ticket-requests"
    for who, status in (
        (("bert", "releaser"), 403),
        (("guardian", "guardian"), 403),
        (("eva", "case_worker", "1"), 404),
    ):
        assert (await http.post(path, json=ASK, headers=bearer(*who))).status_code == status, who
    assert (await http.post(path, json=ASK | {"number": 1})).status_code == 404
    for wrong in ({"reason": "x"}, {"reason": "a\x00b c"}, {"change": "renew"}):
        assert (await http.post(path, json=ASK | wrong)).status_code == 422
    assert not world.told_of(granted, EligibilityTicketChangeRequested)
