"""Reading cases is a right of its own: who administers rules has it not, and who has it alone does nothing with them."""

import re

from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.world import World

FORM = re.compile(r'action="(?:http://desk\.test)?/desk/cases/[^"]*"')


async def test_who_administers_is_led_to_the_rule_sets_and_reads_no_case(desk: Desk, world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    answer = await desk.sign_in("ada")
    assert answer.headers["location"].endswith("/desk/")
    first = await desk.get("/desk/")
    assert (first.status_code, first.headers["location"].endswith("/desk/rule-sets")) == (303, True)
    page = await desk.get("/desk/rule-sets")
    assert page.status_code == 200 and ">Fälle</a>" not in page.text and ">Eingänge</a>" in page.text
    case = await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}")
    assert case.status_code == 403 and event.child.last_name not in case.text


async def test_who_only_reads_cases_sees_them_and_no_form(desk: Desk, world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    await desk.sign_in("rita")
    assert (await desk.get("/desk/")).status_code == 200
    page = await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}")
    assert page.status_code == 200 and event.child.last_name in page.text
    assert FORM.findall(page.text) == []
    assert (await desk.get("/desk/rule-sets")).status_code == 403
