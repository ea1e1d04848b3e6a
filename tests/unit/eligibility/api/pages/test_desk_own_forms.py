"""An authority's own form on pages: from a draft with mistakes to what families see, by a second person."""

import json
from typing import get_args

import pytest
from eligibility.web.own_forms_view import PAGES
from shared.events.own_form import Page
from support.eligibility.desk import Desk
from support.json import text, walked
from support.own_forms import BUS, QUESTIONS
from support.pages import well_made

TEXT = json.dumps(BUS, ensure_ascii=False)


async def drafted(desk: Desk, text: str = TEXT) -> str:
    page = (await desk.get("/desk/own-forms")).text
    answer = await desk.send(page, "/desk/own-forms", text=text)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def test_each_page_of_an_application_has_a_name_at_the_desk() -> None:
    assert set(PAGES) == set(get_args(Page))


async def test_a_text_says_in_words_on_which_page_it_stands(desk: Desk) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk, '{"texts": {"guardian-home": {"de": "a", "en": "b"}}}')
    assert "Wohnung dessen, der den Antrag stellt (guardian-home)" in (await desk.get(path)).text


@pytest.mark.parametrize("language", ["de", "en"])
async def test_what_is_asked_is_read_over_before_it_is_published(desk: Desk, language: str) -> None:
    await desk.sign_in("ada")
    page = (await desk.get(f"/desk/own-forms?language={language}")).text
    well_made(page, language)
    path = await drafted(desk)
    page = (await desk.get(f"{path}?language={language}")).text
    well_made(page, language)
    for each in QUESTIONS:
        assert text(walked(each)["title"][language]) in page
    assert "&lt;b&gt;" in page and "<b>" not in page


async def test_a_mistake_is_shown_with_its_line_and_the_text_stays(desk: Desk) -> None:
    await desk.sign_in("ada")
    page = (await desk.get("/desk/own-forms")).text
    wrong = await desk.send(page, "/desk/own-forms", text="questions:\n- key: Linie 1")
    assert wrong.status_code == 422 and "Zeile 2, Spalte 3" in wrong.text and "key: Linie 1" in wrong.text
    path = await drafted(desk)
    page = (await desk.get(path)).text
    wrong = await desk.send(page, f"{path}/save", text="texts: {admin: {de: a, en: b}}")
    assert wrong.status_code == 422 and "Zeile 1" in wrong.text and "texts: {admin" in wrong.text
    saved = await desk.send(page, f"{path}/save", text="texts: {home: {de: a, en: b}}")
    assert saved.headers["location"].endswith("done=drafted")


async def test_a_second_person_publishes_it_once(desk: Desk) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk)
    alone = await desk.send((await desk.get(path)).text, f"{path}/publication", valid_from="20.05.2026")
    assert alone.status_code == 403 and "zweite Person" in alone.text
    other = desk.another()
    await other.sign_in("abel")
    page = (await other.get(path)).text
    for day, status in (("", 422), ("bald", 422), ("01.01.2020", 409)):
        wrong = await other.send(page, f"{path}/publication", valid_from=day)
        assert wrong.status_code == status, day
        well_made(wrong.text)
    for _ in range(2):
        done = await other.send(page, f"{path}/publication", valid_from="20.05.2026")
        assert done.headers["location"].endswith("done=published"), done.text
    shown = (await other.get(f"{path}?done=published")).text
    well_made(shown)
    assert "<textarea" not in shown and "Fassung 1" in shown and "sehen es die Familien" in shown


async def test_what_was_changed_after_it_was_read_is_read_once_more(desk: Desk) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk)
    other = desk.another()
    await other.sign_in("abel")
    page = (await other.get(path)).text
    saved = await desk.send((await desk.get(path)).text, f"{path}/save", text="texts: {home: {de: Neu, en: New}}")
    assert saved.status_code == 303, saved.text
    refused = await other.send(page, f"{path}/publication", valid_from="20.05.2026")
    assert refused.status_code == 409 and "nachdem Sie diese Seite" in refused.text and "Neu" in refused.text
    well_made(refused.text)
    over = await other.send(page, f"{path}/save", text="texts: {home: {de: Anders, en: Other}}")
    assert over.status_code == 409 and "So steht der Entwurf jetzt" in over.text
    assert "Neu" in over.text and "Anders" in over.text
    done = await other.send(refused.text, f"{path}/publication", valid_from="20.05.2026")
    assert done.headers["location"].endswith("done=published"), done.text


async def test_case_workers_read_it_and_write_nothing(desk: Desk) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk)
    worker = desk.another()
    await worker.sign_in("anna")
    assert "<textarea" not in (await worker.get(path)).text + (await worker.get("/desk/own-forms")).text
    assert 'href="/desk/own-forms"' in (await worker.get("/desk/rule-sets")).text


@pytest.mark.parametrize(("language", "said"), [("de", "mit Nachweis"), ("en", "with a document")])
async def test_what_is_demanded_of_who_applies_is_read_over_in_words(desk: Desk, language: str, said: str) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk, "demands: {trust: high, custody: document, both_guardians: true}")
    page = (await desk.get(f"{path}?language={language}")).text
    well_made(page, language)
    assert said in page
