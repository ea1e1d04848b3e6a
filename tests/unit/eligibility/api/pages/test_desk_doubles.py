"""Whoever is asked whether two applications are one child sees which other one is meant."""

from collections.abc import Callable
from typing import Any

from shared.events import Person


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
