"""From an application to a decision, a notice and an event, or to a case for a person."""

from datetime import date, datetime

import pytest
from eligibility.workflow import MeasuredRoutes, QuestionDraft
from geography.model import NoWay, UnusablePoint
from geography.model.doubt import Doubt
from shared.errors import Text
from shared.events import (
    Circumstances,
    Claims,
    Course,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
    HomeAddress,
    Sibling,
)
from support import making
from support.eligibility import small_place as make
from support.eligibility.desk_words import desk_words_in
from support.eligibility.office import ANNA
from support.eligibility.world import World


def asked(event: EligibilityReviewOpened) -> list[str]:
    return [each.rule for each in event.reasons]


async def test_a_long_way_is_granted_at_once_with_a_notice(world: World) -> None:
    event = make.submitted(
        circumstances=Circumstances(lives_in_nrw=True, siblings=(Sibling(birth_date=date(2012, 1, 1), funded=True),))
    )
    await world.hear(event)
    (granted,) = world.told()
    assert isinstance(granted, EligibilityGranted)
    assert (granted.valid_from, granted.valid_until) == (date(2026, 8, 1), date(2027, 7, 31))
    assert (granted.own_share_cents, granted.distance_m, granted.limit_m) == (1400, 2500.0, 2000)
    assert granted.notice_url == "https://bescheid.example/v1/notices/token-0"
    assert granted.rules_version.startswith("nrw ")
    decision = world.decision_of(event.application_id)
    assert decision.id == granted.decision_id
    assert decision.released_by == "rules"
    assert decision.routes["attended"]["geometry"]["type"] == "LineString"
    assert decision.routes["attended"]["network"]["graph"]["sha256"] == "ab" * 32
    assert decision.facts["distance_m"] == 2500.0
    assert world.case_of(event.application_id).state == "granted"


async def test_the_ticket_begins_when_wanted_but_not_before_the_school_year(world: World) -> None:
    await world.hear(make.submitted(wanted_from=date(2026, 10, 1)))
    await world.hear(make.submitted(wanted_from=date(2026, 6, 1)))
    assert [world.told_as(EligibilityGranted, place).valid_from for place in (0, 1)] == [
        date(2026, 10, 1),
        date(2026, 8, 1),
    ]


@pytest.mark.parametrize(("moment", "day"), [("2026-05-01T21:59Z", "2026-05-01"), ("2026-05-01T22:00Z", "2026-05-02")])
async def test_the_day_of_the_application_is_the_day_in_germany(world: World, moment: str, day: str) -> None:
    event = make.submitted(occurred_at=datetime.fromisoformat(moment))
    await world.hear(event)
    assert world.case_of(event.application_id).facts["application_date"] == day


async def test_a_start_after_the_school_year_is_asked(world: World) -> None:
    await world.hear(make.submitted(wanted_from=date(2027, 8, 1)))
    assert asked(world.told_as(EligibilityReviewOpened, 0)) == ["period"]


async def test_a_refusal_waits_for_a_person_and_nothing_is_told(world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    assert world.told() == []
    assert world.case_of(event.application_id).state == "prepared"
    assert world.decision_of(event.application_id).outcome == "refused"


@pytest.mark.parametrize(("release", "told"), [("nothing", 2), ("refusals", 1), ("everything", 0)])
async def test_the_authority_says_what_a_person_releases(world: World, release: str, told: int) -> None:
    world.set_authority(release_by_person=release)
    await world.hear(make.submitted())
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.submitted())
    assert len(world.told()) == told


async def test_a_nearer_school_counts_and_the_reasons_say_how_it_was_compared(world: World) -> None:
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(make.measurement(4000.0), ("100003", make.measurement(1200.0)))
    event = make.submitted()
    await world.hear(event)
    (refused,) = world.told()
    assert isinstance(refused, EligibilityRefused)
    assert refused.distance_m == 1200.0
    assert any("nach der Länge des Weges" in each.text for each in refused.reasons)
    assert world.decision_of(event.application_id).routes["nearest"]["school_name"] == "Schule 100003"


async def test_schools_alike_are_of_the_same_kind_and_looked_for_as_far_as_the_way_is_long(world: World) -> None:
    await world.hear(make.submitted())
    assert {each.number for each in world.measurer.asked[0].alike} == {"100003", "100006"}
    world.measurer.answer = MeasuredRoutes(make.measurement(30_000.0))
    await world.hear(make.submitted())
    assert world.measurer.asked[-1].radius_m == 30_000.0


@pytest.mark.parametrize("metres", [1950.0, 2000.0, 2000.001, 2050.0])
async def test_inside_the_band_of_doubt_a_person_looks(world: World, metres: float) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(metres))
    await world.hear(make.submitted())
    assert asked(world.told_as(EligibilityReviewOpened, 0)) == ["doubt"]


