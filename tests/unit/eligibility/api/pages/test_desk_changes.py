"""What a family told since the decision in force stands at the desk together, each thing once, and in its order."""

import re
from datetime import date, timedelta

import pytest
from eligibility.workflow import MeasuredRoutes
from shared.events import ApplicationChanged, ApplicationSubmitted, Circumstances, HomeAddress, Sibling
from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.world import World
from support.pages import well_made

ELSEWHERE = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")
TOLD = Circumstances(
    lives_in_nrw=True, benefits=("SGB II",), siblings=(Sibling(birth_date=date(2012, 3, 4), funded=True),)
)


@pytest.fixture
async def granted(world: World) -> ApplicationSubmitted:
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    event = make.submitted()
    await world.hear(event)
    return event


async def tell(world: World, event: ApplicationSubmitted, number: int, **changes: object) -> ApplicationChanged:
    world.clock[0] += timedelta(hours=1)
    told = make.changed(event, change_number=number, occurred_at=world.clock[0], **changes)
    await world.hear(told)
    return told


def card(page: str, name: str) -> str:
    return re.sub(r"\s+", " ", page[page.index(f'id="{name}"') :].split("</section>", maxsplit=1)[0])


async def test_of_several_changes_all_stand_beside_what_is_in_force(
    desk: Desk, world: World, granted: ApplicationSubmitted
) -> None:
    first = await tell(world, granted, 1, circumstances=TOLD)
    world.measurer.answer = MeasuredRoutes(make.measurement(225.25))
    moved = await tell(world, first, 2, home=ELSEWHERE, changed_from=date(2026, 11, 2))
    await tell(world, moved, 3, school_number="100003", grade="04", changed_from=date(2026, 12, 1))
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(granted.application_id).id}")).text
    well_made(page)
    shown = card(page, "change")
    for said in ("Geschwister", "Leistungen", "04.03.2012", "Kirchstraße 5a", "S 100003", "02.11.2026", "01.12.2026"):
        assert said in shown, said
    told = (await desk.get(f"/desk/cases/{world.case_of(granted.application_id).id}")).text
    assert "01.08.2026" in card(told, "facts"), "the ticket was wanted from then, whatever day a change holds from"


async def test_after_a_new_decision_only_what_came_later_is_beside_it(
    desk: Desk, world: World, granted: ApplicationSubmitted
) -> None:
    first = await tell(world, granted, 1, home=ELSEWHERE)
    world.clock[0] += timedelta(hours=1)
    await tell(world, first, 2, grade="04")
    await desk.sign_in("anna")
    shown = card((await desk.get(f"/desk/cases/{world.case_of(granted.application_id).id}")).text, "change")
    assert "Klasse" in shown and "Kirchstraße" not in shown


async def test_the_text_of_a_change_stands_once(desk: Desk, world: World, granted: ApplicationSubmitted) -> None:
    await tell(world, granted, 1, home=ELSEWHERE, answer="Wir ziehen zur Oma.")
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(granted.application_id).id}")).text
    assert page.count("Wir ziehen zur Oma.") == 1


async def test_the_change_comes_before_what_was_prepared_of_it(
    desk: Desk, world: World, granted: ApplicationSubmitted
) -> None:
    """The rules look first, and what they find is kept together with the change."""
    world.set_authority(release_by_person="everything")
    decide = await world.revise.changed(make.changed(granted, home=ELSEWHERE, grade="04"))
    world.clock[0] += timedelta(seconds=2)
    await world.database.write(decide)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(granted.application_id).id}")).text
    trail = card(page, "trail")
    assert trail.index("Familie hat Angaben geändert") < trail.rindex("Entscheidung vorbereitet")


async def test_siblings_told_alone_are_no_ground_to_end_a_grant_unheard(
    world: World, granted: ApplicationSubmitted
) -> None:
    """They are kept as told, and the exception for a family's own facts still looks for others."""
    await tell(world, granted, 1, circumstances=TOLD)
    case = world.case_of(granted.application_id)
    kept = world.database.read_now(lambda store: (store.changes_of(case.id), store.last_change(case.id)))
    assert [each.share_only for each in kept[0]] == [True] and kept[1] is None
