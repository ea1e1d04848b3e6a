"""Children without siblings leave the work list together; whoever has a family, or told of a change, is looked at."""

from itertools import combinations

import pytest
from eligibility.domain.ids import CaseId
from eligibility.store import Store
from eligibility.workflow.family.families import Families, FamiliesStore
from shared.database import Database
from shared.events import ApplicationSubmitted
from support.eligibility import small_place as make
from support.eligibility.siblings import OCTOBER, OLDER, YOUNGER, YOUNGEST, child, sibling
from support.eligibility.world import World, settled


def is_alone(store: Store, case_id: CaseId) -> tuple[bool, bool]:
    """As the list asks, and by the members."""
    members = store.family_of(case_id)
    return store.is_alone(case_id), len(members) < 2 and not any(each.case.change_number for each in members)


def children() -> list[ApplicationSubmitted]:
    """Some name each other, some nobody, one lives elsewhere."""
    return [
        child(OLDER),
        child(YOUNGER),
        child(YOUNGER, sibling(OLDER)),
        child(YOUNGEST, sibling(OLDER), sibling(YOUNGER)),
        make.submitted(),
    ]


@pytest.mark.parametrize("places", [each for size in (1, 2, 3) for each in combinations(range(5), size)], ids=str)
async def test_alone_is_whoever_has_no_family(world: World, places: tuple[int, ...]) -> None:
    events = [children()[at] for at in places]
    for event in events:
        await world.hear(event)
    for event in events:
        case = world.case_of(event.application_id)
        asked, looked = world.database.read_now(lambda store: is_alone(store, case.id))  # noqa: B023  # it is done at once
        assert asked == looked


async def test_the_same_after_a_change(world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    assert world.database.read_now(lambda store: is_alone(store, case.id)) == (True, True)
    world.database.write_now(lambda store: store.set_change_number(case.id, 1))
    assert world.database.read_now(lambda store: is_alone(store, case.id)) == (False, False)


async def test_of_many_children_alone_the_list_is_emptied_in_one_transaction(
    world: World, families: Families, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        await world.hear(make.submitted())
    assert len(world.database.read_now(lambda store: store.families_due(50, OCTOBER))) == 6
    writes: list[int] = []
    whole = Database._write

    def noted(self: Database[FamiliesStore], *step: object) -> object:
        writes.append(1)
        return whole(self, *step)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "_write", noted)
    await settled(families)
    assert len(writes) == 1
    assert not world.database.read_now(lambda store: store.families_due(50, OCTOBER))
