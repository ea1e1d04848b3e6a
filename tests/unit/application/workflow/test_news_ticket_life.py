"""Suspended, restored, signed anew, replaced, revoked: what the family reads, in whatever order it was heard."""

import json
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from application.api.applications.ticket_texts import REPLACED, REVOKED_BECAUSE, SUSPENDED_BECAUSE
from application.consumer import handlers
from application.domain.ids import Owner
from application.domain.status import Status, current_status
from application.domain.timeline import TimelineEntry
from application.form import ApplicationForm
from application.workflow import Store, Workflow
from application.workflow.timeline import entries_of
from hypothesis import given
from hypothesis import strategies as st
from shared.database import Database
from shared.events import (
    EligibilityGranted,
    EligibilityWithdrawn,
    Event,
    PassReady,
    TicketStateChanged,
)
from support.json import Json
from support.making import make
from support.ticket_steps import ticket_step

START = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
DECISION, OLD, NEW = UUID(int=1), UUID(int=2), UUID(int=3)
OLD_PASS, NEW_PASS = "https://pass.example/v1/passes/alt", "https://pass.example/v1/passes/neu"
Look = Callable[..., Awaitable[Json]]


class Story:
    """The events of one application; a number is a minute."""

    def __init__(self, application_id: UUID) -> None:
        self.application_id = application_id

    def about(self, minute: int) -> dict[str, object]:
        return {
            "application_id": self.application_id, "authority_id": "10261",
            "occurred_at": START + timedelta(minutes=minute),
        }  # fmt: skip

    def granted(self, minute: int) -> EligibilityGranted:
        return EligibilityGranted(
            **self.about(minute), decision_id=DECISION, valid_from=date(2026, 9, 2), valid_until=date(2027, 7, 31),
            own_share_cents=0, distance_m=None, limit_m=None, reasons=(), rules_version="nrw",
        )  # fmt: skip

    def issued(self, minute: int, ticket: UUID = OLD, **more: object) -> TicketStateChanged:
        return make(ticket_step, self.about(minute), ticket, "issued", **more)

    def ready(self, minute: int, ticket: UUID = OLD) -> PassReady:
        url = OLD_PASS if ticket == OLD else NEW_PASS
        return PassReady(**self.about(minute), ticket_id=ticket, pass_url=url)

    def suspended(self, minute: int, reason: str = "by_authority") -> TicketStateChanged:
        return ticket_step(self.about(minute), OLD, "suspended", minute, reason=reason)

    def restored(self, minute: int) -> TicketStateChanged:
        return ticket_step(self.about(minute), OLD, "restored", minute)

    def renewed(self, minute: int) -> TicketStateChanged:
        return ticket_step(self.about(minute), OLD, "signed_anew", minute)

    def revoked(self, minute: int, reason: str, ticket: UUID = OLD) -> TicketStateChanged:
        return ticket_step(self.about(minute), ticket, "revoked", minute, reason=reason)

    def replaced(self, minute: int, because: str, **more: object) -> TicketStateChanged:
        """The new one is there."""
        return self.issued(minute, NEW, replaces=OLD, replaces_because=because, **more)

    def in_use(self) -> list[Event]:
        return [self.granted(1), self.issued(2), self.ready(3)]

    def whole_life(self) -> list[Event]:
        return [
            *self.in_use(), self.suspended(10), self.restored(20), self.ready(20), self.suspended(30, "lost"),
            self.restored(40), self.renewed(50), self.ready(50), self.revoked(60, "lost"),
            self.replaced(70, "lost"), self.ready(71, NEW),
        ]  # fmt: skip


@pytest.fixture
async def story(workflow: Workflow, body: dict[str, object]) -> Story:
    form = ApplicationForm.model_validate_json(json.dumps(body))
    return Story((await workflow.applications.submit(Owner("parent-1"), "key-1", form, START)).id)


@pytest.fixture
def look(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], story: Story, workflow: Workflow,
    database: Database[Store],
) -> Look:  # fmt: skip
    async def look(*events: Event) -> Json:
        for event in events:
            await database.write(await handlers(workflow)[type(event)](event))
        shown: Json = (await http.get(f"/v1/applications/{story.application_id}", headers=bearer())).json()
        return shown

    return look


