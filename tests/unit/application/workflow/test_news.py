"""What the others tell reaches the family, in any order, and changes nothing else."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args
from uuid import UUID, uuid4

import httpx
import pytest
from application.consumer import handlers
from application.domain.ids import Owner
from application.form import ApplicationForm
from application.store import SqlStore
from application.workflow import Detail, Store, Workflow
from application.workflow.timeline import ToldOnce, entry_of
from shared.bus import outbox
from shared.bus.topology import durables_of
from shared.database import Database
from shared.errors import Conflict, NotFound
from shared.events import (
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityWithdrawn,
    Event,
    PassReady,
    Reason,
)
from support.json import Json
from support.ticket_steps import ticket_step

Hear = Callable[..., Awaitable[None]]
Look = Callable[[], Awaitable[Json]]
START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
DECISION, TICKET, CASE = UUID(int=1), UUID(int=2), UUID(int=3)
REASON = Reason(
    rule="distance", legal_basis="§ 5 SchfkVO", text="Der Weg ist länger als 3.500 m.", text_en="The way is longer."
)


@pytest.fixture
async def application_id(workflow: Workflow, body: dict[str, object]) -> UUID:
    form = ApplicationForm.model_validate_json(json.dumps(body))
    application = await workflow.applications.submit(Owner("parent-1"), "key-1", form, START)
    return application.id


@pytest.fixture
def story(application_id: UUID) -> list[Event]:
    """All that is told of a granted application, in the order in which it happens."""

    def about(minutes: int) -> dict[str, object]:
        return {
            "application_id": application_id, "authority_id": "10261", "occurred_at": START + timedelta(minutes=minutes)
        }  # fmt: skip

    return [
        EligibilityReviewOpened(**about(1), case_id=CASE, reasons=(REASON,)),
        EligibilityGranted(
            **about(2), decision_id=DECISION, valid_from=date(2026, 9, 2), valid_until=date(2027, 7, 31),
            own_share_cents=1400, distance_m=3612.4, limit_m=3500, reasons=(REASON,), rules_version="nrw 2026-08-01",
            notice_url="https://bescheid.example/n/1",
        ),
        ticket_step(about(3), TICKET, "issued", decision_id=DECISION),
        PassReady(**about(4), ticket_id=TICKET, pass_url="https://pass.example/v1/passes/geheim"),
    ]  # fmt: skip


@pytest.fixture
def hear(workflow: Workflow, database: Database[Store]) -> Hear:
    async def hear(*events: Event) -> None:
        for event in events:
            step = await handlers(workflow)[type(event)](event)
            await database.write(step)

    return hear


@pytest.fixture
def look(http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID) -> Look:
    async def look() -> Json:
        shown: Json = (await http.get(f"/v1/applications/{application_id}", headers=bearer())).json()
        return shown

    return look


async def test_the_family_sees_decision_ticket_and_pass(hear: Hear, look: Look, story: list[Event]) -> None:
    await hear(*story)
    shown = await look()
    assert shown["status"] == "pass_ready"
    assert shown["links"]["notice"] == "https://bescheid.example/n/1"
    assert shown["links"]["pass"] == "https://pass.example/v1/passes/geheim"
    assert shown["decision"] == {
        "outcome": "granted", "decided_at": "2026-06-01T12:02:00+02:00", "distance_m": 3612.4, "limit_m": 3500,
        "own_share_cents": 1400, "own_share_changes": [], "valid_from": "2026-09-02", "valid_until": "2027-07-31",
        "ticket_from": None, "own_share_from": None, "reimbursed_until": None, "ended_on": None,
        "reasons": [{
            "rule": "distance", "legal_basis": "§ 5 SchfkVO",
            "text": {"de": "Der Weg ist länger als 3.500 m.", "en": "The way is longer."},
        }],
        "rules_version": "nrw 2026-08-01", "product": None, "transport": None, "allowance_cents": None, "ground": None,
        "offer": None, "about": {
            "school": {
                "number": "168890", "name": "Gymnasium am Alten Markt", "authority_id": "10261",
                "authority": "Stadt Bielefeld",
            },
            "grade": "05", "pupil": {"first_name": "Jānis", "last_name": "Łukasiewicz"},
            "home": {"street": "Am Alten Markt", "house_number": "12a", "postal_code": "33602", "city": "Bielefeld"},
        },
    }  # fmt: skip
    kinds = [entry["kind"] for entry in shown["timeline"]]
    assert kinds == ["submitted", "review_opened", "granted", "ticket_issued", "pass_ready"]
    assert all(entry["text"]["de"] and entry["text"]["en"] for entry in shown["timeline"])


async def test_of_a_late_grant_the_family_reads_its_days_and_until_when_fares_can_be_claimed(
    hear: Hear, look: Look, story: list[Event]
) -> None:
    days = {
        "ticket_from": date(2026, 11, 28), "own_share_from": date(2026, 12, 1), "reimbursed_until": date(2027, 10, 31)
    }  # fmt: skip
    await hear(story[1].model_copy(update=days))
    shown = await look()
    assert {name: shown["decision"][name] for name in days} == {name: day.isoformat() for name, day in days.items()}
    said = shown["timeline"][-1]["text"]
    assert "28.11.2026" in said["de"]
    assert "31.10.2027" in said["de"]


async def test_of_a_ticket_that_waits_for_another_the_family_reads_why_and_what_ends_it(
    hear: Hear, look: Look, story: list[Event]
) -> None:
    await hear(story[1].model_copy(update={"behind_another": True}))
    shown = await look()
    assert shown["status"] == "granted"
    for said in (shown["status_text"], shown["timeline"][-1]["text"]):
        assert "Das Ticket wartet" in said["de"] and "sobald das andere endet" in said["de"]
        assert "still waits" in said["en"]
    await hear(*story[2:])
    shown = await look()
    assert shown["status"] == "pass_ready" and "wartet" not in shown["status_text"]["de"]


async def test_the_other_way_round_the_family_sees_the_same(hear: Hear, look: Look, story: list[Event]) -> None:
    await hear(story[3])
    assert (await look())["status"] == "pass_ready"
    await hear(*reversed(story))
    backwards = await look()
    await hear(*story)
    assert await look() == backwards
    assert backwards["status"] == "pass_ready" and backwards["decision"]["outcome"] == "granted"


async def test_told_again_with_another_event_id_it_is_the_same_news(hear: Hear, look: Look, story: list[Event]) -> None:
    await hear(*story)
    before = await look()
    await hear(*(event.model_copy(update={"event_id": uuid4()}) for event in story))
    assert await look() == before


async def test_a_pass_that_moved_is_linked_where_it_is_now(hear: Hear, look: Look, story: list[Event]) -> None:
    await hear(*story, story[3].model_copy(update={"pass_url": "https://pass.example/v1/passes/neu"}))
    assert (await look())["links"]["pass"] == "https://pass.example/v1/passes/neu"


async def test_a_refusal_shows_metres_limit_and_reasons(hear: Hear, look: Look, application_id: UUID) -> None:
    await hear(
        EligibilityRefused(
            application_id=application_id, authority_id="10261", occurred_at=START, decision_id=DECISION,
            distance_m=3500.0, limit_m=3500, reasons=(REASON,), rules_version="nrw 2026-08-01",
        )
    )  # fmt: skip
    shown = await look()
    assert shown["status"] == "refused"
    assert shown["decision"]["distance_m"] == 3500.0 and shown["decision"]["own_share_cents"] is None
    assert shown["links"]["withdrawal"] is None and shown["links"]["pass"] is None


async def test_a_revoked_ticket_takes_its_link_away(
    hear: Hear, look: Look, story: list[Event], application_id: UUID
) -> None:
    about = {"application_id": application_id, "authority_id": "10261", "occurred_at": START + timedelta(hours=1)}
    revoked = ticket_step(about, TICKET, "revoked", 2, reason="lost")
    await hear(*story, revoked)
    shown = await look()
    assert shown["status"] == "revoked" and shown["links"]["pass"] is None


async def test_after_a_withdrawal_late_news_change_nothing_but_the_timeline(
    hear: Hear,
    look: Look,
    story: list[Event],
    application_id: UUID,
    http: httpx.AsyncClient,
    bearer: Callable[..., dict[str, str]],
) -> None:
    await hear(story[0])
    assert (await http.post(f"/v1/applications/{application_id}/withdrawal", headers=bearer())).status_code == 200
    ended = EligibilityWithdrawn(
        application_id=application_id, authority_id="10261", occurred_at=datetime.now(UTC), decision_id=None,
        reason="application_withdrawn",
    )  # fmt: skip
    await hear(*story[1:], ended)
    shown = await look()
    assert shown["status"] == "withdrawn"
    assert shown["links"]["pass"] is None
    assert shown["timeline"][-1]["text"]["en"].startswith("The authority has closed the case")


async def test_a_refused_application_cannot_be_withdrawn(
    hear: Hear, application_id: UUID, http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]]
) -> None:
    await hear(
        EligibilityRefused(
            application_id=application_id, authority_id="10261", occurred_at=START, decision_id=DECISION,
            distance_m=None, limit_m=None, reasons=(), rules_version="x",
        )
    )  # fmt: skip
    answer = await http.post(f"/v1/applications/{application_id}/withdrawal", headers=bearer())
    assert answer.status_code == 409


async def test_news_of_an_unknown_application_or_another_authority_are_put_aside(
    hear: Hear, story: list[Event], look: Look
) -> None:
    with pytest.raises(NotFound):
        await hear(story[0].model_copy(update={"application_id": uuid4()}))
    with pytest.raises(Conflict):
        await hear(story[0].model_copy(update={"authority_id": "99999"}))
    assert (await look())["status"] == "submitted"


async def test_news_are_never_acted_on(hear: Hear, story: list[Event], database: Database[SqlStore]) -> None:
    def count(store: SqlStore) -> int:
        return outbox.count_waiting(store.session)

    before = database.read_now(count)
    await hear(*story)
    assert database.read_now(count) == before


def test_every_kind_that_the_topology_brings_has_a_handler(workflow: Workflow) -> None:
    brought = {kind for durable in durables_of("application") for kind in durable.kinds}
    assert brought == {event.subject.rsplit(".", 1)[0] for event in handlers(workflow)}


async def test_a_late_grants_days_reach_the_family(hear: Hear, look: Look, story: list[Event]) -> None:
    granted = next(each for each in story if isinstance(each, EligibilityGranted))
    days = {"ticket_from": date(2026, 11, 29), "own_share_from": date(2026, 12, 1),
            "reimbursed_until": date(2027, 10, 31)}  # fmt: skip
    await hear(granted.model_copy(update=days))
    shown = await look()
    assert {each: shown["decision"][each] for each in days} == {each: day.isoformat() for each, day in days.items()}
    assert "ab dem 29.11.2026" in shown["timeline"][-1]["text"]["de"]
    assert "bis zum 31.10.2027" in shown["timeline"][-1]["text"]["de"]
    assert "by 31 October 2027" in shown["timeline"][-1]["text"]["en"]


NOT_SHOWN: dict[str, set[str]] = {"eligibility.granted.v1": {"holder_change"}}
"""Fields of an event that the page could show and does not, by subject."""


@pytest.mark.parametrize("kind", get_args(ToldOnce), ids=lambda kind: kind.subject)
def test_what_the_page_can_show_of_an_event_is_kept_of_it(kind: type[ToldOnce]) -> None:
    samples = Path(__file__).parents[3] / "contract" / "samples"
    fields = set(kind.model_fields) & set(Detail.model_fields) - NOT_SHOWN.get(kind.subject, set())
    for path in samples.glob(f"{kind.subject}*.json"):
        event = kind.model_validate_json(path.read_text(encoding="utf-8"))
        news = entry_of(event)
        kept, whole = Detail.model_validate_json(news.detail), Detail.model_validate(event.model_dump())
        missing = {each for each in fields if getattr(kept, each) != getattr(whole, each)}
        named = {news.reference, news.decision_id, news.ticket_id}
        assert not {each for each in missing if str(getattr(whole, each)) not in named}, path.stem
