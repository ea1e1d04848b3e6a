"""Whatever happens to a family's cases, in whatever order: each decision has its round, and the id that follows from it."""

import random
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, CaseId, case_id_of, decision_id_of
from eligibility.domain.said import digest_of
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from shared.errors import Conflict, Invalid, Unavailable
from shared.events import (
    ApplicationSelfPayerChosen,
    ApplicationSubmitted,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityShareChanged,
    EligibilityWithdrawn,
)
from shared.identity import Caller
from support.databases import on_both
from support.eligibility import small_place
from support.eligibility.siblings import OLDER, YOUNGER, child, sibling, withdrawal
from support.eligibility.small_place import JUNE, NEXT_YEAR
from support.eligibility.world import World, settled

ANNA, BERT = (Caller(name, "12345", frozenset({"case_worker", "releaser"})) for name in ("anna", "bert"))
PRODUCTS = [
    {"key": "dt", "name": "Ticket", "fares": [{"valid_from": "2026-01-01", "monthly_cents": 4300, "source": "Tarif"}]}
]
CHOICES: dict[str, object] = {"release_by_person": "nothing", "products": PRODUCTS, "approval": "standing",
           "self_payer": {"offered": True, "product": "dt", "rebate_cents": 500, "source": "Rat"}}  # fmt: skip


class Family:
    """Two siblings, and what may happen to their applications."""

    def __init__(self, world: World, drawn: random.Random) -> None:
        self.world, self.drawn, self.number = world, drawn, 0
        self.told: list[ApplicationSubmitted] = []
        ids = [UUID(int=drawn.getrandbits(128), version=4) for _ in range(3)]
        household = ids.pop()
        self.births = [OLDER, YOUNGER]
        self.new = [child(born, sibling(other), household=household, application_id=each)
                    for each, born, other in zip(ids, self.births, reversed(self.births), strict=True)]  # fmt: skip

    async def apply(self) -> None:
        if self.new:
            self.told.append(self.new.pop())
            await self.world.hear(self.told[-1])

    async def apply_again(self) -> None:
        await self.world.hear(self.drawn.choice(self.told))

    async def change(self) -> None:
        self.number += 1
        self.world.measurer.answer = MeasuredRoutes(
            small_place.measurement(self.drawn.choice([1500.0, 2500.0, 2600.0]))
        )
        grade = self.drawn.choice(["02", "03", "04"])
        event = self.drawn.choice(self.told)
        await self.world.hear(small_place.changed(event, change_number=self.number, grade=grade))

    async def decide(self) -> None:
        case = self.world.case_of(self.drawn.choice(self.told).application_id)
        decided = PersonsDecision(self.drawn.choice(["granted", "refused"]), "Begründung", "§ 5", own_share_cents=700)
        if case.state == "review":
            await self.world.desk.decide(ANNA, case.id, decided)
        else:
            await self.world.handling.propose(ANNA, case.id, decided)
            await self.world.handling.confirm(BERT, case.id)

    async def release(self) -> None:
        await self.world.desk.release(ANNA, self.world.case_of(self.drawn.choice(self.told).application_id).id)

    async def buy(self) -> None:
        for refusal in self.world.told():
            if isinstance(refusal, EligibilityRefused) and refusal.offer is not None:
                day = self.world.clock[0]
                order = ApplicationSelfPayerChosen(
                    occurred_at=day, authority_id="12345", application_id=refusal.application_id, product="dt",
                    decision_id=refusal.decision_id, valid_from=refusal.offer.begins(day.date()), price_cents=4300,
                )  # fmt: skip
                await self.world.hear(order)

    async def settle(self) -> None:
        await settled(self.world.families())

    async def drop_share(self) -> None:
        await self.world.families().drop(ANNA, self.world.case_of(self.drawn.choice(self.told).application_id).id)

    async def withdraw(self) -> None:
        if self.drawn.random() < 0.2:
            await self.world.hear(withdrawal(self.drawn.choice([*self.told, *self.new])))

    async def renew(self) -> None:
        kept, self.world.clock[0] = self.world.clock[0], JUNE
        await self.world.renewals(NEXT_YEAR).renew("12345", NEXT_YEAR, "bert", lambda _: None)
        self.world.clock[0] = kept

    async def live(self, steps: int) -> None:
        acts: list[Callable[[], Awaitable[object]]] = [
            self.apply_again, self.change, self.change, self.decide, self.decide, self.release, self.buy, self.settle,
            self.drop_share, self.withdraw, self.renew,
        ]  # fmt: skip
        await self.apply()
        for number in range(steps):
            self.world.clock[0] += timedelta(hours=1)
            try:
                await (self.apply if number == 2 else self.drawn.choice(acts))()
            except (Conflict, Invalid):  # not possible as things stand
                continue


