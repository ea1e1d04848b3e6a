"""Whatever is told of families whose birth dates are known in part: nothing crashes, no second ticket, nobody pays less
than is proven, and every decision comes out again."""

from contextlib import suppress
from datetime import date
from random import Random
from uuid import uuid4

import pytest
from eligibility.workflow import Proof
from shared.birth_dates import BirthDate, less_known
from shared.errors import Problem
from shared.events import EligibilityGranted, Person
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.siblings import child, sibling
from support.eligibility.world import World, settled

ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))
DAYS = [date(2015, 3, 1), date(2015, 7, 9), date(2017, 5, 1), date(2012, 1, 1)]


def known(day: date, random: Random) -> BirthDate:
    possible: list[BirthDate] = [day, *less_known(day)]
    return random.choice(possible)


@pytest.mark.parametrize("seed", range(6))
async def test_families_apply_change_and_prove_in_any_order(world: World, seed: int) -> None:
    random = Random(seed)
    house, days = uuid4(), random.sample(DAYS, 3)
    names = ["Ziyad", "Soraya", "Parwin"]
    events = []
    for name, day in zip(names, days, strict=True):
        others = [sibling(known(each, random)) for each in days if each != day and random.random() < 0.8]
        events.append(
            child(known(day, random), *others, household=house, child=Person(first_name=name, last_name="Qasemi"))
        )
    for event in random.sample(events, len(events)):
        await world.hear(event)
        await settled(world.families())
    for number, (event, day) in enumerate(zip(events, days, strict=True), start=1):
        await world.hear(small_place.changed(event, birth_date=known(day, random), change_number=number))
        await settled(world.families())
        case = world.case_of(event.application_id)
        for each in (case.facts.get("unproven") or {}).get("siblings") or ():
            found = next(
                one for one in event.circumstances.siblings if one.birth_date.isoformat() == each["birth_date"]
            )
            with suppress(Problem):  # nothing falls by it, or a person is asked first
                await world.workflow.proofs.recognise(ANNA, case.id, Proof(siblings=(found.birth_date,)))
    # each child's second application is for a person, whatever it knows of the birth date
    for event, day in zip(events, days, strict=True):
        again = small_place.submitted(child=event.child, birth_date=known(day, random), household=uuid4())
        await world.hear(again)
        assert not world.told_of(again, EligibilityGranted)
        assert world.case_of(again.application_id).state == "review"
