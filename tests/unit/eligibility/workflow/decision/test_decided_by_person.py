"""What a person decided is not taken back by the rules, whatever a family tells beside it."""

from datetime import date
from itertools import combinations

import pytest
from eligibility.domain.decision import Decision
from eligibility.workflow.decision.losses import last_day, losses_of
from shared.events import (
    ApplicationSubmitted,
    Circumstances,
    Claims,
    EligibilityReviewOpened,
    PlaceOfTeaching,
    Sibling,
)
from support.eligibility import small_place
from support.eligibility.deciding import LONG, SHORT, lives_here, questions, texts
from support.eligibility.office import Office
from support.eligibility.world import World

REASON = "Der Vater ist verstorben; aus Billigkeit ist der halbe Eigenanteil zu zahlen."
BASIS = "§ 2 Abs. 3 SchfkVO"
RULE = "person_decided"
TOLD: dict[str, dict[str, object]] = {
    "another class": {"grade": "04"},
    "a sibling": {"circumstances": lives_here(siblings=(Sibling(birth_date=date(2012, 1, 1), funded=True),))},
    "benefits": {"circumstances": lives_here(benefits=("housing_benefit",))},
    "special needs": {"circumstances": lives_here(special_needs=True)},
    "disability": {"circumstances": lives_here(severely_disabled=True)},
    "danger": {"claims": Claims(dangerous_route=True)},
    "health": {"claims": Claims(health_claimed=True, health_weeks=12, health_certificate=True)},
    "refused by the nearest": {"claims": Claims(nearest_refused=True)},
    "escort": {"claims": Claims(escort=True)},
    "place of teaching": {"place_of_teaching": PlaceOfTeaching(required=True, distance_m=900.0)},
}
"""What a family may tell more, each for itself. The list stands here, not in the product."""
OVERRIDES: dict[str, tuple[float, dict[str, object]]] = {
    "half a share until March": (LONG, {"own_share_cents": 700, "valid_until": date(2027, 3, 31)}),
    "nothing to pay": (LONG, {"own_share_cents": 0}),
    "less than the rules": (LONG, {"own_share_cents": 2000}),
    "against the limit": (SHORT, {}),
}


def merged(*names: str) -> dict[str, object]:
    """All that these tell, at once."""
    told: dict[str, object] = {}
    for name in names:
        for key, value in TOLD[name].items():
            told[key] = _joined(told.get(key), value)
    return told


def _joined(one: object, other: object) -> object:
    if not isinstance(one, Claims | Circumstances):
        return other
    assert isinstance(other, Claims | Circumstances)
    said = one.model_dump(exclude_defaults=True) | other.model_dump(exclude_defaults=True)
    return type(one).model_validate(said)


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


async def _overridden(office: Office, which: str) -> tuple[ApplicationSubmitted, float]:
    """By two persons; all else the machine may let out."""
    metres, more = OVERRIDES[which]
    office.world.set_authority(release_by_person="everything")
    event = await office.applies(metres, child=small_place.submitted().child)
    await office.overrides(event, "granted", REASON, BASIS, **more)
    office.world.set_authority(release_by_person="nothing")
    return event, metres


def decisions(office: Office, event: ApplicationSubmitted) -> list[Decision]:
    return list(office.world.database.read_now(lambda store: store.decisions_of(office.case(event))))


@pytest.mark.parametrize("which", sorted(OVERRIDES))
async def test_telling_more_takes_nothing_back_that_two_persons_decided(office: Office, which: str) -> None:
    told = [*[(each,) for each in TOLD], *list(combinations(TOLD, 2))[1::3]]  # of the pairs a third, in which each is
    for names in told if which == "half a share until March" else told[: len(TOLD)]:
        event, metres = await _overridden(office, which)
        grant = decisions(office, event)[-1]
        await office.changes(event, metres, **merged(*names))
        await office.settles()
        for new in decisions(office, event):
            if new.round > grant.round:
                assert losses_of(grant, new, last_day(grant)) == (), names


async def test_a_person_is_asked_who_sees_what_holds_by_whom_and_why(office: Office) -> None:
    event, metres = await _overridden(office, "half a share until March")
    await office.changes(event, metres, **TOLD["disability"])
    assert questions(office.world, event) == [RULE]
    said = texts(office.world, event)
    assert "zwei Personen" in said and REASON in said and BASIS in said
    assert "7,00 Euro" in said and "31.03.2027" in said and "14,00 Euro" in said and "31.07.2027" in said
    assert "anna" not in said and "bert" not in said
    (asked,) = office.world.told_of(event, EligibilityReviewOpened)[-1].reasons
    assert REASON not in asked.text and "Person" not in asked.text


async def test_a_refusal_by_persons_is_not_turned_by_what_does_not_touch_it(office: Office) -> None:
    office.world.set_authority(release_by_person="everything")
    event = await office.applies(LONG)
    await office.overrides(event, "refused", "Die Wohnung ist nur zum Schein gemeldet.", "§ 48 VwVfG NRW")
    office.world.set_authority(release_by_person="nothing")
    await office.changes(event, LONG, grade="04")
    assert questions(office.world, event) == [RULE]


async def test_where_the_way_became_another_the_rules_say_what_is_new(office: Office) -> None:
    """They granted by the earlier way and refuse by the new one: prepared, for a person to look at, after a hearing."""
    event, _ = await _overridden(office, "nothing to pay")
    await office.changes(event, SHORT, school_number="100002", changed_from=date(2026, 10, 1))
    assert office.world.case_of(event.application_id).state == "prepared"


async def test_where_the_rules_say_of_the_new_way_what_they_said_before_a_person_is_asked(office: Office) -> None:
    """Two persons granted it against them, and they have nothing new to say."""
    event, _ = await _overridden(office, "against the limit")
    await office.changes(event, SHORT - 200, school_number="100002", changed_from=date(2026, 10, 1))
    assert questions(office.world, event) == [RULE]


async def test_what_the_rules_would_grant_alike_is_decided_by_them(office: Office) -> None:
    """A person answered what was in doubt; by the new facts the same holds without one."""
    event = await office.applies(2010.0)
    await office.decides(event, "granted", "Nachgemessen: 2.015 m.", "§ 5 SchfkVO")
    await office.changes(event, LONG, home=event.home.model_copy(update={"flat": "bei Đặng"}))
    assert RULE not in questions(office.world, event)