def decisions(world: World) -> dict[UUID, list[Decision]]:
    """By case."""
    cases = world.database.read_now(lambda store: store.page_of_all(None, 100))
    return {each.id: list(world.database.read_now(lambda store: store.decisions_of(each.id))) for each in cases}  # noqa: B023  # it is read at once


@pytest.mark.parametrize("seed", range(12))
async def test_every_decision_has_its_round_and_the_id_that_follows_from_it(world: World, seed: int) -> None:
    world.publish(CHOICES)
    family = Family(world, random.Random(seed))
    await family.live(40)
    for case in world.database.read_now(lambda store: store.page_of_all(None, 100)):
        assert case.id == case_id_of(case.application_id, case.school_year)
        known = world.database.read_now(lambda store: store.decisions_of(case.id))  # noqa: B023  # it is read at once
        assert [each.round for each in known] == list(range(1, len(known) + 1))
        assert [each.id for each in known] == [decision_id_of(case.id, each.round) for each in known]
        for each in known:
            right = digest_of(each, ApplicationId(case.application_id), world.environment.keys)
            assert each.digest == (right if each.released_at else None)
    digests = {each.id: each.digest for known in decisions(world).values() for each in known}
    for event in world.told():
        match event:
            case EligibilityGranted() | EligibilityRefused():
                assert event.decision_digest == digests[event.decision_id]  # type: ignore[index]
            case EligibilityShareChanged():
                told = event.decision_digest, event.grant_digest
                assert told == (digests[event.decision_id], digests[event.grant_id])  # type: ignore[index]
            case EligibilityWithdrawn(decision_id=named) if named is not None:
                assert event.decision_digest == digests[named]  # type: ignore[index]


async def test_the_same_again_after_a_restore_bears_the_same_ids_and_digests_and_another_decision_another_digest(
    world: World, empty_database: Path, tmp_path: Path
) -> None:
    from support.eligibility.world import open_world

    event = small_place.submitted()
    await world.hear(event)
    first = world.decision_of(event.application_id)
    for metres, same in ((2500.0, True), (2501.0, False)):
        with open_world(empty_database, tmp_path / f"restored-{same}.db") as restored:
            restored.clock[0] += timedelta(days=1)
            restored.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
            await restored.hear(event)
            again = restored.decision_of(event.application_id)
            assert first is not None and again is not None
            assert (again.id, again.case_id) == (first.id, first.case_id)
            assert (again.digest == first.digest) is same


@on_both("url")
def test_two_who_decide_in_one_round_do_not_both_succeed(url: str) -> None:
    from eligibility.store import Store
    from shared.database import Database
    from support.databases import make_tables

    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    case = _case()
    decision = _decision(case.id)
    database.write_now(lambda store: store.add_case(case))
    database.write_now(lambda store: store.add_decision(decision))
    with pytest.raises(Unavailable):
        database.write_now(lambda store: store.add_decision(decision))
    database.close()


def _case() -> Case:
    application_id = ApplicationId(UUID(int=5))
    now = small_place.NOW
    year = case_id_of(application_id, "2026/27")
    return Case(year, application_id, "12345", "review", "1", "2026/27", now, {}, (), {}, {})


def _decision(case_id: CaseId) -> Decision:
    return Decision(
        decision_id_of(case_id, 1), case_id, "12345", "granted", date(2026, 8, 1), date(2027, 7, 31), 0, 0, 1.0, 1, (),
        "nrw", {}, {}, "rules", small_place.NOW,
    )  # fmt: skip
