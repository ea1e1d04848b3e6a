"""At the desk the end of a grant looks like one, and a proposal is seen by who may confirm it."""

import re
from datetime import date, timedelta

import pytest
from eligibility.domain.case import Case
from eligibility.workflow import MeasuredRoutes
from shared.events import EligibilityGranted, EligibilityWithdrawn, HomeAddress
from support.eligibility import small_place as make
from support.eligibility.desk import CaseMaker, Desk
from support.eligibility.world import World
from support.pages import well_made

ELSEWHERE = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")
REFUSED = {"outcome": "refused", "reason": "Die Angaben waren falsch.", "legal_basis": "§ 48 VwVfG NRW"}


@pytest.fixture
async def moved(desk: Desk, world: World) -> Case:
    """A grant in force, whose family moves near to another school of the same authority."""
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    event = make.submitted()
    await world.hear(event)
    world.measurer.answer = MeasuredRoutes(make.measurement(225.25))
    await world.hear(
        make.changed(event, home=ELSEWHERE, school_number="100003", grade="04", changed_from=date(2026, 11, 2))
    )
    return world.case_of(event.application_id)


async def test_in_the_list_and_on_the_page_it_is_the_end_of_a_grant_and_no_refusal(desk: Desk, moved: Case) -> None:
    await desk.sign_in("anna")
    listed = (await desk.get("/desk/?pile=prepared")).text
    well_made(listed)
    row = next(each for each in re.findall(r"<tr.*?</tr>", listed, re.DOTALL) if str(moved.id) in each)
    assert "Ende einer Bewilligung" in row and "Änderung ab 02.11.2026" in row and "Bewilligt bis 31.07.2027" in row
    assert "nicht länger als" in row and "Abgelehnt" not in row
    assert 'type="checkbox"' not in row
    page = (await desk.get(f"/desk/cases/{moved.id}")).text
    well_made(page)
    for said in (
        "Ende einer Bewilligung", "Was die Familie geändert hat", "Kirchstr. 5 A, 33100 Eschenborn",
        "Kirchstraße 5a, 33100 Eschenborn", "S 100001 (100001)", "S 100003 (100003)", "2.500,0 m", "225,2 m", "14,00 Euro",
        'value="2026-11-01"', "noch nicht angehört",
    ):  # fmt: skip
        assert said in page, said


async def test_it_goes_out_with_a_day_and_an_exception_or_says_what_is_missing(
    desk: Desk, moved: Case, world: World
) -> None:
    await desk.sign_in("anna")
    path = f"/desk/cases/{moved.id}"
    page = (await desk.get(path)).text
    refused = await desk.send(page, f"{path}/release", ends_on="2026-11-01")
    assert refused.status_code == 409 and "hören Sie die Familie zuerst an" in refused.text
    well_made(refused.text)
    early = await desk.send(page, f"{path}/release", ends_on="20.05.2026", hearing_exception="3")
    assert early.status_code == 422 and "Der letzte Tag muss nach heute liegen" in early.text
    assert world.told()[-1].subject != EligibilityWithdrawn.subject
    done = await desk.send(page, f"{path}/release", ends_on="01.11.2026", hearing_exception="3")
    assert done.headers.get("location") == f"{path}?done=released", done.text
    assert world.told_as(EligibilityWithdrawn, -2).ends_on == date(2026, 11, 1)
    shown = (await desk.get(path)).text
    assert "Ende einer Bewilligung entschieden" in shown


@pytest.mark.parametrize("what", ["selected", "clear"])
async def test_it_is_not_released_among_others(desk: Desk, moved: Case, world: World, what: str) -> None:
    await desk.sign_in("anna")
    page = (await desk.get("/desk/?pile=prepared")).text
    assert 'name="what"' not in page  # nothing here can be released together
    token = re.findall(r'name="form_token" value="([^"]*)"', page)[0]
    form = {"form_token": token, "case": str(moved.id), "what": what}
    answer = await desk.http.post("/desk/release/confirmed", data=form)
    assert answer.status_code == 200
    assert world.case_of(moved.application_id).state == "prepared"
    assert ("Das entscheidet eine Person, einzeln." in answer.text) == (what == "selected")


