"""What an authority adds to the pages of an application: its words, and its questions, as a browser sends them."""

import json
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from application.domain.ids import Owner
from application.form import EXAMPLE, ApplicationForm
from shared.events import ApplicationSubmitted, EligibilityFormPublished
from shared.events.own_form import OwnForm
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window
from support.json import text, walked
from support.outbox import told
from support.own_forms import BUS, QUESTIONS
from support.pages import well_made

ANSWERS: dict[str, dict[str, str]] = {
    "grade": {"grade": "03"},
    "child": {"pupil-first_name": "Jana", "pupil-last_name": "Öztürk", "pupil-birth_date": "28.2.2018"},
    "home": {
        "home-street": "Am Markt", "home-house_number": "5", "home-postal_code": "33602", "home-city": "Bielefeld",
        "meant": "typed",
    },
    "guardian": {"guardian-first_name": "Elif", "guardian-last_name": "Öztürk"},
    "from": {},
    "circumstances": {},
    "further": {"further-bus_line": "SB 29", "further-day_care": "long"},
    "medium": {},
    "consents": {"consent-privacy-notice": "yes"},
}  # fmt: skip


def content(*keys: str, **changes: object) -> dict[str, object]:
    return BUS | {"questions": [each | changes for each in QUESTIONS if each["key"] in keys]}


async def publish(
    place: FamilyPlace, form: dict[str, object] = BUS, version: int = 1, day: date = date(2026, 1, 1)
) -> None:
    await place.hear(EligibilityFormPublished(
        occurred_at=place.clock[0] + timedelta(seconds=version), authority_id="10261", version=version, valid_from=day,
        content=OwnForm.model_validate(form),
    ))  # fmt: skip


async def begin(place: FamilyPlace, language: str = "de") -> Window:
    window = Window(place.browser().http, language)
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"})
    return window


async def go_to(window: Window, step: str) -> list[str]:
    passed = []
    while window.step != step:
        passed.append(window.step)
        await window.send(ANSWERS[window.step])
        assert window.answer.status_code == 200 and window.step not in passed, (passed, window.text)
    return passed


async def send(place: FamilyPlace, window: Window) -> str:
    """Signed in; the draft's path."""
    draft = window.path.rpartition("/")[0]
    browser = place.browser()
    browser.http.cookies = window.http.cookies
    browser.http = window.http
    await browser.sign_in("parent-1", "/family/sign-in")
    await window.open(f"{draft}/summary")
    await window.send()
    assert window.step == "sent", window.text
    return draft


def sent(place: FamilyPlace) -> ApplicationSubmitted:
    (event,) = told(place.database, ApplicationSubmitted)
    return event


@pytest.mark.parametrize("language", ["de", "en"])
async def test_words_and_questions_stand_on_their_pages_in_both_languages_and_markup_is_text(
    place: FamilyPlace, language: str
) -> None:
    await publish(place)
    window = await begin(place, language)
    await go_to(window, "home")
    well_made(window.text, language)
    said = {
        "de": "Bitte die &lt;b&gt;Meldeadresse&lt;/b&gt;.",
        "en": "Please the &lt;b&gt;registered&lt;/b&gt; address.",
    }
    assert said[language] in window.text and "Stadt Bielefeld" in window.text and "<b>Melde" not in window.text
    passed = await go_to(window, "further")
    assert "own-words" not in window.text and passed[-1] == "circumstances"
    well_made(window.text, language)
    for each in QUESTIONS[:2]:
        assert text(walked(each)["title"][language]).rstrip("?") in window.text
    assert text(walked(QUESTIONS[2])["title"][language]) not in window.text, "asked only of who gets Wohngeld"


