"""Whoever is asked whether two applications are one child sees which other one is meant."""

import re

import pytest
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from shared.events import EligibilityGranted, Person
from support.eligibility import small_place
from support.eligibility.deciding import LONG
from support.eligibility.desk import CaseMaker, Desk
from support.eligibility.one_child import ANNA, one_child
from support.eligibility.siblings import OLDER, YOUNGER, child, sibling
from support.eligibility.tickets import Signer
from support.eligibility.world import World, settled
from unit.eligibility.workflow.decision.test_alike_right import lost_its_right

NOTHING_SAID = PersonsDecision("granted", "Geprüft.", "§ 24 VwVfG NRW")


async def test_the_question_links_the_other_cases_and_says_how_alike_they_are(
    desk: Desk, prepared: CaseMaker, world: World
) -> None:
    first = await prepared(child=Person(first_name="Elif", last_name="Yıldırım"))
    same, near = (
        small_place.submitted(child=Person(first_name=name, last_name="Yildirim")) for name in ("Elif", "Elf")
    )
    await world.hear(same)
    await world.hear(near)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(same.application_id).id}")).text
    assert f'href="/desk/cases/{first.id}"' in page and "Name und Geburtsdatum stimmen überein" in page
    other = (await desk.get(f"/desk/cases/{world.case_of(near.application_id).id}")).text
    assert f'href="/desk/cases/{first.id}"' in other and "weichen wenig ab" in other


async def test_a_case_of_which_nothing_is_asked_links_none(desk: Desk, prepared: CaseMaker) -> None:
    case = await prepared()
    await desk.sign_in("anna")
    assert "Andere Fälle" not in (await desk.get(f"/desk/cases/{case.id}")).text


async def test_who_is_asked_of_a_sibling_sees_which_child_is_meant_and_can_say_no(desk: Desk, world: World) -> None:
    world.publish({"release_by_person": "nothing"})
    younger = child(YOUNGER, sibling(OLDER))
    older = child(OLDER, household=None)
    for event in (older, younger):
        await world.hear(event)
    await settled(world.families())
    await desk.sign_in("anna")
    case = world.case_of(younger.application_id)
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    assert f'href="/desk/cases/{world.case_of(older.application_id).id}"' in page
    assert "Kein Geschwisterkind" in page and "gleiches Konto oder gleiche Wohnung" in page
    token = re.findall(r'name="form_token" value="([^"]*)"', page)[0]
    said = await desk.http.post(f"/desk/cases/{case.id}/drop-share", data={"form_token": token})
    assert said.status_code == 303 and "share-dropped" in said.headers["location"]
    assert (
        "Es bleibt beim bisherigen Eigenanteil." in (await desk.get(f"/desk/cases/{case.id}?done=share-dropped")).text
    )
    assert world.case_of(younger.application_id).state == "granted"
    await settled(world.families())
    assert world.case_of(younger.application_id).state == "granted", "a no is not asked again"


@pytest.fixture
def by_itself(world: World) -> None:
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(LONG))


@pytest.mark.usefixtures("by_itself")
async def test_a_second_grant_says_that_its_ticket_waits_for_which_case_and_until_when(
    desk: Desk, world: World
) -> None:
    """Also where the question was left unanswered; once the other ticket has died nothing waits any more."""
    await world.hear(first := one_child())
    signer = Signer(world, first)
    await signer.tells("issued")
    await world.hear(second := one_child())
    case, other = world.case_of(second.application_id), world.case_of(first.application_id)
    await world.desk.decide(ANNA, case.id, NOTHING_SAID)
    assert world.told_of(second, EligibilityGranted)[-1].behind_another
    assert not world.told_of(first, EligibilityGranted)[-1].behind_another
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    assert "Das Ticket wartet" in page and f'href="/desk/cases/{other.id}"' in page
    assert "Das Ticket wartet" not in (await desk.get(f"/desk/cases/{other.id}")).text
    await signer.tells("revoked", reason="withdrawn")
    assert "Das Ticket wartet" not in (await desk.get(f"/desk/cases/{case.id}")).text


@pytest.mark.usefixtures("by_itself")
@pytest.mark.parametrize("how", ["revoked", "suspended"])
async def test_a_right_that_may_be_this_childs_is_named_with_its_withdrawn_application(
    desk: Desk, world: World, how: str
) -> None:
    await world.hear(first := one_child(("Jürgen", "Müller", one_child().birth_date)))
    await lost_its_right(world, first, how)
    await world.hear(second := one_child(("Jrügen", "Müller", one_child().birth_date)))
    case, other = world.case_of(second.application_id), world.case_of(first.application_id)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    assert f'href="/desk/cases/{other.id}"' in page and f"Fall {str(other.id)[:8].upper()}" in page.replace("</a>", "")


@pytest.mark.usefixtures("by_itself")
async def test_whose_the_other_case_is_can_be_said_and_stays_said_where_something_else_is_wrong(
    desk: Desk, world: World
) -> None:
    """The select stands only where there is another case; it offers three answers, and keeps what was chosen."""
    await world.hear(first := one_child())
    await world.hear(second := one_child())
    await desk.sign_in("anna")
    asked = (await desk.get(f"/desk/cases/{world.case_of(second.application_id).id}")).text
    select = asked.partition('name="same_child"')[2].partition("</select>")[0]
    assert [f'value="{each}"' in select for each in ("", "yes", "no")] == [True] * 3
    assert "Es ist dasselbe Kind" in select and "Es sind zwei Kinder" in select and "wartet dieses" in asked
    assert 'name="same_child"' not in (await desk.get(f"/desk/cases/{world.case_of(first.application_id).id}")).text
