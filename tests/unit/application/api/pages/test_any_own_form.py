"""Whatever form an authority may write: no page breaks, nothing typed does, and what fits can be sent."""

import html
import json
from contextlib import suppress
from itertools import count

import pytest
from application.domain.ids import Owner
from application.form import EXAMPLE, ApplicationForm
from application.web.apply.steps import BY_NAME
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared.calendar import day_in_berlin
from shared.errors import Invalid
from shared.events import ApplicationSubmitted, EligibilityFormPublished
from shared.events.own_form import OwnForm, Page
from shared.own_forms.conditions import questions_for
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window
from support.outbox import told
from support.own_forms import VALUES, fitting, own_forms

BOUNDS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TYPED = st.one_of(st.sampled_from(("", "yes", "no", "unknown", "-1", "31.02.2026", "1.1.2026", "<b>", "9" * 30)),
                  st.text(max_size=40))  # fmt: skip
CHILD = {"benefits": ["WoGG"]}


def test_an_authority_may_speak_on_each_page_of_an_application_and_on_no_other() -> None:
    assert set(BY_NAME) == set(Page.__args__)  # type: ignore[attr-defined]


async def publish(place: FamilyPlace, content: OwnForm, version: int) -> None:
    await place.hear(EligibilityFormPublished(
        occurred_at=place.clock[0], authority_id="10261", version=version,
        valid_from=day_in_berlin(place.clock[0]).replace(month=1, day=1), content=content,
    ))  # fmt: skip


NUMBERS = count(1)


@BOUNDS
@given(own_forms(), st.data())
async def test_no_form_breaks_a_page_in_either_language_whatever_is_typed(
    place: FamilyPlace, form: dict[str, object], data: st.DataObject
) -> None:
    content = OwnForm.model_validate(form)
    await publish(place, content, next(NUMBERS))
    window = Window(place.browser().http)
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"})
    draft = window.path.rpartition("/")[0]
    await window.send({"grade": "03"})
    for language in ("de", "en"):
        for name, words in content.texts.items():
            await window.open(f"{draft}/{name}?language={language}")
            if window.step == name:
                assert words.model_dump()[language] in html.unescape(window.text)
        await window.open(f"{draft}/further?language={language}")
        if window.step == "further":
            await window.send({name: data.draw(TYPED) for name in asked_in(window, content)})
            assert window.answer.status_code in (200, 422), window.text
    await window.open(f"{draft}/further")
    if window.step == "further":
        known = {f"further-{each.key}": fitting(each)[1] for each in content.questions}
        await window.send({name: known[name] for name in asked_in(window, content)})
        assert window.answer.status_code == 200 and window.step != "further", window.text
    await window.open(f"{draft}/summary")
    assert window.answer.status_code == 200 and "/further" not in faults(window)


def asked_in(window: Window, content: OwnForm) -> list[str]:
    """Names of the fields on the page."""
    return [name for each in content.questions if f'name="{(name := f"further-{each.key}")}"' in window.text]


def faults(window: Window) -> str:
    """Of the summary."""
    return window.text.partition('id="errors"')[2].partition("</ul>")[0]


@BOUNDS
@given(own_forms(), st.dictionaries(st.sampled_from(("a", "b", "Ä", "further")), VALUES, max_size=3))
async def test_what_fits_is_taken_and_told_and_anything_else_is_refused(
    place: FamilyPlace, form: dict[str, object], anything: dict[str, object]
) -> None:
    content, number = OwnForm.model_validate(form), next(NUMBERS)
    await publish(place, content, number)
    body = EXAMPLE | CHILD
    school = await place.workflow.directory.school(str(body["school_number"]))
    asked = questions_for(content, body | {"school_form": school.form})
    answers = {each.key: fitting(each)[0] for each in asked}
    await submit(place, body | {"further": answers}, f"key-{number}")
    event = told(place.database, ApplicationSubmitted)[-1]
    assert ({each.key: each.value for each in event.further.answers} if event.further else {}) == answers
    with pytest.raises(Invalid):
        await submit(place, body | {"further": answers | {"not_a_key_of_it": "x"}}, f"other-{number}")
    with suppress(ValueError, Invalid):
        await submit(place, body | {"further": anything}, f"any-{number}")


async def submit(place: FamilyPlace, body: dict[str, object], key: str) -> None:
    form = ApplicationForm.model_validate_json(json.dumps(body))
    await place.workflow.applications.submit(Owner("parent-1"), key, form, place.clock[0])
