"""The small place (support/eligibility), whose ways are measured by a stand-in; and a drawn town (support/town.py), or the
real Aachen, whose ways are measured by the real code."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from geography import Network, build, load
from support.databases import make_tables
from support.eligibility.world import World, fill_at, make_filled, open_world, world_at
from support.town import Place, Town, at


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables without rows, to be copied: migrations are run once."""
    path = tmp_path_factory.mktemp("eligibility") / "migrated.db"
    make_tables(f"sqlite:///{path}", "eligibility")
    return path


@pytest.fixture(scope="session")
def empty_database(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the small place, to be copied."""
    path = tmp_path_factory.mktemp("eligibility") / "empty.db"
    shutil.copy(migrated_database, path)
    fill_at(f"sqlite:///{path}")
    return path


@pytest.fixture
def world(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> Iterator[World]:
    """In a database of its own; at PostgreSQL behind the wall where the test is a sequence of requests."""
    if getattr(request, "param", "sqlite") == "postgresql":
        with request.getfixturevalue("walled").of("eligibility", make_filled) as url, world_at(url) as opened:
            yield opened
        return
    with open_world(empty_database, tmp_path / "eligibility.db") as opened:
        yield opened


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database; of PostgreSQL's where a test asks for it by this fixture's parameter."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return str(request.getfixturevalue("postgresql")())
    return f"sqlite:///{tmp_path / 'new.db'}"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def new_town(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Town]:
    """For tests that draw many towns."""
    return lambda: Town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def place() -> Place:
    """Metres east and north of the origin -> point."""
    return at


@pytest.fixture
def grid(town: Town) -> Town:
    """Three streets to the east, three to the north, 200 m apart: a b c / d e f / g h i from south-west to north-east."""
    for number, name in enumerate("abcdefghi"):
        town.node(name, number % 3 * 200, number // 3 * 200)
    town.way(11, "a b c", name="Südstraße").way(12, "d e f", name="Mittelstraße").way(13, "g h i", name="Nordstraße")
    return town.way(21, "a d g", name="Westweg").way(22, "b e h", name="Mittelweg").way(23, "c f i", name="Ostweg")


@pytest.fixture(scope="session")
def aachen_extract(real_data: Path) -> Path:
    return real_data / "aachen" / "network.osm.pbf"


@pytest.fixture(scope="session")
def aachen(aachen_extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Network:
    """The real city's network; only for tests that are marked real_data."""
    target = tmp_path_factory.mktemp("aachen") / "aachen.network"
    build(aachen_extract, target)
    return load(target)
