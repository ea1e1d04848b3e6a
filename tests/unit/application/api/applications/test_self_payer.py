"""A refused family takes the ticket that is offered: through HTTP, with the two events that follow."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from application.consumer import handlers
from application.domain.ids import Owner
from application.form import ApplicationForm
from application.workflow import Store, Workflow
from application.workflow.announce import announce
from shared.bus.tables import outbox
from shared.calendar import in_berlin
from shared.database import Database
from shared.events import (
    ApplicationHolderGiven,
    ApplicationSelfPayerChosen,
    DatedCents,
    EligibilityGranted,
    EligibilityRefused,
    SelfPayerOffer,
)
from support.outbox import told_again

NOW = datetime.now(UTC)
TODAY = in_berlin(NOW).date()
Refuse = Callable[[SelfPayerOffer | None], Awaitable[None]]
REFUSAL = UUID(int=4)


def offer(**changes: object) -> SelfPayerOffer:
    values: dict[str, object] = {
        "product": "dt-schule", "product_name": "Deutschlandticket Schule",
        "prices": (DatedCents(valid_from=TODAY, cents=3800),), "valid_until": TODAY + timedelta(days=300),
    }  # fmt: skip
    return SelfPayerOffer(**(values | changes))


def granted(application_id: UUID, **changes: object) -> EligibilityGranted:
    values: dict[str, object] = {
        "application_id": application_id, "authority_id": "10261", "occurred_at": NOW + timedelta(seconds=5),
        "decision_id": UUID(int=5), "valid_from": date(2026, 9, 1), "valid_until": date(2027, 7, 31),
        "own_share_cents": 3800, "distance_m": 1500.0, "limit_m": 2000, "reasons": (), "rules_version": "nrw",
    }  # fmt: skip
    return EligibilityGranted(**(values | changes))


@pytest.fixture
async def application_id(workflow: Workflow, body: dict[str, object]) -> UUID:
    form = ApplicationForm.model_validate_json(json.dumps(body))
    return (await workflow.applications.submit(Owner("parent-1"), "key-1", form, NOW - timedelta(days=2))).id


@pytest.fixture
def refuse(workflow: Workflow, database: Database[Store], application_id: UUID) -> Refuse:
    async def refuse(made: SelfPayerOffer | None) -> None:
        refused = EligibilityRefused(
            application_id=application_id, authority_id="10261", occurred_at=NOW - timedelta(days=1),
            decision_id=REFUSAL, distance_m=1500.0, limit_m=2000, reasons=(), rules_version="nrw", offer=made,
        )  # fmt: skip
        await database.write(await handlers(workflow)[EligibilityRefused](refused))

    return refuse


@pytest.fixture
def said(database: Database[Store]) -> Callable[[str], list[str]]:
    def said(subject: str) -> list[str]:
        query = sa.select(outbox.c.payload).where(outbox.c.subject == subject)
        return database.read_now(lambda store: list(store.session.execute(query).scalars()))  # type: ignore[attr-defined]

    return said


async def test_the_offer_is_shown_and_taken_once_and_the_refusal_stays(
    http: httpx.AsyncClient,
    bearer: Callable[..., dict[str, str]],
    application_id: UUID,
    refuse: Refuse,
    said: Callable[[str], list[str]],
) -> None:
    await refuse(offer())
    url = f"/v1/applications/{application_id}"
    shown = (await http.get(url, headers=bearer())).json()
    assert shown["decision"]["offer"]["product"] == "Deutschlandticket Schule"
    assert shown["decision"]["offer"]["prices"] == [{"from": TODAY.isoformat(), "cents": 3800}]
    assert "selbst bezahlen" in shown["status_text"]["de"]
    assert shown["links"]["self_payer"].endswith("/self-payer")
    for _ in range(2):
        answer = await http.post(f"{url}/self-payer", headers=bearer())
        assert answer.status_code == 200
        assert answer.json()["status"] == "refused"
        assert answer.json()["links"]["self_payer"] is None
        assert answer.json()["timeline"][-1]["kind"] == "self_payer_chosen"
        assert "Ihre Bestellung ist angekommen" in answer.json()["status_text"]["de"]
    (chosen,) = map(ApplicationSelfPayerChosen.model_validate_json, said(ApplicationSelfPayerChosen.subject))
    assert (chosen.decision_id, chosen.product, chosen.price_cents) == (REFUSAL, "dt-schule", 3800)
    assert chosen.valid_from == offer().begins(TODAY)
    assert len(said(ApplicationHolderGiven.subject)) == 2


@pytest.mark.parametrize(
    "made", [None, offer(valid_until=TODAY)], ids=["nothing is offered", "its last month has begun"]
)
async def test_without_an_offer_that_still_holds_nothing_can_be_taken(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, refuse: Refuse, said: Callable[[str], list[str]],
    made: SelfPayerOffer | None,
) -> None:  # fmt: skip
    await refuse(made)
    url = f"/v1/applications/{application_id}"
    assert (await http.get(url, headers=bearer())).json()["links"]["self_payer"] is None
    assert (await http.post(f"{url}/self-payer", headers=bearer())).status_code == 409
    assert said(ApplicationSelfPayerChosen.subject) == []


async def test_another_family_gets_the_answer_of_what_is_not_there(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, refuse: Refuse
) -> None:
    await refuse(offer())
    answer = await http.post(f"/v1/applications/{application_id}/self-payer", headers=bearer("parent-2"))
    assert answer.status_code == 404


async def test_an_order_without_its_grant_is_announced_again_with_the_holder(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, refuse: Refuse,
    database: Database[Store], workflow: Workflow,
) -> None:  # fmt: skip
    await refuse(offer())
    url = f"/v1/applications/{application_id}"
    await http.post(f"{url}/self-payer", headers=bearer())
    told = database.read_now(lambda store: told_again(announce(store)))  # type: ignore[arg-type]
    assert [type(each) for each in told] == [ApplicationSelfPayerChosen, ApplicationHolderGiven]
    bought = granted(application_id, ground="self_payer", product_name="Deutschlandticket Schule")
    await database.write(await handlers(workflow)[EligibilityGranted](bought))
    shown = (await http.get(url, headers=bearer())).json()
    assert (shown["status"], shown["decision"]["outcome"], shown["order"]["ground"]) == (
        "granted", "refused", "self_payer",
    )  # fmt: skip
    assert "selbst bezahlen" in shown["status_text"]["de"]
    after = database.read_now(lambda store: told_again(announce(store)))  # type: ignore[arg-type]
    assert [type(each) for each in after] == [ApplicationHolderGiven]


async def test_a_grant_without_a_ticket_promises_none(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], application_id: UUID, workflow: Workflow,
    database: Database[Store],
) -> None:  # fmt: skip
    driven = granted(application_id, own_share_cents=0, transport="car", allowance_cents=6500)
    await database.write(await handlers(workflow)[EligibilityGranted](driven))
    shown = (await http.get(f"/v1/applications/{application_id}", headers=bearer())).json()
    assert (shown["decision"]["transport"], shown["decision"]["allowance_cents"]) == ("car", 6500)
    assert "ein Ticket gibt es dabei nicht" in shown["status_text"]["de"]
    assert "ein Ticket gibt es dabei nicht" in shown["timeline"][-1]["text"]["de"]
