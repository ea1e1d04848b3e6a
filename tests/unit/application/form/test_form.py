"""Every field says in German and English what is wrong with it, and repeats nothing."""

import json
from collections.abc import Callable
from copy import deepcopy

import httpx
import pytest
from application.form import EXAMPLE, ApplicationForm, fingerprint
from pydantic import ValidationError
from support.json import mapping, walked

Header = Callable[..., dict[str, str]]
LONG = "x" * 500


def at(body: dict[str, object], path: str, value: object) -> dict[str, object]:
    """`body` with the field at `path` set to `value`; the class `dict` stands for leaving it out."""
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = walked(body)
    for part in parents:
        place = place[part]
    if value is dict:
        del place[last]
    else:
        place[last] = value
    return body


FAULTS: list[tuple[str, object, str, str]] = [
    # field, value, part of the German text, part of the English text
    ("guardian", dict, "fehlt", "missing"),
    ("guardian.last_name", "", "mindestens einen Buchstaben", "at least one letter"),
    ("guardian.last_name", "K4rin", "ohne Ziffern", "without digits"),
    ("guardian.last_name", None, "Text erwartet", "text is expected"),
    ("guardian.first_name", "Ka\u202erin", "unsichtbare Zeichen", "invisible characters"),
    ("guardian.email", "kein.at.example", "E-Mail-Adresse", "e-mail address"),
    ("guardian.address", "Hauptstraße 5", "Gruppe von Angaben", "group of fields"),
    ("pupil", dict, "fehlt", "missing"),
    ("pupil.last_name", "Анна", "lateinischen Buchstaben", "Latin letters"),
    ("pupil.last_name", "A😀", "Zeichen, die in Namen nicht vorkommen", "signs that names do not have"),
    ("pupil.last_name", LONG, "zu lang", "too long"),
    ("pupil.first_name", "\x00", "unsichtbare Zeichen", "invisible characters"),
    ("pupil.birth_date", "2015-02-29", "das es gibt", "date that exists"),
    ("pupil.birth_date", "29.02.2015", "das es gibt", "date that exists"),
    ("pupil.birth_date", "2016-00-12", "das es gibt", "date that exists"),
    ("pupil.birth_date", "2016-13-00", "schreiben Sie 2015 oder 06.2015", "write 2015"),
    ("pupil.birth_date", 1456704000, "das es gibt", "date that exists"),
    ("pupil.birth_date", "2016-02-29T00:00:00", "das es gibt", "date that exists"),
    ("pupil.birth_date", "2999-00-00", "in der Zukunft", "in the future"),
    ("pupil.birth_date", "1987-00-00", "passen nicht zusammen", "do not go together"),
    ("wanted_from", "31.02.2027", "31.08.2030", "31.08.2030"),
    ("pupil.birth_date", "2999-01-01", "in der Zukunft", "in the future"),
    ("pupil.birth_date", "1890-01-01", "sehr lange zurück", "very long ago"),
    ("pupil.birth_date", "1987-05-05", "passen nicht zusammen", "do not go together"),
    ("pupil.birth_date", "2021-05-05", "passen nicht zusammen", "do not go together"),
    ("pupil.gender", "x", "Möglich ist hier", "Possible here"),
    ("home.street", "", "fehlt der Name", "name is missing"),
    ("home.street", "Am\u200bMarkt", "unsichtbare Zeichen", "invisible characters"),
    ("home.house_number", "zwölf", "Hausnummer", "house number"),
    ("home.house_number", "", "Hausnummer", "house number"),
    ("home.postal_code", "3360", "fünf Ziffern", "five digits"),
    ("home.postal_code", "00999", "fünf Ziffern", "five digits"),
    ("home.postal_code", "٣٣٦٠٢", "fünf Ziffern", "five digits"),
    ("home.city", "Бонн", "lateinischen Buchstaben", "Latin letters"),
    ("school_number", "12", "sechs Ziffern", "six digits"),
    ("school_number", "999999", "gibt es im Schulverzeichnis nicht", "not in the register"),
    ("school_number", "100004", "keinen Schulbetrieb mehr", "has closed"),
    ("school_number", "100003", "nimmt hier noch keine Anträge an", "does not take applications here yet"),
    ("grade", "14", "Diese Klasse gibt es nicht", "no such grade"),
    ("grade", "007", "zweistellig", "two digits"),
    ("grade", "77", "Diese Klasse gibt es nicht", "no such grade"),
    ("grade", "01", "Möglich sind: 05", "Possible grades: 05"),
    ("grade", "11", "EF, Q1, Q2", "EF, Q1, Q2"),
    ("track", "G9", "Möglich ist hier", "Possible here"),
    ("course", {"annex": "C", "full_time": True}, "nur am Berufskolleg", "vocational college"),
    ("school_year", "2026/28", "in der Form 2026/27", "in the form 2026/27"),
    ("school_year", "2026", "in der Form 2026/27", "in the form 2026/27"),
    ("school_year", "2046/47", "laufende", "present"),
    ("wanted_from", "2026-07-31", "außerhalb des Schuljahres", "outside the school year"),
    ("wanted_from", "2027-08-01", "außerhalb des Schuljahres", "outside the school year"),
    ("claims.health.weeks", 0, "mindestens 1", "at least 1"),
    ("claims.health.weeks", "zwölf", "ganze Zahl", "whole number"),
    ("claims.dangerous_route", "ja", "ja oder nein", "true"),
    ("lives_in_nrw", 1, "ja oder nein", "true"),
    ("siblings", [{"birth_date": "2010-01-01", "funded": True}] * 21, "zu viele Einträge", "too many entries"),
    ("siblings.0.birth_date", "2999-01-01", "in der Zukunft", "in the future"),
    ("benefits", ["Sozialhilfe"], "Möglich ist hier", "Possible here"),
    ("medium", "plastic", "Möglich ist hier", "Possible here"),
    ("consents.0.text_id", "<b>", "kurze Kennung", "short code"),
    ("consents.0.accepted_at", "2026-06-01T10:00:00", "Datum und Uhrzeit mit Zeitzone", "date and time"),
    ("consents.0.accepted_at", "2999-06-01T10:00:00Z", "in der Zukunft", "in the future"),
    ("language", "fr", "Möglich ist hier", "Possible here"),
    ("shoe_size", 38, "nicht vorgesehen", "not expected"),
    ("pupil.shoe_size", 38, "nicht vorgesehen", "not expected"),
]


