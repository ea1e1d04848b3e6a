"""What a notice's link opens: a look for a while, nothing of health, and for who is signed in some minutes of all."""

from datetime import timedelta

import pytest
from eligibility.domain.ids import NoticeToken
from eligibility.workflow.delivery.look import ACCESS, LINK_DAYS, tells_of_health
from shared.errors import Forbidden, NotFound
from shared.events import ApplicationSubmitted, Circumstances, Claims, EligibilityGranted, EligibilityRefused
from shared.identity import Caller
from shared.questions import NoticeAccessQuestion
from support.eligibility import small_place as make
from support.eligibility.world import World

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))


async def a_notice(world: World, **changes: object) -> tuple[ApplicationSubmitted, NoticeToken]:
    event = make.submitted(**changes)
    await world.hear(event)
    case = world.case_of(event.application_id)
    if case.state == "prepared":
        await world.desk.release(ANNA, case.id)
    told = told_to(world, event)
    assert told.notice_url is not None
    return event, NoticeToken(told.notice_url.rpartition("/")[2])


def told_to(world: World, event: ApplicationSubmitted) -> EligibilityGranted | EligibilityRefused:
    granted, refused = world.told_of(event, EligibilityGranted), world.told_of(event, EligibilityRefused)
    return granted[0] if granted else refused[0]


async def access(world: World, event: ApplicationSubmitted) -> str | None:
    told = told_to(world, event)
    question = NoticeAccessQuestion(application_id=event.application_id, decision_id=told.decision_id)
    return (await world.workflow.notice_links.answer(question)).url


async def test_a_link_shows_nothing_of_health_and_not_for_ever(world: World) -> None:
    links = world.workflow.notice_links
    plain, token = await a_notice(world)
    health, of_health = await a_notice(world, circumstances=Circumstances(lives_in_nrw=True, severely_disabled=True))
    await links.check(token, None)
    with pytest.raises(Forbidden) as refused:
        await links.check(of_health, None)
    assert "health" not in refused.value.text.en, "why is not said"
    url = await access(world, health)
    assert url is not None and url.startswith(f"https://bescheid.example/v1/notices/{of_health}?access=")
    await links.check(of_health, url.rpartition("=")[2])
    world.clock[0] += timedelta(days=LINK_DAYS, seconds=1)
    with pytest.raises(NotFound):
        await links.check(token, None)
    later = await access(world, plain)
    assert later is not None
    await links.check(token, later.rpartition("=")[2])


async def test_the_link_of_who_is_signed_in_opens_one_notice_for_some_minutes(world: World) -> None:
    links = world.workflow.notice_links
    circumstances = Circumstances(lives_in_nrw=True, special_needs=True)
    (first, token), (_, other) = [await a_notice(world, circumstances=circumstances) for _ in range(2)]
    url = await access(world, first)
    assert url is not None
    given = url.rpartition("=")[2]
    for wrong in ("", "1", "x.y", f"9{given}", given[:-1], "\N{SUPERSCRIPT TWO}.ab", given.replace(".", "")):
        with pytest.raises(Forbidden):
            await links.check(token, wrong)
    with pytest.raises(Forbidden):
        await links.check(other, given)
    world.clock[0] += ACCESS
    await links.check(token, given)
    world.clock[0] += timedelta(seconds=1)
    with pytest.raises(Forbidden):
        await links.check(token, given)


async def test_no_link_is_made_for_what_is_another_familys(world: World) -> None:
    first, _ = await a_notice(world)
    second, _ = await a_notice(world)
    told = told_to(world, first)
    question = NoticeAccessQuestion(application_id=second.application_id, decision_id=told.decision_id)
    assert (await world.workflow.notice_links.answer(question)).url is None


async def test_a_claim_of_health_is_health_whatever_was_decided(world: World) -> None:
    event = make.submitted(claims=Claims(health_claimed=True, health_weeks=20, health_certificate=True))
    await world.hear(event)
    decision = world.database.read_now(lambda store: store.decision_of(world.case_of(event.application_id).id))
    facts = world.case_of(event.application_id).facts
    assert "health" in facts
    assert decision is None or tells_of_health(decision)
