"""What two persons decided, as the desk shows it where the rules would say otherwise."""

from datetime import date

import pytest
from shared.events import ApplicationSubmitted
from support.eligibility.deciding import LONG, SHORT, lives_here
from support.eligibility.desk import Desk
from support.eligibility.office import Office
from support.eligibility.world import World

REASON = "Aus Billigkeit ist der halbe Eigenanteil zu zahlen."


Granted = tuple[Office, ApplicationSubmitted]


@pytest.fixture
async def granted(world: World) -> Granted:
    office = Office(world)
    world.set_authority(release_by_person="everything")
    event = await office.applies(LONG)
    await office.overrides(
        event, "granted", REASON, "§ 2 Abs. 3 SchfkVO", own_share_cents=700, valid_until=date(2027, 3, 31)
    )
    return office, event


async def test_the_question_names_it_and_the_form_is_filled_so_that_it_stays(desk: Desk, granted: Granted) -> None:
    office, event = granted
    await office.changes(event, LONG, circumstances=lives_here(severely_disabled=True))
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{office.case(event)}")).text
    asked = page.partition("Das ist zu klären")[2].partition("</section>")[0]
    assert "zwei Personen" in asked and REASON in asked
    form = page.partition('/decide"')[2].partition("</form>")[0]
    assert REASON in form and 'value="7,00"' in form and 'value="2027-03-31"' in form


async def test_beside_what_is_prepared_or_claimed_stands_who_decided_what_is_in_force(
    desk: Desk, granted: Granted
) -> None:
    office, event = granted
    await office.changes(event, SHORT, school_number="100002", changed_from=date(2026, 10, 1))
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{office.case(event)}")).text
    card = page.partition("card--end")[2].partition("</section>")[0]
    assert "zwei Personen" in card and REASON in card and "nach den Regeln" in card
