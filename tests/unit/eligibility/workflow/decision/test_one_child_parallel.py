"""Two applications for one child at the same moment, and digests made anew when keys change. Both databases."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa
from alembic import command
from eligibility import presets
from eligibility.domain.keys import Key, Keys
from eligibility.store import Store, StoredRecords
from eligibility.store.decision.children import MARK
from eligibility.tables_of_before import mark_children
from eligibility.workflow import Decide
from shared.database import Database
from shared.database.migration import configuration
from shared.events import ApplicationSubmitted, Person
from support.databases import make_tables, on_both, owner_of, upgrade_at
from support.eligibility import small_place
from support.eligibility.world import KEYS, World, fill

CHILDREN = 8
ROTATED = Keys(Key(b"another key of digests for tests."), (KEYS.newest,))


@pytest.fixture
def database(url: str) -> Iterator[Database[Store]]:
    make_tables(url, "eligibility")
    opened: Database[Store] = Database(url, Store)
    fill(opened)
    yield opened
    opened.close()


def twice(number: int) -> tuple[ApplicationSubmitted, ApplicationSubmitted]:
    name = small_place.family_name(100 + number)
    spellings = [("Jürgen", name), ("Jrügen", name)]
    made = [small_place.submitted(child=Person(first_name=first, last_name=last)) for first, last in spellings]
    return made[0], made[1]


def states(database: Database[Store]) -> list[str]:
    return sorted(each.state for each in database.read_now(lambda store: store.page_of_all(None, 1000)))


@on_both("url")
async def test_of_two_at_the_same_moment_one_is_for_a_person(database: Database[Store], world: World) -> None:
    decide = Decide(StoredRecords(database, presets.preset), world.measurer, world.environment)
    pairs = [twice(number) for number in range(CHILDREN)]
    one = [await decide.submitted(first) for first, _ in pairs]
    other = [await decide.submitted(second) for _, second in pairs]

    def batch(steps: list[Callable[[Store], None]], store: Store) -> None:
        for step in steps:
            step(store)

    async def until_it_is_kept(steps: list[Callable[[Store], None]]) -> None:
        """As the consumer does: what could not be kept comes again."""
        from shared.errors import Unavailable

        while True:
            try:
                return await database.write(partial(batch, steps))
            except Unavailable:
                await asyncio.sleep(0.01)

    await asyncio.gather(*(until_it_is_kept([first]) for first in one), *(until_it_is_kept([each]) for each in other))
    assert states(database) == ["granted"] * CHILDREN + ["review"] * CHILDREN


@on_both("url")
async def test_two_batches_of_the_same_children_in_other_orders_end_with_one_ticket_each(
    database: Database[Store], world: World
) -> None:
    decide = Decide(StoredRecords(database, presets.preset), world.measurer, world.environment)
    pairs = [twice(number) for number in range(CHILDREN)]
    batches = [[await decide.submitted(pair[which]) for pair in pairs[:: 1 - 2 * which]] for which in (0, 1)]

    async def keep(steps: list[Callable[[Store], None]]) -> None:
        from shared.errors import Unavailable

        def all_of_them(store: Store) -> None:
            for step in steps:
                step(store)

        while True:
            try:
                return await database.write(all_of_them)
            except Unavailable:
                await asyncio.sleep(0.01)

    await asyncio.gather(*(keep([*batch]) for batch in batches))
    assert states(database) == ["granted"] * CHILDREN + ["review"] * CHILDREN


def keys_of(database: Database[Store]) -> set[str]:
    return {row["key"] for row in database.read_now(lambda store: store.rows(sa.select(MARK.c.key).distinct()))}


@on_both("url")
async def test_under_a_new_key_all_digests_are_made_anew_and_until_then_the_earlier_key_still_finds(
    database: Database[Store], world: World
) -> None:
    records = StoredRecords(database, presets.preset)
    first, second = twice(0)
    await database.write(await Decide(records, world.measurer, world.environment).submitted(first))
    from dataclasses import replace

    rotated = Decide(records, world.measurer, replace(world.environment, keys=ROTATED))
    await database.write(await rotated.submitted(second))
    assert states(database) == ["granted", "review"]
    assert keys_of(database) == {KEYS.newest.name, ROTATED.newest.name}
    mark_children(database, ROTATED)
    assert keys_of(database) == {ROTATED.newest.name}
    alone = Decide(records, world.measurer, replace(world.environment, keys=Keys(ROTATED.newest)))
    third = small_place.submitted(child=Person(first_name="JÜRGEN", last_name=first.child.last_name))
    await database.write(await alone.submitted(third))
    assert states(database) == ["granted", "review", "review"]


@on_both("url")
async def test_cases_from_before_there_were_keys_are_marked_when_the_service_starts(url: str, world: World) -> None:
    first, second = twice(0)
    upgrade_at(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    fill(database)
    decide = Decide(StoredRecords(database, presets.preset), world.measurer, world.environment)
    await database.write(await decide.submitted(first))
    database.close()
    command.downgrade(configuration(owner_of(url), "eligibility"), "0013")
    engine = sa.create_engine(owner_of(url))
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO child (case_id, key) SELECT id, 'plain sha256' FROM case_file"))
    engine.dispose()
    upgrade_at(url, "eligibility")
    again: Database[Store] = Database(url, Store)
    mark_children(again, KEYS)
    assert keys_of(again) == {KEYS.newest.name}
    decide = Decide(StoredRecords(again, presets.preset), world.measurer, world.environment)
    await again.write(await decide.submitted(second))
    assert states(again) == ["granted", "review"]
    again.close()


async def test_a_case_that_names_nobody_is_passed_over(world: World) -> None:
    from support.eligibility.siblings import withdrawal

    await world.hear(withdrawal(small_place.submitted()))
    await world.hear(small_place.submitted(birth_date=date(2016, 1, 1)))
    mark_children(world.database, ROTATED)
    assert keys_of(world.database) == {ROTATED.newest.name}
