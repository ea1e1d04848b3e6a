"""What an account has told before is shown and not asked again; what it has begun is there for it alone."""

from datetime import UTC, datetime, timedelta

import pytest
from application.domain.ids import Owner
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window

CHILD = {"pupil-first_name": "Deniz", "pupil-last_name": "Öztürk", "pupil-birth_date": "28.2.2019"}
ANSWERS = {"grade": {"grade": "01"}, "child": CHILD, "consents": {"consent-privacy-notice": "yes"}}
HOME = {"street": "Am Markt", "house_number": "5", "postal_code": "33602", "city": "Bielefeld"}
FAMILY = ("home", "guardian")


async def begin(place: FamilyPlace, name: str | None, **typed: str) -> Window:
    window = Window((await place.family(name)).http if name else place.browser().http)
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"} | typed)
    return window


async def walk(window: Window, to: str = "summary") -> list[str]:
    passed = []
    while window.step != to and window.step not in passed:
        passed.append(window.step)
        await window.send(ANSWERS.get(window.step))
        assert window.answer.status_code == 200, window.text
    return passed


async def test_for_a_second_child_nobody_is_asked_what_the_first_application_says(place: FamilyPlace) -> None:
    await place.applied(applicant="guardian", home=HOME)
    window = await begin(place, "parent-1")
    passed = await walk(window)
    assert window.step == "summary" and not set(FAMILY) & set(passed)
    assert "Am Markt 5, 33602 Bielefeld" in window.text and "aus Ihrem letzten Antrag übernommen" in window.text
    draft = window.path.rpartition("/")[0]
    for step in FAMILY:
        await window.open(f"{draft}/{step}?to=summary")
        assert window.step == step, "it can be corrected"
    await window.open(f"{draft}/summary")
    await window.send()
    assert window.step == "sent"


async def test_an_address_that_the_pre_check_was_told_counts_more_than_an_older_one(place: FamilyPlace) -> None:
    await place.applied()
    window = await begin(place, "parent-1", street="Neuer Weg", house_number="1", postal_code="33602", city="Bielefeld")
    passed = await walk(window, "home")
    assert window.step == "home" and "guardian" not in passed
    assert window.form().fields["home-street"] == "Neuer Weg"


@pytest.mark.parametrize("name", [None, "parent-2"])
async def test_nobody_else_is_shown_what_a_family_has_told(place: FamilyPlace, name: str | None) -> None:
    await place.applied()
    window = await begin(place, name)
    await walk(window, "home")
    assert window.step == "home" and window.form().fields["home-street"] == ""


async def test_what_a_pupil_of_age_has_told_of_herself_is_not_taken_for_a_guardian(place: FamilyPlace) -> None:
    await place.applied(
        applicant="pupil",
        grade="Q2",
        guardian={"first_name": "Ada", "last_name": "Öz"},
        pupil={"first_name": "Ada", "last_name": "Öz", "birth_date": "2008-01-01"},
    )
    window = await begin(place, "parent-1")
    await walk(window, "home")
    assert window.step == "home" and window.form().fields["home-street"] == ""


async def test_what_an_account_has_begun_is_listed_for_it_on_every_device_and_stays_on_none(
    place: FamilyPlace,
) -> None:
    window = await begin(place, "parent-1")
    await walk(window, "home")
    draft = window.path.rpartition("/")[0]
    assert not [name for name in window.http.cookies if name.startswith("draft-")]
    other = Window((await place.family("parent-1")).http)
    for page in ("/family", "/family/apply"):
        await other.open(page)
        assert "Deniz, Grundschule Süd, begonnen am" in other.text
        assert other.text.count(f'href="{draft}"') == 1
    await other.open("/family")
    await other.send(action="/sign-out")
    await other.open("/family/apply")
    assert "Deniz" not in other.text
    answer = await other.http.get(draft)
    assert answer.status_code in (303, 404) and "Deniz" not in answer.text
    stranger = Window((await place.family("parent-2")).http)
    await stranger.open("/family")
    assert "Deniz" not in stranger.text


async def test_a_draft_whose_time_is_over_is_not_listed(place: FamilyPlace) -> None:
    window = await begin(place, "parent-1")
    await walk(window, "home")
    drafts, owner = place.workflow.drafts, Owner("parent-1")
    [draft] = await drafts.of_owner(owner, datetime.now(UTC))
    last = draft.kept_until(drafts.kept)
    assert await drafts.of_owner(owner, last - timedelta(seconds=1)) == [draft]
    assert await drafts.of_owner(owner, last) == []


async def test_who_told_the_pre_check_of_both_disabilities_is_still_asked_for_all_circumstances(
    place: FamilyPlace,
) -> None:
    await place.applied(applicant="guardian", home=HOME)
    window = await begin(place, "parent-1", special_needs="yes", severely_disabled="yes")
    passed = await walk(window)
    assert window.step == "summary" and "circumstances" in passed
