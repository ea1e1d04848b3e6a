"""Notices of what the rules decide alone: byte for byte as they were (see conftest.py, also for writing them anew)."""

from datetime import UTC, date, datetime

from eligibility.workflow import MeasuredRoutes
from geography.model import Entrance, Point
from geography.model.types import Leg, WithoutHazards
from shared.birth_dates import PartlyKnownDate
from shared.events import Circumstances, Course, HomeAddress, Person, PlaceOfTeaching, Transport
from support.eligibility.golden_notices import PinnedStory
from support.eligibility.office import Office

SHORT, LONG = 1500.0, 6000.0
AT_COLLEGE = {"school_number": "100005", "grade": "11", "birth_date": date(2009, 4, 30)}
BUS = {
    "public_available": True, "walk_to_stops_m": 900.0, "minutes_a_day": 90, "minutes_one_way": 45, "waiting_minutes": 20,
    "leaves_home_at": "06:40", "special_available": False, "kilometres_one_way": 12.5, "school_days_a_month": 20,
}  # fmt: skip
DANGER = {
    "key": "b64", "stretch": "B 64 zwischen Ortsausgang und Kirchstraße, kein Gehweg", "levels": ["primary"],
    "valid_from": "2026-01-01", "source": "Verkehrsschau vom 03.03.2026",
}  # fmt: skip
HAZARD = {
    "id": "h1", "kind": "stretch", "line": [[8.75, 51.71], [8.755, 51.715]], "ways": [], "reason": "Kein {Gehweg} & Licht",
    "season": "", "levels": [], "decided_on": "2026-03-03", "key": "b64",
}  # fmt: skip
AROUND = {"type": "LineString", "coordinates": [[8.75, 51.71], [8.751, 51.72], [8.76, 51.72]]}
VOLUNTARY = {
    "key": "voluntary", "when": 'grade == "03" && distance_m > 1400.0', "effect": "grant", "legal_basis": "Ratsbeschluss",
    "source": "Ratsbeschluss", "text": "Im dritten Schuljahr werden Wege ab 1,4 km freiwillig übernommen.",
    "text_en": "In the third year ways from 1.4 km are paid for voluntarily.", "valid_from": "2020-08-01",
}  # fmt: skip


def lives_here(**more: object) -> Circumstances:
    return Circumstances(lives_in_nrw=True, **more)


# By the rules alone: the grounds of a grant


async def test_granted(office: Office, pinned: PinnedStory) -> None:
    await office.applies()
    pinned(whole_page=True)


async def test_granted_in_english_by_a_way_told_in_full(office: Office, pinned: PinnedStory) -> None:
    told = {
        "legs": (Leg("Kirchstraße", 700.0), Leg("", 300.5), Leg("Schulweg", 1499.6)),
        "lenient_m": 2450.0,
        "strict_m": 2550.25,
        "flags": ("entrance_from_openstreetmap",),
        "other_entrances": (Entrance(Point(51.721, 8.761), "openstreetmap"),),
    }
    await office.applies_by(MeasuredRoutes(office.make.measurement(2500.1, **told)), language="en", portal_notice=True)
    pinned()


async def test_granted_to_names_that_are_markup_or_cannot_be_printed(office: Office, pinned: PinnedStory) -> None:
    await office.applies(
        addressee=Person(first_name="", last_name='"><script>*x*</script> #panic("x")'),
        child=Person(first_name="Ǯ中文", last_name="K͟hǾ_ẞ_"),
    )
    pinned()


