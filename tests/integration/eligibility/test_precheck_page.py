"""The pre-check's page as a browser without JavaScript uses it: what is asked, what is shown, and what is never lost."""

import html
import re

import httpx
import pytest
from eligibility.workflow import MeasuredRoutes
from support.both_services import BothServices
from support.eligibility import small_place
from support.family_messages import HOME

FILLED = HOME | {"school": "100004", "grade": "07", "school_year": "2026/27"}
NAME = "Gymnasium am Alten Markt, Bielefeld"
FIELD = re.compile(r"<input([^>]*)>|<select[^>]*name=\"(?P<select>[^\"]+)\"[^>]*>(?P<options>.*?)</select>", re.DOTALL)


async def send(both: BothServices, **fields: str) -> httpx.Response:
    return await both.http.post("/family/precheck", data=fields, headers={"Accept-Language": "de"})


def typed(page: str) -> dict[str, str]:
    """What the form on the page would send again, without its buttons."""
    found: dict[str, str] = {}
    for each in FIELD.finditer(page):
        if each["select"]:
            chosen = re.search(r'value="([^"]*)" selected', each["options"])
            found[each["select"]] = chosen[1] if chosen else ""
            continue
        attributes = {key: html.unescape(value) for key, value in re.findall(r'([a-z_-]+)="([^"]*)"', each[1])}
        if attributes.get("type") in ("checkbox", "radio") and " checked" not in each[1]:
            continue
        if "name" in attributes:
            found[attributes["name"]] = attributes.get("value", "")
    return found


async def test_filled_in_it_tells_the_outlook_the_way_and_what_it_rests_on(both: BothServices) -> None:
    both.world.measurer.answer = MeasuredRoutes(small_place.measurement(3500.04))
    answer = await send(both, **FILLED)
    assert answer.status_code == 200
    assert "3.500,04\N{NO-BREAK SPACE}m" in answer.text and "3.500\N{NO-BREAK SPACE}m" in answer.text
    assert "<svg" in answer.text and "SchfkVO" in answer.text and "Gespeichert wurde nichts." in answer.text


@pytest.mark.parametrize(
    ("metres", "said"),
    [(6000.0, "bekommt das Kind ein Ticket."), (500.0, "bekommt das Kind kein Ticket."), (3510.0, "ein Mensch")],
)
async def test_each_outlook_has_its_words(both: BothServices, metres: float, said: str) -> None:
    both.world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
    assert said in (await send(both, **FILLED)).text


async def test_of_several_schools_one_is_chosen_and_nothing_that_was_typed_is_lost(both: BothServices) -> None:
    several = await send(both, **FILLED | {"school": "Gymnasium Bielefeld"})
    choices = re.findall(r'name="school_number" id="school-(\d+)"', several.text)
    assert len(choices) > 1
    again = typed(several.text)
    assert {name: again[name] for name in FILLED} == FILLED | {"school": "Gymnasium Bielefeld"}
    assert "bekommt das Kind" in (await send(both, **again | {"school_number": "100004"})).text


async def test_another_name_typed_afterwards_counts_more_than_the_school_chosen_before(both: BothServices) -> None:
    chosen = FILLED | {"school": "100007", "searched": "100004", "school_number": "100004"}
    answer = await send(both, **chosen)
    assert typed(answer.text)["school_number"] == "100007"


@pytest.mark.parametrize(
    "left", [{"annex": "A", "full_time": "no"}, {"school": "100001", "grade": "03", "track": "GY9"}]
)
async def test_what_only_the_school_chosen_before_was_asked_is_told_of_no_other(
    both: BothServices, left: dict[str, str]
) -> None:
    """The page of the new school has no such field, in which it could be taken back."""
    answer = await send(both, **FILLED | left)
    assert answer.status_code == 200 and "bekommt das Kind" in answer.text
    assert not {"annex", "full_time"} & typed(answer.text).keys()


