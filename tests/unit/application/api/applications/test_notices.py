"""Every notice stays reachable, and a refusal stays one beside the ticket that the family buys."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from application.api.applications.decision_texts import still_runs
from application.api.applications.message_texts import under_review
from application.consumer import handlers
from application.domain.ids import Owner
from application.domain.status import Status
from application.domain.under_review import OpenChange
from application.form import ApplicationForm
from application.workflow import Store, Workflow
from shared.database import Database
from shared.events import (
    EligibilityGranted,
    EligibilityRefused,
    EligibilityShareChanged,
    EligibilityWithdrawn,
    Event,
    PassReady,
)
from support.ticket_steps import ticket_step

NOW = datetime.now(UTC)
Hear = Callable[[Event], Awaitable[None]]
HEAD = ("application_id", "authority_id", "occurred_at")


@pytest.fixture
async def application_id(workflow: Workflow, body: dict[str, object]) -> UUID:
    form = ApplicationForm.model_validate_json(json.dumps(body))
    return (await workflow.applications.submit(Owner("parent-1"), "key-1", form, NOW - timedelta(days=9))).id


@pytest.fixture
def hear(workflow: Workflow, database: Database[Store]) -> Hear:
    async def call(event: Event) -> None:
        await database.write(await handlers(workflow)[type(event)](event))

    return call


def told(application_id: UUID, days: int, number: int) -> dict[str, object]:
    return {
        "application_id": application_id, "authority_id": "10261", "occurred_at": NOW - timedelta(days=days),
        "decision_id": UUID(int=number), "reasons": (), "rules_version": "nrw",
        "notice_url": f"https://bescheid.example/{number}",
    }  # fmt: skip


def refused(application_id: UUID, days: int, number: int) -> EligibilityRefused:
    return EligibilityRefused(**told(application_id, days, number), distance_m=1500.0, limit_m=2000)


def granted(application_id: UUID, days: int, number: int, **more: object) -> EligibilityGranted:
    period = {"valid_from": date(2026, 9, 1), "valid_until": date(2027, 7, 31), "own_share_cents": 1400}
    return EligibilityGranted(**told(application_id, days, number), distance_m=2500.0, limit_m=2000, **period | more)


async def test_every_notice_is_listed_by_date_and_kind_and_is_linked_from_its_line(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, hear: Hear
) -> None:
    share = told(application_id, 1, 4) | {
        "grant_id": UUID(int=3),
        "own_share_cents": 700,
        "changed_from": date(2027, 1, 1),
    }
    events = (
        refused(application_id, 5, 1), granted(application_id, 4, 2, ground="self_payer"), granted(application_id, 3, 3),
        EligibilityShareChanged(**share),
    )  # fmt: skip
    for event in (*reversed(events), *events):  # in any order, and twice
        await hear(event)
    shown = (await http.get(f"/v1/applications/{application_id}", headers=bearer())).json()
    assert [(each["kind"], each["link"][-1]) for each in shown["notices"]] == [
        ("share_changed", "4"), ("granted", "3"), ("order", "2"), ("refused", "1"),
    ]  # fmt: skip
    assert all(each["title"]["de"] and each["title"]["en"] and each["date"] for each in shown["notices"])
    assert shown["links"]["notice"].endswith("/4")
    linked = {each["kind"]: each["link"] for each in shown["timeline"] if each["link"]}
    assert linked["refused"].endswith("/1") and linked["share_changed"].endswith("/4")


async def test_a_refusal_stays_the_decision_beside_the_ticket_that_the_family_buys(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, hear: Hear
) -> None:
    await hear(refused(application_id, 5, 1))
    await hear(granted(application_id, 4, 2, ground="self_payer", own_share_cents=4300))
    shown = (await http.get(f"/v1/applications/{application_id}", headers=bearer())).json()
    assert (shown["decision"]["outcome"], shown["order"]["own_share_cents"]) == ("refused", 4300)
    assert shown["links"]["notice"].endswith("/2")


async def test_what_was_granted_is_no_decision_any_more_once_the_family_has_withdrawn(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, hear: Hear
) -> None:
    await hear(granted(application_id, 4, 2))
    path = f"/v1/applications/{application_id}"
    shown = (await http.post(f"{path}/withdrawal", headers=bearer())).json()
    assert (shown["status"], shown["decision"], len(shown["notices"])) == ("withdrawn", None, 1)


async def test_only_its_owner_reads_what_was_sent(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID
) -> None:
    path = f"/v1/applications/{application_id}"
    assert (await http.get(path, headers=bearer())).json()["form"]["home"]
    assert (await http.get(path, headers=bearer(subject="parent-2"))).status_code == 404


def ended(application_id: UUID, days: int, number: int, last: date | None) -> EligibilityWithdrawn:
    about = {name: each for name, each in told(application_id, days, number).items() if name in HEAD}
    return EligibilityWithdrawn(**about, decision_id=UUID(int=number), reason="facts_changed", ends_on=last)


@pytest.mark.parametrize(
    ("last", "german", "english"),
    [
        (date(2026, 12, 15), "Ihre Bewilligung endet am 15.12.2026", "our grant ends on 15 December 2026"),
        (None, "Ihre Bewilligung ist beendet", "our grant has ended"),
    ],
)
async def test_the_end_of_a_grant_is_not_told_as_a_refusal_of_the_application(
    http: httpx.AsyncClient,
    bearer: Callable[..., dict[str, str]],
    application_id: UUID,
    hear: Hear,
    last: date | None,
    german: str,
    english: str,
) -> None:
    for event in (refused(application_id, 2, 2), ended(application_id, 2, 1, last), granted(application_id, 4, 1)):
        await hear(event)
    shown = (await http.get(f"/v1/applications/{application_id}", headers=bearer())).json()
    (line,) = [each for each in shown["timeline"] if each["kind"] == "refused"]
    for said in (shown["notices"][0]["title"], line["text"]):
        assert german in said["de"] and english in said["en"]
    assert "abgelehnt" not in str([shown["notices"], shown["timeline"], shown["status_text"]])


async def test_an_application_that_is_refused_again_after_an_order_is_refused(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, hear: Hear
) -> None:
    order = granted(application_id, 4, 1, ground="self_payer")
    for event in (order, ended(application_id, 2, 1, None), refused(application_id, 2, 2)):
        await hear(event)
    shown = (await http.get(f"/v1/applications/{application_id}", headers=bearer())).json()
    assert shown["notices"][0]["title"]["de"] == "Bescheid: Ihr Antrag ist abgelehnt"


def test_while_a_change_is_looked_at_a_grant_that_ends_holds_to_its_last_day_alone() -> None:
    plain = still_runs(date(2026, 12, 15), granted=False)
    change = OpenChange(("school_number",), date(2027, 1, 10))
    said = under_review([change], Status.PASS_READY, plain, date(2026, 12, 15))
    assert "prüft Ihre Änderung (Schule; ab dem 10.01.2027)" in said.de and "15.12.2026" in said.de
    assert "gilt Ihr Ticket weiter" not in said.de and "stays valid" not in said.en


async def test_a_grant_that_was_replaced_before_it_began_is_no_present_ticket(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, hear: Hear
) -> None:
    period = {"valid_from": date(2026, 12, 1)}
    first = ready(application_id, 3, 1)
    for event in (granted(application_id, 4, 1, **period), *first, ended(application_id, 2, 1, date(2026, 11, 30)),
                  granted(application_id, 2, 2, **period), *ready(application_id, 1, 2)):  # fmt: skip
        await hear(event)
    shown = (await http.get(f"/v1/applications/{application_id}", headers=bearer())).json()
    assert shown["links"]["pass"] == "https://pass.example/2"
    assert "30.11.2026" not in str([shown["status_text"], shown["timeline"]])


def ready(application_id: UUID, days: int, number: int) -> tuple[Event, Event]:
    head = {name: each for name, each in told(application_id, days, number).items() if name in HEAD}
    ticket = UUID(int=100 + number)
    return (
        ticket_step(head, ticket, "issued", decision_id=UUID(int=number)),
        PassReady(**head, ticket_id=ticket, pass_url=f"https://pass.example/{number}"),
    )


@pytest.mark.parametrize(("outcome", "holds"), [(None, False), ("refused", False), ("granted", True)])
async def test_only_what_is_granted_holds_until_a_change_is_looked_at(
    http: httpx.AsyncClient,
    bearer: Callable[..., dict[str, str]],
    application_id: UUID,
    hear: Hear,
    outcome: str | None,
    holds: bool,
) -> None:
    if outcome is not None:
        far = {"valid_until": date(2099, 7, 31)}  # the service asks its own clock whether it holds
        await hear(granted(application_id, 4, 1, **far) if outcome == "granted" else refused(application_id, 4, 1))
    path = f"/v1/applications/{application_id}"
    form = (await http.get(path, headers=bearer())).json()["form"]
    guardian = form["guardian"] | {"email": "other@example.org"}
    answer = await http.post(f"{path}/answers", json={"changes": {"guardian": guardian}}, headers=bearer())
    assert answer.status_code == 200, answer.text
    shown = (await http.get(path, headers=bearer())).json()
    (line,) = [each["text"]["de"] for each in shown["timeline"] if each["kind"] == "answered"]
    assert "(E-Mail-Adresse)" in line
    assert ("Was schon bewilligt ist" in line) is holds
