"""A decision told again with other content: an alarm, and the family goes on seeing what it was told first."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from application.consumer import handlers
from application.domain.ids import ApplicationId, Owner
from application.domain.timeline import TimelineEntry
from application.form import ApplicationForm
from application.store import SqlStore
from application.workflow import Workflow
from application.workflow.told_back import EventReplies
from prometheus_client import REGISTRY
from shared.database import Database
from shared.events import EligibilityGranted, EligibilityRefused, EligibilityShareChanged, EligibilityWithdrawn, Event
from shared.pages import MOST_BYTES
from shared.questions import ToldAct, ToldActsQuestion, ToldDecision, ToldDecisionsQuestion

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
GRANT, SHARE = UUID(int=1), UUID(int=2)
ONE, OTHER = "ab" * 32, "cd" * 32
Hear = Callable[..., Awaitable[None]]
Read = Callable[[], list[TimelineEntry]]


def alarms(kind: str) -> float:
    return REGISTRY.get_sample_value("event_conflicts_total", {"subject": f"eligibility.{kind}.v1"}) or 0.0


@pytest.fixture
async def application_id(workflow: Workflow, body: dict[str, object]) -> ApplicationId:
    form = ApplicationForm.model_validate_json(json.dumps(body))
    return (await workflow.applications.submit(Owner("parent-1"), "key-1", form, START)).id


@pytest.fixture
def hear(workflow: Workflow, database: Database[SqlStore]) -> Hear:
    async def hear(*events: Event) -> None:
        for event in events:
            await database.write(await handlers(workflow)[type(event)](event))

    return hear


@pytest.fixture
def read(database: Database[SqlStore], application_id: ApplicationId) -> Read:
    return lambda: list(database.read_now(lambda store: store.news_of([application_id])).get(application_id, ()))


@pytest.fixture
def story(application_id: ApplicationId) -> dict[str, Event]:
    def about(minutes: int) -> dict[str, object]:
        moment = START + timedelta(minutes=minutes)
        return {"application_id": application_id, "authority_id": "10261", "occurred_at": moment}

    said: dict[str, object] = {"reasons": (), "rules_version": "nrw"}
    measured = {**said, "distance_m": 1.0, "limit_m": 2}
    days = {"valid_from": date(2026, 9, 2), "valid_until": date(2027, 7, 31)}
    share = {"own_share_cents": 700, "changed_from": date(2026, 10, 1), "grant_id": GRANT}
    return {
        "granted": EligibilityGranted(**about(1), decision_id=GRANT, own_share_cents=1400, **days, **measured),
        "refused": EligibilityRefused(**about(2), decision_id=GRANT, **measured),
        "share_changed": EligibilityShareChanged(**about(3), decision_id=SHARE, **share, **said),
        "withdrawn": EligibilityWithdrawn(**about(4), decision_id=GRANT, reason="decided_anew"),
    }


def signed(event: Event, digest: str | None = ONE, **more: str) -> Event:
    return event.model_copy(update={"decision_digest": digest, **more})


@pytest.mark.parametrize("kind", ["granted", "refused", "withdrawn"])
async def test_another_content_under_the_same_id_is_an_alarm_and_not_written_down(
    hear: Hear, read: Read, story: dict[str, Event], kind: str
) -> None:
    await hear(signed(story["granted"]))
    before, counted = read(), alarms(kind)
    changed = story[kind].model_copy(update={"own_share_cents": 0, "reason": "facts_changed"})
    await hear(signed(changed, OTHER))
    assert read() == before
    assert alarms(kind) == counted + 1


async def test_a_share_of_a_grant_that_was_told_otherwise_is_not_written_down(
    hear: Hear, read: Read, story: dict[str, Event]
) -> None:
    await hear(signed(story["granted"]))
    before, counted = read(), alarms("share_changed")
    await hear(signed(story["share_changed"], ONE, grant_digest=OTHER))
    assert read() == before and alarms("share_changed") == counted + 1
    await hear(signed(story["share_changed"], OTHER, grant_digest=ONE))
    assert len(read()) == len(before) + 1


async def test_the_same_again_and_what_bears_no_digest_is_no_alarm(
    hear: Hear, read: Read, story: dict[str, Event]
) -> None:
    counted = alarms("granted"), alarms("withdrawn")
    await hear(signed(story["granted"]), signed(story["granted"]), story["granted"], story["withdrawn"])
    assert (alarms("granted"), alarms("withdrawn")) == counted
    assert [str(each.kind) for each in read()][-2:] == ["granted", "grant_ended"]


async def test_a_restored_eligibility_hears_what_each_decision_was_how_it_ended_and_what_else_was_told(
    hear: Hear, story: dict[str, Event], database: Database[SqlStore], application_id: ApplicationId
) -> None:
    ended = signed(story["withdrawn"]).model_copy(update={"ends_on": date(2026, 12, 31)})
    await hear(signed(story["granted"]), signed(story["share_changed"], OTHER, grant_digest=ONE), ended)
    told_back = EventReplies(database)
    page = await told_back.decisions(ToldDecisionsQuestion())
    of = {each.decision_id: each for each in page.decisions}
    assert (of[GRANT].outcome, of[SHARE].outcome, page.next_after) == ("granted", "share_changed", None)
    assert (of[GRANT].ended_because, of[GRANT].ended_on) == ("decided_anew", date(2026, 12, 31))
    assert of[GRANT].ended_at == ended.occurred_at and of[SHARE].ended_at is None
    acts = (await told_back.acts(ToldActsQuestion())).acts
    assert [(each.kind, each.reference) for each in acts] == [
        ("granted", str(GRANT)),
        ("share_changed", str(SHARE)),
        ("grant_ended", str(GRANT)),
    ]
    assert {each.application_id for each in acts} == {application_id}
    assert acts[-1].reason == "decided_anew"
    assert (await told_back.acts(ToldActsQuestion(after=application_id))).acts == ()


async def test_of_an_application_with_more_than_a_reply_holds_all_is_told_in_several(
    hear: Hear, story: dict[str, Event], database: Database[SqlStore], application_id: ApplicationId
) -> None:
    """An answer that does not fit is none, and who was put back would ask for it for ever."""
    ids = [UUID(int=100 + number) for number in range(400)]
    for each in ids:
        await hear(signed(story["granted"]).model_copy(update={"decision_id": each}))
    told_back = EventReplies(database)
    heard: list[ToldDecision] = []
    acts: list[ToldAct] = []
    question, asked = ToldDecisionsQuestion(), ToldActsQuestion()
    while True:
        page = await told_back.decisions(question)
        assert len(page.model_dump_json().encode()) <= MOST_BYTES
        heard += page.decisions
        if page.next_after is None:
            break
        question = ToldDecisionsQuestion(after=page.next_after, skip=page.next_skip)
    while True:
        more = await told_back.acts(asked)
        assert len(more.model_dump_json().encode()) <= MOST_BYTES
        acts += more.acts
        if more.next_after is None:
            break
        asked = ToldActsQuestion(after=more.next_after, skip=more.next_skip)
    assert [each.decision_id for each in heard] == ids
    assert [each.reference for each in acts] == [str(each) for each in ids]
