"""Changes told on the page: each goes the way of the API's, is shown at its field, and overwrites nothing unseen."""

import json
from uuid import UUID

import httpx
import pytest
from application.domain.ids import ApplicationId, Owner
from support.application.family_pages import FamilyPlace
from support.json import Json
from support.sign_in import StaffBrowser

HOME = {"street": "Neuer Weg", "house_number": "3", "postal_code": "33602", "city": "Bielefeld"}
EVERY = ("move", "school", "class", "name", "second-home", "siblings")


async def form_of(place: FamilyPlace, application_id: UUID) -> Json:
    form: Json = json.loads(await place.workflow.changes.form_of(Owner("parent-1"), application_id))  # type: ignore[arg-type]
    return form


async def change(browser: StaffBrowser, one: UUID, what: str, **typed: str) -> httpx.Response:
    path = f"/family/applications/{one}/change/{what}"
    page = await browser.get(path)
    assert page.status_code == 200, page.text
    return await browser.send(page.text, path, **typed)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("what", EVERY)
async def test_each_form_is_there_in_both_languages(place: FamilyPlace, what: str, language: str) -> None:
    one = await place.applied()
    page = await (await place.family()).get(f"/family/applications/{one}/change/{what}?language={language}")
    assert page.status_code == 200 and f'lang="{language}"' in page.text


async def test_a_move_in_mid_year_is_told_with_its_day(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    answer = await change(browser, one, "move", **HOME, changed_from="15.01.2027")
    assert answer.status_code == 303, answer.text
    home = (await form_of(place, one))["home"]
    assert {name: home[name] for name in HOME} == HOME and home.get("flat") is None
    view = await place.workflow.applications.view(Owner("parent-1"), ApplicationId(one))
    assert any("2027-01-15" in each.detail for each in view.news)


async def test_what_does_not_fit_is_said_at_its_field_and_what_was_typed_stays(place: FamilyPlace) -> None:
    one = await place.applied()
    answer = await change(await place.family(), one, "move", **(HOME | {"postal_code": "336"}), changed_from="someday")
    assert answer.status_code == 422
    assert 'id="postal_code-error"' in answer.text and 'id="changed_from-error"' in answer.text
    assert 'value="Neuer Weg"' in answer.text and 'value="someday"' in answer.text


async def test_a_school_is_searched_chosen_and_told(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    unknown = await change(browser, one, "school", school="Nirgendwo", grade="05")
    assert unknown.status_code == 422 and 'id="school-error"' in unknown.text
    answer = await change(browser, one, "school", school="Grundschule Süd", grade="04")
    assert answer.status_code in (303, 422), answer.text


async def test_another_school_of_another_authority_asks_for_the_day(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    answer = await change(browser, one, "school", school="Gesamtschule", grade="05")
    assert answer.status_code == 422 and 'id="changed_from-error"' in answer.text
    told = await change(browser, one, "school", school="Gesamtschule", grade="05", changed_from="01.02.2027")
    assert told.status_code == 303, told.text
    assert (await form_of(place, one))["leaves_on"] == "2027-01-31"


async def test_names_siblings_grade_and_a_second_home_are_told(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    assert (await change(browser, one, "class", grade="06")).status_code == 303
    named = {
        "pupil_first_name": "Jānis", "pupil_last_name": "Neu", "pupil_birth_date": "29.02.2016",
        "guardian_first_name": "Zoë", "guardian_last_name": "Neu", "guardian_email": "",
    }  # fmt: skip
    assert (await change(browser, one, "name", **named)).status_code == 303
    siblings = await change(browser, one, "siblings", sibling_1="01.05.2018", funded_1="no")
    assert siblings.status_code == 303, siblings.text
    second = await change(browser, one, "second-home", **HOME, split="jede zweite Woche")
    assert second.status_code == 303, second.text
    form = await form_of(place, one)
    assert form["grade"] == "06" and form["pupil"]["last_name"] == "Neu" and form["guardian"]["email"] is None
    assert [each["birth_date"] for each in form["siblings"]] == ["2018-05-01"]
    assert {name: form["second_home"][name] for name in HOME} == HOME
    assert form["claims"]["second_home"] is True and form["claims"]["health"] is not None
    view = await place.workflow.applications.view(Owner("parent-1"), ApplicationId(one))
    assert any("jede zweite Woche" in each.detail for each in view.news)


async def test_two_windows_overwrite_nothing_that_the_second_has_not_seen(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    path = f"/family/applications/{one}/change/move"
    stale = (await browser.get(path)).text
    assert (await change(browser, one, "class", grade="06")).status_code == 303
    answer = await browser.send(stale, path, **HOME)
    assert answer.status_code == 409 and 'value="Neuer Weg"' in answer.text
    assert (await browser.send(answer.text, path, **HOME)).status_code == 303
    assert (await form_of(place, one))["grade"] == "06"


async def test_a_form_that_is_sent_twice_is_one_change(place: FamilyPlace) -> None:
    one = await place.applied()
    browser, path = await place.family(), f"/family/applications/{one}/change/move"
    page = (await browser.get(path)).text
    assert [(await browser.send(page, path, **HOME)).status_code for _ in range(2)] == [303, 303]
    view = await place.workflow.applications.view(Owner("parent-1"), ApplicationId(one))
    assert len([each for each in view.news if str(each.kind) == "answered"]) == 1


async def test_the_other_language_keeps_what_was_typed_and_sends_nothing(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    answer = await change(browser, one, "move", **HOME, language="en")
    assert answer.status_code == 200 and "We are moving" in answer.text and 'value="Neuer Weg"' in answer.text
    assert (await form_of(place, one))["home"]["street"] == "Am Alten Markt"


async def test_a_change_that_is_none_and_an_application_that_was_withdrawn_are_said(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    assert (await browser.get(f"/family/applications/{one}/change/weather")).status_code == 404
    page = (await browser.get(f"/family/applications/{one}/act/withdrawal")).text
    await browser.send(page, f"/family/applications/{one}/act/withdrawal")
    assert (await browser.get(f"/family/applications/{one}/change/move")).status_code == 409


async def test_siblings_that_stay_keep_what_is_known_of_them_also_twins(place: FamilyPlace) -> None:
    twins = [
        {"birth_date": "2013-11-05", "funded": True, "funded_from": "2026-10-01"},
        {"birth_date": "2013-11-05", "funded": True, "funded_until": "2027-01-31"},
        {"birth_date": "2018-00-00", "funded": None},
    ]
    one = await place.applied(siblings=twins)
    browser, path = await place.family(), f"/family/applications/{one}/change/siblings"
    page = (await browser.get(path)).text
    assert page.count('value="05.11.2013"') == 2 and 'value="2018"' in page
    typed = {"sibling_0": "05.11.2013", "funded_0": "yes", "sibling_1": "05.11.2013", "funded_1": "no"}
    answer = await browser.send(page, path, **typed, sibling_5="01.02.2019", funded_5="no")
    assert answer.status_code == 303, answer.text
    kept = (await form_of(place, one))["siblings"]
    assert kept[0] == twins[0] and kept[1] == {"birth_date": "2013-11-05", "funded": False}
    assert kept[2] == {"birth_date": "2019-02-01", "funded": False} and len(kept) == 3


async def test_what_is_wrong_with_a_sibling_is_said_in_its_row(place: FamilyPlace) -> None:
    one = await place.applied()
    answer = await change(await place.family(), one, "siblings", sibling_0="", sibling_2="31.02.2018")
    assert answer.status_code == 422 and 'id="sibling_2-error"' in answer.text
