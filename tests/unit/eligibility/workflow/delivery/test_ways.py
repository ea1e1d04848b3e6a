"""Each way of a notice by itself: portal, mailbox and letter, what follows where one fails, and whom it goes to."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import get_args
from uuid import uuid4

import pytest
from eligibility import presets
from eligibility.domain.desk import Delivery
from eligibility.domain.dispatch import DISPATCH_STATES, Dispatch, DispatchId, DispatchState, DispatchStep
from eligibility.domain.ids import DecisionId, NoticeToken
from eligibility.store import Store, StoredRecords
from eligibility.store.desk.dispatches import DISPATCH, IS_OPEN
from eligibility.workflow.delivery.daily import DELIVERY, DailyDelivery
from eligibility.workflow.delivery.steps import HINT_WITHIN_DAYS
from shared.errors import Conflict, Invalid, NotFound, Unavailable
from shared.events import (
    ApplicationHintFailed,
    ApplicationHintSent,
    ApplicationNoticeRetrieved,
    ApplicationSubmitted,
    Custody,
    EligibilityDeliveryChanged,
    EligibilityQuestionAsked,
    HomeAddress,
    Person,
    head,
)
from shared.identity import Caller
from shared.runtime.backlog import Backlog
from support.eligibility import small_place as make
from support.eligibility.desk import PrintedAtOnce
from support.eligibility.mailbox import Mailboxes
from support.eligibility.world import World

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))
STRANGER = Caller("fremd", "99999", frozenset({"case_worker"}))


class Way:
    """One notice of one world."""

    def __init__(self, world: World, event: ApplicationSubmitted) -> None:
        self.world, self.event = world, event

    @property
    def now(self) -> datetime:
        return self.world.clock[0]

    def token(self) -> tuple[NoticeToken, DecisionId]:
        case = self.world.case_of(self.event.application_id)

        def query(store: Store) -> tuple[NoticeToken, DecisionId]:
            decision = store.decision_of(case.id)
            found = store.notice_written(decision.id) if decision else None
            assert decision is not None and found is not None
            return found[0], decision.id

        return self.world.database.read_now(query)

    def dispatches(self) -> list[Dispatch]:
        token, _ = self.token()
        return list(self.world.database.read_now(lambda store: store.dispatches_of(token)))

    def deliveries(self) -> list[Delivery]:
        token, _ = self.token()
        return list(self.world.database.read_now(lambda store: store.deliveries_of(token)))

    def states(self) -> list[tuple[str, str]]:
        return [(each.way, each.state) for each in self.dispatches()]

    def told(self) -> EligibilityDeliveryChanged:
        return self.world.told_of(self.event, EligibilityDeliveryChanged)[-1]

    async def hint(self, failed: str | None = None) -> None:
        of, dispatch_id = self.world.case_of(self.event.application_id), self.dispatches()[-1].id
        at = self.now
        if failed is None:
            await self.world.hear(ApplicationHintSent(**head(of, at), dispatch_id=dispatch_id, sent_at=at))
        else:
            await self.world.hear(
                ApplicationHintFailed(**head(of, at), dispatch_id=dispatch_id, failed_at=at, reason=failed)
            )

    async def retrieve(self) -> None:
        of, (_, decision_id) = self.world.case_of(self.event.application_id), self.token()
        await self.world.hear(
            ApplicationNoticeRetrieved(**head(of, self.now), decision_id=decision_id, retrieved_at=self.now)
        )

    async def look(self, mailboxes: Mailboxes | None = None) -> None:
        backlog = Backlog(DELIVERY, self.world.database, lambda: self.now)
        await DailyDelivery(self.world.database, PrintedAtOnce(), lambda: self.now, backlog, mailboxes).look()

    def pass_days(self, count: int) -> None:
        self.world.clock[0] += timedelta(days=count)


async def begin(world: World, **changes: object) -> Way:
    event = make.submitted(**changes)
    await world.hear(event)
    return Way(world, event)


async def test_with_consent_it_lies_in_the_portal_and_the_hint_begins_the_ten_days(world: World) -> None:
    way = await begin(world, portal_notice=True)
    assert way.states() == [("portal", "provided")] and way.told().retrieve_until is None
    way.pass_days(2)
    await way.hint()
    assert way.told().retrieve_until == date(2026, 6, 1), "ten days from the hint on 22 May, not from the writing"
    way.pass_days(10)
    await way.look()
    assert way.states() == [("portal", "announced")], "on the tenth day it can still be retrieved"
    way.pass_days(1)
    await way.look()
    assert way.states() == [("portal", "lapsed"), ("post", "queued")]
    await way.retrieve()
    assert way.states() == [("portal", "lapsed"), ("post", "queued")], "afterwards it is only a look"
    assert way.told().last_day is None


async def test_a_retrieval_in_time_is_told_with_its_last_day_and_stays_whatever_comes_back(world: World) -> None:
    way = await begin(world, portal_notice=True)
    await way.hint()
    await way.retrieve()
    told = way.told()
    assert (told.state, told.notified, told.last_day) == ("retrieved", date(2026, 5, 21), date(2026, 6, 22))
    await way.hint("bounced")
    await way.retrieve()
    assert way.states() == [("portal", "retrieved")] and len(way.deliveries()) == 1


@pytest.mark.parametrize("reason", ["no_address", "no_transport", "refused", "bounced"])
async def test_a_hint_that_fails_becomes_a_letter_before_any_period_runs(world: World, reason: str) -> None:
    way = await begin(world, portal_notice=True)
    if reason == "bounced":
        await way.hint()
    await way.hint(reason)
    assert way.states() == [("portal", "failed"), ("post", "queued")] and way.told().last_day is None
    await way.retrieve()  # it still lies there, and no letter is posted
    assert way.states() == [("portal", "retrieved"), ("post", "overtaken")]
    assert way.told().last_day == date(2026, 6, 22)


async def test_a_hint_of_which_nothing_is_heard_becomes_a_letter_after_some_days(world: World) -> None:
    way = await begin(world, portal_notice=True)
    way.pass_days(HINT_WITHIN_DAYS)
    await way.look()
    assert way.states() == [("portal", "provided")]
    way.pass_days(1)
    await way.look()
    await way.look()
    assert way.states() == [("portal", "failed"), ("post", "queued")]


def with_mailbox(world: World) -> None:
    world.environment = replace(world.environment, has_mailbox=True)
    world.workflow = world.workflow_by(StoredRecords(world.database, presets.preset), world.environment)


async def test_the_mailbox_counts_from_the_fourth_day_and_not_where_the_hint_comes_back(world: World) -> None:
    with_mailbox(world)
    mailboxes = Mailboxes(lambda: world.clock[0], frozenset({"box"}))
    way = await begin(world, mailbox="box")
    assert way.states() == [("mailbox", "queued")]
    mailboxes.away = True
    with pytest.raises(Unavailable):
        await way.look(mailboxes)
    mailboxes.away = False
    await way.look(mailboxes)
    await way.look(mailboxes)
    assert way.states() == [("mailbox", "provided")] and len(mailboxes.taken) == 1
    await way.hint()
    assert (way.told().notified, way.told().last_day) == (date(2026, 5, 24), date(2026, 6, 24))
    way.pass_days(1)
    await way.hint("bounced")
    assert way.states() == [("mailbox", "failed"), ("post", "queued")] and way.told().last_day is None


async def test_a_mailbox_whose_hint_is_late_or_that_refuses_is_followed_by_the_letter(world: World) -> None:
    with_mailbox(world)
    mailboxes = Mailboxes(lambda: world.clock[0], frozenset({"box"}))
    late, refused = await begin(world, mailbox="box"), await begin(world, mailbox="no such box")
    await late.look(mailboxes)
    assert refused.states() == [("mailbox", "failed"), ("post", "queued")]
    world.clock[0] += timedelta(days=1)
    await late.hint()
    assert late.states() == [("mailbox", "failed"), ("post", "queued")] and late.told().last_day is None
    await late.retrieve()  # before the letter is posted: the first retrieval stays decisive
    assert late.told().notified == date(2026, 5, 21)


@pytest.mark.parametrize(
    ("changes", "has_mailbox", "ways", "first"),
    [
        ({}, False, None, "post"),
        ({"portal_notice": True}, False, None, "portal"),
        ({"portal_notice": True}, False, (), "post"),
        ({"mailbox": "box"}, False, None, "post"),
        ({"mailbox": "box"}, True, None, "mailbox"),
        ({"mailbox": "box", "mailbox_excluded": True}, True, None, "post"),
        ({"mailbox": "box", "portal_notice": True}, True, None, "portal"),
        ({"mailbox": "box", "portal_notice": True}, True, ("mailbox", "portal"), "mailbox"),
    ],
)
async def test_the_first_way_is_the_authoritys_first_that_is_open_to_the_family(
    world: World, changes: dict[str, object], has_mailbox: bool, ways: tuple[str, ...] | None, first: str
) -> None:
    if has_mailbox:
        with_mailbox(world)
    if ways is not None:
        world.set_authority(notice_channels=ways)
    assert [each.way for each in (await begin(world, **changes)).dispatches()] == [first]


async def test_a_letter_is_printed_posted_and_taken_back_and_another_is_sent(world: World) -> None:
    way, letters = await begin(world), world.workflow.letters
    (first,) = way.dispatches()
    with pytest.raises(Conflict):
        await letters.note_posted(ANNA, [first.id], date(2026, 5, 20))
    for _ in range(2):
        await letters.note_printed(ANNA, [first.id])
    for day in (date(2026, 5, 19), date(2026, 5, 21)):
        with pytest.raises(Invalid):
            await letters.note_posted(ANNA, [first.id], day)
    await letters.note_posted(ANNA, [first.id], date(2026, 5, 20))
    assert (way.told().notified, way.told().last_day) == (date(2026, 5, 24), date(2026, 6, 24))
    with pytest.raises(Conflict):
        await letters.note_printed(ANNA, [first.id])
    await letters.note_returned(ANNA, first.id)
    assert way.told().last_day is None and way.told().state == "returned"
    (asked,) = world.told_of(way.event, EligibilityQuestionAsked)
    assert "Postanschrift" in asked.text
    await letters.send_again(ANNA, first.id)
    with pytest.raises(Conflict):
        await letters.send_again(ANNA, first.id)
    assert way.states() == [("post", "returned"), ("post", "queued")]


async def test_a_second_letter_cannot_have_been_posted_before_it_was_begun(world: World) -> None:
    """Else the period for the action ends before the family has the letter."""
    way, letters = await begin(world, portal_notice=True), world.workflow.letters
    way.pass_days(2)
    await way.hint("bounced")
    letter = way.dispatches()[-1]
    await letters.note_printed(ANNA, [letter.id])
    for day in (date(2026, 5, 20), date(2026, 5, 21)):
        with pytest.raises(Invalid, match="print list"):
            await letters.note_posted(ANNA, [letter.id], day)
    await letters.note_posted(ANNA, [letter.id], date(2026, 5, 22))
    assert way.told().notified == date(2026, 5, 26)


async def test_a_letter_of_the_day_on_which_another_came_back_counts(world: World) -> None:
    way, letters, today = await begin(world), world.workflow.letters, date(2026, 5, 20)
    for count in (1, 2):
        letter = way.dispatches()[-1]
        await letters.note_printed(ANNA, [letter.id])
        await letters.note_posted(ANNA, [letter.id], today)
        assert way.told().notified == date(2026, 5, 24), f"letter {count}"
        await letters.note_returned(ANNA, letter.id)
        assert way.told().last_day is None
        await letters.send_again(ANNA, letter.id)


async def test_another_authoritys_letters_are_not_there(world: World) -> None:
    (dispatch,) = (await begin(world)).dispatches()
    for act in (world.workflow.letters.note_returned, world.workflow.letters.send_again):
        with pytest.raises(NotFound):
            await act(STRANGER, dispatch.id)
    assert (await world.workflow.letters.all(STRANGER)).queued == []


async def test_both_guardians_have_a_way_a_window_and_a_period_of_their_own(world: World) -> None:
    world.set_authority(release_by_person="everything")
    ben = Person(first_name="Ben", last_name="Öz")
    hang = HomeAddress(street="Am Hang", house_number="1", postal_code="33100", city="Eschenborn")
    custody = Custody(asked="declaration", declared="joint", second_guardian=ben, second_address=hang)
    way = await begin(world, portal_notice=True, custody=custody)
    case = world.case_of(way.event.application_id)
    await world.desk.release(ANNA, case.id)
    assert [(each.recipient, each.way) for each in way.dispatches()] == [(0, "portal"), (1, "post")]
    letters = world.workflow.letters
    (letter,) = (await letters.all(ANNA)).queued
    assert letter.addressee == ("Ben Öz", "Am Hang 1", "33100 Eschenborn")
    await letters.note_printed(ANNA, [letter.dispatch.id])
    await letters.note_posted(ANNA, [letter.dispatch.id], date(2026, 5, 20))
    (notice,) = (await world.desk.file(ANNA, case.id)).notices
    assert notice.remedy.last_day is None and notice.others[1].last_day == date(2026, 6, 24)


async def test_an_addressee_has_one_open_dispatch_whoever_writes(world: World) -> None:
    way = await begin(world)
    (first,) = way.dispatches()
    second = replace(first, id=DispatchId(uuid4()), number=2)
    with pytest.raises(Unavailable):
        world.database.write_now(
            lambda store: store.begin_dispatch(second, DispatchStep(second.id, 2, "queued", way.now, way.now, "x"))
        )
    assert all(f"'{each}'" in IS_OPEN for each in ("provided", "announced", "queued", "printed"))


@pytest.mark.parametrize(("before", "after"), list(product(get_args(DispatchState), repeat=2)))
async def test_the_store_writes_what_the_table_lets_follow_and_nothing_else(
    world: World, before: DispatchState, after: DispatchState
) -> None:
    way = await begin(world)
    (first,) = way.dispatches()
    world.writes_past_the_record = True
    world.database.write_now(lambda store: store.run(DISPATCH.update().values(state=before)))
    moved = replace(first, state=after)

    def write() -> None:
        step = DispatchStep(moved.id, 2, after, way.now, way.now, "x")
        world.database.write_now(lambda store: store.move_dispatch(moved, step))

    if after in DISPATCH_STATES.follows[before]:
        write()
    else:
        with pytest.raises(Unavailable):
            write()
