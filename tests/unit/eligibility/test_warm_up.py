"""The first family after an installation does not wait for the compiler."""

import subprocess
import sys
from pathlib import Path

import numba
import pytest
from eligibility.measuring import NetworkMeasurer
from geography.routing.kernels.compiled import njit
from support.town import Place, Town

SCRIPT = """
import asyncio, sys
from pathlib import Path
from geography import Entrance, Point, measure
from geography.routing.kernels import paths
from eligibility.measuring import NetworkMeasurer
walks = NetworkMeasurer(Path(sys.argv[1]))
asyncio.run(walks.warm_up())
before = len(paths.shortest.signatures)
lat, lon = (float(part) for part in sys.argv[2:4])
many = [Entrance(Point(lat + n * 1e-5, lon)) for n in range(9)]
measure(walks.network, Point(lat, lon), many[:1])
measure(walks.network, Point(lat, lon), many)
print(before, len(paths.shortest.signatures))
"""


def test_after_the_warm_up_nothing_is_left_to_compile(grid: Town, place: Place, tmp_path: Path) -> None:
    grid.network()
    point = place(100, 100)
    arguments = [sys.executable, "-c", SCRIPT, str(tmp_path / "town.network"), str(point.lat), str(point.lon)]
    answer = subprocess.run(arguments, capture_output=True, text=True, check=True)
    before, after = answer.stdout.split()
    assert int(before) > 0
    assert after == before


async def test_a_network_of_a_single_street_can_be_warmed_up(town: Town, tmp_path: Path) -> None:
    town.node("a", 0, 0).node("b", 5, 0).way(1, "a b", oneway_foot="yes")
    town.network()
    measurer = NetworkMeasurer(tmp_path / "town.network")
    await measurer.warm_up()
    measurer.close()


def test_where_compiled_code_cannot_be_kept_it_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object) -> None:
        raise OSError("read-only")

    monkeypatch.setattr("numba.core.caching._CacheLocator.ensure_cache_path", nowhere)
    with pytest.raises(RuntimeError):
        numba.njit(cache=True)(_twice)
    assert njit(cache=True)(_twice)(21) == 42


def _twice(value: int) -> int:
    return 2 * value
