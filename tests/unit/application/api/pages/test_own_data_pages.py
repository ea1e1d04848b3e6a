"""A family reads, takes along, corrects and erases what is kept of it, page by page and without a script."""

import html
import io
import zipfile
from datetime import timedelta

import pytest
from application.domain.ids import Owner
from application.form import EXAMPLE, DraftChange
from support.application.family_pages import FamilyPlace
from support.sign_in import StaffBrowser

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])


async def page(browser: StaffBrowser, path: str, language: str = "de") -> str:
    answer = await browser.get(f"{path}?language={language}")
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


@LANGUAGES
async def test_from_the_children_to_everything_that_is_kept(place: FamilyPlace, language: str) -> None:
    one = await place.applied()
    await place.refused(one)
    browser = await place.family()
    assert "/family/data" in await page(browser, "/family", language)
    overview = await page(browser, "/family/data", language)
    for link in ("/family/data/read", "/family/data/export", "/family/data/erasure", f"/family/applications/{one}"):
        assert link in overview
    told = await page(browser, "/family/data/read", language)
    assert EXAMPLE["pupil"]["last_name"] in told and str(one) in told
    assert ("Was geschehen ist" in told) == (language == "de")
    archive = await browser.get("/family/data/export")
    names = zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
    assert names == ["Meine-Daten.html" if language == "de" else "My-data.html", "data.json"]


@LANGUAGES
async def test_who_has_nothing_reads_that(place: FamilyPlace, language: str) -> None:
    browser = await place.family("parent-3")
    said = "nichts gespeichert" if language == "de" else "Nothing is kept"
    for path in ("/family/data", "/family/data/read", "/family/data/erasure"):
        shown = await page(browser, path, language)
        assert said in shown and '<form method="post" action="/family/data/erasure"' not in shown


async def test_erasing_wants_a_tick_and_then_nothing_is_left(place: FamilyPlace) -> None:
    one = await place.applied()
    await place.workflow.drafts.begin(Owner("parent-1"), DraftChange.of(EXAMPLE), place.clock[0])
    browser = await place.family()
    shown = (await browser.get("/family/data/erasure?language=de")).text
    unticked = await browser.send(shown, "/family/data/erasure")
    assert unticked.status_code == 422 and 'id="confirm-error"' in unticked.text
    assert (await browser.get(f"/family/applications/{one}")).status_code == 200
    done = await browser.send(shown, "/family/data/erasure", confirm="yes")
    assert done.status_code == 303 and done.headers["location"] == "/family/data?done=erased"
    after = (await browser.get("/family/data?done=erased")).text
    assert "Ihre Daten sind gelöscht." in after and "nichts gespeichert" in after
    assert (await browser.get(f"/family/applications/{one}")).status_code == 404
    again = await browser.send(shown, "/family/data/erasure", confirm="yes")
    assert again.status_code == 303, "a second time changes nothing"


@LANGUAGES
async def test_what_must_stay_is_said_with_reason_and_day_and_the_rest_goes(place: FamilyPlace, language: str) -> None:
    held = await place.applied()
    await place.refused(held)
    await place.workflow.drafts.begin(Owner("parent-1"), DraftChange.of(EXAMPLE), place.clock[0])
    browser = await place.family()
    shown = (await browser.get(f"/family/data/erasure?language={language}")).text
    until = place.clock[0].date() + timedelta(days=395)
    assert ("geklagt" if language == "de" else "action against the decision") in shown
    assert str(until.year) in shown
    assert (await browser.send(shown, "/family/data/erasure", confirm="yes")).status_code == 303
    after = (await browser.get("/family/data?done=erased")).text
    assert str(held) in after and ("bleiben muss" if language == "de" else "must stay") in after


async def test_a_form_of_nobodys_page_and_nobody_at_all_erase_nothing(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    foreign = await browser.http.post("/family/data/erasure", data={"confirm": "yes"})
    assert foreign.status_code == 403
    stranger = place.browser()
    assert (await stranger.get("/family/data")).status_code == 303
    assert (await browser.get(f"/family/applications/{one}")).status_code == 200


@LANGUAGES
async def test_everybody_reads_what_is_kept_how_long_and_why(place: FamilyPlace, language: str) -> None:
    shown = await page(place.browser(), "/family/privacy", language)
    wanted = ("Ihre Rechte", "10 Jahre", "Atteste") if language == "de" else ("Your rights", "10 years", "certificates")
    assert all(each in shown for each in wanted)
    assert "§\N{NO-BREAK SPACE}97 SchulG" in shown
