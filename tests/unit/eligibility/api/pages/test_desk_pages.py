"""The work list and the case page: what is shown, and to whom."""

import re
from uuid import uuid4

import pytest
from eligibility.web.formatter import Formatter
from eligibility.web.messages_view import documents
from eligibility.workflow import Documents, MeasuredRoutes, QuestionDraft
from shared.events import ApplicationDocumentAdded, Person
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.desk import CaseMaker, Desk
from support.eligibility.world import World
from support.pages import ATTACK, well_made


async def test_the_list_shows_what_waits_longest_first_and_counts_each_pile(
    desk: Desk, in_review: CaseMaker, prepared: CaseMaker, world: World
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
    assert counts == ["2", "0", "1", "0", "0", "3"]
    newest = (await desk.get("/desk/?pile=all&newest=1")).text
    assert newest.index("Noah Zweite") < newest.index("Mia Erste")
    caller = Caller("carl", "12345", frozenset({"case_worker"}))
    await world.handling.ask(
        caller, first.id, QuestionDraft("Bitte das Attest", "", world.clock[0].date().replace(day=30))
    )
    waiting = (await desk.get("/desk/?pile=waiting")).text
    assert "Mia Erste" in waiting and "Antwort bis 30.05.2026" in waiting
    assert "Mia Erste" not in (await desk.get("/desk/")).text


async def test_an_empty_pile_says_so_in_both_languages(desk: Desk) -> None:
    await desk.sign_in("anna")
    assert "Nichts zu prüfen." in (await desk.get("/desk/")).text
    english = (await desk.get("/desk/?language=en")).text
    assert "Nothing to review." in english
    well_made(english, "en")
    assert "Nothing to release." in (await desk.get("/desk/?pile=prepared")).text  # remembered


async def test_what_is_no_page_of_the_desk_is_said_on_one(desk: Desk) -> None:
    paths = ("/desk/nix", "/desk/cases", "/desk/cases/nix", "/desk/rule-sets/nix/save", "/desk/search", "/desk/a/b/c")
    await desk.sign_in("anna")
    for path in paths:
        answer = await desk.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8"), path
        well_made(answer.text)
        assert "Zur Liste der Fälle" in answer.text
    stranger = await desk.another().get("/desk/nix")
    assert stranger.status_code == 404 and "Diese Seite gibt es nicht" in stranger.text


async def test_a_long_list_has_pages(desk: Desk, prepared: CaseMaker) -> None:
    for _ in range(27):
        await prepared()
    await desk.sign_in("anna")
    page = (await desk.get("/desk/?pile=prepared")).text
    assert "Seite 1 von 2" in page and "27 Fälle" in page
    assert page.count('name="case"') == 25
    assert (await desk.get("/desk/?pile=prepared&page=2")).text.count('name="case"') == 2


@pytest.mark.parametrize("typed", ["o’neill", "ĐẶNG", "ö", "Ana özgür-l", "8e"])
async def test_a_case_is_found_by_name_whatever_the_letters(desk: Desk, in_review: CaseMaker, typed: str) -> None:
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


async def test_a_case_is_found_by_the_numbers_on_page_and_notice(desk: Desk, prepared: CaseMaker, world: World) -> None:
    case = await prepared()
    decision = world.decision_of(case.application_id)
    await desk.sign_in("anna")
    page = (await desk.get("/desk/")).text
    for typed in (str(case.id)[:8].upper(), f"2026/27 / {str(decision.id)[:8].upper()}", str(case.application_id)):
        assert str(case.id) in (await desk.send(page, "/desk/search", search=typed)).text


async def test_the_case_page_explains_itself_without_json(desk: Desk, in_review: CaseMaker) -> None:
    case = await in_review()
    await desk.sign_in("anna")
    text = (await desk.get(f"/desk/cases/{case.id}")).text
    well_made(text)
    assert "so nahe an 2.000 m" in text
    assert "2.010,0 m" in text and "1.990,0 m" in text and "2.040,5 m" in text
    assert "10,0 m darüber" in text
    assert "28.02.2017" in text and "Grundschule" in text and "Klasse 3" in text
    assert "OpenStreetMap" in text and "<svg" in text and "Grenze 2.000 m" in text
    assert "§\N{NO-BREAK SPACE}7 Abs. 1 SchfkVO" in text
    assert "{" not in re.sub(r"(?s)<svg.*?</svg>", "", text)


async def test_a_name_can_be_no_script(desk: Desk, in_review: CaseMaker) -> None:
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


async def test_another_authority_sees_and_does_nothing(
    desk: Desk, in_review: CaseMaker, prepared: CaseMaker, world: World
) -> None:
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


async def test_a_case_that_could_not_be_measured_still_has_its_page(desk: Desk, world: World) -> None:
    from geography.model import NoWay
    from shared.errors import Text

    world.measurer.answer = MeasuredRoutes(NoWay("no_connection", Text("Es gibt keinen Weg.", "There is no way.")))
    event = make.submitted()
    await world.hear(event)
    await desk.sign_in("anna")
    text = (await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}?language=en")).text
    well_made(text, "en")
    assert "There is no way." in text


async def test_a_document_is_opened_from_the_page_of_its_case_in_a_window_of_its_own(
    desk: Desk, in_review: CaseMaker, world: World
) -> None:
    case = await in_review()
    document = ApplicationDocumentAdded(
        occurred_at=world.clock[0], authority_id="12345", application_id=case.application_id, document_id=uuid4(),
        kind="medical_certificate", media_type="application/pdf", size=81_234,
    )  # fmt: skip
    await world.database.write(await Documents(world.environment).added(document))
    await desk.sign_in("anna")
    text = (await desk.get(f"/desk/cases/{case.id}")).text
    well_made(text)
    link = re.findall(r'(<a [^>]*href="https://antrag.example/[^>]*>Ärztliches Attest)', text)[0]
    assert f'href="https://antrag.example/documents/{case.application_id}/{document.document_id}"' in link
    # what is typed on the page must outlive the sign-in that may come between
    assert 'target="_blank" rel="noopener noreferrer"' in link
    assert "Wer sie wann geöffnet hat, wird festgehalten." in text


def test_without_the_address_of_the_other_service_a_document_is_named_and_no_link() -> None:
    kept = {"id": 1, "kind": "x", "kind_text": {"de": "Ärztliches Attest"}, "handed_in_at": None, "staff_link": None}
    (shown,) = documents([kept | {"media_type": "application/pdf", "size": 81_234}], Formatter("de"))
    said = {"id": "1", "kind": "Ärztliches Attest", "file": "PDF, 81 kB", "at": "–", "link": ""}
    assert shown == said | {"opened": "", "filed": None}


def test_two_documents_of_a_kind_are_told_apart() -> None:
    both: list[dict[str, object]] = [
        {"id": number, "kind": "other", "kind_text": {"de": "Attest"}, "handed_in_at": None, "staff_link": None}
        | {"media_type": media, "size": size}
        for number, media, size in ((1, "application/pdf", 812), (2, "image/jpeg", 3_461_234))
    ]
    assert [(each["kind"], each["file"]) for each in documents(both, Formatter("de"))] == [
        ("Attest (1 von 2)", "PDF, 1 kB"), ("Attest (2 von 2)", "JPEG, 3,5 MB"),
    ]  # fmt: skip
