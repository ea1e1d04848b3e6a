"""On the real city: the route of the reference, found again."""

import random
from pathlib import Path

import numpy as np
import pytest
from geography import Entrance, Network, NoWay, Point, ReadReport, measure, read_schools
from geography.network.walking_rules import PLAZA
from geography.routing import walk
from geography.routing.block import block

pytestmark = pytest.mark.real_data
HOME = Point(50.7677685, 6.0728229)
"""Lütticher Straße 38."""
CORNER = Point(50.7637876, 6.1010498)
"""The corner of the grounds of Luise-Hensel-Realschule at which the reference ends."""


def test_the_network_has_the_size_of_the_reference(aachen: Network) -> None:
    assert 18_000 < aachen.header["nodes"] < 21_000
    plazas = np.count_nonzero(aachen.arrays["edge_bits"] & PLAZA)
    assert 23_000 < aachen.header["edges"] - plazas < 27_000


def test_the_route_of_the_reference_is_found_again_to_the_decimetre(aachen: Network) -> None:
    """2,488.9 m = 6.0 + 2,480.1 + 2.8, with plazas walked round, as the reference did."""
    plazas = block(aachen, np.flatnonzero(aachen.arrays["edge_bits"] & PLAZA))
    result = measure(aachen, HOME, [Entrance(CORNER)], blocked=plazas)
    assert result.metres == pytest.approx(2488.9, abs=0.06)
    assert (result.connector_from_m, result.connector_to_m) == pytest.approx((6.0, 2.8), abs=0.06)


def test_across_the_plazas_it_is_shorter(aachen: Network) -> None:
    result = measure(aachen, HOME, [Entrance(CORNER)])
    assert result.metres < 2488
    assert "crosses_plaza" in result.flags


def test_the_kept_region_gives_what_the_whole_city_gives(aachen: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(2)
    west, south, east, north = aachen.bounds
    spots = [Point(dice.uniform(south, north), dice.uniform(west, east)) for _ in range(60)]
    pairs = list(zip(spots[::2], spots[1::2], strict=True))

    def metres(home: Point, school: Point) -> tuple[float, ...] | str:
        try:
            found = measure(aachen, home, [Entrance(school)])
        except NoWay as none:
            return none.reason
        return found.metres, found.lenient_m, found.strict_m or 0.0

    kept = [metres(*pair) for pair in pairs]
    monkeypatch.setattr(walk, "FIRST_REACH", 1000.0)
    assert [metres(*pair) for pair in pairs] == kept
    assert sum(isinstance(one, tuple) for one in kept) > 20


def test_the_whole_register_is_read(real_data: Path) -> None:
    report = ReadReport()
    schools = list(read_schools(real_data / "nrw" / "Schulen.csv", report))
    assert len(schools) == 5_425
    assert report.refused == 0
    assert sum(school.form == "G" for school in schools) == 2_800
    assert all(50.3 < school.point.lat < 52.6 and 5.8 < school.point.lon < 9.5 for school in schools if school.point)
