"""A way of which an end is not sure has a band of doubt of its own: no refusal and no grant within it."""

from random import Random

import pytest
from eligibility import presets
from eligibility.rules import Rules
from eligibility.workflow import MeasuredRoutes
from geography.model import Measurement
from shared.errors import Invalid
from shared.events import Claims
from support.eligibility import small_place as make
from support.eligibility.deciding import around, listed, questions
from support.eligibility.world import World

FLAGS = ("school_point_not_entrance", "connector_from_over_50_m", "connector_to_over_50_m")


async def state(world: World, routes: MeasuredRoutes, **changes: object) -> str:
    world.measurer.answer = routes
    event = make.submitted(**changes)
    await world.hear(event)
    case = world.case_of(event.application_id)
    return "doubt" if "doubt" in questions(world, event) else case.state


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("metres", [1850.0, 1909.0, 1999.0, 2000.0, 2085.0, 2150.0])
async def test_within_150_metres_of_the_limit_a_person_looks(world: World, flag: str, metres: float) -> None:
    assert await state(world, MeasuredRoutes(make.measurement(metres, flags=(flag,)))) == "doubt"


@pytest.mark.parametrize(("metres", "expected"), [(1849.9, "prepared"), (2150.1, "granted")])
async def test_beyond_it_the_machine_decides(world: World, metres: float, expected: str) -> None:
    for flag in FLAGS:
        assert await state(world, MeasuredRoutes(make.measurement(metres, flags=(flag,)))) == expected


async def test_a_way_to_a_confirmed_entrance_keeps_the_ordinary_band(world: World) -> None:
    assert await state(world, MeasuredRoutes(make.measurement(1909.0))) == "prepared"
    assert await state(world, MeasuredRoutes(make.measurement(2085.0))) == "granted"
    openstreetmap = make.measurement(2085.0, flags=("entrance_from_openstreetmap",))
    assert await state(world, MeasuredRoutes(openstreetmap)) == "granted"


async def test_the_band_is_that_of_the_way_that_is_tested(world: World) -> None:
    unsure = {"flags": ("school_point_not_entrance",)}
    nearer = make.measurement(1900.0, **unsure)
    assert await state(world, MeasuredRoutes(make.measurement(1990.0 + 60), ("100003", nearer))) == "doubt"
    nearer = make.measurement(1900.0)
    assert await state(world, MeasuredRoutes(make.measurement(3000.0, **unsure), ("100003", nearer))) == "prepared"


async def test_a_claims_own_comparison_has_the_same_band(world: World) -> None:
    unsure = {"flags": ("school_point_not_entrance",)}
    # twice a way of 930 m is 1,860 m: a person looks, for each of the two may be longer
    twice = {"valid_from": "2005-08-01", "value": 2, "legal_basis": "Satzung", "source": "Satzung"}
    world.publish({}, parameters={"claims.afternoon_ways": [twice | {"certainty": "unverified"}]})
    afternoon = {"claims": Claims(afternoon_lessons=True)}
    assert await state(world, MeasuredRoutes(make.measurement(930.0, **unsure)), **afternoon) == "doubt"
    assert await state(world, MeasuredRoutes(make.measurement(840.0, **unsure)), **afternoon) == "prepared"
    world.publish({"danger_list": [listed()]}, version="2")
    for metres, expected in ((1860.0, "doubt"), (2140.0, "doubt"), (1840.0, "prepared"), (2160.0, "granted")):
        attended = around(metres).attended
        assert isinstance(attended, Measurement)
        way = make.measurement(1500.0, without_hazards=attended.without_hazards, **unsure)
        assert await state(world, MeasuredRoutes(way)) == expected, metres


async def test_an_authority_chooses_its_band_and_never_less_than_the_ordinary_one(world: World) -> None:
    unsure = {"flags": ("school_point_not_entrance",)}
    world.publish({"review_band_without_entrance_m": 20, "review_band_m": 10})
    assert await state(world, MeasuredRoutes(make.measurement(1950.0, **unsure))) == "prepared"
    assert await state(world, MeasuredRoutes(make.measurement(1985.0, **unsure))) == "doubt"
    world.publish({"review_band_m": 300}, version="2")
    assert await state(world, MeasuredRoutes(make.measurement(1750.0, **unsure))) == "doubt"
    world.set_authority(review_band_m=200.0, review_band_without_entrance_m=100.0)


def test_a_rule_set_with_less_than_the_ordinary_band_is_refused_and_one_without_keeps_its_version() -> None:
    head = {"name": "eschenborn", "title": "Eschenborn", "version": "1", "origin": "nrw"}

    def of(choices: dict[str, object]) -> Rules:
        return presets.from_text(presets.as_yaml(head | {"choices": choices})).rules

    with pytest.raises(Invalid) as told:
        of({"review_band_m": 60, "review_band_without_entrance_m": 50})
    assert "review_band_without_entrance_m" in told.value.problems[0].text.de
    assert "review_band_without_entrance_m" not in of({}).rule_set.content()["choices"]
    assert of({"review_band_without_entrance_m": 150}).version != of({}).version


async def test_no_way_is_decided_within_its_band_whatever_its_flags(world: World) -> None:
    """Random lengths, readings and flags, of the school attended and of a nearer one."""
    random = Random(8)
    for _ in range(60):
        flags = tuple(sorted(random.sample(FLAGS, random.randrange(3))))
        metres = 2000.0 + random.uniform(-400, 400)
        tested = make.measurement(
            metres, flags=flags, lenient_m=metres - random.choice([0, 0, 30, 200]),
            strict_m=random.choice([metres, metres, metres + 150, None]),
        )  # fmt: skip
        nearer = random.random() < 0.3
        routes = (
            MeasuredRoutes(make.measurement(metres + 300), ("100003", tested)) if nearer else MeasuredRoutes(tested)
        )
        came = await state(world, routes)
        band = 150.0 if flags else 50.0
        longest = max(metres + band, tested.strict_m if tested.strict_m is not None else 1e6)
        shortest = min(metres - band, tested.lenient_m)
        if came == "prepared":
            assert longest < 2000.0
        if came == "granted":
            assert shortest > 2000.0