async def test_granted_and_released_by_a_person(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(
        release_by_person="everything", contact={"office": "Schülerbeförderung", "email": "s@example.org"}
    )
    await office.releases(await office.applies())
    pinned()


async def test_granted_for_a_part_of_the_year(office: Office, pinned: PinnedStory) -> None:
    await office.applies(wanted_from=date(2026, 9, 15), leaves_on=date(2027, 1, 31))
    pinned()


async def test_granted_to_an_adult_pupil_who_applies_herself(office: Office, pinned: PinnedStory) -> None:
    course = Course(annex="D", full_time=True)
    adult = AT_COLLEGE | {"birth_date": date(2008, 4, 30), "applicant": "pupil", "course": course}
    await office.applies(LONG, **adult, addressee=Person(first_name="Ana", last_name="Đặng"))
    pinned()


async def test_granted_in_a_district_class(office: Office, pinned: PinnedStory) -> None:
    fare = {"valid_from": "2026-01-01", "monthly_cents": 6300, "source": "Tarif"}
    office.world.publish({"products": [{"key": "ticket", "name": "Schülerticket", "fares": [fare]}]})
    await office.applies(LONG, **AT_COLLEGE, course=Course(annex="A", full_time=False, district_class=True))
    pinned()


async def test_granted_around_a_listed_danger(office: Office, pinned: PinnedStory) -> None:
    office.world.publish({"danger_list": [DANGER]})
    safe = WithoutHazards(2050.1, AROUND, (HAZARD,))
    await office.applies_by(MeasuredRoutes(office.make.measurement(SHORT, without_hazards=safe)))
    pinned()


async def test_granted_by_a_condition_of_the_authority(office: Office, pinned: PinnedStory) -> None:
    office.world.publish({}, conditions=[VOLUNTARY])
    await office.applies(SHORT)
    pinned()


async def test_granted_by_bus_where_a_car_was_wanted(office: Office, pinned: PinnedStory) -> None:
    await office.applies(LONG, transport=Transport(kind="car", **BUS))
    pinned()


async def test_granted_up_to_the_cap(office: Office, pinned: PinnedStory) -> None:
    fare = {"valid_from": "2026-01-01", "monthly_cents": 10_001, "source": "Tarif"}
    office.world.publish({"products": [{"key": "ticket", "name": "Schülerticket", "fares": [fare]}]})
    await office.applies()
    pinned()


async def test_granted_in_rhineland_palatinate(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="nothing", rules="rp")
    await office.applies(9000.0, circumstances=lives_here(), school_number="100004", grade="07")
    pinned()


# By the rules alone: the grounds of a refusal


async def test_refused_by_the_distance(office: Office, pinned: PinnedStory) -> None:
    await office.applies(SHORT)
    pinned()


async def test_refused_because_another_school_is_nearer(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="refusals")
    make = office.make
    await office.releases(
        await office.applies_by(MeasuredRoutes(make.measurement(1983.0), ("100003", make.measurement(1900.4))))
    )
    pinned()


async def test_refused_at_a_distance_that_would_be_enough_because_another_school_is_near(
    office: Office, pinned: PinnedStory
) -> None:
    make = office.make
    await office.applies_by(MeasuredRoutes(make.measurement(6126.9), ("100003", make.measurement(900.4))))
    pinned()


async def test_refused_by_the_residence(office: Office, pinned: PinnedStory) -> None:
    home = HomeAddress(street="Grenzweg", house_number="1", postal_code="37671", city="Anderswo")
    await office.applies(circumstances=Circumstances(lives_in_nrw=False), home=home)
    pinned()


async def test_refused_because_it_came_too_late(office: Office, pinned: PinnedStory) -> None:
    office.world.clock[0] = datetime(2027, 11, 3, 9, 0, tzinfo=UTC)
    await office.applies(occurred_at=datetime(2027, 11, 2, 23, 30, tzinfo=UTC))  # 3 November in Germany
    pinned()


async def test_refused_for_a_course_in_part_time_and_one_after_a_training(office: Office, pinned: PinnedStory) -> None:
    part_time = Course(annex="A", full_time=False, district_class=False)
    await office.applies(LONG, **AT_COLLEGE, course=part_time)
    after = Course(annex="E", full_time=True, after_training=True)
    await office.applies(LONG, **AT_COLLEGE, course=after, child=Person(first_name="", last_name="Suparman"))
    pinned()


async def test_refused_for_a_form_of_school_in_hesse(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="nothing", rules="he")
    await office.applies(LONG, **AT_COLLEGE)
    pinned()


async def test_refused_by_income_and_bearer_in_rhineland_palatinate(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="nothing", rules="rp")
    rich = lives_here(income_within_limit=False)
    await office.applies(9000.0, circumstances=rich, school_number="100004", grade="12")
    elsewhere = lives_here(lives_in_authority_area=False)
    await office.applies(LONG, circumstances=elsewhere, child=Person(first_name="Bo", last_name="Ek"))
    pinned()


async def test_refused_although_a_listed_danger_lies_on_the_way(office: Office, pinned: PinnedStory) -> None:
    office.world.publish({"danger_list": [DANGER]})
    safe = WithoutHazards(1949.9, AROUND, (HAZARD,))
    await office.applies_by(MeasuredRoutes(office.make.measurement(SHORT, without_hazards=safe)))
    pinned()


async def test_refused_although_the_internship_is_elsewhere(office: Office, pinned: PinnedStory) -> None:
    await office.applies(SHORT, place_of_teaching=PlaceOfTeaching(required=True, distance_m=1900.0))
    for_fun = PlaceOfTeaching(required=False)
    await office.applies(SHORT, place_of_teaching=for_fun, child=Person(first_name="Bo", last_name="Ek"))
    pinned()


async def test_granted_to_a_child_of_whom_only_the_year_of_birth_is_known(office: Office, pinned: PinnedStory) -> None:
    await office.applies(birth_date=PartlyKnownDate(2018))
    pinned()


async def test_refused_to_a_child_of_whom_only_the_month_of_birth_is_known(office: Office, pinned: PinnedStory) -> None:
    await office.applies(SHORT, birth_date=PartlyKnownDate(2018, 6))
    pinned()
