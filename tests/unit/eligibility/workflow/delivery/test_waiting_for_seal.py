"""A notice that waits for the seal of its authority lies nowhere: no hint, no retrieval, no letter before."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from eligibility.domain.dispatch import Dispatch
from eligibility.domain.ids import DecisionId, NoticeToken
from eligibility.printing.press import Press
from eligibility.printing.worker import NoticePrinter
from eligibility.workflow.delivery.daily import DELIVERY, DailyDelivery
from eligibility.workflow.delivery.steps import HINT_WITHIN_DAYS
from shared.calendar import day_in_berlin
from shared.errors import Unavailable
from shared.events import ApplicationSubmitted, EligibilityDeliveryChanged
from shared.questions import NoticeAccessQuestion
from shared.runtime.backlog import Backlog
from support.eligibility import small_place as make
from support.eligibility.world import World

AUTHORITY = "12345"


@pytest.fixture
def printing(world: World) -> NoticePrinter:
    world.environment = replace(world.environment, sealing=(AUTHORITY,))
    world.__post_init__()
    return NoticePrinter(world.database, Press(), world.environment.now, (AUTHORITY,))


def notice_of(world: World, event: ApplicationSubmitted) -> tuple[NoticeToken, DecisionId]:
    decision_id = world.decision_of(event.application_id).id
    found = world.database.read_now(lambda store: store.notice_written(decision_id))
    assert found is not None
    return found[0], decision_id


def dispatches(world: World, token: NoticeToken) -> Sequence[Dispatch]:
    return world.database.read_now(lambda store: store.dispatches_of(token))


def hints(world: World, event: ApplicationSubmitted) -> int:
    return sum(each.state == "provided" for each in world.told_of(event, EligibilityDeliveryChanged))


async def look(world: World, printing: NoticePrinter) -> None:
    backlog = Backlog(DELIVERY, world.database, world.environment.now)
    await DailyDelivery(world.database, printing, world.environment.now, backlog).look()


async def test_no_hint_goes_out_before_the_notice_is_sealed(world: World, printing: NoticePrinter) -> None:
    event = make.submitted(portal_notice=True)
    await world.hear(event)
    token, _ = notice_of(world, event)
    for act in (printing.print_due, lambda: look(world, printing)):
        await look(world, printing)
        await act()
        assert [(each.state, each.provided_at) for each in dispatches(world, token)] == [("queued", None)]
        assert hints(world, event) == 0, "the ten days would run of what nobody can open"
    world.database.write_now(lambda store: store.set_sealed(token, b"sealed", world.clock[0]))
    await look(world, printing)
    (lies,) = dispatches(world, token)
    assert (lies.state, lies.provided_at, hints(world, event)) == ("provided", world.clock[0], 1)
    assert lies.look_on is not None
    assert (lies.look_on - day_in_berlin(world.clock[0])).days == HINT_WITHIN_DAYS + 1


async def test_what_goes_out_without_a_seal_lies_ready_too(world: World, printing: NoticePrinter) -> None:
    event = make.submitted(portal_notice=True)
    await world.hear(event)
    token, _ = notice_of(world, event)
    await printing.print_due()
    world.database.write_now(lambda store: store.set_unsealed(token, "token"))
    await look(world, printing)
    assert hints(world, event) == 1


async def test_who_is_signed_in_has_not_retrieved_what_is_not_sealed_yet(world: World, printing: NoticePrinter) -> None:
    event = make.submitted(portal_notice=True)
    await world.hear(event)
    token, decision_id = notice_of(world, event)
    question = NoticeAccessQuestion(application_id=event.application_id, decision_id=decision_id)
    for act in (printing.print_due, printing.print_due):
        with pytest.raises(Unavailable):
            await world.workflow.notice_links.answer(question)
        await act()
    world.database.write_now(lambda store: store.set_sealed(token, b"sealed", world.clock[0]))
    assert (await world.workflow.notice_links.answer(question)).url is not None


async def test_no_letter_is_set_before_whatever_its_window_says(world: World, printing: NoticePrinter) -> None:
    event = make.submitted()
    await world.hear(event)
    token, _ = notice_of(world, event)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await printing.letter(token, ["Dr. Kim Zweig", "Hauptstraße 1", "52062 Aachen"])
    world.database.write_now(lambda store: store.set_unsealed(token, "token"))
    assert (await printing.letter(token, ["Dr. Kim Zweig", "Hauptstraße 1", "52062 Aachen"])).startswith(b"%PDF-")
