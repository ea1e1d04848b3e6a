"""The family's pages for people who help: from the link to the acceptance, and what each of them is shown."""

import html
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from shared.events import ApplicationSubmitted
from support.application.family_pages import FamilyPlace
from support.application.pupils import BEFORE, BIRTHDAY, NEARLY_OF_AGE
from support.outbox import told
from support.sign_in import StaffBrowser, hidden_fields


async def link_of(browser: StaffBrowser, one: UUID, kind: str = "helper") -> str:
    """As the owner's page makes and shows it."""
    path = f"/family/applications/{one}"
    page = (await browser.get(path)).text
    token = hidden_fields(page)["form_token"]
    made = await browser.http.post(f"{path}/invitations", data={"kind": kind, "form_token": token})
    assert made.status_code == 303, made.text
    assert made.headers["location"] == f"{path}/invitations" and "HttpOnly" in made.headers["set-cookie"]
    for _ in range(2):  # it can be loaded again
        shown = (await browser.get(f"{path}/invitations?language=en")).text
    return "/invitations/" + shown.partition("/invitations/")[2].partition('"')[0]


async def to_the_button(place: FamilyPlace, link: str, name: str) -> StaffBrowser:
    """Opened, signed in on the way, and before the button."""
    browser = place.browser()
    first = await browser.get(link)
    assert first.status_code == 200 and "no-store" in first.headers["cache-control"]
    gone = await browser.send(first.text, "/family/invitation/continue")
    assert gone.status_code == 200 and 'href="/family/invitation"' in gone.text, "a form leads to no other host"
    back = await browser.sign_in(name, "/family/invitation")
    assert back.headers["location"] == "/family/invitation"
    return browser


async def accepted(place: FamilyPlace, link: str, who: str = "parent-2", **typed: str) -> StaffBrowser:
    browser = await to_the_button(place, link, who)
    page = await browser.get("/family/invitation?language=de")
    assert page.status_code == 200, page.text
    answer = await browser.send(page.text, "/family/invitation", **typed)
    assert answer.status_code == 303, answer.text
    return browser


def people_of(text: str) -> str:
    """The section of who helps."""
    return html.unescape(text.partition('id="people"')[2].partition("</section>")[0])


async def test_from_the_link_to_the_page_of_the_child_and_out_again(place: FamilyPlace) -> None:
    one = await place.applied()
    owner = await place.family()
    link = await link_of(owner, one)
    helps = await accepted(place, link, name="parent-2")
    page = (await helps.get(f"/family/applications/{one}?done=joined&language=de")).text
    assert "Sie helfen jetzt bei diesem Antrag mit." in page and "Ändern, zurücknehmen" in people_of(page)
    assert "Etwas ändert sich" not in page and "Nachricht an den Schulträger" in page
    assert "Sie helfen bei diesem Antrag mit." in (await helps.get("/family?language=de")).text
    shown = (await owner.get(f"/family/applications/{one}?language=de")).text
    assert "parent-2" in people_of(shown)
    path = next(each for each in shown.split('"') if each.endswith("/removal") and "/people/" in each)
    removed = await owner.send(shown, path)
    assert removed.headers["location"].endswith("?done=person-removed#top")
    assert (await helps.get(f"/family/applications/{one}")).status_code == 404
    assert "Jānis" not in (await helps.get("/family")).text


async def test_the_name_is_as_the_person_gives_it_and_text_alone(place: FamilyPlace) -> None:
    one = await place.applied()
    owner = await place.family()
    link = await link_of(owner, one)
    browser = await to_the_button(place, link, "parent-2")
    page = (await browser.get("/family/invitation")).text
    wrong = await browser.send(page, "/family/invitation", name="<b>\u202e1</b>")
    assert wrong.status_code == 422 and 'id="name-error"' in wrong.text and "&lt;b&gt;" in wrong.text
    assert (await browser.send(wrong.text, "/family/invitation", name="Oma Inge")).status_code == 303
    assert "Oma Inge" in people_of((await owner.get(f"/family/applications/{one}")).text)
    again = await browser.send(wrong.text, "/family/invitation", name="Oma Inge")
    assert again.status_code == 404, "the cookie is gone with the link"