async def test_an_address_that_is_not_found_is_chosen_or_confirmed(both: BothServices) -> None:
    missed = await send(both, **FILLED | {"street": "Kirschstraße"})
    assert missed.status_code == 422
    meant = re.search(r'name="meant" id="meant-1" value="([^"]+)"', missed.text)
    assert meant is not None
    again = typed(missed.text)
    assert "bekommt das Kind ein Ticket" in (await send(both, **again | {"meant": html.unescape(meant[1])})).text
    assert "ein Mensch" in (await send(both, **again | {"meant": "typed"})).text


async def test_each_fault_stands_at_its_field_with_a_link_to_it(both: BothServices) -> None:
    wrong = FILLED | {"postal_code": "331", "grade": "", "birth_date": "31.02.2015", "sibling_0": "morgen"}
    answer = await send(both, **wrong)
    assert answer.status_code == 422
    for name in ("postal_code", "grade", "birth_date", "sibling_0"):
        assert f'href="#{name}"' in answer.text and f'id="{name}-error"' in answer.text, name
    assert "<details open>" in answer.text
    assert {name: typed(answer.text)[name] for name in wrong} == wrong | {"school": NAME}
    assert "Klasse: " in answer.text and "Postleitzahl: " in answer.text


@pytest.mark.parametrize("school", ["", "x", "Gibt es nicht"])
async def test_a_school_that_is_not_found_is_asked_for_anew(both: BothServices, school: str) -> None:
    answer = await send(both, **FILLED | {"school": school})
    assert 'id="school-error"' in answer.text and typed(answer.text)["street"] == HOME["street"]


async def test_the_other_language_and_the_way_back_keep_what_was_typed(both: BothServices) -> None:
    form = await send(both, **FILLED, shown_language="de", language="en")
    assert '<html lang="en">' in form.text and typed(form.text)["street"] == HOME["street"]
    answer = await send(both, **FILLED)
    english = await send(both, **typed(answer.text) | {"language": "en"})
    assert '<html lang="en">' in english.text and "will probably get a ticket" in english.text
    back = await send(both, **typed(answer.text) | {"change": "yes"})
    assert {name: typed(back.text)[name] for name in FILLED} == FILLED | {"school": NAME}


async def test_where_nobody_answers_the_form_stays_filled_in_and_says_that_one_may_apply(both: BothServices) -> None:
    both.asks.there = False
    answer = await send(both, **FILLED)
    assert answer.status_code == 503 and answer.headers["retry-after"] == "60"
    assert "stellen Sie den Antrag gleich" in answer.text and typed(answer.text)["street"] == HOME["street"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"street=%FF%FE", "application/x-www-form-urlencoded"),
        (b"a=1&" * 200, "application/x-www-form-urlencoded"),
        (b"street=" + b"x" * 20_000, "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"", "text/plain"),
    ],
)
async def test_what_no_browser_sends_gets_a_page_that_says_so(both: BothServices, content: bytes, kind: str) -> None:
    answer = await both.http.post("/family/precheck", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 422 and "<form" in answer.text and "Das Formular ist nicht lesbar." in answer.text


async def test_what_is_typed_is_shown_as_typed_and_never_as_markup(both: BothServices) -> None:
    evil = '"><script>alert(1)</script>'
    answer = await send(both, **FILLED | {"street": evil, "school": evil})
    assert "<script" not in answer.text and typed(answer.text)["street"] == evil


async def test_pages_are_kept_nowhere_and_run_nothing(both: BothServices) -> None:
    for answer in (await both.http.get("/family/precheck"), await send(both, **FILLED)):
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert "script-src" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert len(answer.content) < 100_000


@pytest.mark.parametrize("field", ["school", "school_number", "street"])
async def test_a_form_with_a_character_that_no_database_takes_is_told_to_be_unreadable(
    both: BothServices, field: str
) -> None:
    answer = await send(both, **FILLED | {field: "100\x00004"})
    assert answer.status_code == 422 and "nicht lesbar" in answer.text