@pytest.mark.parametrize(("metres", "band"), [(1949.9, 50.0), (2050.1, 50.0), (2000.001, 0.0), (1999.999, 0.0)])
async def test_outside_the_band_the_rules_decide(world: World, metres: float, band: float) -> None:
    world.set_authority(review_band_m=band)
    world.measurer.answer = MeasuredRoutes(make.measurement(metres))
    event = make.submitted()
    await world.hear(event)
    assert world.case_of(event.application_id).state != "review"


@pytest.mark.parametrize(
    "changes",
    [
        {"metres": 2500.0, "lenient_m": 1990.0},
        {"metres": 1500.0, "strict_m": 2100.0},
        {"metres": 1500.0, "strict_m": None},
        {"metres": 2500.0, "flags": ("could_leave_extract",)},
    ],
)
async def test_two_readings_on_two_sides_of_the_limit_are_in_doubt(world: World, changes: dict[str, object]) -> None:
    world.measurer.answer = MeasuredRoutes(making.make(make.measurement, **changes))
    await world.hear(make.submitted())
    assert asked(world.told_as(EligibilityReviewOpened, 0)) == ["doubt"]


@pytest.mark.parametrize(
    ("border_m", "state"),
    [(None, "review"), (1500.0, "review"), (2050.0, "review"), (2050.1, "granted"), (2400.0, "granted")],
)
async def test_a_way_over_the_border_counts_where_it_could_be_no_longer_than_the_limit(
    world: World, border_m: float | None, state: str
) -> None:
    """The band belongs to the border too: 2,000 m and 50."""
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0, flags=("could_leave_extract",), border_m=border_m))
    event = make.submitted()
    await world.hear(event)
    assert (world.case_of(event.application_id).state == "review") is (state == "review")


async def test_the_question_names_the_places_in_doubt(world: World) -> None:
    places = (Doubt("gate", "node/5", "", 0.0, ("passes_gate",), "lenient"),)
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0, lenient_m=1990.0, doubts=places))
    event = make.submitted()
    await world.hear(event)
    said = [each["text"] for each in world.case_of(event.application_id).reasons if each["rule"] == "doubt"]
    assert [text.endswith("Es geht um: Tor oder Sperre (Knoten 5 in OpenStreetMap).") for text in said] == [True]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (
            {"home": HomeAddress(street="Nirgendweg", house_number="1", postal_code="33100", city="Eschenborn")},
            "address",
        ),
        (
            {"home": HomeAddress(street="Doppelweg", house_number="1", postal_code="33100", city="Eschenborn")},
            "address",
        ),
        ({"school_number": "999999"}, "school"),
        ({"school_number": "100006"}, "school"),
        ({"school_number": "100004"}, "limit"),
        ({"grade": "99"}, "facts"),
        ({"circumstances": Circumstances()}, "residence"),
    ],
)
async def test_what_is_not_known_becomes_a_question(world: World, changes: dict[str, object], rule: str) -> None:
    await world.hear(make.submitted(**changes))
    (opened,) = world.told()
    assert isinstance(opened, EligibilityReviewOpened)
    assert rule in asked(opened)


@pytest.mark.parametrize(("metres", "state"), [(2500.0, "prepared"), (4000.0, "review"), (6000.0, "granted")])
async def test_the_track_of_an_ef_is_asked_only_where_it_decides(world: World, metres: float, state: str) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(metres))
    event = make.submitted(school_number="100004", grade="EF", birth_date=date(2010, 5, 1))
    await world.hear(event)
    assert world.case_of(event.application_id).state == state


@pytest.mark.parametrize(
    "claims",
    [
        Claims(health_weeks=12, health_certificate=True),
        Claims(health_weeks=4, health_certificate=True),
        Claims(health_certificate=True),
        Claims(dangerous_route=True),
        Claims(second_home=True),
        Claims(nearest_refused=True),
    ],
)
async def test_a_claim_that_the_distance_does_not_settle_goes_to_a_person(world: World, claims: Claims) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.submitted(claims=claims))
    assert isinstance(world.told()[0], EligibilityReviewOpened)


@pytest.mark.parametrize(
    ("second_m", "changes", "state"),
    [
        (1800.0, {}, "prepared"),
        (1990.0, {}, "review"),  # within the band
        (1800.0, {"strict_m": 2100.0}, "review"),
        (2500.0, {}, "review"),
        (None, {}, "review"),
    ],
)
async def test_a_child_in_two_homes_that_are_both_near_is_refused_and_any_other_goes_to_a_person(
    world: World, second_m: float | None, changes: dict[str, float], state: str
) -> None:
    second = None if second_m is None else make.measurement(second_m, **changes)
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0), second_home=second)
    event = make.submitted(claims=Claims(second_home=True), second_home=make.HOME)
    await world.hear(event)
    assert world.case_of(event.application_id).state == state
    for told in world.told():
        assert isinstance(told, EligibilityReviewOpened) and set(asked(told)) <= {"second_home", "doubt"}