async def test_a_family_is_heard_about_a_grant_in_force_and_its_answer_comes_back_to_the_list(
    desk: Desk, moved: Case, world: World
) -> None:
    await desk.sign_in("anna")
    path = f"/desk/cases/{moved.id}"
    page = (await desk.get(path)).text
    assert "Familie anhören" in page and "ist die Anhörung" in page
    asked = await desk.send(page, f"{path}/ask", text="Die Bewilligung soll enden.", due="2026-06-05", hearing="yes")
    assert asked.headers.get("location") == f"{path}?done=asked", asked.text
    assert str(moved.id) in (await desk.get("/desk/?pile=waiting")).text
    world.clock[0] += timedelta(days=20)
    shown = (await desk.get(path)).text
    assert "Die Familie wurde angehört, bis zum 05.06.2026" in shown
    done = await desk.send(shown, f"{path}/release", ends_on="2026-11-01")
    assert done.headers.get("location") == f"{path}?done=released", done.text


async def test_a_proposal_lies_on_a_pile_that_all_but_its_proposer_see(
    desk: Desk, prepared: CaseMaker, world: World
) -> None:
    case = await prepared()
    other = desk.another()
    await desk.sign_in("anna")
    await other.sign_in("bert")
    path = f"/desk/cases/{case.id}"
    page = (await desk.get(path)).text
    typed = {"outcome": "granted", "reason": "Bis Weihnachten.", "legal_basis": "§ 6", "valid_until": "2026-12-23",
             "own_share_cents": "7,00", "transport": "special"}  # fmt: skip
    assert (await desk.send(page, f"{path}/propose", **typed)).headers.get("location") == f"{path}?done=proposed"
    mine, theirs = (await desk.get("/desk/?pile=confirm")).text, (await other.get("/desk/?pile=confirm")).text
    well_made(theirs)
    assert str(case.id) not in mine and str(case.id) in theirs
    assert "Anders entscheiden: wartet auf Bestätigung" in theirs
    assert _counts(mine)[3] == "0" and _counts(theirs)[3] == "1"
    shown = (await other.get(path)).text
    well_made(shown)
    card = shown[shown.index('id="proposal"') :][:4000]
    for said in ("01.08.2026 – 23.12.2026", "7,00 Euro", "Schülerspezialverkehr", "Gilt jetzt", "Vorgeschlagen"):
        assert said in card, said


async def test_a_proposal_for_a_granted_case_shows_what_is_in_force_beside_it(desk: Desk, world: World) -> None:
    world.set_authority(release_by_person="refusals")
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    event = make.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    other = desk.another()
    await desk.sign_in("anna")
    await other.sign_in("bert")
    path = f"/desk/cases/{case.id}"
    page = (await desk.get(path)).text
    assert "Endet damit eine Bewilligung?" in page
    refused = await desk.send(page, f"{path}/propose", **REFUSED, ends_on="2026-12-31")
    assert refused.status_code == 409
    await desk.send(page, f"{path}/ask", text="Die Bewilligung soll enden.", due="2026-05-25", hearing="yes")
    world.clock[0] += timedelta(days=10)
    page = (await desk.get(path)).text
    proposed = await desk.send(page, f"{path}/propose", **REFUSED, ends_on="2026-12-31")
    assert proposed.headers.get("location") == f"{path}?done=proposed", proposed.text
    assert str(case.id) in (await other.get("/desk/?pile=confirm")).text
    rows = re.findall(r"<tr.*?</tr>", (await other.get("/desk/?pile=confirm")).text, re.DOTALL)
    row = next(each for each in rows if str(case.id) in each)
    assert "Ende einer Bewilligung" in row and "Vorschlag: Abgelehnt, letzter Tag 31.12.2026" in row
    card = (await other.get(path)).text
    assert "Gilt jetzt" in card and "Bewilligt" in card and "14,00 Euro" in card
    shown = card[card.index('id="proposal"') :][:1500]
    assert "Ende einer Bewilligung" in shown and "31.12.2026" in shown
    assert "Kein Vorschlag einer anderen Person" in (await desk.get("/desk/?pile=confirm")).text
    done = await other.send(card, f"{path}/confirm")
    assert done.headers.get("location") == f"{path}?done=confirmed", done.text
    assert world.told_as(EligibilityWithdrawn, -2).ends_on == date(2026, 12, 31)