@pytest.mark.parametrize(("field", "value", "german", "english"), FAULTS, ids=lambda each: str(each)[:30])
async def test_a_wrong_field_is_named_and_explained_in_both_languages(
    http: httpx.AsyncClient,
    bearer: Header,
    body: dict[str, object],
    field: str,
    value: object,
    german: str,
    english: str,
) -> None:
    at(body, field, value)
    for language, part in (("de", german), ("en", english)):
        headers = {**bearer(), "Idempotency-Key": "key-12345678", "Accept-Language": language}
        answer = await http.post("/v1/applications", json=body, headers=headers)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        problems = {each["field"]: each["detail"] for each in answer.json()["problems"]}
        told = [detail for name, detail in problems.items() if name == field or name.startswith(field + ".")]
        assert told and part in told[0], problems
        if isinstance(value, str) and len(value) > 6:
            assert value not in answer.text


async def test_all_that_is_wrong_is_told_at_once(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object]
) -> None:
    at(body, "guardian.last_name", "7")
    at(body, "school_number", "100001")
    at(body, "grade", "EF")
    at(body, "wanted_from", "2020-01-01")
    at(body, "course", {"annex": "A", "full_time": True})
    at(body, "siblings", [{"birth_date": "2999-01-01", "funded": False}])
    answer = await http.post("/v1/applications", json=body, headers={**bearer(), "Idempotency-Key": "key-12345678"})
    assert {each["field"] for each in answer.json()["problems"]} == {
        "guardian.last_name", "grade", "track", "course", "wanted_from", "siblings.0.birth_date",
    }  # fmt: skip


def test_the_example_of_the_documentation_is_complete() -> None:
    form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
    assert form.pupil.birth_date.isoformat() == "2016-02-29"


def test_what_may_be_left_out_may_be_left_out() -> None:
    least = deepcopy(EXAMPLE)
    for field in set(least) - {"guardian", "pupil", "home", "school_number", "grade", "school_year", "wanted_from"}:
        del least[field]
    least["guardian"] = {"last_name": "Sukarno"}
    least["pupil"] = {"last_name": "Sukarno", "birth_date": "2014-12-31"}
    form = ApplicationForm.model_validate_json(json.dumps(least))
    assert form.pupil.first_name == form.guardian.first_name == ""
    assert form.medium == "wallet"
    assert form.claims.health is None


def test_the_order_of_keys_and_omitted_defaults_make_no_other_form() -> None:
    bare = deepcopy(EXAMPLE)
    del bare["special_needs"], bare["language"]
    shuffled = json.dumps(dict(reversed(bare.items())), indent=3)
    assert fingerprint(ApplicationForm.model_validate_json(shuffled)) == fingerprint(
        ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
    )


@pytest.mark.parametrize(
    "number", ["1", "12a", "12 a", "7-9", "7a-9c", "3 1/2", "5½", "12/2", "1004", "8 A-C", "o. Nr.", "17+19"]
)
def test_a_german_house_number_is_taken(number: str, body: dict[str, object]) -> None:
    mapping(body["home"])["house_number"] = number
    assert ApplicationForm.model_validate_json(json.dumps(body)).home.house_number == number


