"""What happens to a form of the case page and of the work list: decided, asked, released; by whom, how often, with which mistakes."""

import re
from datetime import date, timedelta

from shared.identity import Caller
from support.eligibility.desk import CaseMaker, Desk
from support.eligibility.world import World
from support.pages import well_made


async def test_who_may_only_release_sees_no_form_to_decide_and_is_refused(desk: Desk, in_review: CaseMaker) -> None:
    case = await in_review()
    await desk.sign_in("bert")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    assert f"/desk/cases/{case.id}/decide" not in page
    token = re.findall(r'name="form_token" value="([^"]*)"', page)[0]
    form = {"form_token": token, "outcome": "granted", "reason": "weil das so ist", "legal_basis": "§ 5 SchfkVO"}
    answer = await desk.http.post(f"/desk/cases/{case.id}/decide", data=form)
    assert answer.status_code == 403
    assert "nicht freigeschaltet" in answer.text


async def test_a_decision_is_made_on_the_page_and_sent_twice_it_counts_once(
    desk: Desk, in_review: CaseMaker, world: World
) -> None:
    case = await in_review()
    await desk.sign_in("anna")
    path = f"/desk/cases/{case.id}"
    page = (await desk.get(path)).text
    typed = {"outcome": "granted", "reason": "Nachgemessen:\r\n2.004 m.", "legal_basis": "§ 5 SchfkVO",
             "valid_from": "01.09.2026", "own_share_cents": "12,50"}  # fmt: skip
    for _ in range(2):
        answer = await desk.send(page, f"{path}/decide", **typed)
        assert answer.headers.get("location") == f"{path}?done=decided", answer.text
    decision = world.decision_of(case.application_id)
    assert (decision.outcome, decision.own_share_cents, str(decision.valid_from)) == ("granted", 1250, "2026-09-01")
    assert decision.round == 1
    shown = (await desk.get(f"{path}?done=decided")).text
    well_made(shown)
    assert "Entschieden. Der Bescheid geht an die Familie." in shown and "12,50 Euro" in shown
    notice = re.findall(rf'href="({path}/notices/[^"]*)"', shown)
    assert (await desk.get(notice[0])).content.startswith(b"%PDF")
    assert "token-" not in shown  # who has a notice's token may read it: it stays inside


async def test_every_mistake_is_said_at_once_and_nothing_typed_is_lost(
    desk: Desk, in_review: CaseMaker, world: World
) -> None:
    case = await in_review()
    await desk.sign_in("anna")
    path = f"/desk/cases/{case.id}"
    page = (await desk.get(path)).text
    typed = {"reason": "ja", "legal_basis": "§ 5 «neu»", "valid_from": "31.02.2026", "own_share_cents": "viel"}
    answer = await desk.send(page, f"{path}/decide", **typed)
    assert answer.status_code == 422
    well_made(answer.text)
    for said in ("bewilligen oder ablehnen", "Bitte geben Sie einen Tag an", "Bitte geben Sie einen Betrag an"):
        assert answer.text.count(said) == 2, said  # in the summary and at the field
    for kept in ("ja</textarea>", 'value="§ 5 «neu»"', 'value="31.02.2026"', 'value="viel"'):
        assert kept in answer.text
    assert 'href="#decide-reason"' in answer.text and 'id="decide-reason"' in answer.text
    outside = await desk.send(page, f"{path}/decide", outcome="granted", reason="weil es so ist",
                              legal_basis="§ 5 SchfkVO", valid_from="2030-01-01")  # fmt: skip
    assert "Der Beginn muss im Schuljahr liegen." in outside.text
    assert world.case_of(case.application_id).state == "review"


async def test_what_was_left_empty_is_asked_for_in_words_and_not_in_characters(
    desk: Desk, in_review: CaseMaker, prepared: CaseMaker
) -> None:
    case, other = await in_review(), await prepared()
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    answers = [
        await desk.send(page, f"/desk/cases/{case.id}/decide", outcome="refused", reason=" ", legal_basis=""),
        await desk.send(page, f"/desk/cases/{case.id}/ask", text="", due=""),
        await desk.send((await desk.get(f"/desk/cases/{other.id}")).text, f"/desk/cases/{other.id}/propose", reason=""),
    ]
    assert [each.status_code for each in answers] == [422] * 3
    said = "".join(each.text for each in answers)
    for words in ("begründen Sie die Entscheidung", "nennen Sie die Vorschrift", "was fehlt und warum"):
        assert words in said, words
    assert "Zeichen" not in re.sub(r"<[^>]*>", "", said).replace("mindestens zwei Zeichen", "")