def last(shown: Json) -> Json:
    return shown["timeline"][-1]


async def test_a_suspended_ticket_says_until_when_whom_to_ask_and_leads_to_its_pass(look: Look, story: Story) -> None:
    shown = await look(*story.in_use(), story.suspended(10))
    assert shown["status"] == "suspended" and shown["links"]["pass"] == OLD_PASS
    assert last(shown)["kind"] == "ticket_suspended" and last(shown)["link"] == OLD_PASS
    for words in ("ausgesetzt", "bis es wieder freigegeben wird", "Stadt Bielefeld", "neuen Antrag"):
        assert words in last(shown)["text"]["de"]
    assert "suspended" in last(shown)["text"]["en"] and "until it is restored" in last(shown)["text"]["en"]
    assert shown["status_text"] == last(shown)["text"]


async def test_a_restored_ticket_is_ready_as_before_and_may_be_suspended_again(look: Look, story: Story) -> None:
    shown = await look(*story.in_use(), story.suspended(10), story.restored(20))
    assert shown["status"] == "pass_ready" and shown["links"]["pass"] == OLD_PASS
    assert "gilt wieder" in last(shown)["text"]["de"]
    again = await look(story.suspended(30, "lost"))
    assert again["status"] == "suspended" and "als verloren gemeldet" in again["status_text"]["de"]
    kinds = [entry["kind"] for entry in again["timeline"]]
    assert kinds[-3:] == ["ticket_suspended", "ticket_restored", "ticket_suspended"]


async def test_a_ticket_that_is_not_ready_yet_is_suspended_and_restored_to_where_it_was(
    look: Look, story: Story
) -> None:
    assert (await look(story.granted(1), story.suspended(10)))["status"] == "suspended"
    assert (await look(story.restored(20)))["status"] == "ticket_issued"


@pytest.mark.parametrize(
    ("reason", "german", "english"),
    [
        ("withdrawn", "weil Sie den Antrag zurückgenommen haben", "you have withdrawn"),
        ("notice", "weil die Bewilligung beendet ist", "the grant has ended"),
        ("fraud", "Das muss nicht an Ihnen liegen", "need not be your doing"),
        ("lost", "als verloren gemeldet", "reported lost"),
        ("by_authority", "Stadt Bielefeld", "Stadt Bielefeld"),
        ("a_code_of_next_year", "weil der Schulträger es so entschieden hat", "by decision of the authority"),
    ],
)
async def test_a_revoked_ticket_says_why_in_words_and_what_to_do(
    look: Look, story: Story, reason: str, german: str, english: str
) -> None:
    shown = await look(*story.in_use(), story.revoked(10, reason))
    assert shown["status"] == "revoked" and shown["links"]["pass"] is None and last(shown)["link"] is None
    for text in (last(shown)["text"], shown["status_text"]):
        assert "gesperrt" in text["de"] and german in text["de"]
        assert "revoked" in text["en"] and english in text["en"]
        assert "fraud" not in text["en"] and "Betrug" not in text["de"]


@pytest.mark.parametrize("reason", ["lost", "changed"])
async def test_a_replaced_ticket_leads_to_the_new_pass_and_says_that_the_old_one_is_dead(
    look: Look, story: Story, reason: str
) -> None:
    on_its_way = await look(*story.in_use(), story.revoked(10, reason), story.replaced(10, reason))
    assert on_its_way["status"] == "ticket_issued" and on_its_way["links"]["pass"] is None
    shown = await look(story.ready(11, NEW))
    assert shown["status"] == "pass_ready" and shown["links"]["pass"] == NEW_PASS
    told = {entry["kind"]: entry for entry in shown["timeline"]}["ticket_replaced"]
    assert told["link"] == NEW_PASS
    assert "gesperrt" in told["text"]["de"] and "revoked" in told["text"]["en"]


