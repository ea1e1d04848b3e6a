"""What Typst remembers of the notices before: it changes no byte of the next one, and spares most of its work."""

import json
from collections.abc import Callable
from time import thread_time

from eligibility.printing.press import TEMPLATES, Press
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.json import JsonObject, walked

AT_ONCE = 8


async def notices(world: World, count: int) -> list[JsonObject]:
    """As many children's, each with a name and a reference of its own."""
    for _ in range(count):
        await world.hear(make.submitted())
    due = world.database.read_now(lambda store: store.notices_to_print(count, world.environment.now()))
    found: list[JsonObject] = [
        json.loads(json.dumps(each.content).replace("Max", f"Max {chr(65 + at)}")) for at, each in enumerate(due)
    ]
    return found


async def test_a_notice_is_the_same_bytes_whatever_was_set_before_it(world: World) -> None:
    press, told = Press(), await notices(world, 4)
    told += [changed(each, layout=layout) for each in told for layout in TEMPLATES]
    told += [{key: value for key, value in told[0].items() if key != "layout"}]
    one_by_one = [Press().print(each) for each in told]
    assert [press.print(each) for each in told] == one_by_one
    assert [press.print(each) for each in reversed(told)] == one_by_one[::-1]
    assert len(set(one_by_one[:4])) == 4


async def test_what_all_notices_say_is_not_set_again_for_another_family(world: World) -> None:
    """A value of the notice's own within a style, or the data as Typst's inputs, and each is set as if it were the
    first: then both cost the same."""
    (told,) = await notices(world, 1)

    def another_family(number: int) -> JsonObject:
        return changed(told, salutation=f"Guten Tag {number},", footer=f"{number} · {told['footer']}")

    def other_words(number: int) -> JsonObject:
        words: JsonObject = json.loads(json.dumps(told).replace(". ", f" {number}. ").replace('."', f' {number}."'))
        return words

    assert min(cost(another_family) / cost(other_words) for _ in range(3)) < 0.75


def changed(told: JsonObject, **own: str) -> JsonObject:
    return told | {key: walked(value) for key, value in own.items()}


def cost(made: Callable[[int], JsonObject]) -> float:
    """Seconds of processor time for AT_ONCE notices, after as many others."""
    press = Press()
    for number in range(AT_ONCE):
        press.print(made(number))
    begins = thread_time()
    for number in range(AT_ONCE, 2 * AT_ONCE):
        press.print(made(number))
    return thread_time() - begins
