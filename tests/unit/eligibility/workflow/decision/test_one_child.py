"""One child, one ticket: whatever is told in whatever order, a second ticket is never granted without a person."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from eligibility.domain.ids import ApplicationId
from eligibility.store.decision.children import APART, MARK
from eligibility.store.tables import DECISION
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from shared.birth_dates import PartlyKnownDate
from shared.events import (
    ApplicationSelfPayerChosen,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
    HomeAddress,
    Person,
)
from support.eligibility import small_place
from support.eligibility.deciding import OFFER, SCHOOL_TICKET, questions
from support.eligibility.one_child import ANNA, BORN, SPELLINGS, granted, is_asked, one_child
from support.eligibility.siblings import child, sibling, withdrawal
from support.eligibility.small_place import JUNE, NEXT_YEAR
from support.eligibility.world import World, settled


@pytest.mark.parametrize("second", SPELLINGS, ids=str)
@pytest.mark.parametrize("turned", [False, True])
async def test_a_second_application_is_for_a_person_however_it_is_written(
    world: World, second: tuple[str, str, date], turned: bool
) -> None:
    both = [one_child(), one_child(second)]
    for event in reversed(both) if turned else both:
        await world.hear(event)
    assert granted(world) == 1
    last = both[0] if turned else both[1]
    assert is_asked(world, last)
    case = world.case_of(last.application_id)
    assert case.routes  # what was measured stays for the person
    [opened] = world.told_of(last, EligibilityReviewOpened)
    assert str(both[0 if not turned else 1].application_id) not in opened.model_dump_json()


@pytest.mark.parametrize("known", [PartlyKnownDate(2017), PartlyKnownDate(2017, 2)], ids=str)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("moved", [False, True])
async def test_a_second_application_that_knows_the_year_of_birth_alone_is_for_a_person(
    world: World, known: PartlyKnownDate, turned: bool, moved: bool
) -> None:
    elsewhere = HomeAddress(street="Doppelweg", house_number="1", postal_code="33100", city="Eschenborn")
    home = {"home": elsewhere, "household": uuid4()} if moved else {}
    both = [one_child(), one_child(("Juergen", "Mueller", known), **home)]
    if turned:
        both.reverse()
    for event in both:
        await world.hear(event)
    assert granted(world) <= 1 and is_asked(world, both[1])
    # a child of another name, born in that year, gets its ticket
    await world.hear(one_child(("Ida", "Yılmaz", PartlyKnownDate(2017))))
    assert granted(world) == 2 - moved * turned


async def test_a_birth_date_that_is_told_in_full_later_does_not_make_it_another_child(world: World) -> None:
    await world.hear(first := one_child(("Jürgen", "Müller", PartlyKnownDate(2017))))
    await world.hear(small_place.changed(first, birth_date=BORN, change_number=1))
    await world.hear(second := one_child(("Jürgen", "Müller", PartlyKnownDate(2017, 2))))
    assert is_asked(world, second)


@pytest.mark.parametrize("names", [("Tim", "Tom"), ("Anna", "Hanna"), ("Lena", "Lea"), ("Jan", "Jana")])
async def test_twins_get_a_ticket_each(world: World, names: tuple[str, str]) -> None:
    for name in names:
        await world.hear(one_child((name, "Müller", BORN), household=uuid4()))
    assert granted(world) == 2


async def test_a_change_that_makes_it_another_applications_child_is_seen_and_one_that_parts_them_too(
    world: World,
) -> None:
    first, other = one_child(), one_child(("Ida", "Yılmaz", BORN))
    for event in (first, other):
        await world.hear(event)
    assert granted(world) == 2
    renamed = {"child": Person(first_name="Jürgen", last_name="Mueller"), "change_number": 1}
    await world.hear(small_place.changed(other, **renamed))
    assert is_asked(world, other) and granted(world) == 1
    # the digests are those of the new name: a third application finds both
    await world.hear(third := one_child(SPELLINGS[2]))
    assert is_asked(world, third)
    await world.hear(small_place.changed(other, change_number=2))
    assert questions(world, other) == []
    await world.hear(fourth := one_child(("Ida", "Yilmaz", BORN)))
    assert is_asked(world, fourth)


async def test_a_change_heard_without_its_application_is_looked_up_and_found_like_one(world: World) -> None:
    await world.hear(small_place.changed(first := one_child()))
    await world.hear(second := one_child(SPELLINGS[1]))
    assert not is_asked(world, first) and is_asked(world, second)
    await world.hear(small_place.changed(third := one_child(SPELLINGS[2])))
    assert is_asked(world, third)


async def test_after_a_withdrawal_the_child_may_apply_anew(world: World) -> None:
    await world.hear(first := one_child())
    await world.hear(withdrawal(first))
    await world.hear(second := one_child(SPELLINGS[1]))
    assert world.case_of(second.application_id).state == "granted"


async def test_a_grant_that_ends_on_a_day_to_come_is_in_the_way_until_then(world: World) -> None:
    world.writes_past_the_record = True
    await world.hear(first := one_child())
    case = world.case_of(first.application_id)
    world.database.write_now(lambda store: store.set_state(case.id, "refused", world.clock[0]))
    world.database.write_now(lambda store: store.run(DECISION.update().values(ended_on=date(2026, 12, 31))))
    await world.hear(second := one_child(SPELLINGS[1]))
    assert is_asked(world, second)
    await world.hear(withdrawal(second))
    world.clock[0] = datetime(2027, 1, 1, 12, tzinfo=UTC)
    await world.hear(third := one_child(SPELLINGS[2]))
    assert world.case_of(third.application_id).state == "granted"


async def test_a_refused_case_that_becomes_a_grant_by_a_change_is_seen(world: World) -> None:
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(small_place.measurement(1500.0))
    await world.hear(first := one_child())
    assert world.case_of(first.application_id).state == "refused"
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2500.0))
    await world.hear(one_child(SPELLINGS[1]))
    assert granted(world) == 1
    await world.hear(small_place.changed(first, grade="04"))
    assert is_asked(world, first) and granted(world) == 1


async def test_a_refusals_ticket_is_not_sold_to_a_child_that_has_one_without_a_person(world: World) -> None:
    world.publish({"release_by_person": "nothing", "products": [SCHOOL_TICKET], "self_payer": OFFER})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(1500.0))
    await world.hear(first := one_child())
    [refusal] = world.told_of(first, EligibilityRefused)
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2500.0))
    await world.hear(second := one_child(SPELLINGS[1]))
    assert refusal.offer is not None
    day = world.clock[0]
    for _ in range(2):  # told twice, one waits
        await world.hear(
            ApplicationSelfPayerChosen(
                occurred_at=day, authority_id="12345", application_id=first.application_id, product="dt-schule",
                decision_id=refusal.decision_id, valid_from=refusal.offer.begins(day.date()), price_cents=3800,
            )
        )  # fmt: skip
    assert world.told_of(first, EligibilityGranted) == [] and len(world.told_of(second, EligibilityGranted)) == 1
    case = world.case_of(first.application_id)
    assert (case.state, case.reasons[0]["rule"]) == ("prepared", "duplicate")
    assert len(world.told_of(first, EligibilityReviewOpened)) == 1
    assert len(world.database.read_now(lambda store: store.decisions_of(case.id))) == 2
    await world.desk.release(ANNA, case.id)
    assert len(world.told_of(first, EligibilityGranted)) == 1


@pytest.mark.parametrize(
    ("spelling", "outcome"),
    [(SPELLINGS[1], "applied"), (SPELLINGS[3], "review"), (("Ida", "Müller", BORN), "carried_on")],
)
async def test_a_grant_is_carried_on_beside_an_application_only_where_it_is_another_childs(
    world: World, spelling: tuple[str, str, date], outcome: str
) -> None:
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    await world.hear(first := one_child())
    await world.hear(one_child(spelling, school_year=NEXT_YEAR, wanted_from=date(2027, 8, 1)))
    world.clock[0] = JUNE
    result = await world.renewals(NEXT_YEAR).renew("12345", NEXT_YEAR, "bert", lambda _: None)
    assert dict(result.outcomes) == {outcome: 1}
    if outcome == "review":
        assert is_asked(world, first)


async def test_a_namesake_elsewhere_does_not_stop_a_grant_from_being_carried_on_in_silence(world: World) -> None:
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    await world.hear(first := one_child())
    home = small_place.HOME.model_copy(update={"street": "Woanders"})
    await world.hear(one_child(school_year=NEXT_YEAR, home=home, school_number="100003", wanted_from=date(2027, 8, 1)))
    world.clock[0] = JUNE
    result = await world.renewals(NEXT_YEAR).renew("12345", NEXT_YEAR, "bert", lambda _: None)
    assert dict(result.outcomes) == {"review": 1} and is_asked(world, first)


async def test_who_is_erased_is_erased_here_too(world: World) -> None:
    world.writes_past_the_record = True
    first, second = one_child(), one_child(SPELLINGS[1])
    for event in (first, second):
        await world.hear(event)
    decided = PersonsDecision("granted", "Zwei Kinder.", "§ 4 SchfkVO", same_child=False)
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, decided)

    def count(table: sa.Table) -> int:
        return world.database.read_now(lambda store: len(store.rows(table.select())))

    assert count(MARK) and count(APART) == 1
    for event in (first, second):
        case_id = str(world.case_of(event.application_id).id)
        world.database.write_now(lambda store, i=case_id: store.session.connection().exec_driver_sql(  # type: ignore[misc]
            "DELETE FROM case_file WHERE id = ?", (i,)))  # fmt: skip
    assert (count(MARK), count(APART)) == (0, 0)


async def test_no_name_stands_in_the_tables_of_children(world: World) -> None:
    await world.hear(one_child())
    rows = world.database.read_now(lambda store: [dict(each) for each in store.rows(MARK.select())])
    assert len(rows) == 6
    for row in rows:
        assert set(row["digest"]) <= set("0123456789abcdef") and len(row["digest"]) == 32


async def test_a_child_written_otherwise_is_no_sibling_of_itself(world: World) -> None:
    """Two applications of one child, of which each names the other's birth date, lower nobody's share."""
    household = uuid4()
    wrong = date(2015, 3, 11)
    first = child(
        date(2015, 3, 1), sibling(wrong), household=household, child=Person(first_name="Mia", last_name="Kaya")
    )
    second = child(
        wrong, sibling(date(2015, 3, 1)), household=household, child=Person(first_name="Mia", last_name="Kaya")
    )
    for event in (first, second):
        await world.hear(event)
    assert is_asked(world, second)
    await settled(world.families())
    members = world.database.read_now(lambda store: store.family_of(world.case_of(first.application_id).id))
    from eligibility.workflow.family.relations import links

    assert len(members) == 2 and links(members[0], members) == []


@pytest.mark.parametrize("seed", range(12))
async def test_in_any_order_of_events_one_child_has_one_ticket(world: World, seed: int) -> None:
    """Applications, changes to another child and back, withdrawals: whoever gets a ticket by itself is alone. Of the
    spellings any two are one error apart at most."""
    drawn = random.Random(seed)
    events = [one_child(each) for each in (*SPELLINGS[:3], SPELLINGS[4])]
    numbers = dict.fromkeys((each.application_id for each in events), 0)
    for _ in range(60):
        event = drawn.choice(events)
        world.clock[0] += timedelta(hours=1)
        act = drawn.random()
        if act < 0.5:
            await world.hear(event)
        elif act < 0.9:
            numbers[event.application_id] += 1
            name = event.child if drawn.random() < 0.5 else Person(first_name="Ida", last_name=f"Kaya{'xyz'[seed % 3]}")
            await world.hear(small_place.changed(event, child=name, change_number=numbers[event.application_id]))
        else:
            await world.hear(withdrawal(event))
        cases = [world.database.read_now(lambda store, i=each: store.case_of(ApplicationId(i))) for each in numbers]  # type: ignore[misc]
        names = [each.submission["child"]["first_name"][:2] for each in cases if each and each.state == "granted"]
        assert names.count("Id") <= 1 and len(names) - names.count("Id") <= 1, names
