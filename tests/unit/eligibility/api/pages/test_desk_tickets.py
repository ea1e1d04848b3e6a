"""The ticket on the case page: state, reason and outcome in words, and the form that asks for a change."""

from datetime import date, datetime, timedelta

from eligibility.workflow import MeasuredRoutes
from shared.events import EligibilityTicketChangeRequested, EligibilityWithdrawn, HomeAddress, TicketQuotaReached
from shared.formats import format_moment
from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.tickets import NUMBER, Signer
from support.eligibility.world import World
from support.pages import well_made

ELSEWHERE = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")


async def test_a_person_suspends_the_ticket_on_the_page_and_reads_what_became_of_it(desk: Desk, world: World) -> None:
    world.publish({"release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    signer = Signer(world, event)
    path = f"/desk/cases/{world.case_of(event.application_id).id}"
    await desk.sign_in("anna")
    assert f"Nummer {NUMBER}" not in (await desk.get(path)).text
    await signer.tells("issued")
    page = (await desk.get(path)).text
    well_made(page)
    assert f"Nummer {NUMBER}" in page and "Gültig" in page and "Aussetzung aufheben" not in page
    wrong = await desk.send(page, f"{path}/ticket", number=str(NUMBER), reason="")
    assert wrong.status_code == 422 and "Bitte wählen Sie, was geschehen soll." in wrong.text
    well_made(wrong.text)
    typed = {"number": str(NUMBER), "change": "suspend", "reason": "Zwei Kinder fahren damit", "fraud": "yes"}
    for _ in range(2):
        answer = await desk.send(page, f"{path}/ticket", **typed)
        assert answer.headers.get("location") == f"{path}?done=ticket-asked", answer.text
    (asked,) = world.told_of(event, EligibilityTicketChangeRequested)
    shown = (await desk.get(f"{path}?done=ticket-asked")).text
    assert "beauftragt, noch kein Ergebnis" in shown and "Zwei Kinder fahren damit" in shown
    await signer.tells("suspended", reason="fraud")
    await signer.answers("suspend", request_id=asked.request_id, because="fraud")
    shown = (await desk.get(path)).text
    well_made(shown)
    assert "Ausgesetzt" in shown and "Missbrauch" in shown and "<strong>erledigt</strong>" in shown
    await desk.send(shown, f"{path}/ticket", number=str(NUMBER), change="restore", reason="War ein Irrtum")
    again = world.told_of(event, EligibilityTicketChangeRequested)[-1]
    await signer.answers("restore", "refused", again.request_id, reason="not_yours")
    assert "Ein Verkehrsunternehmen hat es ausgesetzt" in (await desk.get(path)).text


async def test_another_reason_is_another_request_and_a_double_click_is_none(desk: Desk, world: World) -> None:
    world.publish({"release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    await Signer(world, event).tells("issued")
    path = f"/desk/cases/{world.case_of(event.application_id).id}"
    await desk.sign_in("anna")
    page = (await desk.get(path)).text
    for change in ("suspend", "revoke"):
        typed = {"number": str(NUMBER), "change": change, "reason": "Gebühren offen"}
        for each in (typed, typed, typed | {"fraud": "yes"}, typed | {"fraud": "yes"}):
            answer = await desk.send(page, f"{path}/ticket", **each)
            assert answer.headers.get("location") == f"{path}?done=ticket-asked", answer.text
        other = await desk.send(page, f"{path}/ticket", **(typed | {"reason": "Zwei Kinder"}))
        assert other.status_code == 409 and "Derselbe Auftrag läuft noch." in other.text
    told = [(each.change, each.reason) for each in world.told_of(event, EligibilityTicketChangeRequested)]
    assert told == [
        ("suspend", "by_authority"),
        ("suspend", "fraud"),
        ("revoke", "by_authority"),
        ("revoke", "fraud"),
    ]


async def test_the_button_that_restores_says_all_that_it_lifts(desk: Desk, world: World) -> None:
    world.publish({"release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    await Signer(world, event).tells("suspended", reason="by_authority")
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}")).text
    assert "Hebt alle Aussetzungen des Schulträgers auf, gleich aus welchem Grund." in page
    assert "endgültig gesperrt, ist auch das damit aufgehoben" in page


async def test_a_ticket_that_waits_for_the_next_hours_signatures_is_said_at_its_case_with_the_hour(
    desk: Desk, world: World
) -> None:
    world.publish({"release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    path, waits = f"/desk/cases/{world.case_of(event.application_id).id}", "Dieses kommt von selbst, frühestens ab"
    until = world.clock[0].replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    await desk.sign_in("anna")

    async def hear(authority: str, moment: datetime) -> str:
        await world.hear(TicketQuotaReached(occurred_at=world.clock[0], authority_id=authority, until=moment))
        page = (await desk.get(path)).text
        well_made(page)
        return page

    assert waits not in await hear("99999", until)
    page = await hear("12345", until)
    assert f"{waits} {format_moment(until, 'de')}." in page
    assert waits in await hear("12345", until - timedelta(hours=1))  # told before, heard later
    signer = Signer(world, event)
    await signer.tells("issued")
    assert waits not in (await desk.get(path)).text
    await signer.tells("revoked", reason="lost")
    assert waits in (await desk.get(path)).text
    await signer.tells("revoked", reason="fraud")
    assert waits not in (await desk.get(path)).text


async def test_when_the_hour_is_over_or_where_nothing_is_granted_no_case_waits(desk: Desk, world: World) -> None:
    world.publish({"release_by_person": "nothing"})
    for metres in (2500.0, 100.0):
        world.measurer.answer = MeasuredRoutes(make.measurement(metres))
        await world.hear(event := make.submitted())
        until = world.clock[0] - timedelta(seconds=metres > 1000)
        await world.hear(TicketQuotaReached(occurred_at=world.clock[0], authority_id="12345", until=until))
        await desk.sign_in("anna") if metres > 1000 else None
        page = (await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}")).text
        assert "Dieses kommt von selbst" not in page


async def test_where_two_people_revoke_the_button_is_there_for_the_second_alone(desk: Desk, world: World) -> None:
    world.publish({"release_by_person": "nothing"})
    world.set_authority(second_person_for=["revocation"])
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    signer, path = Signer(world, event), f"/desk/cases/{world.case_of(event.application_id).id}"
    await signer.tells("issued")
    await desk.sign_in("anna")
    page = (await desk.get(path)).text
    well_made(page)
    assert 'value="revoke"' not in page and "Endgültig sperren nur zwei Personen. Setzen Sie das Ticket aus" in page
    await desk.send(page, f"{path}/ticket", number=str(NUMBER), change="suspend", reason="Zwei fahren damit")
    await signer.tells("suspended", reason="by_authority")
    await signer.answers("suspend", request_id=world.told_of(event, EligibilityTicketChangeRequested)[-1].request_id)
    page = (await desk.get(path)).text
    assert 'value="revoke"' not in page and "Sie haben das Ticket ausgesetzt. Endgültig sperren kann es eine" in page
    desk.http.cookies.clear()
    await desk.sign_in("carl")
    page = (await desk.get(path)).text
    well_made(page)
    assert 'value="revoke"' in page and "zwei Personen" not in page
    await desk.send(page, f"{path}/ticket", number=str(NUMBER), change="revoke", reason="Auch hier gesehen")
    asked = world.told_of(event, EligibilityTicketChangeRequested)[-1]
    assert (asked.change, asked.requested_by) == ("revoke", "carl")
    await signer.answers("revoke", "refused", asked.request_id, reason="second_person")
    assert "Eine setzt das Ticket aus, danach kann eine andere es sperren" in (await desk.get(path)).text


async def test_who_may_only_release_sees_the_ticket_and_no_form(desk: Desk, world: World) -> None:
    world.publish({"release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    await Signer(world, event).tells("issued")
    await desk.sign_in("bert")
    path = f"/desk/cases/{world.case_of(event.application_id).id}"
    page = (await desk.get(path)).text
    assert f"Nummer {NUMBER}" in page and f"{path}/ticket" not in page


async def test_where_the_grant_ends_before_what_is_signed_the_page_says_both_days(desk: Desk, world: World) -> None:
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    signer = Signer(world, event)
    await signer.tells("issued")
    path = f"/desk/cases/{world.case_of(event.application_id).id}"
    await desk.sign_in("anna")
    assert "endet aber am" not in (await desk.get(path)).text
    world.measurer.answer = MeasuredRoutes(make.measurement(225.25))
    await world.hear(make.changed(event, home=ELSEWHERE, changed_from=date(2027, 2, 1)))
    page = (await desk.get(path)).text
    done = await desk.send(page, f"{path}/release", ends_on="31.01.2027", hearing_exception="3")
    assert done.headers.get("location") == f"{path}?done=released", done.text
    (ended,) = world.told_of(event, EligibilityWithdrawn)
    await signer.tells("issued", "end_changed", last_day=ended.ends_on)
    page = (await desk.get(path)).text
    well_made(page)
    ticket = page[page.index('id="ticket"') : page.index('id="notice"')]
    assert ", <strong>endet aber am 31.01.2027</strong>" in ticket
    decisions = page[page.index('id="decisions"') : page.index('id="trail"')]
    assert "(endet am 31.01.2027)" in decisions and "(beendet)" not in decisions
    assert "<strong>endet aber am 31.01.2027</strong>" in decisions
    assert "Die Bewilligung gilt noch bis 31.01.2027" in page[: page.index('id="way"')]
    world.clock[0] += timedelta(days=300)
    decisions = (await desk.get(path)).text.partition('id="decisions"')[2]
    assert "(beendet)" in decisions and "endet aber" not in decisions


async def test_an_end_that_becomes_another_brings_nothing_back_that_a_person_has_settled(world: World) -> None:
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    signer = Signer(world, event)
    await signer.tells("suspended", reason="fraud")
    mine = lambda store: store.marks_against(event.application_id, [])  # noqa: E731
    marks = world.database.read_now(mine)
    assert marks
    world.clock[0] += timedelta(minutes=1)
    world.database.write_now(lambda store: store.settle_shown(marks, world.clock[0]))
    world.clock[0] += timedelta(minutes=1)
    await signer.tells("suspended", "end_changed", reason="fraud", last_day=date(2027, 1, 31))
    assert world.database.read_now(mine) == []
