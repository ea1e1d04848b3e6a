"""The way on a map: GeoJSON and SVG, with attribution."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from xml.etree import ElementTree

import pytest
from geography import Entrance, measure
from geography.drawing.maps import collection
from geography.drawing.picture import svg
from geography.drawing.plane import MOST_POINTS, WIDTH, Plane, thin_line
from geography.model.hazard_list import Hazard
from geography.routing.hazards import avoid_hazards, compile_hazards
from support.town import Place, Town

Drawn = tuple[dict[str, object], list[Hazard]]


def picture(found: dict[str, object], hazards: Sequence[Hazard] = (), language: Literal["de", "en"] = "de") -> str:
    shown = svg(found, hazards, language=language)
    assert shown is not None
    return shown


@pytest.fixture
def drawn(grid: Town, place: Place) -> Drawn:
    network, home, entrances = grid.network(), place(0, 5), [Entrance(place(400, 5)), Entrance(place(400, 395))]
    line = tuple((one.lon, one.lat) for one in (place(50, 0), place(150, 0)))
    hazard = Hazard("h", "stretch", line, (), "no <pavement>", (), "", date(2026, 1, 1))
    found = measure(network, home, entrances)
    found = avoid_hazards(network, found, home, entrances, street=None, hazards=compile_hazards(network, [hazard]))
    return found.as_json(), [hazard]


def test_the_map_shows_the_way_its_ends_both_readings_and_the_way_without_hazards(drawn: Drawn) -> None:
    found = collection(*drawn)
    roles = [each["properties"]["role"] for each in found["features"]]
    assert roles == [
        "way", "connector_from", "connector_to", "door", "entrance", "other_entrance", "without_hazards", "hazard",
    ]  # fmt: skip
    assert collection(drawn[0])["features"][-1] == found["features"][-1]
    assert found["features"][0]["properties"]["interval"]["lenient_m"] <= drawn[0]["metres"]
    assert "OpenStreetMap" in found["attribution"]


def test_the_picture_can_be_read_and_says_whose_map_it_is(drawn: Drawn) -> None:
    root = ElementTree.fromstring(picture(*drawn))
    text = "".join(root.itertext())
    for said in ("OpenStreetMap", "Südstraße", "no <pavement>", "ohne die Gefahrenstellen", "weiterer"):
        assert said in text
    classes = [each.get("class") for each in root.iter() if each.get("class")]
    assert classes == ["hazard", "safe", "way", "other", "door", "entrance", "bar", *classes[7:]]
    assert "style" not in picture(*drawn)


def test_both_readings_are_lines_where_they_are_other_walks(grid: Town, place: Place) -> None:
    grid.way(41, "a e", access="customers").way(42, "e i", foot="permissive")
    home, school = place(30, 12), place(370, 380)
    found = measure(grid.network(), home, [Entrance(school)]).as_json()
    assert {*found["readings"]} == {"lenient", "strict"}
    features = {each["properties"]["role"]: each for each in collection(found)["features"]}
    root = ElementTree.fromstring(picture(found))
    for name, line in found["readings"].items():
        assert features[f"{name}_reading"]["geometry"] == line
        assert features[f"{name}_reading"]["properties"]["metres"] == found["interval"][f"{name}_m"]
        assert any(each.get("class") == name for each in root.iter())
    assert "Lesart der Karte: " in "".join(root.itertext())


def test_the_picture_speaks_english_too(drawn: Drawn) -> None:
    assert "Shortest walk without the hazards" in picture(*drawn, language="en")


def test_a_long_line_is_thinned_with_both_its_ends() -> None:
    line = [[6.08 + i * 0.0001, 50.77 + (i % 7) * 0.0001] for i in range(2000)]
    kept = thin_line(line)
    assert len(kept) <= MOST_POINTS
    assert (kept[0], kept[-1]) == (line[0], line[-1])
    plane = Plane(line)
    assert all(0 <= x <= WIDTH and 0 <= y <= plane.height for x, y in map(plane.place, line))


def test_a_way_of_no_length_has_no_picture(grid: Town, place: Place) -> None:
    found = measure(grid.network(), place(100, 0), [Entrance(place(100, 0))])
    assert svg(found.as_json()) is None
