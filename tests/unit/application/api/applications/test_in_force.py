"""A family that has told of a change reads what is in force until it is decided and its day has come; and its list of
applications begins with what waits for it, as the page of each does."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from application.store import SqlStore
from application.workflow import Store, Workflow
from application.workflow.timeline import TimelineEvent
from shared.calendar import SchoolYear, day_in_berlin
from shared.database import Database
from shared.events import EligibilityGranted, EligibilityQuestionAsked, EligibilityRefused, EligibilityWithdrawn
from support.application import directory
from support.json import Json, text

Header = Callable[..., dict[str, str]]
Family = Callable[..., Awaitable[Json]]
OLD, NEW = "Gymnasium am Alten Markt", "Gesamtschule am Bach"
HOME = {"street": "Am Bach", "house_number": "3", "postal_code": "33602", "city": "Bielefeld"}
TODAY = day_in_berlin(datetime.now(UTC))
YEAR = SchoolYear.of(TODAY + timedelta(days=60))
LATER = max(TODAY + timedelta(days=30), YEAR.first_day + timedelta(days=1))
"""The day from which the change holds."""


@pytest.fixture
async def path(http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[SqlStore]) -> str:
    directory.fill(database, directory.school("100009", "GY", name=f"{NEW} - Sekundarstufen I und II -"))
    body |= {"school_year": str(YEAR), "wanted_from": YEAR.first_day.isoformat(), "consents": []}
    headers = bearer() | {"Idempotency-Key": "key-12345678"}
    answer = await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["links"]["self"])


@pytest.fixture
def look(http: httpx.AsyncClient, bearer: Header, workflow: Workflow, database: Database[Store], path: str) -> Family:
    """After these events have been heard: the page, whose line in the list says the same."""

    async def look(*events: TimelineEvent) -> Json:
        for event in events:
            database.write_now(await workflow.timeline.record(event))
        shown: Json = (await http.get(path, headers=bearer())).json()
        (line,) = (await http.get("/v1/applications", headers=bearer())).json()["items"]
        assert {name: shown[name] for name in line} == line
        return shown

    return look


def about(path: str) -> dict[str, object]:
    return {"occurred_at": datetime.now(UTC), "authority_id": "10261", "application_id": UUID(path.rsplit("/", 1)[1])}


def granted(path: str, number: int, **changes: object) -> EligibilityGranted:
    values: dict[str, object] = {
        "decision_id": uuid4(), "case_id": uuid4(), "valid_from": YEAR.first_day, "valid_until": YEAR.last_day,
        "own_share_cents": 1400, "distance_m": 3612.4, "limit_m": 3500, "reasons": (), "rules_version": "nrw",
        "change_number": number,
    }  # fmt: skip
    return EligibilityGranted(**about(path), **(values | changes))


def ended(path: str, grant: EligibilityGranted, last: date) -> EligibilityWithdrawn:
    return EligibilityWithdrawn(**about(path), decision_id=grant.decision_id, reason="facts_changed", ends_on=last)


def refused(path: str, number: int) -> EligibilityRefused:
    return EligibilityRefused(
        **about(path), decision_id=uuid4(), distance_m=1.0, limit_m=2, reasons=(), rules_version="x",
        change_number=number,
    )  # fmt: skip


async def change(http: httpx.AsyncClient, bearer: Header, path: str, **changes: object) -> None:
    sent = {"changes": changes, "changed_from": LATER.isoformat()}
    answer = await http.post(f"{path}/answers", json=sent, headers=bearer())
    assert answer.status_code == 200, answer.text


async def test_the_granted_school_stands_until_the_change_is_decided_and_the_told_one_beside_it(
    http: httpx.AsyncClient, bearer: Header, path: str, look: Family
) -> None:
    first = granted(path, 0)
    before = await look(first)
    assert before["school"]["name"] == before["decision"]["about"]["school"]["name"] == OLD
    assert before["told_school"] is None
    pupil = before["form"]["pupil"] | {"first_name": "Jan"}
    await change(http, bearer, path, school_number="100009", grade="06", home=HOME, pupil=pupil)
    told = await look()
    assert (told["school"], told["pupil"], told["decision"]) == (before["school"], before["pupil"], before["decision"])
    assert told["told_school"]["name"] == NEW, "without the register's tail"
    assert (told["form"]["school_number"], told["form"]["grade"]) == ("100009", "06")
    # decided: the old grant runs to its last day, the new one follows
    after = await look(granted(path, 1, valid_from=LATER), ended(path, first, LATER - timedelta(days=1)))
    about_new, about_old = after["decision"]["about"], after["still_in_force"]["about"]
    assert (about_new["school"]["name"], about_new["grade"], about_new["home"]) == (NEW, "06", HOME)
    assert about_new["pupil"]["first_name"] == "Jan"
    assert (about_old["school"]["name"], about_old["grade"]) == (OLD, "05")
    assert after["still_in_force"]["ended_on"] == (LATER - timedelta(days=1)).isoformat()
    assert after["school"]["name"] == OLD and after["told_school"]["name"] == NEW


async def test_after_the_last_day_the_new_grants_school_stands_alone(
    http: httpx.AsyncClient, bearer: Header, path: str, look: Family
) -> None:
    first = granted(path, 0)
    await look(first)
    await change(http, bearer, path, school_number="100009")
    shown = await look(granted(path, 1), ended(path, first, TODAY - timedelta(days=1)))
    assert shown["still_in_force"] is None and shown["told_school"] is None
    assert shown["school"]["name"] == NEW


async def test_a_refusal_that_ends_a_grant_names_its_school_and_the_grant_its_own(
    http: httpx.AsyncClient, bearer: Header, path: str, look: Family
) -> None:
    first = granted(path, 0)
    await look(first)
    await change(http, bearer, path, school_number="100009")
    shown = await look(refused(path, 1), ended(path, first, LATER - timedelta(days=1)))
    assert shown["decision"]["about"]["school"]["name"] == NEW and shown["decision"]["outcome"] == "refused"
    assert shown["still_in_force"]["about"]["school"]["name"] == OLD == shown["school"]["name"]


async def test_before_anything_is_granted_the_form_stands_as_told(
    http: httpx.AsyncClient, bearer: Header, path: str, look: Family
) -> None:
    await change(http, bearer, path, school_number="100009")
    shown = await look()
    assert shown["school"]["name"] == NEW and shown["told_school"] is None and shown["decision"] is None


async def test_the_list_begins_with_an_open_question_in_every_state(path: str, look: Family) -> None:
    asked = EligibilityQuestionAsked(
        **about(path), question_id=uuid4(), case_id=uuid4(), text="Bitte senden Sie das Attest.",
        due=TODAY + timedelta(days=20),
    )  # fmt: skip
    shown = await look(asked)
    assert text(shown["status_text"]["de"]).startswith("Der Schulträger braucht noch etwas von Ihnen")
    shown = await look(granted(path, 0), asked.model_copy(update={
        "question_id": uuid4(), "hearing": True, "occurred_at": datetime.now(UTC) + timedelta(seconds=1),
    }))  # fmt: skip
    assert text(shown["status_text"]["de"]).startswith("Der Schulträger will Ihre Bewilligung beenden oder ändern")
