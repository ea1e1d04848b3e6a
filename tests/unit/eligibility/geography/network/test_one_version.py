"""A file holds one version of the world, or is refused with words that say how to make a good one."""

import bz2
from pathlib import Path

import pytest
from geography import ExtractUnusable, ReadReport, build, read_addresses
from geography.network import osm_objects
from support.town import Town


def written(town: Town, *more: str, before: bool = False) -> Path:
    """A straight closed way beside a street, and what is added at the end of the file (or before all)."""
    town.node("a", 0, 0).node("b", 500, 0).node("h", 10, 10, addr_housenumber="1", addr_street="A", addr_city="N")
    town.way(1, "a b")
    path = town.write()
    text = path.read_text()
    at = text.index("<node") if before else text.index("</osm>")
    path.write_text(text[:at] + "".join(more) + text[at:])
    return path


TWICE = [
    "<way id='1' version='2'><nd ref='1'/><nd ref='2'/><tag k='highway' v='footway'/></way>",
    "<way id='1' version='2'><nd ref='1'/><nd ref='2'/><tag k='landuse' v='grass'/></way>",
    "<way id='1' version='2'><nd ref='1'/><nd ref='2'/></way>",
    "<way id='1' version='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='residential'/></way>",
    "<node id='1' version='2' lat='51.71' lon='8.71'/>",
    "<way id='1' version='2' visible='false'/>",
    "<node id='2' version='2' visible='false'/>",
]


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("again", TWICE)
@pytest.mark.parametrize("large", [False, True])
def test_two_versions_of_an_object_are_refused_wherever_they_stand(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: str, before: bool, large: bool
) -> None:
    monkeypatch.setattr(osm_objects, "SMALL_FILE", 0 if large else 1 << 30)
    with pytest.raises(ExtractUnusable, match=r"more than once|deleted") as told:
        build(written(town, again, before=before), tmp_path / "out")
    assert "osmium merge" in str(told.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "again",
    [
        "<node id='3' version='2' lat='51.71' lon='8.71'><tag k='addr:housenumber' v='1'/><tag k='addr:street' v='A'/></node>",
        "<node id='3' version='2' lat='51.71' lon='8.71'/>",
        "<node id='3' version='2' visible='false'/>",
    ],
)
def test_two_versions_of_an_address_are_refused(town: Town, again: str) -> None:
    with pytest.raises(ExtractUnusable, match=r"more than once|deleted"):
        list(read_addresses(written(town, again), ReadReport()))


def test_a_plaza_in_two_versions_is_refused(town: Town, tmp_path: Path) -> None:
    for name, x, y in [("p", 0, 100), ("q", 100, 100), ("r", 100, 200)]:
        town.node(name, x, y)
    town.way(2, "p q r p", highway="").relation(9, [(2, "outer")], type="multipolygon", highway="pedestrian")
    again = "<relation id='9' version='2'><member type='way' ref='2' role='outer'/><tag k='type' v='multipolygon'/></relation>"
    with pytest.raises(ExtractUnusable, match="relation 9"):
        build(written(town, again), tmp_path / "out")


@pytest.mark.parametrize("packed", [False, True])
def test_what_was_deleted_in_an_editor_is_refused(town: Town, tmp_path: Path, packed: bool) -> None:
    path = written(town)
    path.write_text(path.read_text().replace("<way id='1' ", "<way id='1' action='delete' "))
    if packed:
        (tmp_path / "town.osm.bz2").write_bytes(bz2.compress(path.read_bytes()))
        path = tmp_path / "town.osm.bz2"
    with pytest.raises(ExtractUnusable, match="editor"):
        build(path, tmp_path / "out")


@pytest.mark.parametrize("name", ["changes.osc", "renamed.osm"])
def test_a_file_of_changes_is_no_map(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(
        "<osmChange version='0.6'><create><node id='1' version='1' lat='51.7' lon='8.7'/>"
        "<node id='2' version='1' lat='51.7' lon='8.71'/><way id='1' version='1'><nd ref='1'/><nd ref='2'/>"
        "<tag k='highway' v='residential'/></way></create><delete><way id='1' version='2'/></delete></osmChange>"
    )
    for read in (lambda path: build(path, tmp_path / "out"), lambda path: list(read_addresses(path, ReadReport()))):
        with pytest.raises(ExtractUnusable, match="osmium apply-changes"):
            read(tmp_path / name)


def test_ways_before_nodes_and_new_objects_of_an_editor_are_read(town: Town, tmp_path: Path) -> None:
    path = written(town)
    text = path.read_text()
    start = text.index("<way")
    way = text[start : text.index("</way>") + 6]
    path.write_text(text.replace(way, "").replace("<node", way + "<node", 1).replace("='1'", "='-1'"))
    assert build(path, tmp_path / "out")["edges"] == 1