async def test_a_form_that_no_page_of_ours_made_opens_nothing(place: FamilyPlace) -> None:
    one = await place.applied()
    link = await link_of(await place.family(), one)
    browser = place.browser()
    page = (await browser.get(link)).text
    foreign = place.browser()
    answer = await foreign.http.post("/family/invitation/continue", data=hidden_fields(page))
    assert answer.status_code == 403
    answer = await browser.http.post(
        "/family/invitation/continue", data=hidden_fields(page), headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


async def test_a_link_that_was_used_is_told_as_one_that_was_guessed(place: FamilyPlace) -> None:
    one = await place.applied()
    link = await link_of(await place.family(), one)
    await accepted(place, link, "parent-2")
    said = set()
    for each in (link, "/invitations/guessed", "/invitations/€\u202e", "/invitations/%ff", "/invitations/a%0d%0ab"):
        browser = await to_the_button(place, each, "parent-3")
        answer = await browser.get("/family/invitation?language=de")
        said.add((answer.status_code, people_free(answer.text)))
    assert len(said) == 1 and said.pop()[0] == 404


def people_free(text: str) -> str:
    """Without what a session draws."""
    return text.partition("<main")[2].partition("</main>")[0]


async def test_who_helps_is_shown_no_way_to_what_only_the_owner_may_in_any_state(place: FamilyPlace) -> None:
    one = await place.applied()
    link = await link_of(await place.family(), one)
    helps = await accepted(place, link)
    path = f"/family/applications/{one}"
    await place.refused(one)
    refused = (await helps.get(path)).text
    await place.granted(one)
    place.clock[0] = datetime(2027, 3, 1, 10, tzinfo=place.clock[0].tzinfo)
    helps = await place.family("parent-2")
    granted = (await helps.get(path)).text
    for each in (refused, granted):
        ways = {one for one in each.split('"') if one.startswith(f"{path}/")}
        assert {one.removeprefix(path).split("/")[1] for one in ways} <= {"answers", "documents", "people"}


async def test_an_open_invitation_is_listed_with_its_last_day_and_taken_back(place: FamilyPlace) -> None:
    one = await place.applied()
    owner = await place.family()
    link = await link_of(owner, one)
    page = (await owner.get(f"/family/applications/{one}?language=de")).text
    assert "Offene Einladungen" in page and "08.06.2026" in people_of(page)
    path = next(each for each in page.split('"') if each.endswith("/removal") and "/invitations/" in each)
    assert (await owner.send(page, path)).headers["location"].endswith("?done=taken-back#top")
    gone = await owner.get(f"/family/applications/{one}/invitations")
    assert gone.headers["location"] == f"/family/applications/{one}#people"
    browser = await to_the_button(place, link, "parent-2")
    assert (await browser.get("/family/invitation")).status_code == 404


@pytest.mark.parametrize("is_of_age", [False, True])
async def test_from_the_18th_birthday_on_the_page_offers_to_hand_over(place: FamilyPlace, is_of_age: bool) -> None:
    one = await place.applied("parent-1", **NEARLY_OF_AGE)
    place.clock[0] = BIRTHDAY if is_of_age else BEFORE
    owner = await place.family()
    page = (await owner.get(f"/family/applications/{one}?language=de")).text
    assert ("Volljährig" in page) is is_of_age
    if not is_of_age:
        token = hidden_fields(page)["form_token"]
        data = {"kind": "takeover", "form_token": token}
        sent = await owner.http.post(f"/family/applications/{one}/invitations", data=data)
        assert sent.status_code == 409 and "18. Geburtstag" in sent.text
        return
    pupil = await accepted(place, await link_of(owner, one, "takeover"))
    page = (await pupil.get(f"/family/applications/{one}?done=taken-over&language=de")).text
    assert "gehört jetzt Ihnen" in page and "Volljährig" not in page and "Zoë Marie" in people_of(page)
    before = (await owner.get(f"/family/applications/{one}?language=de")).text
    assert "Sie helfen mit" in before and "hat den Antrag übernommen" in before


async def test_an_application_of_the_pupils_own_is_offered_nothing(place: FamilyPlace) -> None:
    one = await place.applied("parent-1", **NEARLY_OF_AGE, applicant="pupil")
    place.clock[0] = BIRTHDAY + timedelta(days=1)
    page = (await (await place.family()).get(f"/family/applications/{one}?language=de")).text
    assert "Volljährig" not in page and "Jemanden einladen" in page


async def test_the_year_after_a_takeover_is_the_pupils_already_and_of_the_same_household(place: FamilyPlace) -> None:
    one = await place.applied("parent-1", **NEARLY_OF_AGE)
    place.clock[0] = datetime(2027, 3, 1, 10, tzinfo=UTC)
    pupil = await accepted(place, await link_of(await place.family(), one, "takeover"))
    path = f"/family/applications/{one}/next-year"
    made = await pupil.send((await pupil.get(path)).text, path, grade="Q2")
    page = (await pupil.get(made.headers["location"].partition("?")[0] + "?language=de")).text
    assert "Jemanden einladen" in page and "Volljährig" not in page
    first, second = told(place.database, ApplicationSubmitted)
    assert (second.school_year, second.household) == ("2027/28", first.household)
