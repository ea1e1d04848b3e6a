"""Whoever is asked whether two applications are one child sees which other one is meant."""

import re
from collections.abc import Callable
from typing import Any

from shared.events import Person
from support.eligibility.siblings import OLDER, YOUNGER, child, sibling
from support.eligibility.world import settled


async def test_the_question_links_the_other_cases_and_says_how_alike_they_are(
    desk: Any, prepared: Callable[..., Any], world: Any, make: Any
) -> None:
    first = await prepared(child=Person(first_name="Elif", last_name="Yıldırım"))
    same, near = (make.submitted(child=Person(first_name=name, last_name="Yildirim")) for name in ("Elif", "Elf"))
    await world.hear(same)
    await world.hear(near)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(same.application_id).id}")).text
    assert f'href="/desk/cases/{first.id}"' in page and "Name und Geburtsdatum stimmen überein" in page
    other = (await desk.get(f"/desk/cases/{world.case_of(near.application_id).id}")).text
    assert f'href="/desk/cases/{first.id}"' in other and "weichen wenig ab" in other


async def test_a_case_of_which_nothing_is_asked_links_none(desk: Any, prepared: Callable[..., Any]) -> None:
    case = await prepared()
    await desk.sign_in("anna")
    assert "Andere Fälle" not in (await desk.get(f"/desk/cases/{case.id}")).text


async def test_who_is_asked_of_a_sibling_sees_which_child_is_meant_and_can_say_no(desk: Any, world: Any) -> None:
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
