"""A notice on its way, played at random: whatever comes in whatever order, it is never on no way and never on two."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from eligibility.domain.case import Case
from eligibility.domain.dispatch import Dispatch, DispatchId
from eligibility.domain.ids import DecisionId, NoticeToken
from eligibility.notice.remedy_period import counts, remedy_period
from eligibility.store import Store
from eligibility.workflow.delivery.daily import DELIVERY, DailyDelivery
from shared.calendar import day_in_berlin
from shared.errors import Conflict, Invalid, NotFound
from shared.events import (
    ApplicationHintFailed,
    ApplicationHintSent,
    ApplicationNoticeRetrieved,
    ApplicationSubmitted,
    EligibilityDeliveryChanged,
    head,
)
from shared.identity import Caller
from shared.runtime.backlog import Backlog
from support.eligibility import small_place
from support.eligibility.desk import PrintedAtOnce
from support.eligibility.world import World

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))
STEPS = 25


@dataclass
class Play:
    world: World
    event: ApplicationSubmitted
    random: random.Random

    @property
    def now(self) -> datetime:
        return self.world.clock[0]

    @property
    def case(self) -> Case:
        return self.world.case_of(self.event.application_id)

    def notice(self) -> tuple[NoticeToken, DecisionId]:
        def query(store: Store) -> tuple[NoticeToken, DecisionId]:
            decision = store.decision_of(self.case.id)
            assert decision is not None
            found = store.notice_written(decision.id)
            assert found is not None
            return found[0], decision.id

        return self.world.database.read_now(query)

    def dispatches(self) -> list[Dispatch]:
        token, _ = self.notice()
        return list(self.world.database.read_now(lambda store: store.dispatches_of(token)))

    def any_id(self) -> DispatchId:
        return self.random.choice(self.dispatches()).id

    # what may happen

    async def hint_goes_out(self) -> None:
        await self.world.hear(
            ApplicationHintSent(**head(self.case, self.now), dispatch_id=self.any_id(), sent_at=self.now)
        )

    async def hint_fails(self) -> None:
        reason = self.random.choice(["no_address", "refused", "bounced", "no_transport"])
        await self.world.hear(
            ApplicationHintFailed(
                **head(self.case, self.now), dispatch_id=self.any_id(), failed_at=self.now, reason=reason
            )
        )

    async def family_retrieves(self) -> None:
        _, decision_id = self.notice()
        await self.world.hear(
            ApplicationNoticeRetrieved(**head(self.case, self.now), decision_id=decision_id, retrieved_at=self.now)
        )

    async def days_pass(self) -> None:
        self.world.clock[0] += timedelta(days=self.random.choice([1, 3, 11]), hours=self.random.randrange(24))

    async def worker_looks(self) -> None:
        database = self.world.database
        backlog = Backlog(DELIVERY, database, lambda: self.now)
        while await DailyDelivery(database, PrintedAtOnce(), lambda: self.now, backlog).look():
            pass

    async def letters_are_printed(self) -> None:
        await self.world.workflow.letters.note_printed(ANNA, [self.any_id()])

    async def letters_are_posted(self) -> None:
        day = day_in_berlin(self.now) - timedelta(days=self.random.randrange(3))
        await self.world.workflow.letters.note_posted(ANNA, [self.any_id()], day)

    async def letter_comes_back(self) -> None:
        await self.world.workflow.letters.note_returned(ANNA, self.any_id())

    async def letter_is_sent_again(self) -> None:
        await self.world.workflow.letters.send_again(ANNA, self.any_id())

    def acts(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self.hint_goes_out, self.hint_fails, self.family_retrieves, self.days_pass, self.worker_looks,
            self.letters_are_printed, self.letters_are_posted, self.letter_comes_back, self.letter_is_sent_again,
        ]  # fmt: skip

    # what must hold

    def check(self) -> None:
        token, decision_id = self.notice()
        dispatches = self.dispatches()
        deliveries = self.world.database.read_now(lambda store: store.deliveries_of(token))
        effective = [remedy_period(each) for each in deliveries if counts(each)]
        is_open = [each for each in dispatches if each.is_open]
        assert len(is_open) <= 1, "two ways at once"
        assert not (effective and is_open), "a letter to who has the notice already"
        waits_for_person = dispatches[-1].state == "returned"
        assert is_open or effective or waits_for_person, "on no way"
        letters = [each for each in dispatches if each.way == "post" and each.state not in ("returned", "overtaken")]
        assert len(letters) <= 1, "two letters"
        told = self.world.told_of(self.event, EligibilityDeliveryChanged)
        assert [each.step for each in told] == sorted(each.step for each in told)
        newest = told[-1]
        assert newest.decision_id == decision_id
        first = min(effective, key=lambda one: one.notified, default=None)
        expected: tuple[date | None, date | None] = (first.notified, first.last_day) if first else (None, None)
        assert (newest.notified, newest.last_day) == expected, "the family reads what really happened"
        for each in deliveries:
            if each.failed_at is not None:
                assert not counts(each), "no period runs from what came back"


@pytest.mark.parametrize("portal_notice", [True, False])
@pytest.mark.parametrize("seed", range(12))
async def test_a_notice_is_never_on_no_way_and_never_on_two(world: World, seed: int, portal_notice: bool) -> None:
    event = small_place.submitted(portal_notice=portal_notice)
    await world.hear(event)
    play = Play(world, event, random.Random(f"{seed} {portal_notice}"))
    play.check()
    for _ in range(STEPS):
        with suppress(Conflict, Invalid, NotFound):  # refused, and nothing of it was written
            await play.random.choice(play.acts())()
        play.check()
