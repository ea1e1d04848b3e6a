"""The network file: the same bytes each time, mapped, and refused when it is damaged or something else."""

import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from geography import Entrance, ExtractUnusable, Network, NetworkUnusable, build, check_age, load, measure
from geography.network.files import MAGIC, write_network
from geography.network.walking_rules import RULES_VERSION
from support.town import Place, Town


def test_the_same_extract_gives_the_same_bytes(grid: Town, tmp_path: Path) -> None:
    source = grid.write()
    build(source, tmp_path / "one")
    build(source, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_arrays_are_mapped_and_cannot_be_written(grid: Town) -> None:
    network = grid.network()
    lengths = network.arrays["edge_length"]
    base = lengths
    while base.base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        lengths[0] = 1.0


def test_the_header_names_extract_rules_graph_bounds_and_attribution(grid: Town) -> None:
    header = grid.network().header
    assert len(header["extract"]["sha256"]) == len(header["graph"]["sha256"]) == 64
    assert header["rules"] == RULES_VERSION
    assert "OpenStreetMap" in header["attribution"]
    assert len(header["bounds"]) == 4


def test_a_network_built_by_earlier_rules_is_refused_with_words(grid: Town, tmp_path: Path) -> None:
    network = grid.network()
    write_network(tmp_path / "old", {**network.header, "rules": "walking-nrw/1"}, network.arrays)
    with pytest.raises(NetworkUnusable, match=r"built by walking-nrw/1.*Build it again"):
        load(tmp_path / "old")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.5, 0.8])
def test_a_changed_byte_is_noticed(grid: Town, tmp_path: Path, share: float) -> None:
    build(grid.write(), tmp_path / "good")
    data = bytearray((tmp_path / "good").read_bytes())
    data[int(share * len(data))] ^= 0xFF
    (tmp_path / "bad").write_bytes(data)
    with pytest.raises(NetworkUnusable, match="Build it again"):
        load(tmp_path / "bad")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", MAGIC, MAGIC + b"000000000002\n{}", MAGIC + b"999999999999\n{}", MAGIC + b"xx"]
)
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(NetworkUnusable):
        load(tmp_path / "file")


def test_half_a_file_is_refused(grid: Town, tmp_path: Path) -> None:
    build(grid.write(), tmp_path / "good")
    data = (tmp_path / "good").read_bytes()
    for size in (len(data) // 2, len(data) - 64, 100):
        (tmp_path / "half").write_bytes(data[:size])
        with pytest.raises(NetworkUnusable):
            load(tmp_path / "half")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("no.osm", "not xml"),
        ("no.osm.pbf", "not a pbf"),
        ("no.osm", "<osm version='0.6'></osm>"),
        ("no.txt", "x"),
        ("no.osm", "<osm"),
    ],
)
def test_what_is_no_extract_is_refused_and_leaves_no_file(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ExtractUnusable):
        build(tmp_path / name, tmp_path / "out")
    with pytest.raises(ExtractUnusable, match="There is no file"):
        build(tmp_path / "missing.osm.pbf", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_several_threads_may_ask_at_once(grid: Town, place: Place) -> None:
    network = grid.network()
    expected = measure(network, place(10, 10), [Entrance(place(390, 390))])
    results: list[object] = []

    def ask() -> None:
        results.extend(measure(network, place(10, 10), [Entrance(place(390, 390))]) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 80


@pytest.mark.parametrize(("written", "most", "usable"), [
    ("2026-01-01T00:00:00Z", 365, True), ("2024-01-01T00:00:00Z", 365, False), ("", 365, False), ("", 0, True),
])  # fmt: skip
def test_a_map_older_than_allowed_is_refused_with_words(grid: Town, written: str, most: int, usable: bool) -> None:
    network = grid.network()
    network = Network({**network.header, "date": written}, network.arrays)
    if usable:
        check_age(network, date(2026, 6, 1), most)
    else:
        with pytest.raises(NetworkUnusable, match="Build it"):
            check_age(network, date(2026, 6, 1), most)
