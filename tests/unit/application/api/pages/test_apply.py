"""An application, one question a page, as a browser without JavaScript sends it."""

import json
from datetime import timedelta
from io import BytesIO

import httpx
import pikepdf
import pytest
from application.checks.faults import Fault
from application.checks.uploads import FAULTS
from support.application.documents import PHOTO
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window

ANSWERS: dict[str, dict[str, str]] = {
    "school": {},
    "grade": {"grade": "03"},
    "child": {"pupil-first_name": "Jana", "pupil-last_name": "Öztürk", "pupil-birth_date": "28.2.2018"},
    "home": {
        "home-street": "Am Markt", "home-house_number": "5", "home-postal_code": "33602", "home-city": "Bielefeld",
        "meant": "typed",
    },
    "guardian": {"guardian-first_name": "Elif", "guardian-last_name": "Öztürk"},
    "from": {},
    "circumstances": {},
    "medium": {},
    "consents": {"consent-privacy-notice": "yes"},
}  # fmt: skip


async def begin(place: FamilyPlace, language: str = "de") -> Window:
    """At the second page."""
    window = Window(place.browser().http, language)
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"})
    return window


async def go_to(window: Window, step: str, answers: dict[str, dict[str, str]] = ANSWERS) -> list[str]:
    """With these answers; the pages that were passed."""
    passed = []
    while window.step != step:
        passed.append(window.step)
        await window.send(answers[window.step])
        assert window.answer.status_code == 200 and window.step not in passed, (passed, window.text)
    return passed


async def sign_in(place: FamilyPlace, window: Window, name: str = "parent-1") -> None:
    """In the window's own browser."""
    browser = place.browser()
    browser.http.cookies = window.http.cookies
    browser.http = window.http
    await browser.sign_in(name, "/family/sign-in")


async def test_a_plain_application_is_written_read_over_sent_and_copied(place: FamilyPlace) -> None:
    window = await begin(place)
    passed = await go_to(window, "summary")
    assert passed == list(ANSWERS)[1:] and len(passed) + 2 <= 12
    for told in ("Grundschule Süd", "Öztürk", "28.02.2018", "Am Markt 5, 33602 Bielefeld", "Auf dem Handy"):
        assert told in window.text
    draft = window.path.rpartition("/")[0]
    assert f'href="/family/sign-in?next={draft.removeprefix("/family")}/summary"' in window.text
    await window.send()
    assert window.step == "summary", "without an account nothing is sent"
    await sign_in(place, window)
    await window.open(f"{draft}/summary")
    assert "Antrag abschicken" in window.text
    again = window.form()
    await window.send()
    assert window.step == "sent" and "Ihr Antrag ist da" in window.text and "Stadt Bielefeld" in window.text
    # pressed twice, and Back: the same application
    await window._take(await window.http.post(again.action, data=again.fields))
    assert window.step == "sent"
    for old in ("summary", "grade", ""):
        await window.open(f"{draft}/{old}".rstrip("/"))
        assert window.step == "sent"
    copy = (await window.open(f"{draft}/copy.json")).json()
    assert copy["form"]["pupil"]["last_name"] == "Öztürk" and copy["form"]["lives_in_nrw"] is True
    printed = await window.open(f"{draft}/copy.pdf")
    with pikepdf.open(BytesIO(printed.content)) as pdf:
        assert pdf.Root.Lang == "de-DE" and pdf.Root.MarkInfo.Marked


async def test_another_account_sees_neither_the_application_nor_its_copy(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "summary")
    draft = window.path.rpartition("/")[0]
    await sign_in(place, window)
    await window.open(f"{draft}/summary")
    await window.send()
    other = Window(place.browser().http)
    await sign_in(place, other, "parent-2")
    for path in ("sent", "copy.pdf", "copy.json", "summary", "grade"):
        assert (await other.open(f"{draft}/{path}")).status_code == 404, path
        assert "Öztürk" not in other.text


async def test_each_answer_is_changed_from_the_summary_and_leads_back_there(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "summary")
    draft = window.path.rpartition("/")[0]
    for step in ANSWERS:
        await window.open(f"{draft}/{step}?to=summary")
        assert window.step == step
        await window.send()
        assert window.step == "summary", step


