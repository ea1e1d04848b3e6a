"""The way on a map: GeoJSON and SVG, with attribution."""

from datetime import date
from xml.etree import ElementTree

import pytest
from eligibility.geography import Entrance, measure
from eligibility.geography.maps import collection, svg
from eligibility.geography.search.hazard_list import Hazard
from eligibility.geography.search.hazards import avoiding, compile_hazards


@pytest.fixture
def drawn(grid, place):
    network, home, entrances = grid.network(), place(0, 5), [Entrance(place(400, 5))]
    line = tuple((one.lon, one.lat) for one in (place(50, 0), place(150, 0)))
    hazard = Hazard("h", "stretch", line, (), "no <pavement>", (), "", date(2026, 1, 1))
    found = measure(network, home, entrances)
    found = avoiding(network, found, home, entrances, street=None, hazards=compile_hazards(network, [hazard]))
    return found.as_json(), [hazard]


def test_the_map_shows_the_way_its_ends_both_readings_and_the_way_without_hazards(drawn) -> None:
    found = collection(*drawn)
    roles = [each["properties"]["role"] for each in found["features"]]
    assert roles == ["way", "connector_from", "connector_to", "door", "entrance", "without_hazards", "hazard"]
    assert found["features"][0]["properties"]["interval"]["lenient_m"] <= drawn[0]["metres"]
    assert "OpenStreetMap" in found["attribution"]


def test_the_picture_can_be_read_and_says_whose_map_it_is(drawn) -> None:
    root = ElementTree.fromstring(svg(*drawn))
    text = "".join(root.itertext())
    assert "OpenStreetMap" in text
    assert "Südstraße" in text
    assert [each.get("class") for each in root.iter("{http://www.w3.org/2000/svg}path")] == [
        "hazard", "safe", "way", "bar",
    ]  # fmt: skip


def test_a_way_of_no_length_can_be_drawn(grid, place) -> None:
    found = measure(grid.network(), place(100, 0), [Entrance(place(100, 0))])
    ElementTree.fromstring(svg(found.as_json()))
