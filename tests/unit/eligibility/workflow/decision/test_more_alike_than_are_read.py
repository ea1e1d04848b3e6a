"""Where more cases share a digest with a child than are read, nobody has compared the rest: a person looks."""

import pytest
from eligibility.store.decision import children
from shared.events import Person
from support.eligibility.deciding import questions
from support.eligibility.office import Office
from support.eligibility.world import World


@pytest.mark.parametrize(("most", "asked"), [(3, []), (2, ["duplicate"])])
async def test_one_more_than_are_read_is_a_person_s(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int, asked: list[str]
) -> None:
    """Three children of one birth date and family name, none of whom is this one."""
    office = Office(world)
    for name in ("Lena", "Paul", "Emil"):
        await office.applies(6000.0, child=Person(first_name=name, last_name="Yıldırım"))
    monkeypatch.setattr(children, "MOST_LOOKED_AT", most)
    event = await office.applies(6000.0, child=Person(first_name="Mila", last_name="Yıldırım"))
    assert questions(world, event) == asked
