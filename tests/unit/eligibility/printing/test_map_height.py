"""The map of a notice is as high as two sheets allow, however long the notice is."""

import copy
import io
import json
import random
from datetime import datetime

import pikepdf
import pytest
from eligibility.printing.press import FONT, MAP_HEIGHTS_MM, MOST_SHEETS, Press
from eligibility.printing.route import draw_route
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.json import JsonObject, text

PRESS = Press()
LINES = {
    "wide": [[6.083, 50.776], [6.09, 50.7765], [6.1, 50.7755], [6.12, 50.776]],
    "square": [[6.083, 50.776], [6.09, 50.78], [6.1, 50.781]],
    "tall": [[6.083, 50.776], [6.082, 50.79], [6.085, 50.795]],
}
SENTENCE = "Der Weg zur Schule wurde auf den Wegen gemessen, die für Menschen zu Fuß offen sind. "


def sheets(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def highest_that_fits(notice: JsonObject) -> bytes:
    """What comes of trying each height, one after the other."""
    moment = datetime.fromisoformat(text(notice["date"]))
    data = {
        **notice,
        "font": FONT,
        "picture": draw_route(notice),
        "map_heights": MAP_HEIGHTS_MM,
        "most_sheets": MOST_SHEETS,
    }
    tried = [PRESS._compile({**data, "map_height": height}, moment) for height in MAP_HEIGHTS_MM]
    return next((pdf for pdf in tried if sheets(pdf) <= MOST_SHEETS), tried[0])


@pytest.mark.parametrize("shape", LINES)
async def test_the_map_is_the_highest_that_leaves_two_sheets(world: World, shape: str) -> None:
    await world.hear(make.submitted())
    found = world.database.read_now(lambda store: store.notices_to_print(10, world.environment.now()))
    notice = json.loads(json.dumps(found[0][1]))
    notice["route"]["geometry"]["coordinates"] = LINES[shape]
    chance, chosen = random.Random(shape), set()
    for number in range(8):
        longer = copy.deepcopy(notice)
        for _ in range(2 * number):
            section = chance.choice(longer["sections"])
            section["paragraphs"].append({"text": SENTENCE * chance.randint(1, 2)})
        pdf = PRESS.print(longer)
        assert pdf == highest_that_fits(longer)
        chosen.add((sheets(pdf), len(pdf)))
    assert {count for count, _ in chosen} == {2, 3}, "some are too long for any map"
