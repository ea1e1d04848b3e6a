"""What a pre-check says, over HTTP, beside what an application with the same facts comes to; and that nothing is kept."""

import random
from datetime import date

import httpx
import pytest
from eligibility.workflow import MeasuredRoutes
from support.application import directory
from support.both_services import BothServices
from support.databases import rows_of_all_tables
from support.eligibility import small_place
from support.family_messages import BODY, BOTH, HOME
from support.json import text
from support.making import make

ASKED = {"address": HOME, "school_number": "100004", "school_year": "2026/27", "grade": "07", "track": "GY9"}
DRAWS = 40


async def look(both: BothServices, language: str = "de", **changes: object) -> httpx.Response:
    body = {key: value for key, value in (ASKED | changes).items() if value is not None}
    return await both.http.post("/v1/prechecks", json=body, headers={"Accept-Language": language})


def drawn(dice: random.Random) -> tuple[float, dict[str, object]]:
    """Metres to the school, and what is told; half of the ways are near a limit."""
    near = dice.choice((2000, 3500, 5000))
    metres = near + dice.uniform(-200, 200) if dice.random() < 0.5 else dice.uniform(300, 9000)
    primary = dice.random() < 0.4
    told: dict[str, object] = {
        "school_number": "100001" if primary else "100004",
        "grade": f"{dice.randint(1, 4):02}" if primary else dice.choice(("05", "08", "10", "EF", "Q1")),
        "track": None if primary else dice.choice(("GY9", None)),
    }
    for flag in ("special_needs", "severely_disabled"):
        if dice.random() < 0.1:
            told[flag] = True
    return metres, told


@BOTH
async def test_it_says_what_an_application_with_these_facts_comes_to(both: BothServices) -> None:
    dice, seen = random.Random(17), set()
    for number in range(DRAWS):
        metres, told = drawn(dice)
        both.world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
        said = (await make(look, both, **told)).json()
        of_age = {"01": 2020, "05": 2015, "08": 2012, "10": 2010, "EF": 2010, "Q1": 2009}
        grade = text(told["grade"])
        year = of_age.get(grade, 2020 - int(grade) + 1 if grade.isdigit() else 2010)
        pupil = {
            "first_name": "Ana",
            "last_name": small_place.family_name(5000 + number),
            "birth_date": f"{year}-02-28",
        }
        form = {key: value for key, value in (BODY | told | {"pupil": pupil}).items() if value is not None}
        key = {"Idempotency-Key": f"key-1234567{number}"}
        taken = await both.http.post("/v1/applications", json=form, headers=both.headers | key)
        assert taken.status_code == 201, taken.text
        await both.deliver_all()
        case = both.world.case_of(taken.json()["id"])
        decision = both.world.decision_if_any(taken.json()["id"])
        became = "person" if case.state == "review" or decision is None else decision.outcome
        assert said["outlook"] == became, (metres, told, said, case.reasons)
        assert said["distance_m"] == metres
        assert said["limit_m"] == (decision.limit_m if decision else said["limit_m"])
        if decision is not None and became == "granted":
            assert said["own_share_cents"] == decision.own_share_cents
        seen.add(became)
    assert seen == {"granted", "refused", "person"}


@BOTH
async def test_nothing_of_it_is_kept(both: BothServices) -> None:
    databases = both.database, both.world.database
    before = [rows_of_all_tables(each.url) for each in databases]
    for metres in (500.0, 3500.0, 6000.0):
        both.world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
        assert (await look(both)).status_code == 200
    assert [rows_of_all_tables(each.url) for each in databases] == before
    assert both.on_the_way() == []


@BOTH
async def test_what_is_told_of_siblings_and_benefits_counts_as_proven_and_its_proof_is_named(
    both: BothServices,
) -> None:
    sibling = {"birth_date": "2010-05-05", "funded": True}
    plain = (await look(both, birth_date="2013-02-28")).json()
    second = (await look(both, birth_date="2013-02-28", siblings=[sibling])).json()
    free = (await look(both, benefits=["SGB XII"])).json()
    assert [each["own_share_cents"] for each in (plain, second, free)] == [1400, 700, 0]
    assert plain["documents"] == [] and "Bescheid über Sozialleistungen" in free["documents"]


