"""The demo's three families: picked by a seed, and so that they come out as wanted."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from local.journey.cases import NoSuchCase, Way, pick
from local.journey.forms import bodies
from local.region import Region, as_the_crow_flies, read_region
from local.town import draw_town
from local.town.geometry import Position


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    files = draw_town(tmp_path_factory.mktemp("town"))
    return read_region(files.streets, files.schools)


def walk(start: Position, end: Position) -> Way:
    metres = 1.3 * as_the_crow_flies(start, end)
    return Way(metres, metres, metres, certain=True)


@pytest.mark.parametrize("seed", range(20))
def test_every_seed_finds_three_clear_cases(region: Region, seed: int) -> None:
    cases = pick(region, walk, seed)
    assert cases.granted.metres > cases.granted.level.limit_m + 100
    assert cases.refused.metres < cases.refused.level.limit_m - 100
    assert cases.doubtful.dangerous_route
    assert not cases.granted.dangerous_route
    assert {case.school.authority for case in (cases.granted, cases.refused, cases.doubtful)} == {"19900"}


def test_the_same_seed_picks_the_same_families_and_another_seed_others(region: Region) -> None:
    assert pick(region, walk, 7) == pick(region, walk, 7)
    assert pick(region, walk, 7) != pick(region, walk, 8)


def test_the_attended_school_is_the_nearest_of_its_form(region: Region) -> None:
    for seed in range(10):
        case = pick(region, walk, seed).refused
        rivals = [s for s in region.schools if s.form == case.school.form and s.kind == case.school.kind]
        assert case.school == min(rivals, key=lambda school: walk(case.home.at, school.at).metres)


def test_addresses_without_a_way_are_passed_over(region: Region) -> None:
    with pytest.raises(NoSuchCase):
        pick(region, lambda start, end: None, 1)


def test_ways_that_another_reading_of_the_map_could_turn_are_passed_over(region: Region) -> None:
    def doubtful(start: Position, end: Position) -> Way:
        return replace(walk(start, end), lenient_m=1.0, strict_m=None)

    with pytest.raises(NoSuchCase):
        pick(region, doubtful, 1)
    with pytest.raises(NoSuchCase):
        pick(region, lambda start, end: replace(walk(start, end), certain=False), 1)


def test_the_application_is_for_the_running_school_year_from_today(region: Region) -> None:
    today = date(2026, 11, 23)
    body = bodies(pick(region, walk, 1), today)["granted"]
    assert (body["school_year"], body["wanted_from"]) == ("2026/27", "2026-11-23")


def test_a_map_and_a_register_of_two_places_are_refused(tmp_path: Path) -> None:
    files = draw_town(tmp_path)
    lines = files.schools.read_text(encoding="utf-8").replace(";49", ";35").replace(";5737", ";5600")
    files.schools.write_text(lines, encoding="utf-8")
    with pytest.raises(ValueError, match="no school"):
        read_region(files.streets, files.schools)


def test_an_address_that_two_things_on_the_map_share_is_not_picked(tmp_path: Path) -> None:
    files = draw_town(tmp_path)
    before = read_region(files.streets, files.schools).addresses
    first = before[0]
    tags = {"addr:street": first.street, "addr:housenumber": first.house_number}
    node = '<node id="999999" version="1" lat="51.78" lon="8.9">{}</node></osm>'
    lines = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    twice = tmp_path / "twice.osm"
    twice.write_text(files.streets.read_text(encoding="utf-8").replace("</osm>", node.format(lines)), encoding="utf-8")
    assert set(before) - set(read_region(twice, files.schools).addresses) == {first}
