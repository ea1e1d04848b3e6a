"""Random towns with gates, words of access, of the life cycle and of directions in them, also where homes and entrances
lie: no reading differs from the next without saying where, and no word takes a way from a reading that it leaves open.

`DOUBT_TOWNS=400 .venv/bin/pytest -n 0 THIS_FILE` draws so many towns (12 without it, in some seconds).
"""

import os
import random
from collections.abc import Callable, Iterator

import pytest
from geography import Entrance, Measurement, Network, NoWay, UnusablePoint, measure
from geography.model.doubt import names_of
from support.town import Place, Town

TOWNS = range(int(os.environ.get("DOUBT_TOWNS", "12")))
WALKS = 12
SIDE, STEP = 4, 150
LAWFUL_WAYS: list[dict[str, str]] = [
    {"access": "permissive"}, {"foot": "destination"}, {"highway": "service", "service": "driveway"},
    {"informal": "yes"}, {"highway": "steps", "ford": "yes"}, {"foot_conditional": "no @ (22:00-06:00)"},
    {"foot_backward": "permissive"}, {"access_forward": "permissive", "highway": "footway"},
    {"foot_backward_conditional": "no @ (Mo)"}, {"foot_left": "no"}, {"sidewalk": "separate"}, {"seasonal": "yes"},
    {"highway": "pedestrian", "foot": "permissive"}, {"opening_hours": "Mo-Fr 06:00-20:00"}, {"fee": "yes"},
    {"toll_foot": "yes"}, {"temporary": "yes"}, {"temporary_access": "no"}, {"locked": "at night"},
]  # fmt: skip
DOUBTFUL_WAYS: list[dict[str, str]] = [
    {"access": "customers"}, {"highway": "cycleway"}, {"abandoned": "yes"}, {"construction": "yes"},
    {"disused_highway": "footway"}, {"impassable": "yes"}, {"winter_road": "yes"}, {"foot": "quux"},
    {"foot_backward": "customers"}, {"foot_forward": "unknown"}, {"highway": "busway", "foot": "yes"},
    {"foot": "no", "foot_conditional": "yes @ (Mo-Fr 07:00-17:00)"}, {"highway": "corridor"},
    {"access": "no", "opening_hours": "Mo-Fr 08:00-18:00"}, {"locked": "yes"}, {"end_date": "2019"},
    {"opening_date": "autumn"}, {"access": "private", "temporary_access": "yes"},
]  # fmt: skip
CLOSING_WAYS: list[dict[str, str]] = [
    {"oneway_foot": "yes"},
    {"oneway_foot": "-1"},
    {"access": "private"},
    {"highway": "steps", "conveying": "forward"},
]
LAWFUL_NODES: list[dict[str, str]] = [
    {"barrier": "chain"}, {"barrier": "wall"}, {"ford": "yes"}, {"barrier": "gate", "foot": "permissive"},
    {"barrier": "gate", "opening_hours": "Mo-Fr 7-17"}, {"barrier": "gate", "fee": "yes"},
    {"barrier": "gate", "locked": "maybe"}, {"barrier": "gate", "foot": "yes", "locked": "yes"},
]  # fmt: skip
DOUBTFUL_NODES: list[dict[str, str]] = [
    {"barrier": "gate", "access": "private"}, {"barrier": "gate", "locked": "yes"}, {"highway": "gate", "foot": "no"},
    {"entrance": "yes", "access": "private"}, {"barrier": "turnstile", "access": "customers"},
]  # fmt: skip
Spot = tuple[float, float]


def streets() -> list[tuple[str, str]]:
    """Between neighbours of a square of junctions; and from each a yard, which ends nowhere, with a gate's place."""
    count = range(SIDE * SIDE)
    beside = [(f"n{i}", f"n{i + 1}") for i in count if i % SIDE < SIDE - 1]
    return beside + [(f"n{i}", f"n{i + SIDE}") for i in count if i + SIDE < SIDE * SIDE]


