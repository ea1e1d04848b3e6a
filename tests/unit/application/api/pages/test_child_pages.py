"""The page of a child: what a family sees and does there, and that it is its own."""

import html
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from application.domain.ids import Owner
from application.form import EXAMPLE
from support.application.documents import PDF
from support.application.family_pages import FamilyPlace
from support.sign_in import StaffBrowser, hidden_fields

LARGEST = 100_000
"""Bytes of a page."""


async def form_of(place: FamilyPlace, application_id: UUID) -> dict[str, object]:
    form: dict[str, object] = json.loads(await place.workflow.changes.form_of(Owner("parent-1"), application_id))  # type: ignore[arg-type]
    return form


async def test_a_family_without_an_application_is_led_on(place: FamilyPlace) -> None:
    page = (await (await place.family()).get("/family?language=de")).text
    assert "noch keinen Antrag" in page and 'href="/family/apply"' in page and 'href="/family/precheck"' in page


async def test_the_list_says_in_one_sentence_how_each_child_stands_and_the_next_day(place: FamilyPlace) -> None:
    one = await place.applied()
    place.clock[0] += timedelta(hours=1)
    await place.applied(pupil={**EXAMPLE["pupil"], "first_name": "Lina"})
    await place.asked(one, date(2026, 6, 20))
    await place.applied("parent-2", pupil={**EXAMPLE["pupil"], "first_name": "Fremd"})
    page = (await (await place.family()).get("/family?language=en")).text
    assert page.index("Lina") < page.index("Jānis") and "Fremd" not in page
    assert "The authority needs something more from you by 20 June 2026" in page
    assert len(page.encode()) < LARGEST


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("state", ["submitted", "asked", "refused", "granted", "withdrawn"])
async def test_every_state_has_a_page_below_the_weight_with_what_comes_next(
    place: FamilyPlace, state: str, language: str
) -> None:
    one = await place.applied()
    if state == "asked":
        await place.asked(one, date(2026, 6, 20))
    if state == "refused":
        await place.refused(one)
    if state == "granted":
        await place.granted(one)
    browser = await place.family()
    if state == "withdrawn":
        await act(browser, one, "withdrawal")
    answer = await browser.get(f"/family/applications/{one}?language={language}")
    assert answer.status_code == 200 and len(answer.content) < LARGEST
    assert answer.headers["content-language"] == language and "script" not in answer.headers["content-security-policy"]
    shown = {
        "submitted": ("entscheidet", "decides"), "asked": ("20.06.2026", "20 June 2026"),
        "refused": ("selbst bezahlen", "Pay for the ticket yourself"), "granted": ("Ticket öffnen", "Open the ticket"),
        "withdrawn": ("nichts mehr zu tun", "nothing more to do"),
    }[state]  # fmt: skip
    assert shown[language == "en"] in html.unescape(answer.text)


async def act(browser: StaffBrowser, one: UUID, what: str) -> httpx.Response:
    """By the page that asks first."""
    path = f"/family/applications/{one}/act/{what}"
    page = await browser.get(path)
    assert page.status_code == 200, page.text
    return await browser.send(page.text, path)


async def test_a_question_is_answered_with_a_text_and_with_a_certificate(place: FamilyPlace) -> None:
    one = await place.applied()
    await place.asked(one, date(2026, 6, 20))
    browser, path = await place.family(), f"/family/applications/{one}"
    page = (await browser.get(path)).text
    fields = hidden_fields(page[page.index(f'action="{path}/documents"') :])
    upload = {**fields, "kind": "medical_certificate"}
    for _ in range(2):  # sent twice it is one
        sent = await browser.http.post(f"{path}/documents", data=upload, files={"file": ("Attest.pdf", PDF)})
        assert sent.status_code == 303, sent.text
    page = (await browser.get(path)).text
    assert page.count("Attest.pdf</bdi>") == 1 and "Frage des Schulträgers" not in page


async def test_a_question_is_answered_in_words(place: FamilyPlace) -> None:
    one = await place.applied()
    question = await place.asked(one, date(2026, 6, 20))
    browser, path = await place.family(), f"/family/applications/{one}"
    page = (await browser.get(path)).text
    answer = await browser.send(page, f"{path}/answers", text="Es kommt\r\nmorgen.")
    assert answer.headers["location"] == f"{path}?done=answered#top"
    assert str(question) in await told(place, one) and "Es kommt\\nmorgen." in await told(place, one)
    after = (await browser.get(f"{path}?done=answered&language=de")).text
    assert "Ihre Antwort ist angekommen" in after and "Frage des Schulträgers" not in after


