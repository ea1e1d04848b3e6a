"""Who opens the draft of an application: by its link, its cookie or its account, and nobody else."""

import json

import httpx
import pytest
from support.application.apply_pages import begin, go_to, sign_in
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window


async def test_a_link_opens_the_draft_on_another_device_by_a_button_alone(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "home")
    await window.open(f"{window.path.rpartition('/')[0]}/later")
    link = window.text.partition('id="link" name="link" value="')[2].partition('"')[0]
    there = Window(place.browser().http)
    await there.open(link)
    assert there.answer.headers["referrer-policy"] == "no-referrer" and "Jana" not in there.text
    assert not [each for each in there.http.cookies.jar if each.name.startswith("draft-") and each.name != "draft-link"]
    await there.send()
    assert there.step == "home"
    await there.open(f"{there.path.rpartition('/')[0]}/child")
    assert there.form().fields["pupil-first_name"] == "Jana"


@pytest.mark.parametrize("token", ["guessed-0000000000000000", "x" * 300, "ö"])
async def test_a_guessed_link_opens_nothing_and_says_so_in_both_languages(place: FamilyPlace, token: str) -> None:
    for language, said in (("de", "Diesen Entwurf gibt es nicht"), ("en", "There is no such draft")):
        window = Window(place.browser().http, language)
        await window.open(f"/drafts/{token}")
        await window.send()
        assert window.answer.status_code == 404 and said in window.text


async def test_an_old_link_and_a_deleted_draft_open_nothing(place: FamilyPlace) -> None:
    window = await begin(place)
    draft = window.path.rpartition("/")[0]
    await window.open(f"{draft}/later")
    old = window.text.partition('name="link" value="')[2].partition('"')[0]
    await window.send(action="/link")
    new = window.text.partition('name="link" value="')[2].partition('"')[0]
    assert new != old
    there = Window(place.browser().http)
    await there.open(old)
    assert (await there.send()).status_code == 404
    await window.send(action="/deletion")
    assert window.path == "/family/apply"
    assert (await window.open(f"{draft}/grade")).status_code == 404
    await there.open(new)
    assert (await there.send()).status_code == 404


async def test_a_form_of_another_site_or_of_another_draft_changes_nothing(place: FamilyPlace) -> None:
    window = await begin(place)
    form = window.form()
    for wrong in ({"belongs": "x"}, {"belongs": ""}):
        answer = await window.http.post(form.action, data=form.fields | {"grade": "03"} | wrong)
        assert answer.status_code == 403
    await window.open("/family/apply")
    sent = await window.http.post(
        "/family/apply", data={"school": "Grundschule Süd"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert sent.status_code == 403
    planted = await window.http.post("/family/apply/continue", data={"token": "t" * 22, "nonce": "n"})
    assert planted.status_code == 403


async def test_the_start_page_leads_to_what_this_browser_has_begun(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "home")
    await window.open("/family/apply")
    assert "Jana, Grundschule Süd, begonnen am" in window.text
    stranger = Window(place.browser().http)
    await stranger.open("/family/apply")
    assert "Jana" not in stranger.text


async def test_no_cookie_of_a_draft_is_sent_elsewhere_or_read_by_a_script(place: FamilyPlace) -> None:
    http: httpx.AsyncClient = place.browser().http
    answer = await http.post("/family/apply", data={"school": "Grundschule Süd"})
    cookie = answer.headers["set-cookie"]
    for said in ("HttpOnly", "SameSite=lax", "Path=/family/apply"):
        assert said in cookie
    assert answer.headers["location"].startswith("/family/apply/")
    assert json.dumps(cookie.partition("=")[2][:20]) not in answer.text


async def test_the_account_that_began_a_draft_opens_it_on_another_device_without_the_link(place: FamilyPlace) -> None:
    window = Window(place.browser().http)
    await sign_in(place, window)
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"})
    draft = window.path.rpartition("/")[0]
    there = Window(place.browser().http)
    assert (await there.open(f"{draft}/grade")).status_code == 404
    await sign_in(place, there)
    await there.open(f"{draft}/grade")
    await there.send({"grade": "02"})
    assert there.step == "child"
    stranger = Window(place.browser().http)
    await sign_in(place, stranger, "parent-2")
    assert (await stranger.open(f"{draft}/grade")).status_code == 404


@pytest.mark.parametrize("name", ["draft-ä", "draft-x y", "draft-a/b", "draft-[", "draft-{" + "0" * 32 + "}", "draft-"])
async def test_a_cookie_that_is_none_of_ours_hides_no_draft_and_breaks_nothing(place: FamilyPlace, name: str) -> None:
    window = await begin(place)
    cookies = "; ".join(f"{each.name}={each.value}" for each in window.http.cookies.jar)
    stray = "; ".join([*(f"{name}{number}=1" for number in range(20)), f"{name}=1"])
    bare = place.browser().http
    answer = await bare.get("/family/apply", headers={b"Cookie": f"{stray}; {cookies}".encode()})
    assert answer.status_code == 200 and "Grundschule Süd, begonnen am" in answer.text
    assert "set-cookie" not in answer.headers


async def test_only_a_link_that_opens_the_draft_is_shown(place: FamilyPlace) -> None:
    window, there = (Window(place.browser().http) for _ in range(2))
    for each in (window, there):
        await sign_in(place, each)
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"})
    later = f"{window.path.rpartition('/')[0]}/later"
    await there.open(later)
    await there.send(action="/link")
    await window.open(later)
    assert window.answer.status_code == 200 and 'id="link"' not in window.text, "the other device has made it anew"
    await window.send(action="/link")
    link = window.text.partition('name="link" value="')[2].partition('"')[0]
    stranger = Window(place.browser().http)
    await stranger.open(link)
    await stranger.send()
    assert stranger.step == "grade"
