"""An application, one question a page, as a browser without JavaScript sends it."""

from io import BytesIO

import pikepdf
import pytest
from application.checks.faults import Fault
from application.checks.uploads import FAULTS
from support.application.apply_pages import ANSWERS, begin, go_to, sign_in
from support.application.documents import PHOTO
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window


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