async def test_what_is_chosen_at_the_summary_is_asked_before_it_comes_back(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "summary")
    draft = window.path.rpartition("/")[0]
    await window.open(f"{draft}/circumstances?to=summary")
    await window.send({"claims-health": "yes", "claims-second_home": "yes", "siblings": "yes"})
    assert window.step == "health"
    await window.send({"claims-health-weeks": "12", "claims-health-certificate": "no"})
    assert window.step == "second-home"
    second = {f"second_home-{name}": value for name, value in
              {"street": "Ring", "house_number": "7", "postal_code": "33604", "city": "Bielefeld"}.items()}  # fmt: skip
    await window.send(second)
    assert window.step == "share"
    await window.send({"sibling-0": "1.5.2015", "funded-0": "yes", "benefit_WoGG": "yes"})
    assert window.step == "summary"
    for told in ("12", "Ring 7, 33604 Bielefeld", "01.05.2015, mit Ticket", "Wohngeld"):
        assert told in window.text, told
    # and taken back
    await window.open(f"{draft}/circumstances?to=summary")
    await window.send(without=("claims-health", "claims-second_home", "siblings"))
    assert window.step == "summary" and "Ring 7" not in window.text and "Wohngeld" not in window.text


async def test_what_does_not_fit_stands_at_its_field_and_nothing_typed_is_lost(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "child")
    await window.send({"pupil-first_name": "Ja9na", "pupil-last_name": "", "pupil-birth_date": "31.02.2018"})
    assert window.answer.status_code == 422
    for name in ("pupil-first_name", "pupil-birth_date"):
        assert f'href="#{name}"' in window.text and f'id="{name}-error"' in window.text, name
    assert window.form().fields["pupil-first_name"] == "Ja9na"
    await window.send({"pupil-first_name": "Jana"} | {"pupil-birth_date": "28.02.2018"})
    assert window.answer.status_code == 422 and 'href="#pupil-last_name"' in window.text


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


async def test_a_document_is_handed_in_listed_and_deleted_and_a_hostile_one_refused_at_the_field(
    place: FamilyPlace,
) -> None:
    window = await begin(place)
    await go_to(window, "summary")
    draft = window.path.rpartition("/")[0]
    await window.open(f"{draft}/documents?to=summary")
    await window.upload(PHOTO, "Attest <Jana>.png", "medical_certificate")
    assert window.step == "documents" and "Attest Jana.png" in window.text
    await window.upload(b"MZ\x90\x00", "bild.png", "other")
    assert window.answer.status_code == 422 and FAULTS[Fault.UNKNOWN].de in window.text
    assert 'id="file-error"' in window.text
    await window.upload(b"", "", "other")
    assert "Bitte wählen Sie eine Datei aus." in window.text
    await window.open(f"{draft}/summary")
    assert "Ärztliches Attest" in window.text
    await window.open(f"{draft}/documents?to=summary")
    await window.send(action="/removals/")
    assert window.step == "documents" and "Attest Jana.png" not in window.text
    await window.send()
    assert window.step == "summary"


async def test_the_language_is_changed_on_any_page_and_stays(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "child")
    await window.send({"pupil-first_name": "Jana", "language": "en"})
    assert "What is the child called?" in window.text and window.form().fields["pupil-first_name"] == "Jana"
    await go_to(window, "summary")
    assert "Is everything right?" in window.text


async def test_an_address_that_nobody_can_check_is_confirmed_with_the_state_it_lies_in(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "home")
    typed = {name: value for name, value in ANSWERS["home"].items() if name != "meant"}
    await window.send(typed)
    assert window.answer.status_code == 422 and "Nordrhein-Westfalen" in window.text
    await window.send()
    assert 'id="meant-error"' in window.text
    await window.send({"meant": "outside"})
    assert window.step == "guardian"
    draft = window.path.rpartition("/")[0]
    await window.open(f"{draft}/home")
    await window.send()
    assert window.step == "guardian", "what was confirmed is not asked again"


