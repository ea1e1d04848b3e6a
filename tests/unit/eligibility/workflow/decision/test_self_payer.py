"""A family takes the ticket that its refusal offers: a decision beside the refusal, which stays what it is."""

import json
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from eligibility.domain.ids import CaseId
from eligibility.printing.page import page
from eligibility.printing.press import Press
from eligibility.rules import parse
from eligibility.workflow import MeasuredRoutes
from eligibility.workflow.decision.announce import announce
from eligibility.workflow.decision.recompute import compare_decision
from shared.events import (
    ApplicationSelfPayerChosen,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
)
from shared.identity import Caller
from support import making
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.outbox import told_again

FARES = [
    {"valid_from": "2026-01-01", "valid_until": "2026-12-31", "monthly_cents": 4300, "source": "Erlass"},
    {"valid_from": "2027-01-01", "monthly_cents": 4800, "source": "Tarifbeschluss"},
]
CHOICES: dict[str, object] = {
    "release_by_person": "nothing",
    "products": [{"key": "dt-schule", "name": "Deutschlandticket Schule", "fares": FARES}],
    "self_payer": {
        "offered": True,
        "product": "dt-schule",
        "rebate_cents": 500,
        "source": "Ratsbeschluss vom 1. März 2026",
        "order_until_day": 10,
    },
}
READER = Caller("anna", "12345", frozenset({"case_worker"}))


@pytest.fixture
async def refused(world: World) -> EligibilityRefused:
    world.publish(CHOICES)
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.submitted())
    return world.told_as(EligibilityRefused)


def order(
    refusal: EligibilityRefused, day: datetime = datetime(2026, 9, 10, 10, tzinfo=UTC), **changes: object
) -> ApplicationSelfPayerChosen:
    assert refusal.offer is not None
    values: dict[str, object] = {
        "occurred_at": day,
        "authority_id": "12345",
        "application_id": refusal.application_id,
        "decision_id": refusal.decision_id,
        "product": "dt-schule",
        "valid_from": refusal.offer.begins(day.date()),
        "price_cents": 3800,
    }
    return ApplicationSelfPayerChosen(**(values | changes))


def withdrawal(refusal: EligibilityRefused) -> ApplicationWithdrawn:
    return ApplicationWithdrawn(
        occurred_at=datetime(2026, 11, 1, tzinfo=UTC),
        authority_id="12345",
        application_id=refusal.application_id,
        withdrawal_id=uuid4(),
    )


@pytest.mark.parametrize(
    ("day", "first", "cents"),
    [
        (datetime(2026, 6, 1, tzinfo=UTC), date(2026, 8, 1), 3800),
        (datetime(2026, 9, 10, 12, tzinfo=UTC), date(2026, 10, 1), 3800),
        (datetime(2026, 9, 11, 12, tzinfo=UTC), date(2026, 11, 1), 3800),
        (datetime(2026, 12, 5, tzinfo=UTC), date(2027, 1, 1), 4300),
    ],
)
async def test_the_ticket_begins_with_the_next_month_at_the_price_of_that_day(
    world: World, refused: EligibilityRefused, day: datetime, first: date, cents: int
) -> None:
    await world.hear(order(refused, day))
    granted = world.told_as(EligibilityGranted)
    assert (granted.ground, granted.own_share_cents, granted.product) == ("self_payer", cents, "dt-schule")
    assert (granted.valid_from, granted.valid_until) == (first, date(2027, 7, 31))
    later = [(each.valid_from, each.cents) for each in granted.own_share_changes]
    assert later == ([(date(2027, 1, 1), 4300)] if first < date(2027, 1, 1) else [])


async def test_the_refusal_stays_in_force_with_its_notice_and_its_period(
    world: World, refused: EligibilityRefused
) -> None:
    await world.hear(order(refused))
    assert [type(each) for each in world.told()] == [EligibilityRefused, EligibilityGranted]
    case = world.case_of(refused.application_id)
    first, second = world.database.read_now(lambda store: store.decisions_of(case.id))
    assert (first.outcome, first.withdrawn_at) == ("refused", None)
    assert (second.outcome, second.terms.self_payer, second.because) == ("granted", True, None)
    file = await world.desk.file(READER, CaseId(case.id))
    assert len(file.notices) == 2
    assert "self payer ordered" in [each.act for each in file.acts]
    assert case.state == "granted"


