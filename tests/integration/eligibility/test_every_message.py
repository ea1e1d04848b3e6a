"""What a family writes or sends reaches a person, and the family hears of it: through HTTP at application, as events
into eligibility, and back; whatever comes twice, late or at the same time."""

from datetime import date

from application.workflow.announce import announce
from eligibility.domain.ending import Ending
from eligibility.workflow import MeasuredRoutes
from eligibility.workflow.decision.announce import announce as announce_decisions
from shared.events import ApplicationChanged
from support.both_services import TO_ELIGIBILITY, BothServices
from support.eligibility import small_place
from support.eligibility.office import ANNA
from support.family_messages import BODY, BOTH, LOST, PDF, granted, messages, number_of, pile
from support.json import text
from support.outbox import told_again


@BOTH
async def test_a_text_of_its_own_accord_after_the_grant_lies_on_the_pile_and_the_family_is_told(
    both: BothServices,
) -> None:
    path = await granted(both)
    answer = (await both.writes(path, text=LOST)).json()
    now = answer["timeline"][-1]["text"]["de"]
    assert "Stadt Bielefeld" in now and "bis zum" in now
    await both.deliver_all()
    (message,) = messages(both)
    assert (message.text, message.read_at, await pile(both)) == (LOST, None, 1)
    case = both.world.case_of(number_of(both))
    assert case.state == "granted"
    shown = await both.shown(path)
    assert shown["messages"][0]["text"] == LOST and shown["messages"][0]["look_by"] == message.look_by.isoformat()
    assert shown["timeline"][-1]["text"]["de"] == now
    await both.world.workflow.messages.mark_read(ANNA, case.id, [message.id])
    await both.world.workflow.messages.mark_read(ANNA, case.id, [message.id])  # again changes nothing
    assert await pile(both) == 0
    acts = [each.act for each in (await both.world.desk.file(ANNA, case.id)).acts]
    assert acts.count("message read") == 1
    await both.deliver_all()
    shown = await both.shown(path)
    assert shown["messages"][0]["read_at"] and "angesehen" in shown["timeline"][-1]["text"]["de"]


async def test_where_nobody_answers_the_day_follows_with_the_event(both: BothServices) -> None:
    path = await granted(both)
    both.asks.there = False
    answer = (await both.writes(path, text=LOST)).json()
    assert "Stadt Bielefeld" in answer["timeline"][-1]["text"]["de"] and answer["messages"][0]["look_by"] is None
    await both.deliver_all()
    shown = await both.shown(path)
    assert "bis zum" in shown["timeline"][-1]["text"]["de"] and shown["messages"][0]["look_by"]


async def test_a_text_beside_a_change_is_a_message_too(both: BothServices) -> None:
    path = await granted(both)
    await both.writes(path, text="Wir sind umgezogen, weil …", changes={"grade": "08"})
    await both.deliver_all()
    assert [(each.text, each.with_change) for each in messages(both)] == [("Wir sind umgezogen, weil …", True)]
    assert await pile(both) == 1


async def test_a_document_after_the_decision_lies_on_the_pile_until_the_family_deletes_it_or_somebody_looks(
    both: BothServices,
) -> None:
    path = await granted(both)
    sent = (await both.sends(path, "key-of-document", PDF)).json()
    assert "Stadt Bielefeld" in sent["received"]["de"] and sent["look_by"] in str(sent)
    await both.deliver_all()
    assert await pile(both) == 1 and messages(both)[0].is_document
    shown = (await both.shown(path))["documents"]
    assert shown[0]["id"] == sent["id"] and shown[0]["name"] == "Attest.pdf" and shown[0]["look_by"]


async def test_what_was_written_before_a_withdrawal_is_read_though_it_is_heard_after_it(both: BothServices) -> None:
    path = await granted(both)
    await both.writes(path, text=LOST)
    await both.http.post(f"{path}/withdrawal", headers=both.headers)
    text, gone = both.on_the_way()
    await both.deliver(gone)
    await both.deliver(text)
    assert both.world.case_of(number_of(both)).state == "withdrawn"
    assert [each.text for each in messages(both)] == [LOST] and await pile(both) == 1
    await both.deliver_all()
    assert (await both.shown(path))["decision"] is None


async def test_an_older_change_that_comes_late_leaves_what_was_written_with_it(both: BothServices) -> None:
    path = await granted(both)
    await both.writes(path, text="Erstens", changes={"grade": "08"})
    await both.writes(path, text="Zweitens", changes={"grade": "09"})
    first, second = both.on_the_way()
    for event in (second, first, second, first):
        await both.deliver(event)
    assert {each.text for each in messages(both)} == {"Erstens", "Zweitens"}
    assert both.world.case_of(number_of(both)).change_number == 2


