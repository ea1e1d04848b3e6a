"""What Typst remembers of the notices before: it changes no byte of the next one, and can be used for it."""

import json
import re
from importlib import resources

from eligibility.printing.press import TEMPLATES, Press
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.json import JsonObject, walked

STATEMENT = re.compile(r"^#.*(?:\n(?!#|//).*)*", re.MULTILINE)
STYLES, FUNCTION = ("#set page", "#show"), re.compile(r"#let [a-z-]+\(")
THE_NOTICE = re.compile(r"(?<![\w-])n(?![\w-])")


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


def test_no_function_or_style_of_a_letter_names_what_differs_from_notice_to_notice() -> None:
    """Typst compares, with each paragraph, what the styles above it name: with the whole notice among it, each would be
    set as if it were the first (decision 126; what it costs: tests/bench/journey.py)."""
    template = (resources.files("eligibility.printing") / TEMPLATES[max(TEMPLATES)]).read_text("utf-8")
    statements = STATEMENT.findall(template)
    styles = [each for each in statements if each.startswith(STYLES) or FUNCTION.match(each)]
    assert len(styles) > 5, "functions, the page, and how headings look"
    assert [each.splitlines()[0] for each in styles if THE_NOTICE.search(each)] == []
    assert "sys.inputs" not in template, "Typst takes them for a part of its language"


def changed(told: JsonObject, **own: str) -> JsonObject:
    return told | {key: walked(value) for key, value in own.items()}
