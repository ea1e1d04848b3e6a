"""A proof is recognised on the case page: chosen from what the family told, once, and what is wrong is said."""

import re
from datetime import date

from shared.birth_dates import PartlyKnownDate
from shared.events import Circumstances
from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.siblings import sibling
from support.eligibility.small_place import changed
from support.eligibility.world import World
from support.pages import well_made

UNKNOWN = re.compile(r"-00\b")
"""A day or month as it is written where it is not known; never the beginning of a part of an id."""


async def test_what_the_family_told_is_shown_and_a_proof_of_it_recognised_on_the_page(desk: Desk, world: World) -> None:
    told = Circumstances(lives_in_nrw=True, benefits=("SGB XII", "KiZ"), siblings=(sibling(date(2012, 1, 1)),))
    event = make.submitted(circumstances=told)
    await world.hear(event)
    case = world.case_of(event.application_id)
    await desk.sign_in("anna")
    path = f"/desk/cases/{case.id}"
    page = (await desk.get(path)).text
    well_made(page)
    for said in ("Nachweis anerkennen", "Geschwister, noch nicht nachgewiesen", "geboren am 01.01.2012, mit Ticket",
                 "Hilfe zum Lebensunterhalt (SGB XII), Kinderzuschlag", "in voller Höhe"):  # fmt: skip
        assert said in page, said
    nothing = await desk.send(page, f"{path}/prove", valid_from="", valid_until="")
    assert nothing.status_code == 422 and "Bitte wählen Sie, was nachgewiesen ist." in nothing.text
    well_made(nothing.text)
    wrong = await desk.send(page, f"{path}/prove", benefits="SGB XII", valid_from="bald", valid_until="")
    assert wrong.status_code == 422 and 'value="bald"' in wrong.text
    for _ in range(2):  # sent twice it counts once
        answer = await desk.send(page, f"{path}/prove", siblings="2012-01-01", valid_from="", valid_until="")
        assert answer.headers["location"] == f"{path}?done=proven", answer.text
    decision = world.decision_of(event.application_id)
    assert (decision.own_share_cents, decision.released_at) == (700, None)  # priced anew, and still to be released
    page = (await desk.get(f"{path}?done=proven")).text
    assert "Der Nachweis ist anerkannt." in page and "7,00 Euro" in page
    answer = await desk.send(page, f"{path}/release")
    assert answer.headers["location"] == f"{path}?done=released"
    page = (await desk.get(path)).text
    answer = await desk.send(page, f"{path}/prove", benefits="SGB XII", valid_from="01.10.2026", valid_until="")
    assert answer.status_code == 303
    decision = world.decision_of(event.application_id)
    assert (decision.own_share_cents, decision.terms.share_from) == (0, date(2026, 10, 1))
    page = (await desk.get(path)).text
    assert "Nachweis für den Eigenanteil anerkannt" in page


async def test_a_birth_date_that_is_known_in_part_is_shown_as_it_is_known_and_proven(desk: Desk, world: World) -> None:
    told = Circumstances(lives_in_nrw=True, siblings=(sibling(PartlyKnownDate(2012)),))
    event = make.submitted(birth_date=PartlyKnownDate(2017, 2), circumstances=told)
    await world.hear(event)
    await desk.sign_in("anna")
    path = f"/desk/cases/{world.case_of(event.application_id).id}"
    page = (await desk.get(path)).text
    well_made(page)
    assert "02.2017" in page and "geboren 2012, mit Ticket" in page
    assert not UNKNOWN.search(page.replace('value="2012-00-00"', "")) and "00.00" not in page
    answer = await desk.send(page, f"{path}/prove", siblings="2012-00-00", valid_from="", valid_until="")
    assert answer.headers["location"] == f"{path}?done=proven", answer.text
    assert world.decision_of(event.application_id).own_share_cents == 700
    await world.hear(changed(event, birth_date=date(2017, 2, 28), change_number=1))
    page = (await desk.get(path)).text
    assert "28.02.2017" in page and not UNKNOWN.search(page)
