"""Every fact that a family can tell reaches the rules: with it the decision is another than without it."""

from datetime import date

import pytest
from eligibility.workflow import MeasuredRoutes, PersonsDecision, Proof
from shared.birth_dates import PartlyKnownDate
from shared.errors import Conflict
from shared.events import (
    Claims,
    Course,
    EligibilityGranted,
    EligibilityReviewOpened,
    Person,
    PlaceOfTeaching,
    Sibling,
    Transport,
)
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.deciding import (
    LONG,
    REASONABLE,
    SHORT,
    decided,
    lives_here,
    questions,
    texts,
)
from support.eligibility.world import World

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))
ADULT = date(2008, 4, 30)
MINOR = date(2009, 4, 30)
AT_COLLEGE = {"school_number": "100005", "grade": "11"}


@pytest.mark.parametrize(
    ("applicant", "birth", "asked"),
    [
        ("guardian", MINOR, []),
        ("pupil", MINOR, ["applicant"]),
        ("pupil", ADULT, []),
        ("guardian", ADULT, ["applicant"]),
        ("other", MINOR, ["applicant"]),
        (None, MINOR, []),
        (None, ADULT, ["applicant"]),
    ],
)
async def test_a_guardian_applies_for_a_minor_and_an_adult_pupil_for_herself(
    world: World, applicant: str | None, birth: date, asked: list[str]
) -> None:
    event = await decided(world, LONG, applicant=applicant, birth_date=birth)
    assert questions(world, event) == asked


@pytest.mark.parametrize(
    ("applicant", "birth", "asked"),
    [
        ("guardian", PartlyKnownDate(2015, 2), []),
        ("guardian", PartlyKnownDate(2015), []),
        ("pupil", PartlyKnownDate(2015), ["applicant"]),
        ("guardian", PartlyKnownDate(2008, 5), ["birth_date"]),
        ("pupil", PartlyKnownDate(2008, 5), ["birth_date"]),
    ],
)
async def test_a_refusal_asks_who_applies_only_where_a_birth_date_known_in_part_leaves_it_open(
    world: World, applicant: str, birth: PartlyKnownDate, asked: list[str]
) -> None:
    """Applied for on 1 May 2026: who was born in May 2008 may be of age on that day, or not yet."""
    event = await decided(world, SHORT, applicant=applicant, birth_date=birth)
    assert questions(world, event) == asked


@pytest.mark.parametrize(
    ("addressee", "asked"),
    [
        (Person(first_name="Ana", last_name="Đặng"), []),
        (Person(first_name="ANA", last_name="Dang"), []),
        (Person(first_name="Mai", last_name="Đặng"), ["applicant"]),
        (Person(first_name="", last_name="Đặng"), ["applicant"]),
    ],
)
@pytest.mark.parametrize("metres", [LONG, SHORT])
async def test_leaving_out_who_applies_is_no_way_around_a_power_of_attorney(
    world: World, addressee: Person, asked: list[str], metres: float
) -> None:
    """Also where it is refused: a refusal is told to whom it concerns."""
    child = Person(first_name="Ana", last_name="Đặng")
    event = await decided(world, metres, applicant=None, birth_date=ADULT, addressee=addressee, child=child)
    assert questions(world, event) == asked


async def test_afternoon_lessons_are_put_to_a_person_where_one_way_is_not_long_enough(world: World) -> None:
    event = await decided(world, SHORT, claims=Claims(afternoon_lessons=True))
    assert questions(world, event) == ["afternoon_lessons"]


@pytest.mark.parametrize(
    ("place", "state", "asked"),
    [
        (PlaceOfTeaching(), "review", ["place_of_teaching"]),
        (PlaceOfTeaching(required=False), "prepared", []),
        (PlaceOfTeaching(required=True, distance_m=1900.0), "prepared", []),
        (PlaceOfTeaching(required=True, distance_m=2100.0), "review", ["place_of_teaching"]),
    ],
)
async def test_an_internship_elsewhere_counts_by_the_same_limit_and_a_person_confirms_it(
    world: World, place: PlaceOfTeaching, state: str, asked: list[str]
) -> None:
    event = await decided(world, SHORT, place_of_teaching=place)
    assert (world.case_of(event.application_id).state, questions(world, event)) == (state, asked)


async def test_where_the_internship_is_stands_in_the_case_for_the_person_who_measures(world: World) -> None:
    address = make.submitted().home
    event = await decided(world, SHORT, place_of_teaching=PlaceOfTeaching(required=True, address=address))
    case = world.case_of(event.application_id)
    assert case.submission["place_of_teaching"]["street"] == address.street
    assert "address" not in case.facts["place_of_teaching"]