async def test_an_order_that_its_withdrawal_has_overtaken_orders_nothing(
    world: World, refused: EligibilityRefused
) -> None:
    await world.hear(withdrawal(refused))
    await world.hear(order(refused))
    assert [type(each) for each in world.told()] == [EligibilityRefused]
    assert world.case_of(refused.application_id).state == "withdrawn"


async def test_a_bought_ticket_is_computed_again_to_the_same_and_is_no_case_of_a_simulation(
    world: World, refused: EligibilityRefused
) -> None:
    await world.hear(order(refused))
    case = world.case_of(refused.application_id)
    in_force = world.database.read_now(lambda store: store.in_force("12345", date(2026, 5, 1)))
    assert in_force is not None
    rules = parse(json.loads(in_force[1]), None)
    for kept in world.database.read_now(lambda store: store.decisions_of(case.id)):
        again = compare_decision(kept, rules)
        assert again.same, (kept.outcome, again.differences)
    assert len(world.database.read_now(lambda store: store.decided_facts("12345", 10))) == 1


async def test_the_order_is_confirmed_with_its_prices_and_no_instruction_on_remedies(
    world: World, refused: EligibilityRefused
) -> None:
    await world.hear(order(refused))
    content = world.database.read_now(lambda store: store.notices_to_print(10, world.environment.now()))[-1][1]
    assert content["title"] == "Bestätigung Ihrer Ticketbestellung"
    said = page(content).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "38,00 Euro im Monat ab dem 01.10.2026, 43,00 Euro im Monat ab dem 01.01.2027" in said
    assert "Ablehnung der Kostenübernahme bleibt bestehen" in said
    assert "Rechtsbehelfsbelehrung" not in said
    assert "pay for it yourself" in said
    assert Press().print(content).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "changes", [{}, {"decision_id": uuid4()}, {"authority_id": "99999"}], ids=["twice", "another", "foreign"]
)
async def test_an_order_told_twice_or_of_what_is_not_offered_changes_nothing(
    world: World, refused: EligibilityRefused, changes: dict[str, object]
) -> None:
    if not changes:
        await world.hear(order(refused))
    before = len(world.told())
    await world.hear(making.make(order, refused, **changes))
    assert len(world.told()) == before


async def test_an_order_after_the_last_month_changes_nothing(world: World, refused: EligibilityRefused) -> None:
    await world.hear(order(refused, datetime(2027, 7, 1, tzinfo=UTC)))
    assert len(world.told()) == 1


async def test_a_family_that_withdraws_ends_the_ticket_it_bought(world: World, refused: EligibilityRefused) -> None:
    await world.hear(order(refused))
    await world.hear(withdrawal(refused))
    ended, bought = world.told_as(EligibilityWithdrawn), world.told_as(EligibilityGranted, 1)
    assert ended.decision_id == bought.decision_id


async def test_a_grant_after_a_change_takes_the_place_of_refusal_and_bought_ticket(world: World) -> None:
    world.publish(CHOICES)
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    await world.hear(order(world.told_as(EligibilityRefused)))
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(make.changed(event, birth_date=date(2017, 3, 1)))
    granted = world.told_as(EligibilityGranted)
    assert granted.ground is None
    case = world.case_of(event.application_id)
    kept = world.database.read_now(lambda store: store.decisions_of(case.id))
    assert [each.withdrawn_at is None for each in kept] == [False, False, True]
    content = world.database.read_now(lambda store: store.notices_to_print(10, world.environment.now()))[-1][1]
    told = " ".join(each["text"] for each in content["sections"][0]["paragraphs"])
    assert str(kept[0].id)[:8].upper() in told  # the refusal is what is annulled
    assert str(kept[1].id)[:8].upper() not in told


async def test_refusal_and_bought_ticket_are_both_announced_again(world: World, refused: EligibilityRefused) -> None:
    await world.hear(order(refused))
    told = world.database.read_now(lambda store: told_again(announce(store, world.environment.keys, "https://x")))
    refusal, bought = told
    assert isinstance(refusal, EligibilityRefused) and isinstance(bought, EligibilityGranted)
    assert refusal.offer == refused.offer
    assert bought.ground == "self_payer"