async def test_a_change_under_review_shows_with_what_and_from_when_until_it_is_decided(both: BothServices) -> None:
    path = await granted(both)
    both.world.measurer.answer = MeasuredRoutes(small_place.measurement(500.0))
    await both.writes(path, changes={"school_number": "100007"}, changed_from="2027-01-15")
    said = (await both.shown(path))["status_text"]["de"]
    assert "Schule; ab dem 15.01.2027" in said and "Bis dahin" in said
    await both.deliver_all()
    assert (await both.shown(path))["status_text"]["de"] == said
    await both.writes(path, text="Noch etwas")  # a text alone settles nothing
    await both.deliver_all()
    assert (await both.shown(path))["status_text"]["de"] == said
    case = both.world.case_of(number_of(both))
    ending = Ending(date(2027, 1, 14), "3", "Eigene Angaben")
    await both.world.desk.release(ANNA, case.id, ending)
    await both.deliver_all()
    assert "Änderung" not in (await both.shown(path))["status_text"]["de"]


async def test_a_change_from_which_nothing_follows_is_not_under_review_for_ever(both: BothServices) -> None:
    path = await granted(both)
    guardian = BODY["guardian"] | {"email": "zoe@example.org"}  # type: ignore[operator]
    for changes in ({"guardian": guardian}, {"siblings": [{"birth_date": "2010-01-01", "funded": True}]}):
        await both.writes(path, changes=changes)
        await both.deliver_all()
        while await both.world.families().settle():
            pass
        await both.deliver_all()
        assert "Änderung" not in (await both.shown(path))["status_text"]["de"], changes


async def test_a_decision_that_was_let_out_while_the_change_was_on_its_way_does_not_hide_it(both: BothServices) -> None:
    both.world.set_authority(release_by_person="everything")
    path = await granted(both)
    await both.writes(path, changes={"grade": "08"})
    await both.world.desk.release(ANNA, both.world.case_of(number_of(both)).id)
    (change,) = [each for each in both.on_the_way() if isinstance(each, ApplicationChanged)]
    for event in both.on_the_way():
        if event is not change and event.event_id != change.event_id:
            await both.deliver(event)
    assert "Klasse" in (await both.shown(path))["status_text"]["de"]


async def test_every_part_can_be_sent_back_as_it_is_read_and_earlier_forms_are_kept(both: BothServices) -> None:
    path = await granted(both)
    form = (await both.shown(path))["form"]
    for part in form:
        answer = await both.writes(path, changes={text(part): form[text(part)]})
        assert (answer.status_code == 422 and "geändert hat" in answer.text) or part in (
            "school_year", "medium", "language", "consents",
        ), (part, answer.text)  # fmt: skip
    await both.writes(path, changes={"guardian": form["guardian"] | {"email": "zoe@example.org"}})
    shown = await both.shown(path)
    assert shown["form"]["guardian"]["email"] == "zoe@example.org"
    assert [each["form"] for each in shown["earlier_forms"]] == [form]


async def test_what_is_told_again_out_of_the_tables_loses_no_text_and_hides_no_change(both: BothServices) -> None:
    both.world.set_authority(release_by_person="everything")
    path = await granted(both)
    await both.world.desk.release(ANNA, both.world.case_of(number_of(both)).id)
    await both.deliver_all()
    both.world.measurer.answer = MeasuredRoutes(small_place.measurement(500.0))
    await both.writes(path, changes={"school_number": "100007"})
    await both.deliver_all()
    before = await both.shown(path)
    assert "Schule" in before["status_text"]["de"]
    again = both.world.database.read_now(
        lambda store: told_again(announce_decisions(store, both.world.environment.keys, "https://bescheid.example"))
    )
    for event in again:
        await both.deliver(event)
    assert (await both.shown(path))["status_text"] == before["status_text"]


async def test_every_text_of_an_undecided_application_is_told_again(both: BothServices) -> None:
    path = await both.applies(BODY)
    for number in range(3):
        await both.writes(path, text=f"Nachricht {number}", changes={"grade": f"0{7 + number}"})
    again = both.database.read_now(lambda store: told_again(announce(store)))
    for event in again:
        if isinstance(event, TO_ELIGIBILITY):
            await both.world.hear(event)
    assert [each.text for each in messages(both)] == ["Nachricht 0", "Nachricht 1", "Nachricht 2"]
    assert both.world.case_of(number_of(both)).change_number == 3
