"""What a family tells of bus, train and car reaches the rules."""

import pytest
from eligibility.workflow import PersonsDecision
from shared.errors import Conflict
from shared.events import (
    EligibilityGranted,
    Transport,
)
from support.eligibility import small_place as make
from support.eligibility.deciding import LONG, REASONABLE, decided, questions, texts
from support.eligibility.office import ANNA
from support.eligibility.world import World
from support.making import changed

CAR = {"kind": "car", "kilometres_one_way": 10.0, "school_days_a_month": 20}


async def test_a_family_that_wants_a_car_is_asked_what_speaks_against_bus_and_train(world: World) -> None:
    event = await decided(world, LONG, transport=Transport(kind="car"))
    assert questions(world, event) == ["transport"]
    assert "Fußweg zur Haltestelle" in texts(world, event)


async def test_where_bus_and_train_are_reasonable_a_car_is_not_paid_for(world: World) -> None:
    event = await decided(world, LONG, transport=Transport(**REASONABLE))
    assert isinstance(world.told()[0], EligibilityGranted)
    assert "ein anderes Verkehrsmittel wird daher nicht bezahlt" in texts(world, event)


@pytest.mark.parametrize("unknown", ["public_available", "walk_to_stops_m", "minutes_a_day", "minutes_one_way",
                                     "waiting_minutes", "leaves_home_at"])  # fmt: skip
async def test_what_is_not_said_of_bus_and_train_is_asked(world: World, unknown: str) -> None:
    event = await decided(world, LONG, transport=Transport(**{**REASONABLE, unknown: None}))
    assert questions(world, event) == ["transport"]


@pytest.mark.parametrize(
    ("against", "said"),
    [
        ({"walk_to_stops_m": 1000.5}, "Fußwege zu und von den Haltestellen"),
        ({"minutes_a_day": 181}, "181 Minuten"),
        ({"minutes_one_way": 61, "minutes_a_day": 122}, "einfache Weg dauert 61"),
        ({"waiting_minutes": 46}, "Wartezeit beträgt 46"),
        ({"leaves_home_at": "05:59"}, "05:59"),
        ({"public_available": False}, "fahren keine öffentlichen Verkehrsmittel"),
    ],
)
async def test_what_speaks_against_bus_and_train_is_confirmed_by_a_person_with_the_allowance(
    world: World, against: dict[str, object], said: str
) -> None:
    event = await decided(world, LONG, transport=Transport(**REASONABLE | against))
    assert questions(world, event) == ["transport"]
    assert said in texts(world, event)
    assert "0,13 Euro je Kilometer gezahlt, bei 40 Fahrten im Monat 52,00 Euro" in texts(world, event).replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"rides_a_day": 4}, "80 Fahrten"),
        ({"passengers": 2}, "0,19 Euro je Kilometer"),
        ({"kind": "bicycle"}, "0,03 Euro je Kilometer"),
        ({"school_days_a_month": 10}, "20 Fahrten"),
        ({"kilometres_one_way": 5.0}, "26,00 Euro"),
    ],
)
async def test_the_allowance_counts_rides_kilometres_days_and_passengers(
    world: World, more: dict[str, object], said: str
) -> None:
    wish = Transport(**REASONABLE | {"public_available": False} | more)
    event = await decided(world, LONG, transport=wish)
    assert said in texts(world, event).replace("\u00a0", " ")


async def test_where_the_authority_runs_a_bus_of_its_own_no_allowance_is_named(world: World) -> None:
    wish = Transport(**REASONABLE | {"public_available": False, "special_available": True})
    event = await decided(world, LONG, transport=wish)
    assert "Schulbus des Schulträgers" in texts(world, event)
    assert questions(world, event) == ["transport"]


async def test_a_disability_that_rules_out_bus_and_train_is_shown_to_a_person_and_not_taken_as_proven(
    world: World,
) -> None:
    event = await decided(world, LONG, transport=Transport(**REASONABLE, public_unsuitable=True))
    assert questions(world, event) == ["transport"]
    assert "Was belegt das Attest" in texts(world, event)
    assert "public_unsuitable_proven" not in world.case_of(event.application_id).facts["transport"]


@pytest.mark.parametrize(
    "instead",
    [
        {"kilometres_one_way": 1.0},
        {"kind": "bicycle"},
        {"school_days_a_month": 1},
    ],
)
async def test_an_allowance_becomes_less_only_after_a_hearing(world: World, instead: dict[str, object]) -> None:
    """By a person, of a grant in force, after the family has told of a change."""
    wish = REASONABLE | {"public_available": False}
    event = await decided(world, LONG, transport=Transport(**wish))
    case = world.case_of(event.application_id).id
    by_car = PersonsDecision("granted", "Kein Bus fährt.", "§ 13 SchfkVO", transport="car", own_share_cents=0)
    await world.desk.decide(ANNA, case, by_car)
    await world.hear(make.changed(event, transport=Transport(**wish | instead), change_number=1))
    again = changed(by_car, transport=instead.get("kind", "car"))
    with pytest.raises(Conflict, match="becomes less"):
        await world.desk.decide(ANNA, case, again)