@pytest.mark.parametrize("city", ["Bad Oeynhausen", "Halle (Westf.)", "Mülheim an der Ruhr", "Nettetal/Lobberich"])
def test_a_town_is_taken_as_it_is_written(city: str, body: dict[str, object]) -> None:
    mapping(body["home"])["city"] = city
    assert ApplicationForm.model_validate_json(json.dumps(body)).home.city == city


async def test_the_documentation_shows_the_body_with_german_words_and_an_example(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    content = document["paths"]["/v1/applications"]["post"]["requestBody"]["content"]["application/json"]
    assert content["examples"]["grammar_school"]["value"] == EXAMPLE
    schemas = document["components"]["schemas"]
    form = schemas[content["schema"]["$ref"].rpartition("/")[2]]
    assert form["additionalProperties"] is False
    assert all("description" in each or "$ref" in each for each in form["properties"].values())
    assert schemas["Pupil"]["properties"]["birth_date"]["pattern"]


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("grade", "6", "06"),
        ("grade", "q1", "Q1"),
        ("home.postal_code", "336 02", "33602"),
        ("wanted_from", "2.9.2026", "2026-09-02"),
        ("pupil.birth_date", "29.02.2016", "2016-02-29"),
        ("pupil.birth_date", "2016", "2016-00-00"),
        ("pupil.birth_date", "00.00.2016", "2016-00-00"),
        ("pupil.birth_date", "2016-00-00", "2016-00-00"),
        ("pupil.birth_date", "06.2016", "2016-06-00"),
        ("pupil.birth_date", "00.06.2016", "2016-06-00"),
        ("pupil.birth_date", "2016-06", "2016-06-00"),
        ("pupil.birth_date", "2016-06-00", "2016-06-00"),
        ("siblings.0.birth_date", "00.00.2013", "2013-00-00"),
        ("grade", "6a", "06"),
        ("grade", "7. Klasse", "07"),
        ("grade", "Klasse 10 ", "10"),
        ("school_year", "2026/2027", "2026/27"),
        ("school_year", "2026-27", "2026/27"),
        ("home.postal_code", "D-33602", "33602"),
        ("home.house_number", "Nr. 56a", "56a"),
        ("wanted_from", "2. September 2026", "2026-09-02"),
        ("pupil.birth_date", "2016-2-9", "2016-02-09"),
        ("pupil.birth_date", "29. Februar 2016", "2016-02-29"),
        ("pupil.birth_date", "Juni 2016", "2016-06-00"),
        ("pupil.birth_date", "06/2016", "2016-06-00"),
        ("pupil.birth_date", "XX.XX.2016", "2016-00-00"),
        ("pupil.birth_date", "--.06.2016", "2016-06-00"),
        ("pupil.birth_date", "2016-XX-XX", "2016-00-00"),
        ("pupil.birth_date", "28,2,2016", "2016-02-28"),
        ("pupil.birth_date", "28 02 2016", "2016-02-28"),
        ("pupil.birth_date", "28022016", "2016-02-28"),
        ("pupil.birth_date", "02,2016", "2016-02-00"),
        ("wanted_from", "01,09,2026", "2026-09-01"),
    ],
)
def test_what_is_obviously_meant_is_taken(field: str, typed: str, kept: str) -> None:
    body = json.loads(json.dumps(EXAMPLE))
    at(body, field, typed)
    said = json.loads(ApplicationForm.model_validate_json(json.dumps(body)).model_dump_json())
    for part in field.split("."):
        said = said[int(part) if part.isdigit() else part]
    assert said == kept


@pytest.mark.parametrize("written", ["1.-.2016", "XX.2016.06", "Augustin 2016", "2016-00-15", "06/15/2016", "14.09.16"])
def test_a_birth_date_that_may_be_read_in_two_ways_is_asked_again(written: str) -> None:
    body = json.loads(json.dumps(EXAMPLE))
    at(body, "pupil.birth_date", written)
    with pytest.raises(ValidationError):
        ApplicationForm.model_validate_json(json.dumps(body))


@pytest.mark.parametrize(
    ("street", "number", "kept"),
    [
        ("Grundweg 56a", "56A", "Grundweg"),
        ("Königsberger Straße 7", "7", "Königsberger Straße"),
        ("Straße 46", "46", "Straße 46"),
        ("Platz des 17. Juni", "17", "Platz des 17. Juni"),
        ("Grundweg 5", "15", "Grundweg 5"),
        ("Weg Nr15", "15", "Weg Nr15"),
    ],
)
def test_a_number_behind_the_street_too_is_read_once(street: str, number: str, kept: str) -> None:
    body = json.loads(json.dumps(EXAMPLE))
    at(body, "home.street", street)
    at(body, "home.house_number", number)
    assert ApplicationForm.model_validate_json(json.dumps(body)).home.street == kept