async def told(place: FamilyPlace, one: UUID) -> str:
    view = await place.workflow.applications.view(Owner("parent-1"), one)  # type: ignore[arg-type]
    return " ".join(each.detail for each in view.news)


async def test_a_document_that_is_none_and_an_empty_message_are_said_on_the_page(place: FamilyPlace) -> None:
    one = await place.applied()
    browser, path = await place.family(), f"/family/applications/{one}"
    page = (await browser.get(path)).text
    fields = hidden_fields(page[page.index(f'action="{path}/documents"') :])
    sent = await browser.http.post(
        f"{path}/documents", data=fields | {"kind": "other"}, files={"file": ("a.pdf", b"x")}
    )
    assert sent.status_code == 422 and 'id="file-error"' in sent.text
    forged = {"key": str(uuid4()), "kind": "other", "form_token": "x"}
    sent = await browser.http.post(f"{path}/documents", data=forged, files={"file": ("a.pdf", PDF)})
    assert sent.status_code == 403
    empty = await browser.send(page, f"{path}/answers", text=" \u200b ")
    assert empty.status_code == 422 and 'id="text-error"' in empty.text


async def test_a_document_is_fetched_and_deleted(place: FamilyPlace) -> None:
    one = await place.applied()
    browser, path = await place.family(), f"/family/applications/{one}"
    page = (await browser.get(path)).text
    fields = hidden_fields(page[page.index(f'action="{path}/documents"') :]) | {"kind": "other"}
    await browser.http.post(f"{path}/documents", data=fields, files={"file": ("a.pdf", PDF)})
    page = (await browser.get(path)).text
    found = re.search(rf'href="({path}/documents/[^"]+)"', page)
    assert found is not None
    file = await browser.get(found[1])
    assert file.content.startswith(b"%PDF") and file.headers["content-disposition"].startswith("attachment")
    assert (await browser.send(page, f"{found[1]}/removal")).status_code == 303
    assert (await browser.get(found[1])).status_code == 404


async def test_a_refused_family_orders_the_ticket_once_and_the_refusal_stays(place: FamilyPlace) -> None:
    one = await place.applied()
    await place.refused(one)
    browser = await place.family()
    page = (await browser.get(f"/family/applications/{one}/act/self-payer?language=de")).text
    assert "38,00" in page and "verbindlich" in page
    assert (await act(browser, one, "self-payer")).headers["location"].endswith("?done=ordered#top")
    token = hidden_fields(page)
    again = await browser.http.post(f"/family/applications/{one}/act/self-payer", data=token)
    assert again.status_code == 303
    assert (await browser.get(f"/family/applications/{one}/act/self-payer")).status_code == 409
    assert "Die Entscheidung" in (await browser.get(f"/family/applications/{one}")).text


async def test_a_lost_phone_costs_the_old_ticket_alone_however_often_the_form_is_sent(place: FamilyPlace) -> None:
    one, old, new = await place.applied(), UUID(int=6), UUID(int=9)
    await place.granted(one, ticket=old)
    browser = await place.family()
    page = (await browser.get(f"/family/applications/{one}/act/loss")).text
    assert hidden_fields(page)["ticket"] == str(old)
    for _ in range(2):
        assert (await browser.send(page, f"/family/applications/{one}/act/loss")).status_code == 303
    await place.ticket(one, new, replaces=old, replaces_because="lost", happened="issued")
    assert (await browser.send(page, f"/family/applications/{one}/act/loss")).status_code == 303
    assert (await told_kinds(place, one)).count("loss_reported") == 1


async def told_kinds(place: FamilyPlace, one: UUID) -> list[str]:
    view = await place.workflow.applications.view(Owner("parent-1"), one)  # type: ignore[arg-type]
    return [str(each.kind) for each in view.news]