async def test_answers_are_read_over_sent_copied_and_told_with_the_questions_as_they_were_asked(
    place: FamilyPlace,
) -> None:
    await publish(place)
    window = await begin(place)
    await go_to(window, "summary")
    assert "bis 16 Uhr" in window.text and "SB 29" in window.text
    draft = await send(place, window)
    event = sent(place)
    assert event.further is not None and event.further.form_version == 1
    assert [(each.key, each.value, each.said.de) for each in event.further.answers] == [
        ("bus_line", "SB 29", "SB 29"), ("day_care", "long", "bis 16 Uhr"),
    ]  # fmt: skip
    assert event.further.answers[0].title.de == walked(QUESTIONS[0])["title"]["de"]
    await publish(place, content(), 2)  # what is asked later changes nothing of the copy
    copy = (await window.open(f"{draft}/copy.json")).json()
    assert copy["form"]["further"] == {"bus_line": "SB 29", "day_care": "long"}
    assert copy["further"]["answers"][1]["title"]["de"] == walked(QUESTIONS[1])["title"]["de"]
    printed = await window.open(f"{draft}/copy.pdf")
    with pikepdf.open(BytesIO(printed.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked


async def test_an_authority_without_a_form_asks_what_it_always_asked(place: FamilyPlace) -> None:
    window = await begin(place)
    passed = await go_to(window, "summary")
    assert "further" not in passed and "own-words" not in window.text
    await send(place, window)
    assert sent(place).further is None and "further" not in json.loads(sent(place).model_dump_json())


async def test_a_form_of_the_future_is_not_asked_yet(place: FamilyPlace) -> None:
    await publish(place, day=date.today() + timedelta(days=2))
    assert "further" not in await go_to(await begin(place), "summary")


async def test_what_is_missing_or_does_not_fit_stands_at_its_question_and_nothing_typed_is_lost(
    place: FamilyPlace,
) -> None:
    await publish(place)
    window = await begin(place)
    await go_to(window, "further")
    await window.send({"further-bus_line": "", "further-day_care": "short"})
    assert window.answer.status_code == 422 and 'id="further-bus_line-error"' in window.text
    await window.send({"further-bus_line": "12345678901", "further-day_care": "none at all"})
    assert window.answer.status_code == 422 and "höchstens 10 Zeichen" in window.text
    assert "12345678901" in window.text
    await window.send({"further-bus_line": "12", "further-day_care": ""})
    assert window.step == "medium"


async def test_a_question_that_is_not_asked_any_more_drops_its_answer_with_a_word(place: FamilyPlace) -> None:
    await publish(place)
    window = await begin(place)
    await go_to(window, "summary")
    assert 'id="dropped"' not in window.text
    await publish(place, content("day_care"), 2)
    await window.open(window.path)
    assert 'id="dropped"' in window.text and "SB 29" not in window.text
    await send(place, window)
    event = sent(place)
    assert event.further is not None
    assert (event.further.form_version, [each.key for each in event.further.answers]) == (2, ["day_care"])


async def test_a_new_version_asks_again_only_what_is_missing(place: FamilyPlace) -> None:
    await publish(place, content("day_care"))
    window = await begin(place)
    await go_to(window, "summary")
    draft = window.path.rpartition("/")[0]
    await publish(place, content("day_care", "bus_line"), 2)
    await window.open(f"{draft}/summary")
    assert 'id="errors"' in window.text and "Antrag abschicken" not in window.text
    await window.open(draft)
    assert window.step == "further"
    await window.open(f"{draft}/further?to=summary")
    assert '<option value="long" selected' in window.text, "what was answered stays"
    await window.send({"further-bus_line": "7"})
    assert window.step == "summary" and 'id="errors"' not in window.text


async def test_an_answer_that_does_not_fit_the_new_version_is_asked_again(place: FamilyPlace) -> None:
    await publish(place, content("bus_line"))
    window = await begin(place)
    await go_to(window, "summary")
    await publish(place, content("bus_line", answer={"type": "integer", "minimum": 1, "maximum": 999}), 2)
    await window.open(window.path)
    assert 'id="errors"' in window.text and "ganze Zahl" in window.text
    await window.open(f"{window.path.rpartition('/')[0]}/further?to=summary")
    await window.send({"further-bus_line": "29"})
    assert window.step == "summary"
    await send(place, window)
    assert sent(place).further is not None and sent(place).further.answers[0].value == 29  # type: ignore[union-attr]


async def test_the_renewal_of_a_year_takes_along_what_still_fits_and_asks_nothing(place: FamilyPlace) -> None:
    await place.applied()
    await publish(place)
    before = await place.workflow.applications.newest(Owner("parent-1"))
    body = EXAMPLE | {"further": {"bus_line": "29", "of_last_year": "yes"}}
    form = ApplicationForm.model_validate_json(json.dumps(body))
    made = await place.workflow.applications.submit(
        Owner("parent-1"), "key-1", form, place.clock[0], carried_from=before
    )
    assert json.loads(made.form)["further"] == {"bus_line": "29"}
    again = await place.workflow.applications.submit(
        Owner("parent-1"), "key-1", form, place.clock[0], carried_from=before
    )
    assert again.id == made.id
    without = ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
    made = await place.workflow.applications.submit(
        Owner("parent-2"), "key-2", without, place.clock[0], carried_from=before
    )
    assert made.further is None and "further" not in json.loads(made.form)
