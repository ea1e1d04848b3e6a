"""Siblings' own shares follow each other, by the machine and by people, without touching a ticket."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from eligibility.domain.ending import Ending
from eligibility.rules import Rules
from eligibility.store import Store
from eligibility.store.tables import CASE, Row
from eligibility.workflow import MeasuredRoutes
from eligibility.workflow.decision.announce import announce
from eligibility.workflow.family.families import DueFamily, Families
from shared.birth_dates import PartlyKnownDate
from shared.errors import Conflict
from shared.events import (
    ApplicationSubmitted,
    EligibilityGranted,
    EligibilityShareChanged,
    EligibilityWithdrawn,
    HomeAddress,
)
from shared.identity import Caller
from shared.runtime.backlog import count_failing
from support import making
from support.eligibility import small_place as make
from support.eligibility.siblings import (
    OCTOBER,
    OLDER,
    YOUNGER,
    YOUNGEST,
    child,
    older_leaves,
    one_moves_down,
    share,
    sibling,
    withdrawal,
)
from support.eligibility.world import World, settled
from support.outbox import told_again

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))


async def test_two_children_who_name_each_other_pay_as_first_and_second_and_nothing_is_decided_twice(
    world: World, families: Families, both: tuple[ApplicationSubmitted, ApplicationSubmitted]
) -> None:
    for event in both:
        await world.hear(event)
    assert [share(world, each) for each in both] == [1400, 1400]  # each on its family's word
    await settled(families)
    assert [share(world, each) for each in both] == [1400, 700]
    world.database.write_now(lambda store: store.family_changed(world.case_of(both[1].application_id).id, OCTOBER))
    await settled(families)
    assert len([each for each in world.told() if isinstance(each, EligibilityShareChanged)]) == 1


async def test_a_younger_child_moves_down_by_itself_when_an_older_one_gets_its_grant(
    world: World, families: Families
) -> None:
    younger = child(YOUNGER, sibling(OLDER, funded=False))
    older = child(OLDER, sibling(YOUNGER), wanted_from=date(2026, 10, 15))
    await world.hear(younger)
    assert share(world, younger) == 1400
    await world.hear(older)
    await settled(families)
    (changed,) = world.told_of(younger, EligibilityShareChanged)
    (grant,) = world.told_of(younger, EligibilityGranted)
    assert (changed.own_share_cents, changed.changed_from, changed.grant_id) == (
        700,
        date(2026, 11, 1),
        grant.decision_id,
    )
    assert not world.told_of(younger, EligibilityWithdrawn)
    assert world.case_of(younger.application_id).state == "granted"
    assert world.decision_of(younger.application_id).released_by == "rules"


async def test_a_family_that_cannot_be_settled_holds_up_no_other_and_is_tried_again(
    world: World,
    families: Families,
    both: tuple[ApplicationSubmitted, ApplicationSubmitted],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    household = uuid4()
    younger = child(YOUNGER, sibling(OLDER, funded=False), household=household)
    older = child(OLDER, sibling(YOUNGER), household=household)
    for event in (*both, younger, older):  # the first two are first on the list
        await world.hear(event)
    poison = {world.case_of(event.application_id).id for event in both}
    look = families._look

    def fails(due: DueFamily, rules: Rules | None, *rest: object) -> None:
        if due.case_id in poison:
            raise ZeroDivisionError
        making.make(look, due, rules, *rest)

    def failing() -> dict[str, tuple[int, int]]:
        return dict(world.database.read_now(lambda store: count_failing(store.session, world.clock[0])))

    monkeypatch.setattr(families, "_look", fails)
    await settled(families)
    assert (share(world, younger), failing()) == (700, {"families": (0, 2)})
    monkeypatch.undo()
    world.clock[0] += timedelta(seconds=1)
    await settled(families)
    assert failing() == {}


async def test_the_notice_says_what_is_paid_from_when_and_that_the_ticket_stays(
    world: World, families: Families
) -> None:
    younger = await one_moves_down(world)
    decision = world.decision_of(younger.application_id)
    token = world.database.read_now(lambda store: store.notice_of(decision.id))
    assert token is not None
    notice = world.database.read_now(lambda store: store.notice(token))
    assert notice is not None
    content = notice.content
    said = str(content["sections"]).replace("\\xa0", " ")
    assert content["title"] == "Bescheid über den Eigenanteil"
    assert "wird der Eigenanteil ab dem 01.08.2026 auf 7,00 Euro im Monat festgesetzt" in said
    assert "Das Ticket gilt weiter" in said
    assert "Verwaltungsgericht Minden" in said
    assert "werden die notwendigen Schülerfahrkosten" not in said
    assert content["route"] is None


async def test_a_withdrawal_after_another_share_ends_the_grant_by_the_id_that_the_ticket_bears(
    world: World, families: Families
) -> None:
    younger = await one_moves_down(world)
    await world.hear(withdrawal(younger))
    (grant,) = world.told_of(younger, EligibilityGranted)
    (end,) = world.told_of(younger, EligibilityWithdrawn)
    assert end.decision_id == grant.decision_id


async def test_the_present_state_is_announced_as_grant_and_share_and_never_as_an_end(
    world: World, families: Families
) -> None:
    younger = await one_moves_down(world)
    told = world.database.read_now(
        lambda store: told_again(announce(store, world.environment.keys, "https://bescheid.example"))
    )
    mine = [each for each in told if getattr(each, "application_id", None) == younger.application_id]
    (grant,) = world.told_of(younger, EligibilityGranted)
    again, share = mine
    assert isinstance(again, EligibilityGranted) and isinstance(share, EligibilityShareChanged)
    assert again.decision_id == share.grant_id == grant.decision_id
    assert again.child == grant.child is not None
    assert again.own_share_cents == 1400


async def test_a_sibling_named_as_funded_that_was_refused_counts_for_nothing_and_holds_back_no_ticket(
    world: World, families: Families
) -> None:
    world.set_authority(release_by_person="nothing")
    older, younger = child(OLDER, sibling(YOUNGER)), child(YOUNGER, sibling(OLDER))
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(older)
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(younger)
    await settled(families)
    assert world.case_of(younger.application_id).state == "granted"
    assert share(world, younger) == 1400


async def test_a_sibling_whose_grant_ends_waits_for_a_person(
    world: World, families: Families, both: tuple[ApplicationSubmitted, ApplicationSubmitted]
) -> None:
    world.set_authority(release_by_person="nothing")
    for event in both:
        await world.hear(event)
    await settled(families)
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.changed(both[0], grade="02"))
    await settled(families)
    assert world.case_of(both[1].application_id).state == "granted", "the end waits for a person"
    ending = Ending(date(2026, 12, 31), "3")
    await world.desk.release(ANNA, world.case_of(both[0].application_id).id, ending)
    await settled(families)
    assert world.case_of(both[1].application_id).state == "prepared"
    assert share(world, both[1]) == 1400
    assert world.decision_of(both[1].application_id).released_at is None


async def test_a_child_of_the_same_home_that_only_one_side_names_is_put_to_a_person_and_dropped_for_good(
    world: World, families: Families
) -> None:
    younger = child(YOUNGER)
    older = child(OLDER, sibling(YOUNGER), household=uuid4())
    await world.hear(younger)
    await world.hear(older)
    await settled(families)
    case = world.case_of(younger.application_id)
    assert case.state == "prepared"
    assert [each["rule"] for each in case.reasons if each["result"] == "question"] == ["family"]
    await families.drop(ANNA, case.id)
    assert world.case_of(younger.application_id).state == "granted"
    world.database.write_now(lambda store: store.family_changed(case.id, OCTOBER))
    await settled(families)
    assert world.case_of(younger.application_id).state == "granted"
    with pytest.raises(Conflict):
        await families.drop(ANNA, case.id)


async def test_a_sibling_of_whom_one_application_knows_the_year_alone_is_put_to_a_person(
    world: World, families: Families
) -> None:
    younger = child(YOUNGER, sibling(PartlyKnownDate(2015)))
    older = child(OLDER, sibling(YOUNGER))
    for event in (younger, older):
        await world.hear(event)
    await settled(families)
    case = world.case_of(younger.application_id)
    assert case.state == "prepared" and "family" in [each["rule"] for each in case.reasons]


async def test_siblings_of_whom_only_the_year_is_known_pay_as_any_and_nobody_guesses_who_is_the_older(
    world: World, families: Families
) -> None:
    one, other = PartlyKnownDate(2013), PartlyKnownDate(2015)
    both = child(one, sibling(other)), child(other, sibling(one))
    for event in both:
        await world.hear(event)
    await settled(families)
    assert (share(world, both[0]), share(world, both[1])) == (1400, 700)
    day, house = (PartlyKnownDate(2017), date(2017, 5, 1)), uuid4()
    twins = [child(day[0], sibling(day[1]), household=house), child(day[1], sibling(day[0]), household=house)]
    for event in twins:
        await world.hear(event)
    await settled(families)
    assert [share(world, each) for each in twins] == [1400, 1400]


async def test_a_neighbour_and_another_authoritys_child_change_nothing(world: World, families: Families) -> None:
    younger = child(YOUNGER, sibling(date(2012, 1, 1), funded=False))
    await world.hear(younger)
    await world.hear(child(OLDER, sibling(date(2018, 1, 1)), household=uuid4()))
    elsewhere = HomeAddress(street="Doppelweg", house_number="1", postal_code="33100", city="Eschenborn")
    await world.hear(child(date(2012, 1, 1), sibling(YOUNGER), household=uuid4(), home=elsewhere))
    await settled(families)
    assert share(world, younger) == 1400
    assert world.case_of(younger.application_id).state == "granted"


async def test_of_three_children_the_youngest_pays_nothing_until_the_eldest_leaves(
    world: World, families: Families
) -> None:
    births = (OLDER, YOUNGER, YOUNGEST)
    events = [child(one, *(sibling(each) for each in births if each != one)) for one in births]
    for event in events:
        await world.hear(event)
    await settled(families)
    assert [share(world, each) for each in events] == [1400, 700, 0]
    world.clock[0] = OCTOBER
    await world.hear(withdrawal(events[0]))
    await settled(families)
    waiting = [world.decision_of(each.application_id) for each in events[1:]]
    assert [each.own_share_cents for each in waiting] == [1400, 700]
    assert {each.terms.share_from for each in waiting} == {date(2026, 11, 1)}


async def test_an_older_child_of_age_does_not_count_and_where_an_authority_says_so_from_its_birthday(
    world: World, families: Families
) -> None:
    parameters = {
        "own_share.adult_from_birthday": [
            {"valid_from": "2005-08-01", "value": True, "legal_basis": "§ 2 Abs. 3 SchfkVO", "source": "a test",
             "certainty": "unverified"}
        ]
    }  # fmt: skip
    world.publish({}, parameters=parameters)
    born = date(2009, 1, 10)
    younger = child(YOUNGER, sibling(born))
    await world.hear(younger)
    await world.hear(child(born, sibling(YOUNGER)))
    await settled(families)
    decision = world.decision_of(younger.application_id)
    assert decision.own_share_cents == 700
    assert decision.terms.own_share_changes == ((date(2027, 1, 10), 1400),)


async def test_erasing_a_family_erases_what_ties_it(
    world: World, families: Families, both: tuple[ApplicationSubmitted, ApplicationSubmitted]
) -> None:
    world.writes_past_the_record = True
    await older_leaves(world, both)
    world.database.write_now(lambda store: store.family_changed(world.case_of(both[1].application_id).id, OCTOBER))
    world.database.write_now(lambda store: store.run(CASE.delete()))

    def left(store: Store) -> dict[str, int]:
        names = ("family_tie", "family_due", "not_siblings", "decision", "notice", "child_mark")
        count = sa.select(sa.func.count())
        return {
            name: store.session.execute(count.select_from(Row.metadata.tables[name])).scalar_one() for name in names
        }

    assert set(world.database.read_now(left).values()) == {0}


async def test_children_of_one_account_who_name_no_siblings_are_not_looked_at_together(world: World) -> None:
    events = [child(OLDER), child(YOUNGER)]
    for event in events:
        await world.hear(event)
    for event in events:
        case = world.case_of(event.application_id)
        members = world.database.read_now(lambda store: store.family_of(case.id))  # noqa: B023  # it is done at once
        assert [each.case.id for each in members] == [case.id]
