"""What issuance is told of the right to ride: whose it is, and the grant whose ticket may go on."""

from datetime import date, timedelta

from eligibility.domain.child import Child, digest_of
from eligibility.workflow import MeasuredRoutes
from shared.events import ApplicationSubmitted, EligibilityGranted, EligibilityWithdrawn, Person
from support.eligibility import small_place
from support.eligibility.office import Office
from support.eligibility.world import World


async def grants(world: World, event: ApplicationSubmitted) -> list[EligibilityGranted]:
    return world.told_of(event, EligibilityGranted)


async def test_a_grant_names_its_case_and_its_child_and_another_spelling_is_the_same_child(world: World) -> None:
    office = Office(world)
    event = await office.applies(6000.0, child=Person(first_name="Jörg", last_name="Müller"))
    (granted,) = await grants(world, event)
    assert granted.case_id == office.case(event) and granted.instead_of is None
    born, keys = event.birth_date, world.environment.keys
    assert granted.child == digest_of(Child("Joerg", "MUELLER", born), "12345", keys)
    assert granted.child != digest_of(Child("Jörg", "Müller", born), "54321", keys)
    assert granted.child != digest_of(Child("Jörg", "Möller", born), "12345", keys)


async def test_another_own_share_alone_is_told_as_the_same_ticket_s_next_decision(world: World) -> None:
    office = Office(world)
    event = await office.applies(6000.0)
    world.clock[0] += timedelta(days=90)
    await office.overrides(event, "granted", "Aus Kulanz.", "§ 17 SchfkVO", own_share_cents=700)
    (ended,) = world.told_of(event, EligibilityWithdrawn)
    first, second = await grants(world, event)
    assert (ended.decision_id, ended.followed_by) == (first.decision_id, second.decision_id)
    assert second.instead_of == first.decision_id and second.child == first.child
    assert (second.valid_until, second.holder_change) == (first.valid_until, first.holder_change)


async def test_a_grant_from_a_later_day_is_followed_by_no_other_at_once(world: World) -> None:
    office = Office(world)
    event = await office.applies(6000.0)
    world.clock[0] += timedelta(days=90)
    first_day = world.clock[0].date() + timedelta(days=40)
    world.measurer.answer = MeasuredRoutes(small_place.measurement(7000.0))
    await world.hear(small_place.changed(event, changed_from=first_day, wanted_from=first_day))
    for ended in world.told_of(event, EligibilityWithdrawn):
        assert ended.ends_on is None or ended.followed_by is None
        assert ended.ends_on is None or ended.ends_on > date(2026, 1, 1)
