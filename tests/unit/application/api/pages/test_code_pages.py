"""A family without an account, in a browser: a code, a letter, a link that only looks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from application.domain.codes import MOST_WRONG
from application.domain.ids import ApplicationId, Owner
from shared.events import ApplicationSubmitted
from support.application.apply_pages import ANSWERS, begin, go_to
from support.application.codes import AUTHORITY, class_codes, nobodys_code
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window
from support.outbox import told
from support.pages import well_made

PRIMARY = "100001"


async def typing(place: FamilyPlace, code: str, path: str = "/family/code", language: str = "de") -> Window:
    window = Window(place.browser().http, language)
    await window.open(path)
    await window.send({"code": code})
    return window


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", ["/family/code", "/family/letter"])
async def test_both_pages_stand_in_both_languages_and_keep_what_was_typed(
    place: FamilyPlace, path: str, language: str
) -> None:
    window = Window(place.browser().http, language)
    await window.open(f"{path}?language={language}")
    well_made(window.text, language)


async def test_with_a_code_of_the_school_a_family_applies_without_an_account_and_comes_back(place: FamilyPlace) -> None:
    (code,) = await class_codes(place.workflow, place.clock[0], school=PRIMARY)
    window = await typing(place, code.lower().replace("-", " "))
    assert window.path == "/family/apply" and "Grundschule Süd" in window.text
    await window.send()
    await go_to(window, "summary")
    assert "Antrag abschicken" in window.text and "Zugang mit Code" in window.text
    await window.send()
    assert window.step == "sent"
    (event,) = told(place.database, ApplicationSubmitted)
    again = await typing(place, code)
    await again.open("/family")
    assert str(event.application_id) in again.text
    await again.open(f"/family/applications/{event.application_id}")
    assert again.answer.status_code == 200 and "Jana" in again.text
    well_made(again.text, "de")


async def test_who_has_written_without_an_account_sends_with_a_code_at_the_end(place: FamilyPlace) -> None:
    (code,) = await class_codes(place.workflow, place.clock[0], school=PRIMARY)
    window = await begin(place)
    await go_to(window, "summary", ANSWERS)
    draft = window.path
    assert "/family/code?next=" in window.text
    await window.open(f"/family/code?next={draft.removeprefix('/family')}")
    await window.send({"code": code})
    assert window.path == draft
    await window.send()
    assert window.step == "sent"


async def test_a_code_of_another_school_sends_nothing_and_says_why(place: FamilyPlace) -> None:
    (code,) = await class_codes(place.workflow, place.clock[0])
    window = await begin(place)
    await go_to(window, "summary", ANSWERS)
    await window.open(f"/family/code?next={window.path.removeprefix('/family')}")
    await window.send({"code": code})
    await window.send()
    assert window.answer.status_code == 409 and "nur für die Schule" in window.text
    assert told(place.database, ApplicationSubmitted) == []


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a_typing_error_and_a_wrong_code_are_said_at_the_field_and_the_code_is_not_repeated(
    place: FamilyPlace, language: str
) -> None:
    window = Window(place.browser().http, language)
    for typed, status, said in (
        ("ABCD-EFGH-JKL2", 422, {"de": "Tippfehler", "en": "typing error"}),
        (nobodys_code(1), 404, {"de": "gilt nicht", "en": "does not count"}),
    ):
        await window.open(f"/family/code?language={language}")
        await window.send({"code": typed})
        assert window.answer.status_code == status and said[language] in window.text
        assert typed not in window.text and window.answer.headers["cache-control"] == "no-store"
        well_made(window.text, language)


async def test_the_tenth_wrong_code_locks_out_and_says_another_way(place: FamilyPlace) -> None:
    window = Window(place.browser().http)
    for number in range(MOST_WRONG):
        await window.open("/family/code")
        await window.send({"code": nobodys_code(number)})
    assert window.answer.status_code == 429 and window.answer.headers["retry-after"] == "900"
    assert "mit einem Konto" in window.text and "/family/letter" in window.text
    well_made(window.text, "de")


async def test_a_form_of_another_page_signs_nobody_in(place: FamilyPlace) -> None:
    (code,) = await class_codes(place.workflow, place.clock[0])
    http = place.browser().http
    for form in ({"code": code}, {"code": code, "nonce": "x" * 22}):
        assert (await http.post("/family/code", data=form)).status_code == 403
    elsewhere = await http.post("/family/code", data={"code": code}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403


@pytest.mark.parametrize("place_after", ["//elsewhere.example", "/../v1", "https://elsewhere.example", "x" * 900])
async def test_nobody_is_sent_elsewhere_by_a_code(place: FamilyPlace, place_after: str) -> None:
    (code,) = await class_codes(place.workflow, place.clock[0])
    window = await typing(place, code, f"/family/code?next={place_after}")
    assert window.path == "/family/apply"


async def test_the_session_of_a_code_ends_and_leads_to_the_page_for_codes(place: FamilyPlace) -> None:
    (code,) = await class_codes(place.workflow, place.clock[0])
    window = await typing(place, code)
    place.clock[0] += timedelta(hours=2)
    answer = await window.http.get("/family")
    assert answer.headers["location"].startswith("/family/code?next=")


async def test_a_letter_opens_the_application_in_the_browser_once(place: FamilyPlace) -> None:
    number = ApplicationId(await place.applied())
    window = Window(place.browser().http)
    await window.open("/family/letter")
    await window.send({"number": f" {number} "})
    assert window.answer.status_code == 200 and "Wenn es diesen Antrag gibt" in window.text
    well_made(window.text, "de")
    (letter,) = await place.workflow.letters.print(AUTHORITY, "anna", place.clock[0])
    opened = await typing(place, letter.code)
    assert opened.path == f"/family/applications/{number}" and "Rückfrage" not in opened.text
    again = await typing(place, letter.code)
    assert again.answer.status_code == 404


async def test_asking_for_a_letter_says_the_same_whether_there_is_such_an_application(place: FamilyPlace) -> None:
    number = await place.applied()
    found = []
    for each in (number, uuid4()):
        window = Window(place.browser().http)
        await window.open("/family/letter")
        await window.send({"number": str(each)})
        headers = {name: value for name, value in window.answer.headers.items() if name != "set-cookie"}
        fields = window.form("typed").fields
        found.append((window.answer.status_code, headers, window.text.replace(fields["nonce"], "")))
    assert found[0] == found[1]


@pytest.mark.parametrize("typed", ["", "4711", "not a number at all", "ä" * 36])
async def test_what_is_no_number_is_told_at_the_field(place: FamilyPlace, typed: str) -> None:
    window = Window(place.browser().http)
    await window.open("/family/letter")
    await window.send({"number": typed})
    assert window.answer.status_code == 422 and "Antragsnummer" in window.text
    well_made(window.text, "de")


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a_link_that_looks_shows_how_it_stands_and_nothing_else(place: FamilyPlace, language: str) -> None:
    number = ApplicationId(await place.applied())
    await place.granted(number)
    link = await place.workflow.look_links.make(Owner("parent-1"), number, place.clock[0])
    answer = await place.browser().http.get(f"/look/{link.token}?language={language}")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    well_made(answer.text, language)
    for secret in (
        "Öztürk",
        "Gymnasium",
        "bescheid.example",
        "pass.example",
        "Schulweg ist gemessen",
        "<form",
        str(number),
    ):
        assert secret not in answer.text, secret
    gone = await place.browser().http.get("/look/no-such-token")
    assert gone.status_code == 404


async def test_a_family_makes_a_link_on_its_page_and_deletes_all_of_them(place: FamilyPlace) -> None:
    number = await place.applied()
    browser = await place.family()
    one = f"/family/applications/{number}"
    page = (await browser.get(one)).text
    made = await browser.send(page, f"{one}/look-links")
    shown = await browser.get(made.headers["location"])
    well_made(shown.text, "de")
    link = shown.text.partition('value="http://antrag.test/look/')[2].partition('"')[0]
    assert (await place.browser().http.get(f"/look/{link}")).status_code == 200
    await browser.send(page, f"{one}/look-links/removal")
    assert (await place.browser().http.get(f"/look/{link}")).status_code == 404