async def test_a_lost_ticket_is_revoked_until_its_successor_is_there(look: Look, story: Story) -> None:
    lost = await look(*story.in_use(), story.revoked(10, "lost"))
    assert lost["status"] == "revoked" and "Wird ein neues ausgestellt" in lost["status_text"]["de"]
    assert (await look(story.issued(20, NEW)))["status"] == "ticket_issued"


async def test_a_ticket_signed_anew_asks_to_print_again_and_stays_as_it_is(look: Look, story: Story) -> None:
    shown = await look(*story.in_use(), story.renewed(10))
    assert shown["status"] == "pass_ready"
    assert "drucken Sie es bitte neu" in last(shown)["text"]["de"] and last(shown)["link"] == OLD_PASS


async def test_a_ticket_that_is_born_suspended_is_not_shown_as_good(look: Look, story: Story) -> None:
    suspended = {"state": "suspended", "reason": "fraud"}
    shown = await look(*story.in_use(), story.revoked(9, "lost"), story.replaced(10, "lost", **suspended))
    assert shown["status"] == "suspended"
    assert (await look(story.ready(11, NEW)))["status"] == "suspended"


@pytest.mark.parametrize("seed", range(6))
async def test_a_ticket_that_goes_on_under_another_decision_stays_the_family_s(
    look: Look, story: Story, seed: int
) -> None:
    second = UUID(int=4)
    told: list[Event] = [
        *story.in_use(),
        EligibilityWithdrawn(**story.about(10), decision_id=DECISION, reason="decided_anew", followed_by=second),
        story.granted(10).model_copy(update={"decision_id": second}),
        ticket_step(story.about(11), OLD, "kept", 2, decision_id=second),
    ]
    random.Random(seed).shuffle(told)
    shown = await look(*told)
    assert shown["status"] == "pass_ready" and shown["links"]["pass"] == OLD_PASS
    words = str([shown["status_text"], shown["timeline"]])
    assert "bleibt dasselbe" in words and "gilt nicht mehr" not in words
    assert words.count("Das Ticket wird jetzt erstellt") == 1  # of the first decision
    gone = await look(story.revoked(20, "fraud"))
    assert gone["status"] == "revoked"


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_order_and_however_often_the_family_reads_the_same(look: Look, story: Story, seed: int) -> None:
    told = story.whole_life()
    again = [event.model_copy(update={"event_id": uuid4()}) for event in told]
    mixed = [*told, *again, *told]
    random.Random(seed).shuffle(mixed)
    shown = await look(*mixed)
    assert shown["status"] == "pass_ready" and shown["links"]["pass"] == NEW_PASS
    assert [entry["kind"] for entry in shown["timeline"]] == [
        "submitted", "granted", "ticket_issued", "pass_ready", "ticket_suspended", "ticket_restored",
        "ticket_suspended", "ticket_restored", "ticket_renewed", "ticket_revoked", "ticket_issued", "ticket_replaced",
        "pass_ready",
    ]  # fmt: skip
    assert sum(entry["kind"] == "ticket_suspended" and "verloren" in entry["text"]["de"] for entry in shown["timeline"])


LIFE = [news for event in Story(UUID(int=9)).whole_life() for news in entries_of(event)]  # type: ignore[arg-type]


@given(st.permutations(LIFE), st.integers(0, len(LIFE)))
def test_the_standing_of_a_ticket_does_not_depend_on_the_order(news: list[TimelineEntry], count: int) -> None:
    heard = list(news[:count])
    assert (
        current_status(heard)
        == current_status(sorted(heard, key=lambda each: each.at))
        == current_status([*heard, *heard])
    )


@given(st.permutations(LIFE))
def test_a_replaced_ticket_never_comes_back(news: list[TimelineEntry]) -> None:
    assert current_status(news).ticket == str(NEW) and current_status(news).status is Status.PASS_READY


def test_all_words_are_there_in_both_languages() -> None:
    for text in [*REVOKED_BECAUSE.values(), *SUSPENDED_BECAUSE.values(), *REPLACED.values()]:
        assert text.de and text.en and ("{ask}" in text.de) is ("{ask}" in text.en)
