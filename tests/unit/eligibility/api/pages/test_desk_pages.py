"""The work list and the case page: what is shown, to whom, and what happens to a form."""

import re
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from eligibility.web.case_view import documents
from eligibility.web.spoken import Spoken
from eligibility.workflow import Asked, Documents, Ways
from shared.events import ApplicationDocumentAdded, Person
from shared.identity import Caller

ATTACK = '<script>alert("x")</script>'


def one(pattern: str, text: str) -> str:
    found = re.findall(pattern, text)
    assert len(found) == 1, found
    return str(found[0])


def well_made(text: str, language: str = "de") -> None:
    """What every page has: a language, one heading of the first level, a label for each field, no id twice, no script."""
    assert f'<html lang="{language}"' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", text):
        if 'type="hidden"' in tag:
            continue
        name = one(r'\sid="([^"]*)"', tag)
        assert f'for="{name}"' in text, tag
    for described in re.findall(r'aria-(?:describedby|labelledby)="([^"]*)"', text):
        assert set(described.split()) <= set(ids), described
    assert "<script" not in text and " style=" not in text and " onclick" not in text
    levels = [int(each) for each in re.findall(r"<h([1-6])[ >]", text)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


async def test_the_list_shows_what_waits_longest_first_and_counts_each_pile(
    desk: Any, in_review: Any, prepared: Any, world: Any
) -> None:
    first = await in_review(child=Person(first_name="Mia", last_name="Erste"))
    world.clock[0] = world.clock[0].replace(day=22)
    await in_review(child=Person(first_name="Noah", last_name="Zweite"))
    await prepared()
    await desk.sign_in("anna")
    page = (await desk.get("/desk/")).text
    well_made(page)
    assert page.index("Mia Erste") < page.index("Noah Zweite")
    assert "seit 2 Tagen" in page and "seit heute" in page
    counts = re.findall(r'class="count">(\d+)<', page)
    assert counts == ["2", "1", "0", "3"]
    newest = (await desk.get("/desk/?pile=all&newest=1")).text
    assert newest.index("Noah Zweite") < newest.index("Mia Erste")
    caller = Caller("carl", "12345", frozenset({"case_worker"}))
    await world.handling.ask(caller, first.id, Asked("Bitte das Attest", "", world.clock[0].date().replace(day=30)))
    waiting = (await desk.get("/desk/?pile=waiting")).text
    assert "Mia Erste" in waiting and "Antwort bis 30.05.2026" in waiting
    assert "Mia Erste" not in (await desk.get("/desk/")).text


async def test_an_empty_pile_says_so_in_both_languages(desk: Any) -> None:
    await desk.sign_in("anna")
    assert "Nichts zu prüfen." in (await desk.get("/desk/")).text
    english = (await desk.get("/desk/?language=en")).text
    assert "Nothing to review." in english
    well_made(english, "en")
    assert "Nothing to release." in (await desk.get("/desk/?pile=prepared")).text  # remembered


async def test_a_long_list_has_pages(desk: Any, prepared: Any) -> None:
    for _ in range(27):
        await prepared()
    await desk.sign_in("anna")
    page = (await desk.get("/desk/?pile=prepared")).text
    assert "Seite 1 von 2" in page and "27 Fälle" in page
    assert page.count('name="case"') == 25
    assert (await desk.get("/desk/?pile=prepared&page=2")).text.count('name="case"') == 2


@pytest.mark.parametrize("typed", ["o’neill", "ĐẶNG", "ö", "Ana özgür-l", "8e"])
async def test_a_case_is_found_by_name_whatever_the_letters(desk: Any, in_review: Any, typed: str) -> None:
    await in_review(child=Person(first_name="Ana", last_name="Özgür-Lund"))
    await desk.sign_in("anna")
    page = (await desk.get("/desk/")).text
    answer = await desk.send(page, "/desk/search", search=typed)
    if typed in ("ö",):
        assert answer.status_code == 422
        assert "mindestens zwei Zeichen" in answer.text
    elif typed == "8e":
        assert "Nichts gefunden." in answer.text
    else:
        assert "Özgür-Lund" in answer.text, typed
    well_made(answer.text)


async def test_a_case_is_found_by_the_numbers_on_page_and_notice(desk: Any, prepared: Any, world: Any) -> None:
    case = await prepared()
    decision = world.decision_of(case.application_id)
    await desk.sign_in("anna")
    page = (await desk.get("/desk/")).text
    for typed in (str(case.id)[:8].upper(), f"2026/27 / {str(decision.id)[:8].upper()}", str(case.application_id)):
        assert str(case.id) in (await desk.send(page, "/desk/search", search=typed)).text


async def test_the_case_page_explains_itself_without_json(desk: Any, in_review: Any) -> None:
    case = await in_review()
    await desk.sign_in("anna")
    text = (await desk.get(f"/desk/cases/{case.id}")).text
    well_made(text)
    assert "so nahe an 2.000 m" in text
    assert "2.010,0 m" in text and "1.990,0 m" in text and "2.040,5 m" in text
    assert "10,0 m darüber" in text
    assert "28.02.2017" in text and "Grundschule" in text and "Klasse 3" in text
    assert "OpenStreetMap" in text and "<svg" in text and "Grenze 2.000 m" in text
    assert "§ 7 Abs. 1 SchfkVO" in text
    assert "{" not in re.sub(r"(?s)<svg.*?</svg>", "", text)


async def test_a_name_can_be_no_script(desk: Any, in_review: Any) -> None:
    evil = Person(first_name=ATTACK, last_name="O'Hara & <b>Söhne</b>")
    case = await in_review(child=evil, addressee=evil)
    await desk.sign_in("anna")
    for path in ("/desk/", f"/desk/cases/{case.id}"):
        text = (await desk.get(path)).text
        assert "<script" not in text and "&lt;script&gt;" in text and "&lt;b&gt;" in text
    page = (await desk.get("/desk/")).text
    found = await desk.send(page, "/desk/search", search=ATTACK)
    assert "<script" not in found.text
    refused = await desk.send(
        (await desk.get(f"/desk/cases/{case.id}")).text, f"/desk/cases/{case.id}/decide", reason=f"{ATTACK}</textarea>"
    )
    assert refused.status_code == 422 and "<script" not in refused.text


async def test_another_authority_sees_and_does_nothing(desk: Any, in_review: Any, prepared: Any, world: Any) -> None:
    case, ready = await in_review(), await prepared()
    own = desk.another()
    await own.sign_in("anna")
    page = (await own.get(f"/desk/cases/{case.id}")).text
    await desk.sign_in("fremd")
    assert str(case.id) not in (await desk.get("/desk/?pile=all")).text
    assert (await desk.get(f"/desk/cases/{case.id}")).status_code == 404
    assert (await desk.get(f"/desk/cases/{case.id}/notices/{uuid4()}")).status_code == 404
    assert (await desk.get("/desk/cases/not-an-id")).status_code == 404
    token = re.findall(r'name="form_token" value="([^"]*)"', (await desk.get("/desk/")).text)[0]
    for act in ("take", "decide", "release", "ask", "propose", "confirm"):
        form = {"form_token": token, "outcome": "granted", "reason": "weil das so ist", "legal_basis": "§ 1"}
        assert (await desk.http.post(f"/desk/cases/{case.id}/{act}", data=form)).status_code == 404
    await desk.http.post("/desk/release/confirmed", data={"form_token": token, "case": str(ready.id)})
    assert world.case_of(ready.application_id).state == "prepared"
    assert page  # its own people see it


async def test_who_may_only_release_sees_no_form_to_decide_and_is_refused(desk: Any, in_review: Any) -> None:
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
    desk: Any, in_review: Any, world: Any
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


async def test_every_mistake_is_said_at_once_and_nothing_typed_is_lost(desk: Any, in_review: Any, world: Any) -> None:
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


async def test_that_somebody_else_took_the_case_meanwhile_is_said_and_the_text_stays(desk: Any, in_review: Any) -> None:
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


async def test_take_ask_and_give_back(desk: Any, in_review: Any, world: Any) -> None:
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


async def test_another_decision_takes_two_people(desk: Any, prepared: Any, world: Any) -> None:
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
    desk: Any, prepared: Any, world: Any
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


async def test_all_clear_grants_are_released_at_once(desk: Any, prepared: Any, world: Any) -> None:
    cases = [await prepared() for _ in range(2)]
    await desk.sign_in("bert")
    sure = await desk.send((await desk.get("/desk/?pile=prepared")).text, "/desk/release", what="clear")
    done = await desk.send(sure.text, "/desk/release/confirmed")
    assert "Freigegeben: 2." in done.text
    assert all(world.case_of(each.application_id).state == "granted" for each in cases)


async def test_a_delivery_by_post_lets_the_period_run(desk: Any, prepared: Any) -> None:
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


async def test_a_case_that_could_not_be_measured_still_has_its_page(desk: Any, world: Any, make: Any) -> None:
    from geography.model import NoWay
    from shared.errors import Text

    world.walks.answer = Ways(NoWay("no_connection", Text("Es gibt keinen Weg.", "There is no way.")))
    event = make.submitted()
    await world.hear(event)
    await desk.sign_in("anna")
    text = (await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}?language=en")).text
    well_made(text, "en")
    assert "There is no way." in text


async def test_a_document_is_opened_from_the_page_of_its_case_in_a_window_of_its_own(
    desk: Any, in_review: Any, world: Any
) -> None:
    case = await in_review()
    document = ApplicationDocumentAdded(
        occurred_at=world.clock[0], authority_id="12345", application_id=case.application_id, document_id=uuid4(),
        kind="medical_certificate", media_type="application/pdf", size=81_234,
    )  # fmt: skip
    await world.database.write(await Documents(world.surroundings).added(document))
    await desk.sign_in("anna")
    text = (await desk.get(f"/desk/cases/{case.id}")).text
    well_made(text)
    link = one(r'(<a [^>]*href="https://antrag.example/[^>]*>Ärztliches Attest)', text)
    assert f'href="https://antrag.example/documents/{case.application_id}/{document.document_id}"' in link
    # what is typed on the page must outlive the sign-in that may come between
    assert 'target="_blank" rel="noopener noreferrer"' in link
    assert "Wer sie wann geöffnet hat, wird festgehalten." in text


def test_without_the_address_of_the_other_service_a_document_is_named_and_no_link() -> None:
    kept = {"kind_text": {"de": "Ärztliches Attest", "en": ""}, "handed_in_at": None, "staff_link": None}
    assert documents([kept], Spoken("de")) == [("Ärztliches Attest", "–", "")]
