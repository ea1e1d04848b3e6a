"""Whoever erases an application leaves nothing of it: no case, no message, no name to look for."""

from dataclasses import replace
from functools import partial

import sqlalchemy as sa
from eligibility.domain.elsewhere import DecisionElsewhere
from eligibility.domain.ids import ApplicationId
from eligibility.store import Row, Store
from eligibility.store.desk.messages import MESSAGE
from eligibility.store.erasure import OF_APPLICATION, OF_CASE, STAYS
from eligibility.store.tables import AUDIT, CASE
from shared.bus import inbox
from shared.bus.dead_letters import open_letters
from shared.events import ApplicationSubmitted
from support.eligibility import small_place
from support.eligibility.world import World

NAMING = ("application_id", "case_id", "other_id", "decision_id", "token")
"""Columns by which a row is one of a family."""


def goes_along(table: sa.Table) -> bool:
    """Whether each row goes with its case: by foreign keys, over however many tables."""
    for key in table.foreign_keys:
        if key.ondelete == "CASCADE" and (key.column.table is CASE or goes_along(key.column.table)):
            return True
    return False


def test_every_table_that_holds_what_a_family_said_is_erased_with_its_application() -> None:
    own = [table for table in Row.metadata.tables.values() if any(name in table.c for name in NAMING)]
    assert len(own) > 12
    left = {each.name for each in own if each not in (*OF_APPLICATION, *OF_CASE) and not goes_along(each)}
    assert left == STAYS, "name the table in store.erasure, or give it a foreign key with ON DELETE CASCADE"


async def test_nothing_of_an_application_is_left_and_another_one_stays(world: World) -> None:
    event, other = small_place.submitted(), small_place.submitted()
    for each in (event, other):
        await world.hear(each)
        await world.hear(small_place.changed(each, answer="Wir sind umgezogen.", grade="04"))

    def rows(store: Store) -> dict[str, int]:
        tables = [table for table in Row.metadata.tables.values() if any(name in table.c for name in NAMING)]
        return {each.name: len(store.rows(sa.select(each))) for each in tables if each is not AUDIT}

    for at, each in enumerate((event, other)):
        world.database.write_now(partial(put_aside, each, at))
        told = DecisionElsewhere(world.case_of(each.application_id).id, 1, "")
        world.database.write_now(lambda store: store.keep_heard([told]))  # noqa: B023  # it is kept at once
    before = world.database.read_now(rows)
    assert world.database.write_now(lambda store: store.erase(ApplicationId(event.application_id))) == 3
    after = world.database.read_now(rows)
    assert {name: 2 * count for name, count in after.items()} == before and before["message"] == 2
    left = world.database.read_now(lambda store: [store.rows(sa.select(each)) for each in (CASE, MESSAGE)])
    assert all(row["application_id"] == str(other.application_id) for table in left for row in table)

    letters = world.database.read_now(lambda store: open_letters(store.session))
    assert [each.content is None for each in letters] == [True, False], "what was put aside would make it anew"


def put_aside(event: ApplicationSubmitted, sequence: int, store: Store) -> None:
    inbox.quarantine(
        store.session,
        stream="APPLICATION",
        sequence=sequence,
        stored_at=small_place.NOW,
        subject=event.subject,
        message_id=str(event.event_id),
        reason="failed",
        content=event.model_dump_json().encode(),
        now=small_place.NOW,
    )


async def test_the_names_that_are_looked_for_go_with_the_submission(world: World) -> None:
    event = small_place.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)

    def names(store: Store) -> str:
        row = store.one(sa.select(CASE.c.search_names).where(CASE.c.id == str(case.id)))
        assert row is not None
        return str(row["search_names"])

    assert world.database.read_now(names)
    world.database.write_now(lambda store: store.revise(replace(case, submission={}), world.clock[0]))
    assert not world.database.read_now(names).strip()
