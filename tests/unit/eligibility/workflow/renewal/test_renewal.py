"""The change of the school year: carried on by the next grade and the new year's rules, or told to apply anew."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from eligibility import presets
from eligibility.domain.case import Case
from eligibility.domain.ids import ApplicationId
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from eligibility.workflow.renewal.renewal import apply_until, next_grade
from shared.errors import Forbidden, Invalid, NotFound
from shared.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    Circumstances,
    EligibilityApplicationDue,
    EligibilityGranted,
    EligibilityReviewOpened,
    EligibilityWithdrawn,
    HomeAddress,
    Sibling,
)
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.small_place import JUNE, NEXT_YEAR, Renew
from support.eligibility.world import World, settled

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))
FORMS = presets.preset("nrw").rule_set.forms


def years(world: World, event: ApplicationSubmitted) -> Sequence[Case]:
    return world.database.read_now(lambda store: store.cases_of(ApplicationId(event.application_id)))


@pytest.mark.parametrize(
    ("form", "grade", "track", "following"),
    [
        ("G", "03", None, "04"), ("G", "04", None, "another_school"), ("S", "04", None, "05"), ("S", "10", None, "last_grade"),
        ("R", "09", None, "10"), ("R", "10", None, "last_grade"), ("GY", "08", "GY9", "09"), ("GY", "09", "GY9", "10"),
        ("GY", "10", "GY9", "EF"), ("GY", "09", "GY8", "EF"), ("GY", "09", None, "facts_missing"), ("GY", "EF", "GY9", "Q1"),
        ("GY", "Q1", "GY9", "Q2"), ("GY", "Q2", "GY9", "last_grade"), ("GY", "12", "GY9", "13"), ("GY", "12", "GY8", "last_grade"),
        ("GE", "09", None, "10"), ("GE", "10", None, "facts_missing"), ("BK", "11", None, "facts_missing"),
        (None, "03", None, "facts_missing"),
    ],
)  # fmt: skip
def test_the_next_grade_follows_from_form_and_track_or_is_no_guess(
    form: str | None, grade: str, track: str | None, following: str
) -> None:
    assert next_grade(grade, form, track, FORMS) == following


def test_a_family_may_apply_until_the_31_october_that_follows_the_school_year() -> None:
    assert apply_until(presets.preset("nrw").law(NEXT_YEAR), NEXT_YEAR) == date(2028, 10, 31)


async def test_a_standing_grant_is_carried_on_into_the_next_grade_beside_the_present_one(
    world: World, renew: Renew, standing: None
) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    assert await renew() == {"carried_on": 1}
    old, new = years(world, event)
    assert (old.school_year, old.state, new.school_year, new.state) == ("2026/27", "granted", NEXT_YEAR, "granted")
    first, second = world.told_of(event, EligibilityGranted)
    assert second.carries_on == first.decision_id
    assert (second.valid_from, second.valid_until) == (date(2027, 8, 1), date(2028, 7, 31))
    assert new.facts["grade"] == "03"
    assert not world.told_of(event, EligibilityWithdrawn)
    kept = world.database.read_now(lambda store: store.decisions_of(old.id))
    assert [each.withdrawn_at for each in kept] == [None]
    acts = world.database.read_now(lambda store: [each.act for each in store.acts_of(old.id)])
    assert "carried on" in acts


async def test_again_nothing_is_done_twice(world: World, renew: Renew, standing: None) -> None:
    for _ in range(3):
        await world.hear(make.submitted(grade="02"))
    assert await renew() == {"carried_on": 3}
    before = len(world.told())
    assert await renew() == {}
    assert len(world.told()) == before


async def test_where_approval_is_yearly_the_family_is_told_until_when_to_apply_anew(world: World, renew: Renew) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    assert await renew() == {"yearly": 1}
    (due,) = world.told_of(event, EligibilityApplicationDue)
    assert (due.reason, due.grant_ends, due.apply_until) == ("yearly", date(2027, 7, 31), date(2028, 10, 31))
    assert len(years(world, event)) == 1
    assert await renew() == {}


async def test_after_grade_4_the_family_is_told_that_the_child_changes_school(
    world: World, renew: Renew, standing: None
) -> None:
    event = make.submitted(grade="04")
    await world.hear(event)
    assert await renew() == {"another_school": 1}
    assert world.told_of(event, EligibilityApplicationDue)[0].reason == "another_school"


async def test_a_change_of_level_meets_the_other_limit_on_a_way_measured_anew(
    world: World, renew: Renew, standing: None
) -> None:
    """Grade 10 at the G9 Gymnasium: more than 3,500 m; EF: more than 5,000 m (§ 5 Abs. 2 SchfkVO)."""
    world.measurer.answer = MeasuredRoutes(make.measurement(4200.0))
    event = make.submitted(school_number="100004", grade="10", track="GY9", birth_date=date(2010, 11, 1))
    await world.hear(event)
    asked = len(world.measurer.asked)
    world.measurer.answer = MeasuredRoutes(make.measurement(4300.0))
    await renew()
    assert len(world.measurer.asked) > asked
    new = years(world, event)[-1]
    decision = world.database.read_now(lambda store: store.decision_of(new.id))
    assert decision is not None
    assert (decision.outcome, decision.limit_m, decision.distance_m, decision.released_at) == (
        "refused",
        5000,
        4300.0,
        None,
    )
    assert new.state == "prepared"
    assert years(world, event)[0].state == "granted"


async def test_a_grant_that_only_a_person_could_give_is_a_question_again(
    world: World, renew: Renew, standing: None
) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2010.0))
    event = make.submitted(grade="02")
    await world.hear(event)
    case = world.case_of(event.application_id)
    await world.desk.decide(ANNA, case.id, PersonsDecision("granted", "Nachgemessen.", "§ 7 SchfkVO", None, 1400))
    assert await renew() == {"review": 1}
    assert years(world, event)[-1].state == "review"
    assert len(world.told_of(event, EligibilityReviewOpened)) == 2


async def test_who_applied_anew_is_not_carried_on_beside_it(world: World, renew: Renew, standing: None) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    await world.hear(
        make.submitted(
            grade="03",
            school_year=NEXT_YEAR,
            wanted_from=date(2027, 8, 1),
            child=event.child,
            birth_date=event.birth_date,
        )
    )
    assert await renew() == {"applied": 1}
    assert len(years(world, event)) == 1


async def test_a_sibling_that_leaves_school_makes_the_share_a_question_and_holds_back_no_ticket(
    world: World, renew: Renew, standing: None
) -> None:
    household, older, younger = uuid4(), date(2016, 1, 5), date(2018, 2, 7)

    def child(birth: date, other: date, grade: str) -> ApplicationSubmitted:
        siblings = (Sibling(birth_date=other, funded=True),)
        return make.submitted(
            birth_date=birth, grade=grade, household=household,
            circumstances=Circumstances(lives_in_nrw=True, siblings=siblings),
        )  # fmt: skip

    first, second = child(older, younger, "04"), child(younger, older, "02")
    await world.hear(first)
    await world.hear(second)
    await settled(world.families())
    assert world.decision_of(second.application_id).own_share_cents == 700
    assert await renew() == {"another_school": 1, "carried_on": 1}
    new = years(world, second)[-1]
    assert new.state == "granted"
    decision = world.decision_of(second.application_id)
    assert (decision.facts["school_year"], decision.own_share_cents) == (NEXT_YEAR, 1400)
    (said,) = (each["text"] for each in decision.reasons if each["rule"] == "share_proof")
    assert "ob das Geschwisterkind (geboren am 05.01.2016) ein gefördertes Ticket hat" in said


async def test_a_withdrawal_ends_the_grants_of_both_years(world: World, renew: Renew, standing: None) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    await renew()
    await world.hear(
        ApplicationWithdrawn(
            occurred_at=JUNE, authority_id="12345", application_id=event.application_id, withdrawal_id=uuid4()
        )
    )
    assert [each.state for each in years(world, event)] == ["withdrawn", "withdrawn"]
    assert {each.decision_id for each in world.told_of(event, EligibilityWithdrawn)} == {
        each.decision_id for each in world.told_of(event, EligibilityGranted)
    }


@pytest.mark.parametrize("what", ["move", "school", "year"])
async def test_a_case_is_opened_again_when_facts_change_and_the_earlier_decision_is_kept(
    world: World, renew: Renew, standing: None, what: str
) -> None:
    """A move, another school, and a change told after the grant was carried on."""
    event = make.submitted(grade="02")
    await world.hear(event)
    if what == "year":
        await renew()
    elsewhere = HomeAddress(street="Unbekannte Straße", house_number="1", postal_code="33100", city="Eschenborn")
    changes: dict[str, dict[str, object]] = {
        "move": {"home": elsewhere}, "school": {"school_number": "100003"}, "year": {"home": elsewhere},
    }  # fmt: skip
    await world.hear(make.changed(event, changed_from=date(2026, 10, 5), **changes[what]))
    for case in years(world, event):
        decisions = world.database.read_now(lambda store: store.decisions_of(case.id))  # noqa: B023  # it is done at once
        assert case.state in ("review", "prepared")
        assert decisions[0].released_at is not None
        assert decisions[0].withdrawn_at is None
    if what == "year":
        assert years(world, event)[-1].reasons[0]["rule"] == "renewal"


async def test_a_move_in_the_new_year_concerns_that_year_alone(world: World, renew: Renew, standing: None) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    await renew()
    world.clock[0] = datetime(2027, 10, 6, 9, 0, tzinfo=UTC)
    elsewhere = HomeAddress(street="Unbekannte Straße", house_number="1", postal_code="33100", city="Eschenborn")
    await world.hear(make.changed(event, changed_from=date(2027, 10, 5), home=elsewhere))
    assert [each.state for each in years(world, event)] == ["granted", "review"]


async def test_only_the_present_and_the_next_year_and_only_the_own_authority(world: World) -> None:
    world.clock[0] = JUNE
    renewals = world.renewals(NEXT_YEAR)
    for wrong in ("2025/26", "2028/29", "2027/29"):
        with pytest.raises(Invalid):
            await renewals.renew("12345", wrong, "bert", lambda _: None)
    renewals.may(Caller("bert", "12345", frozenset({"releaser"})), "12345", NEXT_YEAR)
    with pytest.raises(NotFound):
        renewals.may(Caller("eve", "99999", frozenset({"releaser"})), "12345", NEXT_YEAR)
    with pytest.raises(Forbidden):
        renewals.may(Caller("anna", "12345", frozenset({"case_worker"})), "12345", NEXT_YEAR)