async def test_a_school_that_the_school_supervision_named_is_asked_for_its_letter(world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(LONG), ("100003", make.measurement(SHORT)))
    event = make.submitted(claims=Claims(assigned_place=True))
    await world.hear(event)
    assert questions(world, event) == ["assigned_place"]
    assert "confirmed" not in world.case_of(event.application_id).facts["assigned_place"]


@pytest.mark.parametrize(("refused_by", "asked"), [("100003", 1), ("100006", 2), (None, 1)])
async def test_a_refusal_helps_only_where_the_nearest_school_refused(
    world: World, refused_by: str | None, asked: int
) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(LONG), ("100003", make.measurement(SHORT)))
    event = make.submitted(claims=Claims(nearest_refused=True, nearest_refused_school=refused_by))
    await world.hear(event)
    assert questions(world, event) == ["nearest_refused"] * asked
    assert ("S 100006" in texts(world, event)) == (asked == 2)


@pytest.mark.parametrize(("days", "found"), [(56, "nötig sind mehr als 8 Wochen"), (57, "länger als 8 Wochen")])
async def test_fifty_seven_days_are_more_than_eight_weeks(world: World, days: int, found: str) -> None:
    event = await decided(world, SHORT, claims=Claims(health_weeks=8, health_days=days, health_certificate=True))
    assert questions(world, event) == ["health"]
    assert found in texts(world, event)


async def test_an_illness_of_unknown_length_is_asked_for_and_not_overheard(world: World) -> None:
    event = await decided(world, SHORT, claims=Claims(health_claimed=True))
    assert questions(world, event) == ["health"]
    assert "Wie lange" in texts(world, event)


@pytest.mark.parametrize(("after", "outcome"), [(None, "review"), (True, "refused"), (False, "granted")])
async def test_a_course_after_a_finished_training_is_not_covered(
    world: World, after: bool | None, outcome: str
) -> None:
    course = Course(annex="E", full_time=True, after_training=after)
    event = await decided(world, 9000.0, course=course, **AT_COLLEGE)
    case = world.case_of(event.application_id)
    assert (case.state if case.state == "review" else world.decision_of(event.application_id).outcome) == outcome


@pytest.mark.parametrize(
    ("more", "wanted", "share"),
    [
        ({}, date(2026, 8, 1), 700),
        ({"funded_until": date(2027, 1, 31)}, date(2026, 8, 1), 700),
        ({"funded_until": date(2027, 1, 31)}, date(2027, 2, 1), None),
        ({"funded_from": date(2027, 2, 1)}, date(2026, 8, 1), 700),
    ],
)
async def test_a_sibling_counts_once_it_is_proven_and_while_it_has_its_ticket(
    world: World, more: dict[str, object], wanted: date, share: int | None
) -> None:
    sibling = Sibling(birth_date=date(2012, 1, 1), funded=True, **more)
    event = await decided(world, LONG, circumstances=lives_here(siblings=(sibling,)), wanted_from=wanted)
    assert world.decision_of(event.application_id).own_share_cents == 1400
    seen = world.workflow.proofs.recognise(
        ANNA, world.case_of(event.application_id).id, Proof(siblings=(date(2012, 1, 1),))
    )
    if share is None:  # its ticket is over by then
        with pytest.raises(Conflict):
            await seen
        return
    await seen
    decision = world.decision_of(event.application_id)
    assert (decision.own_share_cents, decision.terms.share_from) == (share, more.get("funded_from", wanted))
    assert decision.terms.own_share_changes == (((date(2027, 2, 1), 1400),) if "funded_until" in more else ())


@pytest.mark.parametrize("first", [True, False, None])
async def test_twins_hold_back_no_ticket(world: World, first: bool | None) -> None:
    sibling = Sibling(birth_date=date(2017, 2, 28), funded=True, counts_first=first)
    event = await decided(world, LONG, circumstances=lives_here(siblings=(sibling,)))
    assert world.decision_of(event.application_id).own_share_cents == 1400


async def test_who_leaves_the_school_in_the_year_has_a_ticket_until_then(world: World) -> None:
    await decided(world, LONG, leaves_on=date(2027, 1, 31))
    (granted,) = world.told()
    assert isinstance(granted, EligibilityGranted)
    assert (granted.valid_from, granted.valid_until) == (date(2026, 8, 1), date(2027, 1, 31))
    assert any("31.01.2027" in each.text for each in granted.reasons if each.rule == "period")