async def test_a_second_home_without_its_claim_is_not_measured(world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0), second_home=make.measurement(9000.0))
    event = make.submitted(second_home=make.HOME)
    await world.hear(event)
    assert world.case_of(event.application_id).state == "prepared"


async def test_a_claim_beside_a_long_way_needs_nobody(world: World) -> None:
    await world.hear(make.submitted(claims=Claims(health_weeks=12, dangerous_route=True, second_home=True)))
    assert isinstance(world.told()[0], EligibilityGranted)


async def test_no_way_is_a_question_with_its_reason(world: World) -> None:
    for reason in (
        NoWay("no_connection", Text("Kein Weg.", "No way.")),
        UnusablePoint("outside_network", Text("Außerhalb.", "Outside.")),
    ):
        world.measurer.answer = MeasuredRoutes(reason)
        await world.hear(make.submitted())
        assert asked(world.told_as(EligibilityReviewOpened)) == ["no_way"]


async def test_a_family_reads_that_its_way_is_measured_by_hand_and_the_desk_why(world: World) -> None:
    outside = (
        "Der Punkt liegt außerhalb des Wegenetzes (50.7451,6.0260). Bitte ein Netz aus einem größeren Ausschnitt bauen."
    )
    world.measurer.answer = MeasuredRoutes(
        UnusablePoint("outside_network", Text(outside, "Build a network from a larger extract."))
    )
    event = make.submitted()
    await world.hear(event)
    (told,) = world.told_as(EligibilityReviewOpened).reasons
    assert told.text.startswith("Wir messen Ihren Schulweg von Hand nach.")
    assert desk_words_in(f"{told.text} {told.text_en}") == []
    assert outside in world.case_of(event.application_id).reasons[0]["text"]


async def test_a_refusal_on_other_grounds_needs_no_way(world: World) -> None:
    world.set_authority(release_by_person="nothing")
    nowhere = HomeAddress(street="Nirgendweg", house_number="1", postal_code="99999", city="Anderswo")
    await world.hear(make.submitted(home=nowhere, circumstances=Circumstances(lives_in_nrw=False)))
    assert isinstance(world.told()[0], EligibilityRefused)


@pytest.mark.parametrize(("street", "number"), [("Kirchstrase", "5a"), ("Doppelweg", "1"), ("Nirgendweg", "1")])
async def test_a_home_here_that_is_written_wrongly_contradicts_the_form_as_a_known_one_does(
    world: World, street: str, number: str
) -> None:
    world.set_authority(release_by_person="nothing")
    home = HomeAddress(street=street, house_number=number, postal_code="33100", city="Eschenborn")
    await world.hear(make.submitted(home=home, circumstances=Circumstances(lives_in_nrw=False)))
    assert "contradiction" in asked(world.told_as(EligibilityReviewOpened, 0))


async def test_at_a_berufskolleg_a_nearer_one_is_only_a_hint(world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(9000.0), ("100099", make.measurement(1000.0)))
    course = Course(annex="B", full_time=True)
    await world.hear(make.submitted(school_number="100005", grade="01", course=course))
    assert asked(world.told_as(EligibilityReviewOpened, 0)) == ["nearest_school"]
    world.measurer.answer = MeasuredRoutes(make.measurement(9000.0))
    await world.hear(make.submitted(school_number="100005", grade="01", course=course))
    assert isinstance(world.told()[1], EligibilityGranted)


@pytest.mark.parametrize("talking", ["a question", "a message", "nothing"])
async def test_the_machine_refuses_nobody_whom_it_asks_or_has_not_read(world: World, talking: str) -> None:
    world.set_authority(release_by_person="nothing")
    event = make.submitted(claims=Claims(health_claimed=True))
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(event)
    case = world.case_of(event.application_id).id
    if talking == "a question":
        asked_ = QuestionDraft("Bitte das Attest senden.", "", date(2026, 6, 10))
        await world.handling.ask(ANNA, case, asked_)
    words = {"answer": "Das Attest kommt am Freitag."} if talking == "a message" else {}
    await world.hear(make.changed(event, claims=Claims(), **words))
    told = [each for each in world.told() if isinstance(each, EligibilityRefused)]
    assert len(told) == (talking == "nothing")
    assert world.case_of(event.application_id).state == ("refused" if talking == "nothing" else "prepared")
