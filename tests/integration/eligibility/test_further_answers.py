"""An authority's own questions on their way to the families, and the answers on theirs to the desk: over a real broker,
and as events in any order."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import permutations
from uuid import UUID

import pytest
from application.consumer import handlers as application_handlers
from eligibility.consumer import handlers as eligibility_handlers
from eligibility.domain.ids import ApplicationId
from eligibility.workflow.rule_sets.own_form_versions import OwnFormVersion
from shared.bus.consumer import Consumer
from shared.bus.relay import Relay
from shared.bus.topology import Durable, durables_of
from shared.calendar import day_in_berlin
from shared.events import EligibilityFormPublished
from shared.identity import Caller
from support.both_services import BothServices
from support.broker import Broker
from support.bus import connected, eventually, running
from support.family_messages import BODY, BOTH, number_of
from support.outbox import told
from support.own_forms import BUS, QUESTIONS

ANNA, BERT = (Caller(name, "12345", frozenset({"administrator"})) for name in ("anna", "bert"))
ANSWERS = {"further": {"bus_line": "29"}}
KEPT = {
    "key": "bus_line",
    "title": {"de": "Mit welcher Linie fährt Ihr Kind?", "en": "Which line does your child take?"},
    "value": "29",
    "said": {"de": "29", "en": "29"},
}


async def publish(both: BothServices, form: Mapping[str, object] = BUS) -> OwnFormVersion:
    desk, today = both.world.workflow.own_forms, day_in_berlin(both.world.environment.now())
    draft = await desk.draft(ANNA, "12345", json.dumps(form))
    return await desk.publish(BERT, "12345", draft.id, today)


@asynccontextmanager
async def on_the_bus(both: BothServices, broker: Broker) -> AsyncIterator[None]:
    """Relay and consumers of both, as their processes have them."""
    async with connected(broker, "application") as family, connected(broker, "eligibility") as desk:
        of_family = Consumer(
            family, both.database, durable_on("ELIGIBILITY", "application"), application_handlers(both.workflow)
        )
        of_desk = Consumer(
            desk,
            both.world.database,
            durable_on("APPLICATION", "eligibility"),
            eligibility_handlers(both.world.workflow),
        )
        relays = Relay(family, both.database), Relay(desk, both.world.database)
        async with running(*(each.run for each in (*relays, of_family, of_desk))):
            yield


def durable_on(stream: str, service: str) -> Durable:
    """By which the service hears this stream."""
    (durable,) = (each for each in durables_of(service) if each.stream == stream)
    return durable


async def test_a_question_reaches_the_family_and_its_answer_the_desk_over_the_bus(
    both: BothServices, broker: Broker
) -> None:
    async with on_the_bus(both, broker):
        await publish(both)
        today = day_in_berlin(both.world.environment.now())

        async def is_asked() -> bool:
            return await both.workflow.own_forms.in_force("12345", today) is not None

        await eventually(is_asked)
        refused = await both.http.post(
            "/v1/applications", json=BODY, headers=both.headers | {"Idempotency-Key": "key-without"}
        )
        assert refused.status_code == 422 and "further.bus_line" in refused.text
        path = await both.applies(BODY | ANSWERS)
        number = UUID(path.rpartition("/")[2])

        async def is_there() -> bool:
            return both.world.database.read_now(lambda store: store.case_of(ApplicationId(number)) is not None)

        await eventually(is_there, 20)
    case = both.world.case_of(number)
    assert case.submission["further"] == {"form_version": 1, "answers": [KEPT]}


@BOTH
async def test_a_change_of_facts_tells_the_answers_as_they_were_whatever_is_asked_by_then(both: BothServices) -> None:
    await publish(both)
    await both.deliver_all()
    path = await both.applies(BODY | ANSWERS)
    await both.deliver_all()
    await publish(both, {"questions": []})
    await both.deliver_all()
    answer = await both.writes(path, text="Andere Klasse", changes={"grade": "08"})
    assert answer.status_code in (200, 201), answer.text
    await both.deliver_all()
    case = both.world.case_of(number_of(both))
    assert case.submission["grade"] == "08"
    assert case.submission["further"] == {"form_version": 1, "answers": [KEPT]}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"bus_line": "29", "shoe_size": 42}, "further.shoe_size"),
        ({"bus_line": 29}, "further.bus_line"),
        ({"bus_line": "29", "since": "2026-01-01"}, "further.since"),
        ({"bus_line": None}, "further.bus_line"),
        ({"bus_line": ["29"]}, "further"),
        ({"Bus Line": "29"}, "further"),
        ({f"k{each}": "1" for each in range(30)}, "further"),
        ("29", "further"),
    ],
)
async def test_what_is_not_asked_or_does_not_fit_is_refused_with_its_place(
    both: BothServices, sent: object, said: str
) -> None:
    await publish(both)
    await both.deliver_all()
    headers = both.headers | {"Idempotency-Key": "key-12345678"}
    answer = await both.http.post("/v1/applications", json=BODY | {"further": sent}, headers=headers)
    assert answer.status_code == 422 and f'"{said}"' in answer.text, answer.text
    draft = await both.http.post("/v1/drafts", json={"school_number": BODY["school_number"], "further": sent})
    is_later = said in ("further.since",) or sent == {"bus_line": None}
    assert draft.status_code == (201 if is_later else 422), draft.text


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("twice", [False, True])
async def test_late_twice_or_out_of_order_the_highest_version_counts(
    both: BothServices, order: tuple[int, ...], twice: bool
) -> None:
    for number in range(3):
        await publish(both, {"questions": [{**QUESTIONS[0], "key": f"of_{number}"}]})
    events = told(both.world.database, EligibilityFormPublished)
    for place in order + (order if twice else ()):
        await both.deliver(events[place])
    found = await both.workflow.own_forms.in_force("12345", events[0].valid_from)
    assert found is not None and (found.version, found.content.questions[0].key) == (3, "of_2")


async def test_of_one_number_told_with_two_contents_the_later_publication_counts(both: BothServices) -> None:
    await publish(both)
    (first,) = told(both.world.database, EligibilityFormPublished)
    later = first.model_copy(
        update={
            "occurred_at": first.occurred_at.replace(year=first.occurred_at.year + 1),
            "content": first.content.model_copy(update={"questions": ()}),
        }
    )
    for events in ((first, later), (later, first)):
        for each in events:
            await both.deliver(each)
        found = await both.workflow.own_forms.in_force("12345", first.valid_from)
        assert found is not None and found.content.questions == ()
