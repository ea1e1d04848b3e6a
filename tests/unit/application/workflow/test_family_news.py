"""What a family learns of its other children's grants and of the next school year; and who is one household."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from application.consumer import handlers
from application.domain.ids import Owner
from application.form import ApplicationForm
from application.workflow import Store, Workflow
from application.workflow.applications.changes import _in_time
from application.workflow.applications.facts import household
from application.workflow.timeline import entry_of
from shared.bus import outbox
from shared.database import Database
from shared.events import (
    ApplicationSubmitted,
    EligibilityApplicationDue,
    EligibilityGranted,
    EligibilityShareChanged,
    EligibilityWithdrawn,
    Event,
    Reason,
)
from support.json import Json
from support.making import make

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
GRANT, SHARE = UUID(int=1), UUID(int=2)
Look = Callable[..., Awaitable[Json]]


@pytest.fixture
async def application_id(workflow: Workflow, body: dict[str, object]) -> UUID:
    form = ApplicationForm.model_validate_json(json.dumps(body))
    return (await workflow.applications.submit(Owner("parent-1"), "key-1", form, START)).id


@pytest.fixture
def look(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, workflow: Workflow,
    database: Database[Store],
) -> Look:  # fmt: skip
    async def look(*events: Event) -> Json:
        for event in events:
            await database.write(await handlers(workflow)[type(event)](event))
        shown: Json = (await http.get(f"/v1/applications/{application_id}", headers=bearer())).json()
        return shown

    return look


def about(application_id: UUID, days: int) -> dict[str, object]:
    return {
        "application_id": application_id, "authority_id": "10261", "occurred_at": START + timedelta(days=days)
    }  # fmt: skip


def granted(application_id: UUID, **changes: object) -> EligibilityGranted:
    values: dict[str, object] = {
        "decision_id": GRANT, "valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31), "own_share_cents": 1400,
        "distance_m": 3612.4, "limit_m": 3500, "reasons": (), "rules_version": "nrw", "notice_url": "https://b.example/1",
    }  # fmt: skip
    return EligibilityGranted(**(about(application_id, 1) | values | changes))


@pytest.mark.parametrize(("ends_on", "ended"), [(None, "2026-06-03"), (date(2026, 10, 31), "2026-10-31")])
async def test_a_grant_that_is_over_says_since_when(
    look: Look, application_id: UUID, ends_on: date | None, ended: str
) -> None:
    assert (await look(granted(application_id)))["decision"]["ended_on"] is None
    end = EligibilityWithdrawn(**about(application_id, 2), decision_id=GRANT, reason="facts_changed", ends_on=ends_on)
    assert (await look(end))["decision"]["ended_on"] == ended
    anew = granted(application_id, decision_id=UUID(int=9), occurred_at=START + timedelta(days=3))
    assert (await look(anew))["decision"]["ended_on"] is None


async def test_what_the_family_took_back_is_granted_no_more(
    look: Look, application_id: UUID, http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]]
) -> None:
    await look(granted(application_id))
    answer = await http.post(f"/v1/applications/{application_id}/withdrawal", headers=bearer())
    assert answer.json()["status"] == "withdrawn" and answer.json()["decision"] is None


async def test_a_persons_german_reason_is_not_passed_off_as_english(look: Look, application_id: UUID) -> None:
    reason = Reason(rule="person", result="met", legal_basis="§ 6 SchfkVO", text="Das Attest belegt es.", text_en="")
    (shown,) = (await look(granted(application_id, reasons=(reason,))))["decision"]["reasons"]
    assert shown["text"]["en"] == "Written by a person, in German: Das Attest belegt es."


async def test_another_own_share_is_told_in_words_and_leaves_grant_and_status_as_they_are(
    look: Look, application_id: UUID
) -> None:
    before = await look(granted(application_id))
    changed = EligibilityShareChanged(
        **about(application_id, 2), decision_id=SHARE, grant_id=GRANT, own_share_cents=700,
        changed_from=date(2026, 12, 1), reasons=(), rules_version="nrw", notice_url="https://b.example/2",
    )  # fmt: skip
    shown = await look(changed, changed)
    assert shown["status"] == before["status"] == "granted"
    assert shown["decision"]["own_share_cents"] == 1400
    assert shown["decision"]["own_share_changes"] == [{"from": "2026-12-01", "own_share_cents": 700}]
    assert shown["links"]["notice"] == "https://b.example/2"
    told = shown["timeline"][-1]
    assert told["kind"] == "share_changed"
    assert "Ab dem 01.12.2026 beträgt Ihr Eigenanteil 7,00 Euro im Monat" in told["text"]["de"]
    assert "your own share is 7.00 euros" in told["text"]["en"]


@pytest.mark.parametrize("reason", ["yearly", "last_grade", "another_school", "facts_missing", "a_code_of_next_year"])
async def test_the_family_is_told_until_when_to_apply_anew(look: Look, application_id: UUID, reason: str) -> None:
    due = EligibilityApplicationDue(
        **about(application_id, 300), decision_id=GRANT, grant_ends=date(2027, 7, 31), school_year="2027/28",
        apply_until=date(2028, 10, 31), reason=reason,
    )  # fmt: skip
    shown = await look(granted(application_id), due)
    assert shown["status"] == "granted"
    text = shown["timeline"][-1]["text"]
    assert "endet am 31.07.2027" in text["de"]
    assert "Schuljahr 2027/28" in text["de"]
    assert "on 31 October 2028 at the latest" in text["en"]


async def test_a_grant_that_carries_on_is_told_as_such(look: Look, application_id: UUID) -> None:
    next_year = granted(
        application_id, occurred_at=START + timedelta(days=330), decision_id=UUID(int=9), carries_on=GRANT,
        valid_from=date(2027, 8, 1), valid_until=date(2028, 7, 31),
    )  # fmt: skip
    shown = await look(granted(application_id), next_year)
    assert "ohne neuen Antrag" in shown["timeline"][-1]["text"]["de"]
    assert shown["decision"]["valid_until"] == "2028-07-31"


def test_one_account_is_one_household_at_each_authority_and_another_at_the_next() -> None:
    mine = household(Owner("parent-1"), "10261")
    assert mine == household(Owner("parent-1"), "10261")
    assert len({mine, household(Owner("parent-2"), "10261"), household(Owner("parent-1"), "16238")}) == 3


async def test_the_household_is_told_with_the_application(application_id: UUID, database: Database[Store]) -> None:
    first = database.read_now(lambda store: outbox.waiting_events(store.session, 1))[0]  # type: ignore[attr-defined]
    event = ApplicationSubmitted.model_validate_json(first.payload)
    assert event.application_id == application_id
    assert event.household == household(Owner("parent-1"), "10261")
    assert b"parent-1" not in bytes(first.payload)


async def test_a_change_may_be_told_in_the_year_into_which_the_grant_was_carried_on(application_id: UUID) -> None:
    only_the_year: dict[str, object] = {"school_year": "2026/27"}
    form = make(ApplicationForm.model_construct, **only_the_year)
    day = date(2027, 10, 5)
    first = entry_of(granted(application_id))
    next_year = granted(
        application_id, decision_id=UUID(int=9), carries_on=GRANT, valid_from=date(2027, 8, 1),
        valid_until=date(2028, 7, 31),
    )  # fmt: skip
    assert not _in_time(day, form, (first,))
    assert _in_time(day, form, (first, entry_of(next_year)))
    assert not _in_time(date(2028, 8, 1), form, (first, entry_of(next_year)))
