"""The words that a real city's mappers use: no frequent one is unknown to the tables."""

from collections import Counter
from pathlib import Path

import osmium
import pytest
from geography.network import walking_values as values
from geography.network.walking_rules import words

FREQUENT = 3
"""Ways or nodes with a word; below it, it may be a slip."""
pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def used(aachen_extract: Path) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {key: Counter() for key in ("highway", "foot", "access", "barrier", "ford")}
    for one in osmium.FileProcessor(str(aachen_extract), osmium.osm.NODE | osmium.osm.WAY):
        relevant = "highway" in one.tags if isinstance(one, osmium.osm.Way) else "barrier" in one.tags
        for key in found if relevant else ():
            found[key].update(words(one.tags.get(key)))
    return found


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("access", values.ACCESS.keys()),
        ("foot", values.ACCESS.keys()),
        ("highway", values.PUBLIC | values.ONLY_WITH_FOOT | values.CLOSED_UNLESS_SIGNED | values.NEVER),
        ("barrier", values.GATES | values.SOLID | values.FOR_VEHICLES),
        ("ford", values.FORDS.keys()),
    ],
)
def test_no_frequent_word_is_unknown(used: dict[str, Counter[str]], key: str, known: set[str]) -> None:
    frequent = {word for word, times in used[key].items() if times > FREQUENT}
    assert frequent <= set(known)
