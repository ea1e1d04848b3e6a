"""A family is erased at its own service: here nothing of its case is left, whenever that is heard."""

from collections.abc import Mapping

import sqlalchemy as sa
from eligibility.consumer import handlers
from eligibility.store.tables import CASE
from shared.bus import erasures
from shared.events import ApplicationFamilyErased, ApplicationSubmitted, EligibilityReviewOpened
from support.eligibility import small_place
from support.eligibility.world import World
from support.json import Json, text
from support.outbox import told
from support.record import faults
from support.rights import DESPITE, run_rights


def erased(of: ApplicationSubmitted) -> ApplicationFamilyErased:
    return ApplicationFamilyErased(
        occurred_at=small_place.NOW, authority_id=of.authority_id, application_id=of.application_id
    )


async def test_its_case_goes_with_what_was_told_of_it_and_another_one_stays(world: World) -> None:
    mine, other = small_place.submitted(), small_place.submitted()
    for each in (mine, other):
        await world.hear(each)
    for _ in range(2):
        await world.hear(erased(mine))
    query = sa.select(CASE.c.application_id)
    left = world.database.read_now(lambda store: [row["application_id"] for row in store.rows(query)])
    assert left == [str(other.application_id)]
    assert {each.application_id for each in told(world.database, EligibilityReviewOpened)} <= {other.application_id}
    assert faults(world.database) == []


async def test_an_erasure_that_comes_before_the_application_is_kept_in_mind(world: World) -> None:
    event = small_place.submitted()
    await world.hear(erased(event))
    found = world.database.read_now(lambda store: erasures.erased_among(store.session, [event.application_id]))
    assert found == {event.application_id}


async def test_the_commands_export_a_case_and_erase_it_here(world: World) -> None:
    event, other = small_place.submitted(), small_place.submitted()
    for each in (event, other):
        await world.hear(each)

    async def run(*arguments: str, exit_code: int = 0) -> Mapping[str, Json]:
        table = handlers(world.workflow)
        return await run_rights(
            "eligibility", world.database, table, *arguments, exit_code=exit_code, at=small_place.NOW
        )

    exported = await run("export", "--application", str(event.application_id))
    (case,) = exported["case_file"]
    assert event.child.last_name in case["submission"]
    assert len((await run("export", "--authority", text(case["authority_id"])))["case_file"]) == 2
    refused = await run("erase", "--application", str(event.application_id), exit_code=3)
    assert refused == {}, "a grant that runs does not go unasked"
    gone = await run("erase", "--application", str(event.application_id), *DESPITE)
    assert {name: len(rows) for name, rows in exported.items() if rows} == gone
    assert await run("erase", "--application", str(event.application_id)) == {}
    assert (await run("export", "--application", str(event.application_id)))["case_file"] == []
    assert len((await run("export", "--authority", text(case["authority_id"])))["case_file"]) == 1
