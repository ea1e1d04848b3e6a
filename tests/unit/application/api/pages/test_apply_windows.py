"""An application in two windows, or in one that was left open: nothing that was typed is lost, and nothing is written over."""

from datetime import timedelta

from support.application.apply_pages import begin, go_to, sign_in
from support.application.documents import PHOTO
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
"""As a browser says it of a form on a page of ours."""


async def test_two_windows_are_told_of_each_other_and_nothing_is_lost(place: FamilyPlace) -> None:
    one = await begin(place)
    await go_to(one, "guardian")
    draft = one.path.rpartition("/")[0]
    other = Window(one.http)
    await one.open(f"{draft}/child")
    await other.open(f"{draft}/child")
    await other.send({"pupil-first_name": "Jane"})
    await one.send({"pupil-first_name": "Janina"})
    assert one.answer.status_code == 409
    assert "anderen Fenster" in one.text and "Jane" in one.text
    assert one.form().fields["pupil-first_name"] == "Janina"
    await one.send()
    await other.open(f"{draft}/child")
    assert other.form().fields["pupil-first_name"] == "Janina"


async def test_the_same_form_sent_again_and_other_parts_of_one_claim_are_no_conflict(place: FamilyPlace) -> None:
    one = await begin(place)
    await go_to(one, "guardian")
    draft = one.path.rpartition("/")[0]
    await one.open(f"{draft}/child")
    form = one.form()
    form.fields["pupil-first_name"] = "Jane"
    for _ in range(2):
        answer = await one.http.post(form.action, data=form.fields)
        assert answer.status_code == 303


async def test_a_new_link_made_in_another_window_costs_nothing_that_was_typed(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "child")
    form, other = window.form(), Window(window.http)
    form.fields |= {"pupil-first_name": "Jana", "pupil-last_name": "Öztürk", "pupil-birth_date": "28.02.2018"}
    await other.open(f"{window.path.rpartition('/')[0]}/later")
    await other.send(action="/link")
    foreign = await window.http.post(form.action, data=form.fields)
    assert foreign.status_code == 403 and "Jana" not in foreign.text, "nobody but our page fills a page of ours"
    await window._take(await window.http.post(form.action, data=form.fields, headers=OWN_PAGE))
    assert window.answer.status_code == 409 and "noch einmal" in window.text
    assert window.form().fields["pupil-first_name"] == "Jana"
    await other.open(form.action)
    assert "Jana" not in other.text, "nothing is saved until it is sent again"
    await window.send()
    assert window.step == "home"


async def test_an_old_form_does_not_write_over_what_another_window_has_saved(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "guardian")
    draft = window.path.rpartition("/")[0]
    await window.open(f"{draft}/child")
    form, other = window.form(), Window(window.http)
    await other.open(f"{draft}/later")
    await other.send(action="/link")
    await other.open(f"{draft}/child")
    await other.send({"pupil-first_name": "Jane"})
    old = form.fields | {"pupil-first_name": "Janina"}
    await window._take(await window.http.post(form.action, data=old, headers=OWN_PAGE))
    assert window.answer.status_code == 409 and "Jane</strong>" in window.text and "anderen Fenster" in window.text
    assert window.form().fields["pupil-first_name"] == "Janina"


async def test_who_edits_a_draft_that_was_sent_meanwhile_is_told_that_it_came_too_late(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "summary")
    draft = window.path.rpartition("/")[0]
    edit, documents, later = (Window(window.http) for _ in range(3))
    await edit.open(f"{draft}/child")
    await documents.open(f"{draft}/documents")
    await later.open(f"{draft}/later")
    await sign_in(place, window)
    await window.open(f"{draft}/summary")
    await window.send()
    assert window.step == "sent" and 'id="late"' not in window.text
    await edit.send({"pupil-first_name": "Janina"})
    await documents.upload(PHOTO, "late.png", "other")
    await later.send(action="/deletion")
    for each in (edit, documents, later):
        assert each.step == "sent" and "war schon abgeschickt" in each.text and "Unterlagen nachreichen" in each.text
    for path in ("", "/summary", "/child"):
        await window.open(f"{draft}{path}")
        assert window.step == "sent" and 'id="late"' not in window.text, "who only looks has lost nothing"


async def test_a_sign_in_that_ends_while_a_page_is_filled_in_costs_nothing_that_was_typed(place: FamilyPlace) -> None:
    window, there = (Window(place.browser().http) for _ in range(2))
    for each in (window, there):
        await sign_in(place, each)
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"})
    draft = window.path.rpartition("/")[0]
    await there.open(f"{draft}/grade")
    form = there.form()
    place.clock[0] += timedelta(hours=3)
    answer = await there.http.post(form.action, data=form.fields | {"grade": "03", "belongs": "x"})
    assert answer.status_code == 401 and 'name="grade"' not in answer.text, "what no page of ours sent is not shown"
    await there._take(await there.http.post(form.action, data=form.fields | {"grade": "03"}))
    assert there.answer.status_code == 401 and "aufgehoben" in there.text
    kept = there.form("", "/grade")
    assert kept.fields["grade"] == "03"
    asked = await there.http.get(f"{draft}/child")
    assert asked.headers["location"] == f"/family/sign-in?next={draft.removeprefix('/family')}/child"
    await sign_in(place, there)
    await there._take(await there.http.post(kept.action, data=kept.fields))
    assert there.step == "child"
    other = Window(place.browser().http)
    await sign_in(place, other, "parent-2")
    assert (await other.http.post(form.action, data=form.fields)).status_code == 404