async def test_checking_again_shows_what_the_measurement_rests_on_and_sends_a_message_that_is_marked(
    place: FamilyPlace,
) -> None:
    one = await place.applied()
    await place.refused(one)
    browser, path = await place.family(), f"/family/applications/{one}/check-again"
    page = (await browser.get(path + "?language=de")).text
    text = html.unescape(page).replace("\N{NO-BREAK SPACE}", " ")
    assert "1.500,0 m" in text and "2.000 m" in text and "Am Alten Markt 12a" in text and "Frist" in text
    assert "https://bescheid.example/v1/notices/a" in page
    assert (await browser.send(page, path, text="  ")).status_code == 422
    assert (await browser.send(page, path, text="Der Weg ist nachts zu.")).status_code == 303
    assert "Bitte prüfen Sie die Entscheidung noch einmal." in await told(place, one)


async def test_the_last_day_ends_it_and_a_day_that_is_none_is_said(place: FamilyPlace) -> None:
    one = await place.applied()
    await place.granted(one)
    browser, path = await place.family(), f"/family/applications/{one}/leaving"
    page = (await browser.get(path)).text
    wrong = await browser.send(page, path, leaves_on="morgen")
    assert wrong.status_code == 422 and 'value="morgen"' in wrong.text
    assert (await browser.send(page, path, leaves_on="31.01.2027")).status_code == 303
    assert (await form_of(place, one))["leaves_on"] == "2027-01-31"


async def test_the_next_year_is_one_tap_and_a_second_one_finds_the_same(place: FamilyPlace) -> None:
    one = await place.applied()
    await place.granted(one)
    browser, path = await place.family(), f"/family/applications/{one}/next-year"
    assert (await browser.get(path)).status_code == 409
    place.clock[0] = datetime(2027, 3, 1, 10, tzinfo=UTC)
    browser = await place.family()
    assert f'href="{path}"' in (await browser.get(f"/family/applications/{one}")).text
    page = (await browser.get(path)).text
    assert '<option value="06" selected>' in page
    first, second = [await browser.send(page, path, grade="06") for _ in range(2)]
    assert first.status_code == 303, first.text
    assert first.headers["location"] == second.headers["location"]
    made = first.headers["location"].split("/")[3].partition("?")[0]
    form = await form_of(place, UUID(made))
    assert (form["school_year"], form["grade"], form["wanted_from"]) == ("2027/28", "06", "2027-08-01")
    third = await browser.send(page, path, grade="07")
    assert third.headers["location"] == first.headers["location"]


@pytest.mark.parametrize(("language", "called"), [("de", "Bürgergeld"), ("en", "citizen&#39;s benefit")])
async def test_the_next_year_calls_benefits_as_families_do(place: FamilyPlace, language: str, called: str) -> None:
    one = await place.applied(benefits=["SGB II"])
    place.clock[0] = datetime(2027, 3, 1, 10, tzinfo=UTC)
    browser, path = await place.family(), f"/family/applications/{one}/next-year"
    page = (await browser.get(f"{path}?language={language}")).text
    assert called in page and "SGB II" not in page


async def test_days_are_typed_on_a_keypad_that_has_a_sign_between_them(place: FamilyPlace) -> None:
    one = await place.applied()
    browser, path = await place.family(), f"/family/applications/{one}"
    for page, name in (("leaving", "leaves_on"), ("change/move", "changed_from"), ("change/siblings", "sibling_0")):
        [field] = re.findall(f'<input [^>]*name="{name}"[^>]*>', (await browser.get(f"{path}/{page}")).text)
        assert 'inputmode="decimal"' in field, field


async def test_without_a_grade_the_next_year_says_what_is_missing(place: FamilyPlace) -> None:
    one = await place.applied()
    place.clock[0] = datetime(2027, 3, 1, 10, tzinfo=UTC)
    browser, path = await place.family(), f"/family/applications/{one}/next-year"
    answer = await browser.send((await browser.get(path)).text, path, grade="")
    assert answer.status_code == 422 and "So geht es nicht" in answer.text


def test_no_page_of_a_child_marks_what_a_person_wrote_as_safe() -> None:
    folder = Path(__file__).parents[5] / "services/application/src/application/web/templates"
    assert all("|safe" not in each.read_text() for each in folder.glob("*.html"))


async def test_what_a_person_wrote_is_text_on_every_page(place: FamilyPlace) -> None:
    evil = "O'Neill"
    one = await place.applied(pupil={**EXAMPLE["pupil"], "first_name": evil})
    browser = await place.family()
    page = (await browser.get(f"/family/applications/{one}")).text
    assert "O&#39;Neill" in page and evil not in page
