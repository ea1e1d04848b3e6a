"""The demo town keeps the formats that a real town has, and the cases for which it was laid out."""

import csv
import math
from pathlib import Path

import osmium
import pyproj
import pytest
from local.town import TownFiles, draw_town
from local.town.geometry import position

TO_DEGREES = pyproj.Transformer.from_crs(25832, 4258, always_xy=True)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> TownFiles:
    return draw_town(tmp_path_factory.mktemp("town"))


class Streets:
    """The map as a reader of OpenStreetMap sees it."""

    def __init__(self, path: Path) -> None:
        self.nodes: dict[int, tuple[float, float]] = {}
        self.tagged: list[dict[str, str]] = []
        self.ways: list[tuple[list[int], dict[str, str]]] = []
        for thing in osmium.FileProcessor(str(path)):
            tags = {tag.k: tag.v for tag in thing.tags}
            if isinstance(thing, osmium.osm.Node):
                self.nodes[thing.id] = (thing.location.lat, thing.location.lon)
            elif isinstance(thing, osmium.osm.Way):
                self.ways.append(([node.ref for node in thing.nodes], tags))
            self.tagged.append(tags)

    def reachable_from(self, name: str, *, leave_out: str = "") -> set[int]:
        """All nodes that can be walked to from the street `name`."""
        paths = [nodes for nodes, tags in self.ways if "highway" in tags and tags.get("name") != leave_out]
        reached = {node for nodes, tags in self.ways if tags.get("name") == name for node in nodes}
        while True:
            further = {node for nodes in paths if reached.intersection(nodes) for node in nodes} - reached
            if not further:
                return reached
            reached |= further


@pytest.fixture(scope="module")
def streets(town: TownFiles) -> Streets:
    return Streets(town.streets)


@pytest.mark.parametrize(("easting", "northing"), [(482_000, 5_730_000), (294_320, 5_628_102), (530_000, 5_800_000)])
def test_the_grid_of_the_land_survey_agrees_with_proj_to_a_tenth_of_a_millimetre(easting: int, northing: int) -> None:
    longitude, latitude = TO_DEGREES.transform(easting, northing)
    ours = position(easting, northing)
    assert abs(ours.latitude - latitude) * 111_000 < 1e-4
    assert abs(ours.longitude - longitude) * 70_000 < 1e-4


def test_the_same_seed_draws_the_same_bytes_and_another_seed_another_town(town: TownFiles, tmp_path: Path) -> None:
    again, other = draw_town(tmp_path / "again"), draw_town(tmp_path / "other", seed=2)
    assert again.streets.read_bytes() == town.streets.read_bytes()
    assert again.schools.read_bytes() == town.schools.read_bytes()
    assert other.streets.read_bytes() != town.streets.read_bytes()


def test_the_town_has_a_few_hundred_addresses_none_of_them_twice(streets: Streets) -> None:
    addresses = [(tags["addr:street"], tags["addr:housenumber"]) for tags in streets.tagged if "addr:street" in tags]
    assert 300 < len(addresses) < 900
    assert len(set(addresses)) == len(addresses)
    assert any("building" in tags for tags in streets.tagged if "addr:street" in tags)


def test_six_schools_stand_in_the_register_where_the_map_shows_them(town: TownFiles, streets: Streets) -> None:
    with town.schools.open(encoding="utf-8", newline="") as file:
        register = {row["SchulNr"]: row for row in csv.DictReader(file, delimiter=";")}
    grounds = {tags["ref"]: nodes for nodes, tags in streets.ways if tags.get("amenity") == "school"}
    assert sorted(row["SF"] for row in register.values()) == ["02", "02", "10", "15", "20", "30"]
    assert {row["Schulart"] for row in register.values()} == {"GMS", "RKB", ""}
    for number, row in register.items():
        longitude, latitude = TO_DEGREES.transform(int(row["KoRe"]), int(row["KoHo"]))
        corners = [streets.nodes[node] for node in grounds[number]]
        assert min(c[0] for c in corners) < latitude < max(c[0] for c in corners)
        assert min(c[1] for c in corners) < longitude < max(c[1] for c in corners)


def test_every_school_can_be_reached_and_the_island_cannot(streets: Streets) -> None:
    mainland = streets.reachable_from("Hauptstraße")
    for nodes, tags in streets.ways:
        if tags.get("amenity") == "school":
            assert mainland.intersection(nodes), tags["name"]
    island = next(nodes for nodes, tags in streets.ways if tags.get("name") == "Werderinsel")
    assert not mainland.intersection(island)


def test_oberdorf_has_a_way_round_the_road_without_a_footway(streets: Streets) -> None:
    hazard = next(tags for _, tags in streets.ways if tags.get("name") == "Oberdorfer Straße")
    assert hazard["sidewalk"] == "no"
    village = next(nodes for nodes, tags in streets.ways if tags.get("name") == "Oberdorf")
    assert streets.reachable_from("Hauptstraße", leave_out="Oberdorfer Straße").issuperset(village)


def test_the_footpath_is_a_short_cut_and_the_drive_is_private(streets: Streets) -> None:
    kinds = {tags["name"]: tags for _, tags in streets.ways if "highway" in tags and "name" in tags}
    assert kinds["Mühlenpfad"]["highway"] == "footway"
    assert kinds["Gutszufahrt"]["access"] == "private"


def test_the_town_is_long_enough_for_every_limit(streets: Streets) -> None:
    places = [
        streets.nodes[node] for nodes, tags in streets.ways if tags.get("name") == "Hauptstraße" for node in nodes
    ]
    longitudes = [longitude for _, longitude in places]
    across = (max(longitudes) - min(longitudes)) * 111_320 * math.cos(math.radians(places[0][0]))
    assert 9_000 < across < 10_000


def test_the_extract_reaches_far_beyond_the_last_house(town: TownFiles, streets: Streets) -> None:
    declared = osmium.io.Reader(str(town.streets)).header().box()
    assert all(declared.contains(osmium.osm.Location(lon, lat)) for lat, lon in streets.nodes.values())
    latitudes = [latitude for latitude, _ in streets.nodes.values()]
    assert (max(latitudes) - min(latitudes)) * 111_320 > 9_000