async def test_a_day_is_proposed_until_which_the_family_may_answer(
    desk: Desk, in_review: CaseMaker, world: World
) -> None:
    case = await in_review()
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    (proposed,) = re.findall(r'id="ask-due"[^>]*value="([^"]*)"', page)
    left = (date.fromisoformat(proposed) - world.clock[0].date()).days
    assert 14 <= left <= 20 and date.fromisoformat(proposed).weekday() < 5


async def test_what_waits_to_be_confirmed_says_since_when_and_the_oldest_comes_first(
    desk: Desk, prepared: CaseMaker, world: World
) -> None:
    typed = {"outcome": "granted", "reason": "Eigenanteil erlassen.", "legal_basis": "§ 2 SchfkVO",
             "own_share_cents": "0"}  # fmt: skip
    cases = [await prepared(), await prepared()]
    await desk.sign_in("anna")
    for case in cases:
        await desk.send((await desk.get(f"/desk/cases/{case.id}")).text, f"/desk/cases/{case.id}/release")
    for case in reversed(cases):
        world.clock[0] += timedelta(days=5)
        path = f"/desk/cases/{case.id}"
        answer = await desk.send((await desk.get(path)).text, f"{path}/propose", **typed)
        assert answer.headers.get("location", "").endswith("done=proposed"), (answer.status_code, answer.url)
    other = desk.another()
    await other.sign_in("bert")
    page = (await other.get("/desk/?pile=confirm")).text
    assert re.findall(r'data-label="Wartet">([^<]*)', page) == ["seit 5 Tagen", "seit heute"]


async def test_a_confirmed_proposal_stands_in_the_history_before_what_it_ended(
    desk: Desk, prepared: CaseMaker, world: World
) -> None:
    case = await prepared()
    path = f"/desk/cases/{case.id}"
    await desk.sign_in("anna")
    typed = {"outcome": "refused", "reason": "Umgezogen, Weg jetzt 900 m.", "legal_basis": "§ 5 SchfkVO"}
    await desk.send((await desk.get(path)).text, f"{path}/propose", **typed)
    other = desk.another()
    await other.sign_in("bert")
    await other.send((await other.get(path)).text, f"{path}/confirm")
    trail = (await desk.get(path)).text.partition('class="trail"')[2]
    assert -1 < trail.find("Andere Entscheidung bestätigt") < trail.find("Entscheidung beendet; sie bleibt aufbewahrt")


async def test_that_somebody_else_took_the_case_meanwhile_is_said_and_the_text_stays(
    desk: Desk, in_review: CaseMaker
) -> None:
    case = await in_review()
    path = f"/desk/cases/{case.id}"
    other = desk.another()
    await desk.sign_in("anna")
    await other.sign_in("carl")
    page = (await desk.get(path)).text
    await other.send((await other.get(path)).text, f"{path}/take")
    answer = await desk.send(page, f"{path}/decide", outcome="refused", reason="Lange überlegt.", legal_basis="§ 5")
    assert answer.status_code == 409
    assert "bearbeitet gerade eine andere Person" in answer.text and "carl" in answer.text
    assert "Lange überlegt." in answer.text


async def test_take_ask_and_give_back(desk: Desk, in_review: CaseMaker, world: World) -> None:
    case = await in_review()
    path = f"/desk/cases/{case.id}"
    await desk.sign_in("anna")
    page = (await desk.get(path)).text
    assert (await desk.send(page, f"{path}/take")).headers["location"].endswith("done=taken")
    page = (await desk.get(path)).text
    for _ in range(2):
        answer = await desk.send(page, f"{path}/ask", text="Bitte senden Sie das Attest.", due="2026-06-10")
        assert answer.headers["location"].endswith("done=asked")
    file = await world.desk.file(Caller("anna", "12345", frozenset({"case_worker"})), case.id)
    assert [each.text for each in file.questions] == ["Bitte senden Sie das Attest."]
    past = await desk.send(page, f"{path}/ask", text="Und noch etwas", due="2026-05-01")
    assert past.status_code == 422 and "muss nach heute liegen" in past.text and "Und noch etwas" in past.text
    shown = (await desk.get(path)).text
    well_made(shown)
    assert "10.06.2026" in shown
    for _ in range(2):
        assert (await desk.send(shown, f"{path}/give-back")).headers["location"].endswith("done=given-back")