@BOTH
@pytest.mark.parametrize(("told", "cents"), [({"counts_first": True}, 700), ({"counts_first": False}, 1400)])
async def test_which_of_twins_counts_first_is_not_asked_again_where_it_is_told(
    both: BothServices, told: dict[str, bool], cents: int
) -> None:
    twin = {"birth_date": "2013-02-28", "funded": True}
    asked = (await look(both, birth_date="2013-02-28", siblings=[twin])).json()
    assert asked["outlook"] == "person" and asked["questions"]
    said = (await look(both, birth_date="2013-02-28", siblings=[twin | told])).json()
    assert (said["outlook"], said["own_share_cents"]) == ("granted", cents)


@BOTH
async def test_a_sibling_counts_only_for_the_days_on_which_it_has_its_ticket(both: BothServices) -> None:
    sibling = {"birth_date": "2010-05-05", "funded": True}
    before = {"funded_from": "2026-08-01", "funded_until": "2026-08-31"}
    whole = (await look(both, birth_date="2013-02-28", siblings=[sibling], school_year="2027/28")).json()
    over = (await look(both, birth_date="2013-02-28", siblings=[sibling | before], school_year="2027/28")).json()
    assert [each["own_share_cents"] for each in (whole, over)] == [700, 1400]


@BOTH
@pytest.mark.parametrize(("since", "status"), [(date(2027, 7, 31), 200), (date(2027, 8, 1), 422)])
async def test_a_school_that_opens_after_the_school_year_is_refused_as_an_application_there_would_be(
    both: BothServices, since: date, status: int
) -> None:
    opens = directory.school("100004", "GY", authority_id="12345", operation="3", operation_since=since)
    directory.fill(both.database, opens)
    answer = await look(both)
    assert answer.status_code == status
    if status == 422:
        assert [each["field"] for each in answer.json()["problems"]] == ["school_number"]
        assert "ein anderes Schuljahr" in answer.json()["problems"][0]["detail"]


@BOTH
async def test_of_an_address_that_is_not_found_it_asks_which_one_is_meant_and_believes_who_says_it_is_right(
    both: BothServices,
) -> None:
    missed = HOME | {"street": "Kirschstraße"}
    asked = await look(both, address=missed)
    assert asked.status_code == 422
    (problem,) = asked.json()["problems"]
    assert problem["field"] == "address" and problem["candidates"][0]["street"] == "Kirchstraße"
    right = (await look(both, address=missed | {"confirmed": True})).json()
    assert right["outlook"] == "person" and right["distance_m"] is None and right["map"] is None
    new = (await look(both, address=HOME | {"street": "Nirgendweg"})).json()
    assert new["outlook"] == "person" and new["questions"]


@BOTH
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"school_number": "999999"}, "school_number"),
        ({"grade": "02"}, "grade"),
        ({"birth_date": "2150-01-01"}, "birth_date"),
        ({"school_year": "2019/20"}, "school_year"),
        ({"address": HOME | {"street": "Postfach 12"}}, "address.street"),
        ({"address": HOME | {"postal_code": "3310"}}, "address.postal_code"),
        ({"name": "Jānis"}, "name"),
        ({"siblings": [{"birth_date": "2010-05-05", "funded": True}] * 21}, "siblings"),
        ({"special_needs": "yes"}, "special_needs"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(both: BothServices, changes: dict[str, object], field: str) -> None:
    answer = await make(look, both, **changes)
    assert answer.status_code == 422
    assert field in [each["field"] for each in answer.json()["problems"]]


@BOTH
async def test_where_nobody_answers_it_says_so_and_that_one_may_apply(both: BothServices) -> None:
    both.asks.there = False
    answer = await look(both)
    assert answer.status_code == 503 and answer.headers["retry-after"] == "60"
    assert "stellen Sie den Antrag gleich" in answer.json()["detail"]


@BOTH
async def test_it_speaks_the_language_that_is_asked_for(both: BothServices) -> None:
    both.world.measurer.answer = MeasuredRoutes(small_place.measurement(500.0))
    german, english = await look(both), await look(both, language="en")
    assert any("Schulweg" in each["text"] or "Fußweg" in each["text"] for each in german.json()["reasons"])
    assert any("walk" in each["text"] for each in english.json()["reasons"])
    assert english.headers["content-language"] == "en"


@BOTH
async def test_an_answer_that_would_be_too_long_for_the_bus_comes_without_its_map(both: BothServices) -> None:
    far = [[8.75 + step / 100_000, 51.71 + step / 100_000] for step in range(4000)]
    long = small_place.measurement(9000.0, geometry={"type": "LineString", "coordinates": far})
    both.world.measurer.answer = MeasuredRoutes(long)
    said = (await look(both)).json()
    assert said["outlook"] == "granted" and said["map"] is None
