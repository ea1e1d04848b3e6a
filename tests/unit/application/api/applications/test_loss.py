"""A family reports its ticket lost: told once, said to the family, and offered only while it holds a ticket."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from application.consumer import handlers
from application.domain.ids import Owner
from application.form import ApplicationForm
from application.store import SqlStore
from application.workflow import Workflow
from application.workflow.announce import announce
from shared.bus.tables import outbox
from shared.database import Database
from shared.events import (
    ApplicationLossReported,
    EligibilityGranted,
    Event,
    PassReady,
    TicketRequestAnswered,
    TicketStateChanged,
)
from support.json import Json, text
from support.making import make
from support.outbox import told_again
from support.ticket_steps import ticket_step

START = datetime.now(UTC) - timedelta(days=2)
OLD, NEW = UUID(int=2), UUID(int=3)


class Family:
    """One application, what is told of it, and what the family sees and does."""

    def __init__(
        self, http: httpx.AsyncClient, headers: dict[str, str], workflow: Workflow, database: Database[SqlStore]
    ) -> None:
        self.http, self.headers, self.workflow, self.database = http, headers, workflow, database
        self.application_id = UUID(int=0)
        self.minute = 0

    def about(self) -> dict[str, object]:
        self.minute += 1
        at = START + timedelta(minutes=self.minute)
        return {"application_id": self.application_id, "authority_id": "10261", "occurred_at": at}

    async def hears(self, *events: Event) -> None:
        for event in events:
            await self.database.write(await handlers(self.workflow)[type(event)](event))

    async def is_granted(self) -> None:
        await self.hears(
            EligibilityGranted(
                **self.about(), decision_id=UUID(int=1), valid_from=date(2026, 9, 2), valid_until=date(2027, 7, 31),
                own_share_cents=0, distance_m=None, limit_m=None, reasons=(), rules_version="nrw",
            )
        )  # fmt: skip

    def issued(self, ticket: UUID = OLD, **more: object) -> TicketStateChanged:
        return make(ticket_step, self.about(), ticket, "issued", **more)

    def ready(self, ticket: UUID = OLD) -> PassReady:
        return PassReady(**self.about(), ticket_id=ticket, pass_url=f"https://pass.example/{ticket}")

    async def sees(self) -> Json:
        seen: Json = (await self.http.get(f"/v1/applications/{self.application_id}", headers=self.headers)).json()
        return seen

    async def reports(self, headers: dict[str, str] | None = None, ticket: object = OLD) -> httpx.Response:
        path = f"/v1/applications/{self.application_id}/tickets/{ticket}/loss"
        return await self.http.post(path, headers=headers or self.headers)

    def told(self) -> list[ApplicationLossReported]:
        query = sa.select(outbox.c.payload).where(outbox.c.subject == ApplicationLossReported.subject)
        rows = self.database.read_now(lambda store: list(store.session.execute(query).scalars()))
        return [ApplicationLossReported.model_validate_json(row) for row in rows]

    def answer(self, outcome: str, reason: str = "") -> TicketRequestAnswered:
        return TicketRequestAnswered(
            **self.about(), request_id=self.told()[-1].request_id, kind="replace", number=7, organisation_id=32838,
            outcome=outcome, reason=reason,
        )  # fmt: skip


@pytest.fixture
async def family(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], workflow: Workflow, database: Database[SqlStore],
    body: dict[str, object],
) -> Family:  # fmt: skip
    family = Family(http, bearer(), workflow, database)
    form = ApplicationForm.model_validate_json(json.dumps(body))
    family.application_id = (await workflow.applications.submit(Owner("parent-1"), "key-1", form, START)).id
    return family


async def test_a_loss_is_reported_once_and_its_new_ticket_may_be_lost_too(family: Family) -> None:
    await family.is_granted()
    assert (await family.sees())["links"]["loss"] is None
    await family.hears(family.issued(), family.ready())
    assert text((await family.sees())["links"]["loss"]).endswith(f"/tickets/{OLD}/loss")
    for _ in range(2):
        answer = await family.reports()
        assert answer.status_code == 200 and answer.json()["links"]["loss"] is None
        assert answer.json()["timeline"][-1]["kind"] == "loss_reported"
        assert "nicht mehr, auch wenn Sie es wiederfinden" in answer.json()["timeline"][-1]["text"]["de"]
    (told,) = family.told()
    assert (told.application_id, told.ticket_id) == (family.application_id, OLD)
    await family.hears(
        ticket_step(family.about(), OLD, "revoked", 2, reason="lost"),
        family.answer("done"),
        family.issued(NEW, replaces=OLD, replaces_because="lost"),
        family.ready(NEW),
    )
    shown = await family.sees()
    assert shown["status"] == "pass_ready" and shown["links"]["pass"] == f"https://pass.example/{NEW}"
    assert "loss_refused" not in [each["kind"] for each in shown["timeline"]]
    assert (await family.reports()).status_code == 200
    assert [each.ticket_id for each in family.told()] == [OLD], "the first report came again, late"
    assert (await family.reports(ticket=NEW)).status_code == 200
    assert [each.ticket_id for each in family.told()] == [OLD, NEW]


async def test_a_suspended_ticket_may_be_lost_and_a_dead_one_or_none_not(family: Family) -> None:
    assert (await family.reports()).status_code == 409
    assert (await family.reports(ticket="../../x")).status_code == 404
    await family.is_granted()
    assert (await family.reports()).status_code == 409
    await family.hears(family.issued(), ticket_step(family.about(), OLD, "suspended", 2, reason="fraud"))
    assert (await family.sees())["links"]["loss"] is not None
    await family.hears(ticket_step(family.about(), OLD, "revoked", 3, reason="fraud"))
    assert (await family.sees())["links"]["loss"] is None
    assert (await family.reports()).status_code == 409


@pytest.mark.parametrize(
    ("reason", "words"), [("expired", "galt schon nicht mehr"), ("unknown_ticket", "konnte nicht ersetzt werden")]
)
async def test_a_loss_that_changed_nothing_is_said_and_may_be_reported_again(
    family: Family, reason: str, words: str
) -> None:
    await family.is_granted()
    await family.hears(family.issued(), family.ready())
    await family.reports()
    await family.hears(family.answer("refused", reason), family.answer("refused", reason))
    shown = await family.sees()
    (entry,) = [each for each in shown["timeline"] if each["kind"] == "loss_refused"]
    assert words in entry["text"]["de"] and "Stadt Bielefeld" in entry["text"]["de"]
    assert shown["links"]["loss"] is not None


async def test_what_others_asked_is_no_news_of_the_family_s_loss(family: Family) -> None:
    await family.is_granted()
    await family.hears(family.issued(), family.ready())
    await family.reports()
    other = family.answer("refused", "revoked")
    await family.hears(other.model_copy(update={"request_id": UUID(int=77)}))
    await family.hears(other.model_copy(update={"application_id": None}))
    await family.hears(other.model_copy(update={"application_id": UUID(int=78)}))
    assert "loss_refused" not in [each["kind"] for each in (await family.sees())["timeline"]]


async def test_only_one_s_own_ticket_can_be_reported_lost(
    family: Family, bearer: Callable[..., dict[str, str]]
) -> None:
    await family.is_granted()
    await family.hears(family.issued(), family.ready())
    assert (await family.reports(bearer("parent-2"))).status_code == 404
    assert family.told() == []


async def test_a_loss_that_nobody_carried_out_is_told_again_with_its_own_number(family: Family) -> None:
    await family.is_granted()
    await family.hears(family.issued(), family.ready())
    await family.reports()

    def losses() -> list[UUID]:
        events = family.database.read_now(lambda store: told_again(announce(store)))
        return [each.request_id for each in events if isinstance(each, ApplicationLossReported)]

    assert losses() == [family.told()[0].request_id]
    await family.hears(ticket_step(family.about(), OLD, "revoked", 2, reason="lost"))
    assert losses() == []
