"""What the signer is told of whose a ticket is: one digest for a child, another for whoever is told apart from it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from eligibility.domain.child import Child, digest_of
from eligibility.domain.ids import ApplicationId
from eligibility.domain.keys import Key, Keys
from eligibility.tables_of_before import mark_children
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from eligibility.workflow.decision.announce import announce
from shared.events import ApplicationSubmitted, EligibilityGranted, Person
from support.eligibility import small_place
from support.eligibility.deciding import LONG, questions
from support.eligibility.one_child import ANNA, BORN, SPELLINGS, Spelling, one_child
from support.eligibility.tickets import Signer
from support.eligibility.world import KEYS, World
from support.outbox import told_again
from unit.eligibility.workflow.decision.test_alike_right import lost_its_right, withdrawn

GRANTED = PersonsDecision("granted", "Geprüft.", "§ 24 VwVfG NRW")
TWO_CHILDREN, FOLLOWS = replace(GRANTED, same_child=False), replace(GRANTED, same_child=True)
ROTATED = Keys(Key(b"the key of the year after, for tests."), (KEYS.newest,))
ELYA, ELIA = ("Elya", "Müller", BORN), ("Elia", "Müller", BORN)


@pytest.fixture(autouse=True)
def by_itself(world: World) -> None:
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(LONG))


def child_told(world: World, event: ApplicationSubmitted) -> str:
    child = world.told_of(event, EligibilityGranted)[-1].child
    assert child is not None
    return child


async def decided(world: World, event: ApplicationSubmitted, what: PersonsDecision) -> None:
    await world.desk.decide(ANNA, world.case_of(event.application_id).id, what)
    world.clock[0] += timedelta(minutes=1)


async def twins(world: World, one: Spelling, other: Spelling) -> tuple[ApplicationSubmitted, ApplicationSubmitted]:
    await world.hear(first := one_child(one))
    await world.hear(second := one_child(other))
    await decided(world, second, TWO_CHILDREN)
    return first, second


@pytest.mark.parametrize("how", ["revoked", "suspended"])
@pytest.mark.parametrize("of", [0, 1])
@pytest.mark.parametrize("twin", ["stays", "withdrawn", "renamed"])
async def test_whoever_is_told_apart_from_a_twin_keeps_what_stands_against_its_own_right(
    world: World, how: str, of: int, twin: str
) -> None:
    pair = await twins(world, ELYA, ELIA)
    await lost_its_right(world, pair[of], how)
    if twin == "withdrawn":
        await withdrawn(world, pair[1 - of])
    if twin == "renamed":
        paula = Person(first_name="Paula", last_name="Müller")
        await world.hear(small_place.changed(pair[1 - of], child=paula, change_number=1, holder_change=1))
    await world.hear(again := one_child((ELYA, ELIA)[of]))
    assert "earlier_right" in questions(world, again)
    await decided(world, again, TWO_CHILDREN)
    (granted,) = world.told_of(again, EligibilityGranted)
    assert granted.child == child_told(world, pair[of]) and granted.knows_revocation == (how == "revoked")


async def test_a_twin_is_not_asked_of_what_stands_against_the_other(world: World) -> None:
    first, second = await twins(world, ELYA, ELIA)
    await lost_its_right(world, second)
    await world.hear(small_place.changed(first, grade="04"))
    assert "earlier_right" not in questions(world, first)
    await withdrawn(world, first)
    world.clock[0] += timedelta(days=120)  # until the last day of its ticket is over, it is a double
    await world.hear(again := one_child(ELYA))
    assert "earlier_right" not in questions(world, again) and child_told(world, again) == child_told(world, first)


async def test_two_of_one_name_who_are_told_apart_are_two_children_for_good(world: World) -> None:
    first, second = await twins(world, SPELLINGS[0], SPELLINGS[1])
    assert child_told(world, first) != child_told(world, second)
    await Signer(world, first).tells("revoked", reason="fraud")
    await world.hear(small_place.changed(second, grade="04"))
    assert questions(world, second) == []
    await withdrawn(world, second)
    world.clock[0] += timedelta(days=120)
    await world.hear(third := one_child(SPELLINGS[1]))
    await decided(world, third, TWO_CHILDREN)
    assert child_told(world, third) == child_told(world, second)


@pytest.mark.parametrize("what", [GRANTED, FOLLOWS], ids=["no word", "follows"])
@pytest.mark.parametrize("spelling", SPELLINGS, ids=str)
async def test_a_follow_up_is_told_as_the_child_of_the_application_it_follows(
    world: World, spelling: Spelling, what: PersonsDecision
) -> None:
    await world.hear(first := one_child())
    await world.hear(second := one_child(spelling, school_number="100003"))
    await decided(world, second, what)
    assert child_told(world, first) == child_told(world, second)
    await withdrawn(world, first)
    await withdrawn(world, second)
    await world.hear(third := one_child(spelling))
    assert child_told(world, third) == child_told(world, first)


async def test_whoever_gets_a_ticket_again_after_a_revocation_is_told_as_the_child_that_lost_it(world: World) -> None:
    await world.hear(first := one_child())
    await lost_its_right(world, first)
    await world.hear(second := one_child(SPELLINGS[3]))
    await decided(world, second, GRANTED)
    assert child_told(world, second) == child_told(world, first)


async def test_another_child_than_the_one_that_lost_its_right_is_not_tied_to_it(world: World) -> None:
    await world.hear(first := one_child(ELYA))
    await lost_its_right(world, first)
    await world.hear(second := one_child(ELIA))
    await decided(world, second, TWO_CHILDREN)
    (granted,) = world.told_of(second, EligibilityGranted)
    assert not granted.knows_revocation and granted.child != child_told(world, first)
    await withdrawn(world, second)
    await world.hear(third := one_child(ELYA))
    assert "earlier_right" in questions(world, third)  # what stands against the first is not settled by the other


async def test_a_name_that_is_corrected_to_that_of_a_twin_is_asked_again(world: World) -> None:
    _, second = await twins(world, ELYA, ELIA)
    elya = Person(first_name="Elya", last_name="Müller")
    await world.hear(small_place.changed(second, child=elya, change_number=1, holder_change=1))
    assert "duplicate" in questions(world, second)


async def test_another_child_in_an_application_is_not_told_as_the_one_before(world: World) -> None:
    await world.hear(first := one_child())
    paula = Person(first_name="Paula", last_name="Schröder")
    await world.hear(small_place.changed(first, child=paula, change_number=1, holder_change=1))
    await decided(world, first, GRANTED)
    before, now = world.told_of(first, EligibilityGranted)
    assert before.child != now.child == digest_of(Child("Paula", "Schröder", BORN), "12345", KEYS)


@pytest.mark.parametrize("household", [None, uuid4()])
async def test_what_was_told_of_a_child_stays_when_the_key_changes(world: World, household: object) -> None:
    await world.hear(first := one_child())
    await withdrawn(world, first)
    mark_children(world.database, ROTATED)
    rotated = World(world.database, world.measurer, replace(world.environment, keys=ROTATED), world.clock)
    await rotated.hear(second := one_child(household=household))
    assert child_told(rotated, second) == child_told(rotated, first)
    alone = Keys(ROTATED.newest)
    told = rotated.database.read_now(lambda store: told_again(announce(store, alone, "https://bescheid.example")))
    assert [each.child for each in told if isinstance(each, EligibilityGranted)] == [child_told(rotated, first)]
    await withdrawn(rotated, second)
    later = World(world.database, world.measurer, replace(world.environment, keys=alone), world.clock)
    await later.hear(third := one_child())  # the earlier key is away
    assert child_told(later, third) == child_told(later, first)


async def test_what_was_told_before_it_was_kept_stays_when_the_key_changes(world: World) -> None:
    await world.hear(first := one_child())
    world.database.write_now(
        lambda store: store.forget_child(ApplicationId(first.application_id))
    )  # as before there was a table
    await withdrawn(world, first)
    mark_children(world.database, ROTATED)
    rotated = World(world.database, world.measurer, replace(world.environment, keys=ROTATED), world.clock)
    await rotated.hear(second := one_child(household=uuid4()))
    assert child_told(rotated, second) == child_told(rotated, first)