async def test_another_decision_takes_two_people(desk: Desk, prepared: CaseMaker, world: World) -> None:
    case = await prepared()
    path = f"/desk/cases/{case.id}"
    await desk.sign_in("anna")
    page = (await desk.get(path)).text
    typed = {"outcome": "refused", "reason": "Umgezogen, Weg jetzt 900 m.", "legal_basis": "§ 5 SchfkVO"}
    for _ in range(2):
        assert (await desk.send(page, f"{path}/propose", **typed)).headers["location"].endswith("done=proposed")
    mine = (await desk.get(path)).text
    well_made(mine)
    assert f"{path}/confirm" not in mine and "Eine zweite Person muss" in mine
    other = desk.another()
    await other.sign_in("bert")
    theirs = (await other.get(path)).text
    assert "Umgezogen, Weg jetzt 900 m." in theirs
    for _ in range(2):
        assert (await other.send(theirs, f"{path}/confirm")).headers["location"].endswith("done=confirmed")
    assert world.decision_of(case.application_id).outcome == "refused"
    again = (await desk.get(path)).text
    assert "Neu aufgreifen" in again


async def test_several_are_released_after_a_look_and_each_says_how_it_went(
    desk: Desk, prepared: CaseMaker, world: World
) -> None:
    cases = [await prepared() for _ in range(3)]
    taken = Caller("carl", "12345", frozenset({"case_worker"}))
    await desk.sign_in("anna")
    page = (await desk.get("/desk/?pile=prepared")).text
    nothing = await desk.send(page, "/desk/release", what="selected")
    assert nothing.status_code == 422 and "kein Fall ausgewählt" in nothing.text
    ids = [str(each.id) for each in cases]
    sure = await desk.send(page, "/desk/release", what="selected", case=ids)
    well_made(sure.text)
    assert "3 Fälle freigeben" in sure.text
    assert all(world.case_of(each.application_id).state == "prepared" for each in cases)
    await world.handling.take(taken, cases[1].id)
    token = re.findall(r'name="form_token" value="([^"]*)"', sure.text)[0]
    for said in (2, 0):
        done = await desk.http.post("/desk/release/confirmed", data={"form_token": token, "case": ids})
        well_made(done.text)
        assert done.text.count(">freigegeben<") == said
        assert done.text.count("schon freigegeben") == 2 - said
        assert done.text.count("bearbeitet gerade eine andere Person") == 1
    assert [world.case_of(each.application_id).state for each in cases] == ["granted", "prepared", "granted"]


async def test_all_clear_grants_are_released_at_once(desk: Desk, prepared: CaseMaker, world: World) -> None:
    cases = [await prepared() for _ in range(2)]
    await desk.sign_in("bert")
    sure = await desk.send((await desk.get("/desk/?pile=prepared")).text, "/desk/release", what="clear")
    done = await desk.send(sure.text, "/desk/release/confirmed")
    assert "Freigegeben: 2." in done.text
    assert all(world.case_of(each.application_id).state == "granted" for each in cases)


async def test_a_delivery_by_post_lets_the_period_run(desk: Desk, prepared: CaseMaker) -> None:
    case = await prepared()
    path = f"/desk/cases/{case.id}"
    await desk.sign_in("anna")
    await desk.send((await desk.get(path)).text, f"{path}/release")
    page = (await desk.get(path)).text
    assert "Die Frist läuft nicht" in page
    for _ in range(2):
        answer = await desk.send(page, f"{path}/deliver", channel="post", day="2026-05-20")
        assert answer.headers["location"].endswith("done=delivered")
    shown = (await desk.get(path)).text
    well_made(shown)
    assert "Letzter Tag für die Klage" in shown and "24.06.2026" in shown
    future = await desk.send(shown, f"{path}/deliver", channel="post", day="2027-05-20")
    assert future.status_code == 422 and "zwischen dem Tag des Bescheids und heute" in future.text