async def test_what_a_pre_check_was_told_is_not_asked_again(place: FamilyPlace) -> None:
    window = Window(place.browser().http)
    told = {
        "street": "Am Markt", "house_number": "5", "postal_code": "33602", "city": "Bielefeld",
        "school": "Grundschule Süd", "school_number": "100001", "searched": "Grundschule Süd", "grade": "03",
        "school_year": "2026/27", "birth_date": "28.02.2018", "sibling_0": "1.5.2015", "benefit_WoGG": "yes",
        "track": "GY9", "severely_disabled": "yes",
    }  # fmt: skip
    await window._take(await window.http.post("/family/apply", data=told))
    assert window.step == "child" and window.form().fields["pupil-birth_date"] == "28.02.2018"
    await window.open(f"{window.path.rpartition('/')[0]}/home")
    assert window.form().fields["home-street"] == "Am Markt"
    await window.open(f"{window.path.rpartition('/')[0]}/share")
    assert window.form().fields["sibling-0"] == "01.05.2015" and "benefit_WoGG" in window.form().fields


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


async def test_another_school_is_asked_what_it_must_be_and_told_nothing_of_the_one_before(place: FamilyPlace) -> None:
    window = await begin(place)
    await go_to(window, "summary")
    await window.open(f"{window.path.rpartition('/')[0]}/school?to=summary")
    await window.send({"school": "Berufskolleg"})
    assert window.step == "course", "its third year is one that there is"
    await window.send({"course-annex": "B", "course-full_time": "yes"})
    assert window.step == "summary" and "Bildungsgang" in window.text
    await window.open(f"{window.path.rpartition('/')[0]}/school?to=summary")
    await window.send({"school": "Grundschule Süd", "searched": "another"})
    assert window.step == "summary" and "Bildungsgang" not in window.text


async def test_a_page_that_does_not_matter_leads_to_one_that_does(place: FamilyPlace) -> None:
    window = await begin(place)
    draft = window.path.rpartition("/")[0]
    for step in ("health", "course", "second-home", "track"):
        await window.open(f"{draft}/{step}")
        assert window.step == "grade"
    assert (await window.open(f"{draft}/nothing")).status_code == 404


async def test_what_is_missing_is_named_at_the_summary_with_the_way_to_its_page(place: FamilyPlace) -> None:
    window = await begin(place)
    draft = window.path.rpartition("/")[0]
    await window.open(f"{draft}/summary")
    assert "Das fehlt noch oder passt nicht." in window.text and f"{draft}/child?to=summary" in window.text
    assert "abschicken" not in window.text
    form = window.form()
    await sign_in(place, window)
    await window._take(await window.http.post(form.action, data=form.fields))
    assert window.step == "summary" and "Das fehlt noch" in window.text


@pytest.mark.parametrize("weeks", ["9" * 5000, "9" * 21, "²", "-1", "1e3", "NaN", "0x10"])
async def test_a_number_that_is_none_is_told_at_its_field(place: FamilyPlace, weeks: str) -> None:
    window = await begin(place)
    await go_to(window, "circumstances")
    await window.send({"claims-health": "yes"})
    await window.send({"claims-health-weeks": weeks, "claims-health-certificate": "no"})
    assert window.answer.status_code == 422 and 'id="claims-health-weeks-error"' in window.text
    assert window.form().fields["claims-health-weeks"] == weeks


@pytest.mark.parametrize("name", ["draft-ä", "draft-x y", "draft-a/b", "draft-[", "draft-{" + "0" * 32 + "}", "draft-"])
async def test_a_cookie_that_is_none_of_ours_hides_no_draft_and_breaks_nothing(place: FamilyPlace, name: str) -> None:
    window = await begin(place)
    cookies = "; ".join(f"{each.name}={each.value}" for each in window.http.cookies.jar)
    stray = "; ".join([*(f"{name}{number}=1" for number in range(20)), f"{name}=1"])
    bare = place.browser().http
    answer = await bare.get("/family/apply", headers={b"Cookie": f"{stray}; {cookies}".encode()})
    assert answer.status_code == 200 and "Grundschule Süd, begonnen am" in answer.text
    assert "set-cookie" not in answer.headers


OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
"""As a browser says it of a form on a page of ours."""


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
