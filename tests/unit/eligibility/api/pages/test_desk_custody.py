"""Who may act for the child on the page of its case, as the family declared it."""

import pytest
from shared.events import Custody, Person
from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.world import World
from support.pages import well_made

TOLD = Custody(
    asked="declaration", declared="everyday", second_guardian=Person(first_name="Ada", last_name="<b>Öztürk</b>")
)


@pytest.mark.parametrize(("language", "said"), [("de", "getrennt lebend"), ("en", "living apart")])
async def test_declaration_and_second_guardian_stand_in_the_case_as_text(
    desk: Desk, world: World, language: str, said: str
) -> None:
    event = make.submitted(custody=TOLD)
    await world.hear(event)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}?language={language}")).text
    well_made(page, language)
    assert said in page and "Ada &lt;b&gt;Öztürk&lt;/b&gt;" in page


async def test_nothing_is_said_of_custody_where_it_was_not_asked(desk: Desk, world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}")).text
    assert "Wer für das Kind handelt" not in page