def drawn(dice: random.Random, town: Town, ways: list[dict[str, str]], nodes: list[dict[str, str]]) -> Town:
    """Each street has a node in its middle; `ways` and `nodes`: the words to draw from."""
    for i in range(SIDE * SIDE):
        x, y = (STEP * each + dice.randint(-40, 40) for each in (i % SIDE, i // SIDE))
        town.node(f"n{i}", x, y, **dice.choice(nodes))
        town.node(f"y{i}", x + dice.randint(20, 45), y + dice.randint(10, 45), **dice.choice(nodes))
        town.node(f"z{i}", x + dice.randint(50, 75), y + dice.randint(40, 70))
        town.way(500 + i, f"n{i} y{i} z{i}", name=f"Hof {i}", **dice.choice(ways))
    for number, (a, b) in enumerate(streets(), 100):
        (ax, ay), (bx, by) = town.nodes[a], town.nodes[b]
        middle = (ax + bx) / 2 + dice.randint(-15, 15), (ay + by) / 2 + dice.randint(-15, 15)
        town.node(f"m{number}", middle[0], middle[1], **dice.choice(nodes))
        town.way(number, f"{a} m{number} {b}", name=f"Straße {number}", **dice.choice(ways))
    return town


def spots(dice: random.Random, town: Town) -> Iterator[tuple[Spot, Spot, str | None]]:
    """Homes and entrances anywhere, on nodes and beside gates, with a street's name or none."""
    for _ in range(WALKS):
        ends = []
        for _ in range(2):
            x, y = town.nodes[dice.choice(list(town.nodes))]
            near = dice.choice([0, 3, 20, 90])
            ends.append((x + dice.randint(-near, near), y + dice.randint(-near, near)))
        yield ends[0], ends[1], dice.choice([None, f"Straße {dice.randint(100, 123)}", f"Hof {dice.randint(0, 15)}"])


def walked(network: Network, place: Place, walk: tuple[Spot, Spot, str | None]) -> Measurement | None:
    home, school, street = walk
    try:
        return measure(network, place(*home), [Entrance(place(*school))], street)
    except (NoWay, UnusablePoint):
        return None


def more(dice: random.Random, words: list[dict[str, str]], plain: int) -> list[dict[str, str]]:
    return [*dice.sample(words, 5), *[{}] * plain]


@pytest.mark.parametrize("seed", TOWNS)
def test_readings_never_differ_without_a_name(seed: int, new_town: Callable[[], Town], place: Place) -> None:
    dice = random.Random(seed)
    ways = more(dice, LAWFUL_WAYS + DOUBTFUL_WAYS + CLOSING_WAYS, 8)
    town = drawn(dice, new_town(), ways, more(dice, LAWFUL_NODES + DOUBTFUL_NODES, 10))
    network = town.network()
    for walk in spots(dice, town):
        found = walked(network, place, walk)
        if found is None:
            continue
        named = {doubt.reading for doubt in found.doubts}
        assert all(doubt.reasons for doubt in found.doubts), walk
        assert not found.doubts or names_of(doubt.as_json() for doubt in found.doubts)
        if found.strict_m is None or found.strict_m > found.metres + 1e-6:
            assert "standard" in named, walk
        if found.lenient_m < found.metres - 1e-6:
            assert "lenient" in named, walk


@pytest.mark.parametrize("seed", TOWNS)
def test_a_word_lengthens_no_reading_that_it_leaves_open(seed: int, new_town: Callable[[], Town], place: Place) -> None:
    """One way, or one node, is given a word: what is lawful changes no standard way, what is doubtful makes no
    lenient one longer, and no longest one shorter than the way was."""
    dice = random.Random(seed)
    words = more(dice, LAWFUL_WAYS, 8), more(dice, LAWFUL_NODES, 10)
    before = drawn(random.Random(seed), new_town(), *words)
    after = drawn(random.Random(seed), new_town(), *words)
    lawful = dice.random() < 0.5
    if dice.random() < 0.5:
        chosen = dice.choice([name for name, tags in before.node_tags.items() if not tags])
        after.node_tags[chosen] = dice.choice(LAWFUL_NODES if lawful else DOUBTFUL_NODES)
    else:
        number = dice.choice(
            [number for number, (_, tags) in before.ways.items() if tags.keys() == {"highway", "name"}]
        )
        nodes, tags = before.ways[number]
        after.way(number, " ".join(nodes), **{**tags, **dice.choice(LAWFUL_WAYS if lawful else DOUBTFUL_WAYS)})
    old, new = before.network(), after.network()
    for walk in spots(dice, before):
        one, other = walked(old, place, walk), walked(new, place, walk)
        if one is None:
            continue
        assert other is not None or not lawful, walk
        if other is not None:
            assert other.lenient_m <= one.lenient_m + 1e-6, walk
            assert not lawful or other.metres == pytest.approx(one.metres, abs=1e-6), walk
            # the way that was lawful before may still be the one that is walked
            assert other.strict_m is None or other.strict_m >= one.metres - 1e-6, walk
