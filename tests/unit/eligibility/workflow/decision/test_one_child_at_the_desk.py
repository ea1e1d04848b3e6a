"""One child, one ticket: what a person says of two cases of a child, and what it may not overlook."""

from dataclasses import replace
from uuid import uuid4

import pytest
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from shared.errors import Conflict
from shared.events import (
    Claims,
)
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.one_child import ANNA, BORN, SPELLINGS, granted, is_asked, one_child
from support.eligibility.small_place import JUNE, NEXT_YEAR
from support.eligibility.world import World


async def test_the_case_worker_sees_which_case_it_may_be(world: World) -> None:
    first, second = one_child(), one_child(SPELLINGS[1])
    for event in (first, second):
        await world.hear(event)
    file = await world.desk.file(ANNA, world.case_of(second.application_id).id)
    [act] = [each for each in file.acts if each.act == "may be double"]
    assert str(world.case_of(first.application_id).id) in act.detail


async def test_what_a_person_has_told_apart_is_not_asked_again(world: World) -> None:
    first, second = one_child(household=uuid4()), one_child(("Jürgen Karl", "Müller", BORN))
    for event in (first, second):
        await world.hear(event)
    decided = PersonsDecision("granted", "Zwei Kinder: andere Geburtsurkunde.", "§ 4 SchfkVO", same_child=False)
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, decided)
    assert granted(world) == 2
    await world.hear(small_place.changed(first, grade="04"))
    assert not is_asked(world, first)
    await world.hear(third := one_child(SPELLINGS[1]))
    assert is_asked(world, third)


async def test_a_follow_up_that_a_person_granted_stays_the_same_child(world: World) -> None:
    """The first is refused as overtaken; then its family tells of a change by which it would be granted again."""
    world.measurer.answer = MeasuredRoutes(small_place.measurement(1500.0))
    await world.hear(first := one_child(claims=Claims(health_claimed=True)))
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2500.0))
    await world.hear(second := one_child())
    assert is_asked(world, second)
    for event, outcome in ((second, "granted"), (first, "refused")):
        decided = PersonsDecision(outcome, "Der zweite Antrag ersetzt den ersten.", "§ 4 SchfkVO")  # type: ignore[arg-type]
        await world.desk.decide(ANNA, world.case_of(event.application_id).id, decided)
    await world.hear(small_place.changed(first, claims=Claims(), change_number=1))
    assert is_asked(world, first) and granted(world) == 1


async def test_a_follow_up_and_what_it_followed_are_not_both_carried_on(world: World) -> None:
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    await world.hear(one_child())
    await world.hear(second := one_child(SPELLINGS[1]))
    decided = PersonsDecision("granted", "Folgeantrag nach dem Umzug.", "§ 4 SchfkVO", same_child=True)
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, decided)
    world.clock[0] = JUNE
    result = await world.renewals(NEXT_YEAR).renew("12345", NEXT_YEAR, "bert", lambda _: None)
    assert result.outcomes["carried_on"] == 1


async def test_no_person_grants_beside_a_ticket_of_the_child_without_knowing(world: World) -> None:
    """A refusal is overridden while another application of the child has its ticket by now."""
    world.publish({"release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(1500.0))
    await world.hear(first := one_child())
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2500.0))
    await world.hear(one_child(SPELLINGS[1]))
    assert granted(world) == 1
    case, bert = world.case_of(first.application_id).id, Caller("bert", "12345", frozenset({"case_worker"}))
    decided = PersonsDecision("granted", "Härtefall.", "§ 4 SchfkVO", own_share_cents=1400)
    await world.handling.propose(ANNA, case, decided)
    with pytest.raises(Conflict, match="same_child"):
        await world.handling.confirm(bert, case)
    assert granted(world) == 1
    await world.handling.drop(bert, case)
    await world.handling.propose(ANNA, case, replace(decided, same_child=True))
    await world.handling.confirm(bert, case)
    assert granted(world) == 2


async def test_among_many_no_grant_goes_out_beside_a_ticket_of_the_child(world: World) -> None:
    world.publish({"release_by_person": "everything"})
    await world.hear(first := one_child())
    await world.hear(second := one_child(SPELLINGS[1]))
    await world.hear(other := one_child(("Ida", "Yılmaz", BORN)))
    decided = PersonsDecision("granted", "Der zweite Antrag ersetzt den ersten.", "§ 4 SchfkVO")
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, decided)
    released = await world.desk.release_clear_grants(ANNA)
    assert (released.released, released.left) == (1, 0)
    assert world.case_of(first.application_id).state == "prepared"
    assert world.case_of(other.application_id).state == "granted"
    with pytest.raises(Conflict):
        await world.desk.release(ANNA, world.case_of(first.application_id).id)


async def test_a_refused_double_keeps_asking(world: World) -> None:
    await world.hear(one_child())
    await world.hear(second := one_child(SPELLINGS[1]))
    decided = PersonsDecision("refused", "Doppelt.", "§ 4 SchfkVO")
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, decided)
    await world.hear(small_place.changed(second, grade="04", change_number=1))
    assert is_asked(world, second) and granted(world) == 1


async def test_children_told_apart_are_carried_on_both(world: World) -> None:
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    await world.hear(one_child())
    await world.hear(second := one_child(SPELLINGS[1]))
    decided = PersonsDecision("granted", "Zwei Kinder.", "§ 4 SchfkVO", same_child=False)
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, decided)
    world.clock[0] = JUNE
    result = await world.renewals(NEXT_YEAR).renew("12345", NEXT_YEAR, "bert", lambda _: None)
    assert dict(result.outcomes) == {"carried_on": 2}