async def test_a_question_of_the_rules_is_answered_by_the_family_and_the_answer_decides(world: World) -> None:
    """The applicant's and the transport's question in turn, each answered by a field of the form."""
    event = await decided(world, LONG, birth_date=ADULT, applicant="guardian", transport=Transport(kind="car"))
    assert questions(world, event) == ["applicant", "transport"]
    first = make.changed(event, applicant="pupil")
    await world.hear(first)
    assert questions(world, event) == ["transport"]
    second = make.changed(first, applied_at=event.occurred_at, change_number=2, transport=Transport(**REASONABLE))
    await world.hear(second)
    assert [type(each) for each in world.told()] == [
        EligibilityReviewOpened, EligibilityReviewOpened, EligibilityGranted,
    ]  # fmt: skip
    decision = world.decision_of(event.application_id)
    assert (decision.outcome, decision.facts["applicant"]) == ("granted", "pupil")
    assert decision.facts["transport"]["minutes_a_day"] == 90


async def test_an_answer_about_the_place_of_teaching_leads_to_the_decision(world: World) -> None:
    event = await decided(world, SHORT, place_of_teaching=PlaceOfTeaching())
    assert questions(world, event) == ["place_of_teaching"]
    await world.hear(make.changed(event, place_of_teaching=PlaceOfTeaching(required=False)))
    assert world.case_of(event.application_id).state == "prepared"
    assert world.decision_of(event.application_id).outcome == "refused"


async def test_a_day_alone_changes_nothing(world: World) -> None:
    event = await decided(world, LONG, wanted_from=date(2026, 9, 1))
    before = world.decision_of(event.application_id)
    await world.hear(make.changed(event, changed_from=date(2026, 10, 1)))
    assert world.decision_of(event.application_id) == before


@pytest.mark.parametrize(("within", "asked"), [(None, ["income"]), (True, ["income"]), (False, [])])
async def test_where_the_law_tests_the_income_the_family_says_whether_it_lies_within_and_proves_it(
    world: World, within: bool | None, asked: list[str]
) -> None:
    world.set_authority(rules="rp")
    circumstances = lives_here(income_within_limit=within)
    event = await decided(world, 9000.0, circumstances=circumstances, school_number="100004", grade="12")
    assert questions(world, event) == asked
    if within is False:
        assert world.decision_of(event.application_id).outcome == "refused"


async def test_that_another_school_refused_is_a_change_of_the_facts(world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(LONG), ("100003", make.measurement(SHORT)))
    event = make.submitted(claims=Claims(nearest_refused=True, nearest_refused_school="100006"))
    await world.hear(event)
    right = Claims(nearest_refused=True, nearest_refused_school="100003")
    await world.hear(make.changed(event, claims=right))
    assert questions(world, event) == ["nearest_refused"]


async def test_a_boarding_school_is_put_to_a_person(world: World) -> None:
    event = await decided(world, LONG, claims=Claims(boarding=True))
    assert questions(world, event) == ["boarding"]


@pytest.mark.parametrize(("metres", "asked"), [(LONG, ["escort"]), (SHORT, ["health"])])
async def test_an_escort_who_is_only_claimed_is_put_to_a_person(world: World, metres: float, asked: list[str]) -> None:
    event = await decided(world, metres, claims=Claims(escort=True))
    assert questions(world, event) == asked
    assert world.case_of(event.application_id).state == "review"


@pytest.mark.parametrize(("inside", "outcome"), [(None, "granted"), (True, "granted"), (False, "refused")])
async def test_where_the_residence_bears_the_cost_the_family_says_whether_it_lies_there(
    world: World, inside: bool | None, outcome: str
) -> None:
    world.set_authority(rules="rp")
    event = await decided(world, LONG, circumstances=lives_here(lives_in_authority_area=inside))
    assert world.decision_of(event.application_id).outcome == outcome


async def test_a_person_grants_until_the_pupil_leaves_too(world: World) -> None:
    event = await decided(world, SHORT, claims=Claims(afternoon_lessons=True), leaves_on=date(2027, 1, 31))
    decision = PersonsDecision("granted", "Die Schule bestätigt den Unterricht.", "§ 5 Abs. 3 SchfkVO")
    caller = Caller("anna", "12345", frozenset({"case_worker"}))
    await world.desk.decide(caller, world.case_of(event.application_id).id, decision)
    assert world.decision_of(event.application_id).valid_until == date(2027, 1, 31)
