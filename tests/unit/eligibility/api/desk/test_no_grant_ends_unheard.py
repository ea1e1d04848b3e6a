"""A grant in force is never taken away, or made less, by the machine, unheard or from one day to the next.

Every operation of the API that acts on a case is found in its own description and tried, with all that could be said, on
cases in every state in which a grant is in force.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import httpx
import pytest
from eligibility.workflow import MeasuredRoutes
from eligibility.workflow.decision.guard import running_grants
from fastapi import FastAPI
from shared.calendar import day_in_berlin
from shared.events import ApplicationSubmitted, Claims, EligibilityWithdrawn, Sibling
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.cases_api import cases_app, path_of
from support.eligibility.deciding import LONG, SHORT, lives_here
from support.eligibility.world import World
from support.identity import bearer

SETTINGS = ("nothing", "refusals", "everything")
STATES = ("granted", "a refusal is prepared", "a shorter grant is prepared", "review")
"""A dearer share of a sibling's is a decision of its own, which waits for the family's word (tests of the family)."""
PERSONS: dict[str, dict[str, object]] = {
    "refused": {"outcome": "refused", "reason": "Der Weg ist kurz."},
    "shorter": {"outcome": "granted", "reason": "Bis Weihnachten.", "valid_until": "2026-12-31"},
    "dearer": {"outcome": "granted", "reason": "Ohne Geschwister.", "own_share_cents": 5000},
    "no ticket": {"outcome": "granted", "reason": "Mit dem Schulbus.", "transport": "special", "own_share_cents": 0},
    "later": {"outcome": "granted", "reason": "Ab Februar.", "valid_from": "2027-02-01", "valid_until": "2027-03-31"},
}
CALLER = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))
UNHEARD: tuple[dict[str, object], ...] = (
    {},
    {"ends_on": "2026-12-31"},
    {"hearing_why": "Weil es so ist, und nicht anders."},
    {"ends_on": "2026-05-20", "hearing_exception": "3"},
    {"ends_on": "2026-05-01", "hearing_exception": "3"},
    {"ends_on": "2026-12-31", "hearing_exception": "1"},
    {"ends_on": "2026-12-31", "hearing_exception": "4", "hearing_why": "Automatische Einrichtungen."},
)
"""None of these is a hearing, or an exception with its reason and a day to come."""


async def in_state(world: World, state: str) -> ApplicationSubmitted:
    """A case with a grant in force."""
    world.set_authority(release_by_person="refusals")
    world.measurer.answer = MeasuredRoutes(make.measurement(LONG))
    sibling = Sibling(birth_date=date(2012, 1, 1), funded=True)
    event: ApplicationSubmitted = make.submitted(circumstances=lives_here(siblings=(sibling,)))
    await world.hear(event)
    if state == "a refusal is prepared":
        world.measurer.answer = MeasuredRoutes(make.measurement(SHORT))
        await world.hear(make.changed(event, grade="04", wanted_from=date(2026, 8, 2)))
    elif state == "a shorter grant is prepared":
        await world.hear(make.changed(event, leaves_on=date(2027, 1, 31)))
    elif state == "review":
        world.measurer.answer = MeasuredRoutes(make.measurement(SHORT))
        await world.hear(make.changed(event, claims=Claims(health_claimed=True)))
    return event


def has(world: World, event: ApplicationSubmitted) -> list[tuple[object, ...]]:
    """What the family has from today on: each grant with its days, its ticket and its own share."""
    case, today = world.case_of(event.application_id), day_in_berlin(world.clock[0])
    grants = world.database.read_now(lambda store: running_grants(store, case, today))
    return [(each.id, each.valid_until, each.ended_on, each.own_share_cents, each.withdrawn_at) for each in grants]


def operations(app: FastAPI) -> Iterator[tuple[str, str]]:
    for path, methods in app.openapi()["paths"].items():
        if path.startswith("/v1/cases"):
            yield from ((method.upper(), path) for method in methods if method != "get")


def said(path: str, state: str) -> list[dict[str, object]]:
    """All that could be said to this operation without hearing the family. The family's own word (Nr. 3) is an exception
    that holds, where the decision itself names a day to come: it is tried where a whole grant would end."""
    if path.endswith(("/decision", "/override")):
        pairs = product(PERSONS.values(), UNHEARD)
        return [each | more for each, more in pairs if each["outcome"] == "refused" or not _is_exception_3(more)]
    whole = state in ("granted", STATES[1])
    return [
        *(each for each in UNHEARD if whole or not _is_exception_3(each)),
        {"text": "Bitte das Attest.", "due": "2026-06-30"},
    ]


def _is_exception_3(said: dict[str, object]) -> bool:
    return said.get("hearing_exception") == "3"


def _as_it_is(world: World, event: ApplicationSubmitted) -> dict[str, object]:
    """What the family told last, to be told again with an answer."""
    told = world.database.read_now(lambda store: store.told_of(world.case_of(event.application_id).id))
    assert told is not None
    names = ("grade", "wanted_from", "leaves_on", "circumstances", "claims")
    return {name: getattr(told, name) for name in names}


@pytest.mark.parametrize("state", STATES)
async def test_no_operation_takes_a_grant_from_a_family_that_was_not_heard(world: World, state: str) -> None:
    app = cases_app(world)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://x") as http:
        event = await in_state(world, state)
        before = has(world, event)
        assert len(before) == 1
        tried = 0
        for method, path in operations(app.app):
            if path.endswith("/assignment"):
                continue
            for body in said(path, state):
                address = path.replace("/v1/cases/{case_id}", path_of(world, event))
                headers = bearer("anna")
                answer = await http.request(method, address, json=body, headers=headers)
                assert answer.status_code < 500, (method, path, body, answer.text)
                if path.endswith("/override") and method == "POST" and answer.status_code == 202:
                    await http.post(f"{address}/confirmation", headers=bearer("bert", "releaser"))
                    await http.delete(address, headers=headers)
                assert has(world, event) == before, (method, path, body)
                tried += 1
        assert tried > 50
    assert world.told_of(event, EligibilityWithdrawn) == []


@pytest.mark.parametrize(("setting", "state"), list(product(SETTINGS, STATES[1:3])))
async def test_the_machine_takes_nothing_whatever_the_authority_lets_it_release(
    world: World, setting: str, state: str
) -> None:
    set_authority = world.set_authority
    world.set_authority = lambda **_: set_authority(release_by_person=setting)  # type: ignore[method-assign]
    event = await in_state(world, state)
    if setting == "everything":  # nothing was granted yet
        assert has(world, event) == []
        return
    assert world.case_of(event.application_id).state == "prepared"
    assert world.told_of(event, EligibilityWithdrawn) == []
    released = await world.desk.release_clear_grants(CALLER)
    assert (released.released, has(world, event)[0][4]) == (0, None)


@pytest.mark.parametrize("state", STATES[1:3])
@pytest.mark.parametrize("answered", [True, False])
async def test_what_was_heard_goes_out_on_the_day_that_a_person_chose(
    world: World, http: httpx.AsyncClient, state: str, *, answered: bool
) -> None:
    event = await in_state(world, state)
    case = path_of(world, event)
    question = {"text": "Die Bewilligung soll enden: Was sagen Sie dazu?", "due": "2026-06-03", "hearing": True}
    asked = await http.post(f"{case}/questions", json=question)
    assert asked.status_code == 201, asked.text
    said_day = {"ends_on": "2026-09-30"} if state == STATES[1] else {}
    assert (await http.post(f"{case}/release", json=said_day)).status_code == 409
    if answered:
        await world.hear(
            make.changed(
                event, change_number=2, question_id=asked.json()["asked"][0]["id"], answer="Nein.",
                **_as_it_is(world, event),
            )
        )  # fmt: skip
    else:
        world.clock[0] += timedelta(days=15)
    if state == STATES[1]:
        assert (await http.post(f"{case}/release")).status_code == 422  # which day?
    done = await http.post(f"{case}/release", json=said_day)
    assert done.status_code == 200, done.text
    (ended,) = world.told_of(event, EligibilityWithdrawn)
    assert ended.ends_on == (date(2026, 9, 30) if state == STATES[1] else date(2026, 7, 31))
    assert "grant ended" in [each["act"] for each in done.json()["acts"]]
    ends = done.json()["decision"]["ends"]
    assert (ends["heard_until"], ends["answered_on"]) == ("2026-06-03", "2026-05-20" if answered else None)
    assert ends["heard_on"] == ("2026-05-20" if answered else "2026-06-03")


async def test_words_alone_are_no_change_that_the_family_told_of(world: World, http: httpx.AsyncClient) -> None:
    event = await in_state(world, "granted")
    await world.hear(make.changed(event, answer="Hallo, wann kommt das Ticket?"))
    body = PERSONS["refused"] | {"ends_on": "2026-06-30", "hearing_exception": "3", "legal_basis": "§ 49 VwVfG NRW"}
    refused = await http.post(f"{path_of(world, event)}/override", json=body)
    assert refused.status_code == 422 and "hearing_exception" in refused.text


@pytest.mark.parametrize("answer", [" ", "\u200b", "\n\u3164"], ids=ascii)
async def test_an_answer_in_which_nothing_is_seen_is_no_hearing(
    world: World, http: httpx.AsyncClient, answer: str
) -> None:
    event = await in_state(world, STATES[1])
    case = path_of(world, event)
    question = {"text": "Die Bewilligung soll enden: Was sagen Sie dazu?", "due": "2026-06-03", "hearing": True}
    asked = (await http.post(f"{case}/questions", json=question)).json()["asked"][0]
    blank = {"question_id": asked["id"], "answer": answer, **_as_it_is(world, event)}
    await world.hear(make.changed(event, change_number=2, **blank))
    assert (await http.post(f"{case}/release", json={"ends_on": "2026-09-30"})).status_code == 409
    shown = (await http.get(case)).json()
    assert (shown["ending"]["heard_on"], shown["asked"][0]["answered_at"], shown["messages"]) == (None, None, [])
    world.clock[0] += timedelta(days=15)  # its time has passed
    assert (await http.post(f"{case}/release", json={"ends_on": "2026-09-30"})).status_code == 200