async def test_the_end_of_a_certificate_is_proposed_where_a_person_decides(desk: Desk, world: World) -> None:
    from shared.events import Claims

    world.measurer.answer = MeasuredRoutes(make.measurement(500.0))
    event = make.submitted(claims=Claims(health_weeks=20, health_certificate=True))
    await world.hear(event)
    case = world.case_of(event.application_id)
    await desk.sign_in("anna")
    path = f"/desk/cases/{case.id}"
    page = (await desk.get(path)).text
    assert 'name="valid_until" type="date" value="2026-12-18"' in page
    typed = {"outcome": "granted", "reason": "Das Attest liegt vor.", "legal_basis": "§ 6 Abs. 1 SchfkVO",
             "valid_until": "2026-12-18", "own_share_cents": "14,00"}  # fmt: skip
    done = await desk.send(page, f"{path}/decide", **typed)
    assert done.headers.get("location") == f"{path}?done=decided", done.text
    granted = world.told_as(EligibilityGranted)
    assert (granted.valid_from, granted.valid_until) == (date(2026, 8, 1), date(2026, 12, 18))


def _counts(page: str) -> list[str]:
    return re.findall(r'<span class="count">([^<]*)</span>', page)


async def test_a_hearing_says_what_is_to_end_when_and_why_and_is_not_sent_with_a_gap(desk: Desk, moved: Case) -> None:
    await desk.sign_in("anna")
    path = f"/desk/cases/{moved.id}"
    page = (await desk.get(path)).text
    german, english = (
        re.findall(rf'<textarea[^>]*id="{each}"[^>]*>(.*?)</textarea>', page, re.DOTALL)[0]
        for each in ("ask-text", "ask-text_en")
    )
    assert "am 01.11.2026 enden" in german and "nicht länger als" in german and "…" not in german
    assert "is to end on 1 November 2026" in english and "not more than 2,000 m" in english and "…" not in english
    gap = await desk.send(page, f"{path}/ask", text="Wir wollen das ändern: … Bitte.", due="2026-06-05", hearing="yes")
    assert gap.status_code == 422 and "Im Text steht noch" in gap.text
    well_made(gap.text)


async def test_letters_go_to_the_old_home_until_the_family_has_moved(desk: Desk, world: World) -> None:
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    event = make.submitted()
    await world.hear(event)
    await world.hear(make.changed(event, home=ELSEWHERE, addressee_address=ELSEWHERE, changed_from=date(2026, 11, 2)))
    case = world.case_of(event.application_id)
    assert case.submission["addressee_address"]["street"] == ELSEWHERE.street
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    rows = dict(re.findall(r"<dt>([^<]*)</dt><dd><bdi>([^<]*)</bdi></dd>", page[page.index("Antrag von") :][:900]))
    homes = {label: address for label, address in rows.items() if "nschrift" in label or "mzug" in label}
    assert homes["Anschrift bis zum Umzug"].startswith(f"{event.addressee_address.street} ")
    assert homes["Neue Anschrift ab 02.11.2026"].startswith(f"{ELSEWHERE.street} ")


async def test_who_confirms_sees_the_exception_from_the_hearing_and_why(desk: Desk, world: World) -> None:
    world.set_authority(release_by_person="refusals")
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    event = make.submitted()
    await world.hear(event)
    path = f"/desk/cases/{world.case_of(event.application_id).id}"
    other = desk.another()
    await desk.sign_in("anna")
    await other.sign_in("bert")
    why = "Das Kind fährt sonst auf fremde Kosten."
    unheard = {"ends_on": "2026-12-15", "hearing_exception": "1", "hearing_why": why}
    proposed = await desk.send((await desk.get(path)).text, f"{path}/propose", **REFUSED, **unheard)
    assert proposed.headers.get("location") == f"{path}?done=proposed", proposed.text
    page = (await other.get(path)).text
    well_made(page)
    card = page[page.index('id="proposal"') :][:3000]
    for said in ("Ende einer Bewilligung", "15.12.2026", "Nr. 1: Gefahr im Verzug", why):
        assert said in card, said


async def test_a_prepared_refusal_says_why(desk: Desk, world: World) -> None:
    world.set_authority(release_by_person="everything")
    world.measurer.answer = MeasuredRoutes(make.measurement(500.0))
    event = make.submitted()
    await world.hear(event)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}")).text
    card = page[page.index('id="prepared"') :]
    assert "nicht länger als 2.000 m" in card[: card.index("</section>")]
