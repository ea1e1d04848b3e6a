"""Families sign in with a browser: to the page that was asked for, nowhere else, and a form cannot be forged."""

from datetime import timedelta

import pytest
from application import api
from application.checks.key_tables import school_keys
from application.workflow import Workflow
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from support.application.family_pages import URL, FamilyPlace
from support.sign_in import StaffBrowser


async def test_a_family_signs_in_and_comes_to_the_page_that_was_asked_for(place: FamilyPlace) -> None:
    browser = place.browser()
    answer = await browser.sign_in("parent-1", "/family/sign-in?next=/apply/7?step%3Dhome")
    assert (answer.status_code, answer.headers["location"]) == (303, "/family/apply/7?step=home")


@pytest.mark.parametrize(
    "place_after",
    ["//elsewhere.example", "/../v1", "/\\\\elsewhere", "https://elsewhere.example", "/%0d%0aX: y", "x" * 900],
)
async def test_nobody_is_sent_elsewhere_by_the_sign_in(place: FamilyPlace, place_after: str) -> None:
    answer = await place.browser().sign_in("parent-1", f"/family/sign-in?next={place_after}")
    assert answer.headers["location"] == "/family"


async def test_an_answer_of_another_browser_signs_nobody_in(place: FamilyPlace) -> None:
    mine = place.browser()
    back = await mine.password(await mine.leave("/family/sign-in"), "parent-1")
    assert (await place.browser().http.get(back)).status_code == 401
    assert (await mine.http.get(back)).status_code == 303
    again = await mine.http.get(back)
    assert again.status_code == 401 and "hat nicht geklappt" in again.text


async def test_signing_out_needs_the_form_and_ends_every_copy_of_the_cookie(place: FamilyPlace) -> None:
    browser = await place.family()
    copy, token = dict(browser.http.cookies), await token_of(browser)
    assert (await browser.http.post("/family/sign-out", data={"form_token": "x"})).status_code == 403
    answer = await browser.http.post("/family/sign-out", data={"form_token": token})
    assert answer.headers["location"] == "/family/signed-out"
    assert "abgemeldet" in (await browser.get("/family/signed-out?language=de")).text
    stolen = place.browser()
    stolen.http.cookies.update(copy)
    assert (await stolen.http.post("/family/sign-out", data={"form_token": token})).status_code == 401


async def test_a_form_that_is_sent_after_the_session_is_kept_and_counts_after_a_new_sign_in(place: FamilyPlace) -> None:
    browser = await place.family()
    token = await token_of(browser)
    place.clock[0] += timedelta(hours=2)
    kept = await browser.http.post("/family/sign-out", data={"form_token": token, "note": "<b>kept</b>"})
    assert kept.status_code == 401 and "&lt;b&gt;kept&lt;/b&gt;" in kept.text
    await browser.sign_in("parent-1", "/family/sign-in")
    assert (await browser.send(kept.text, "/family/sign-out")).status_code == 303


async def test_an_account_that_is_no_family_is_told_so(place: FamilyPlace) -> None:
    browser = place.browser()
    await browser.sign_in("anna", "/family/sign-in")
    answer = await browser.http.post("/family/sign-out", data={"form_token": "x"})
    assert answer.status_code == 403 and "keine Anträge" in answer.text


async def test_where_nobody_can_sign_in_the_page_says_so_and_leads_to_the_pre_check(workflow: Workflow) -> None:
    app = FastAPI()
    app.include_router(api.family_pages(workflow, school_keys(), URL))
    async with AsyncClient(transport=ASGITransport(app=app), base_url=URL) as http:
        for path in ("/family/sign-in", "/family/sign-in/back?code=a&state=b"):
            answer = await http.get(path)
            assert (
                answer.status_code == 503 and "nicht eingerichtet" in answer.text and "/family/precheck" in answer.text
            )


async def test_what_is_no_page_is_a_page_that_says_so(place: FamilyPlace) -> None:
    answer = await place.browser().get("/family/nothing/there?language=en")
    assert answer.status_code == 404 and "There is no such page." in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def token_of(browser: StaffBrowser) -> str:
    """As a page of the session carries it."""
    page = await browser.get("/family/nothing/there")
    return str(page.text.partition('name="form_token" value="')[2].partition('"')[0])
