"""Notices of people's decisions, offers, later decisions and letters: byte for byte as they were (see
conftest.py, also for writing them anew)."""

from datetime import UTC, date, datetime

from eligibility.workflow import MeasuredRoutes
from shared.events import (
    ApplicationSelfPayerChosen,
    Circumstances,
    Claims,
    EligibilityRefused,
    HomeAddress,
    Person,
    PlaceOfTeaching,
    Sibling,
    Transport,
)
from support.eligibility.golden_notices import PinnedStory
from support.eligibility.office import Office

SHORT, LONG = 1500.0, 6000.0
OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
TICKET = {
    "key": "dt-schule",
    "name": "Deutschlandticket Schule für Schüler*innen",
    "fares": [
        {"valid_from": "2026-01-01", "valid_until": "2026-12-31", "monthly_cents": 4300, "source": "Erlass"},
        {"valid_from": "2027-01-01", "monthly_cents": 4800, "source": "Tarifbeschluss"},
    ],
}
OFFER = {"offered": True, "product": "dt-schule", "rebate_cents": 500, "source": "Ratsbeschluss vom 1. März 2026"}
MODEL = {"product": "dt-schule", "schools": ["100001"], "source": "Beschluss über das Solidarmodell"}
BUS = {
    "public_available": True, "walk_to_stops_m": 900.0, "minutes_a_day": 90, "minutes_one_way": 45, "waiting_minutes": 20,
    "leaves_home_at": "06:40", "special_available": False, "kilometres_one_way": 12.5, "school_days_a_month": 20,
}  # fmt: skip


def lives_here(**more: object) -> Circumstances:
    return Circumstances(lives_in_nrw=True, **more)


def sibling(birth: date, *, funded: bool = True, **more: object) -> Sibling:
    return Sibling(birth_date=birth, funded=funded, **more)


# By a person, where the rules ask


async def test_granted_for_health_by_a_person_for_a_while(office: Office, pinned: PinnedStory) -> None:
    claims = Claims(health_weeks=12, health_certificate=True)
    event = await office.applies(SHORT, claims=claims)
    reason = "Das Attest vom 4. Mai 2026 belegt es bis Weihnachten; danach ist ein neues vorzulegen."
    await office.decides(
        event, "granted", reason, "§ 6 Abs. 1 SchfkVO", valid_from=date(2026, 9, 1), own_share_cents=1400
    )
    pinned()


async def test_refused_for_health_by_a_person(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies(SHORT, claims=Claims(health_weeks=8, health_days=56, health_certificate=True))
    await office.decides(event, "refused", "Das Attest nennt nur acht Wochen.", "§ 6 Abs. 1 SchfkVO")
    pinned()


async def test_granted_by_a_person_near_the_limit(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies(2000.0)
    await office.decides(
        event, "granted", "Nachgemessen mit dem Messrad: 2.004 m.", "§ 7 SchfkVO", own_share_cents=1400
    )
    pinned()


async def test_granted_by_a_person_for_an_internship_elsewhere(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies(SHORT, place_of_teaching=PlaceOfTeaching(required=True, distance_m=2100.0))
    await office.decides(event, "granted", "Der Lehrplan schreibt das Praktikum vor.", "§ 8 SchfkVO", own_share_cents=0)
    pinned()


async def test_granted_by_a_person_for_afternoon_lessons_until_the_pupil_leaves(
    office: Office, pinned: PinnedStory
) -> None:
    event = await office.applies(SHORT, claims=Claims(afternoon_lessons=True), leaves_on=date(2027, 1, 31))
    await office.decides(event, "granted", "Die Schule bestätigt den Unterricht.", "§ 5 Abs. 3 SchfkVO")
    pinned()


async def test_granted_by_a_person_because_the_nearest_school_refused(office: Office, pinned: PinnedStory) -> None:
    routes = MeasuredRoutes(office.make.measurement(LONG), ("100003", office.make.measurement(SHORT)))
    event = await office.applies_by(routes, claims=Claims(nearest_refused=True, nearest_refused_school="100003"))
    await office.decides(event, "granted", "Der Ablehnungsbescheid liegt vor.", "§ 9 SchfkVO", own_share_cents=1400)
    pinned()


async def test_an_allowance_for_a_car_a_bicycle_and_a_taxi(office: Office, pinned: PinnedStory) -> None:
    office.world.publish({"products": [TICKET]})
    for kind, name in (("car", "Ana"), ("bicycle", "Bo"), ("taxi", "Cem")):
        ride = Transport(**BUS | {"kind": kind, "public_available": False})
        event = await office.applies(LONG, transport=ride, child=Person(first_name=name, last_name="Đặng"))
        more = {"transport": "taxi", "own_share_cents": 0} if kind == "taxi" else {}
        await office.decides(event, "granted", "Kein Bus, kein Schulbus.", "§§ 15, 16 SchfkVO", **more)
    pinned()


async def test_the_school_bus_of_the_authority(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies(LONG, transport=Transport(**BUS | {"kind": "special", "public_available": False}))
    await office.decides(
        event, "granted", "Der Schulbus fährt.", "§ 14 SchfkVO", transport="special", own_share_cents=0
    )
    pinned()


# Tickets at the family's own cost


async def orders(office: Office) -> None:
    """The family takes what the last refusal offers."""
    refusal = office.world.told_as(EligibilityRefused)
    assert refusal.offer is not None
    day = datetime(2026, 9, 10, 10, tzinfo=UTC)
    office.world.clock[0] = day
    await office.world.hear(
        ApplicationSelfPayerChosen(
            occurred_at=day, authority_id="12345", application_id=refusal.application_id, decision_id=refusal.decision_id,
            product="dt-schule", valid_from=refusal.offer.begins(day.date()), price_cents=3800,
        )
    )  # fmt: skip


async def test_refused_with_an_offer(office: Office, pinned: PinnedStory) -> None:
    how = {"how": "Bestellen Sie am Schalter.", "how_en": "Order at the counter."}
    office.world.publish({"products": [TICKET], "self_payer": OFFER | {"order_until_day": 10} | how})
    await office.applies(SHORT)
    pinned()


async def test_ticket_ordered(office: Office, pinned: PinnedStory) -> None:
    office.world.publish({"products": [TICKET], "self_payer": OFFER | {"order_until_day": 10}})
    event = await office.applies(SHORT)
    await orders(office)
    await office.changes(event, 2500.0, birth_date=date(2017, 3, 1))  # a grant takes the place of both
    pinned()


async def test_the_solidarity_model_refused_and_granted(office: Office, pinned: PinnedStory) -> None:
    office.world.publish({"products": [TICKET], "solidarity_model": True, "solidarity": MODEL})
    await office.applies(SHORT)
    await office.applies(2500.0, child=Person(first_name="Bo", last_name="Ek"))
    pinned()


# Decisions that take the place of others


async def test_granted_standing_and_carried_on_into_the_next_year(office: Office, pinned: PinnedStory) -> None:
    office.world.publish({"approval": "standing"})
    await office.applies(grade="02")
    await office.renews()
    pinned()


async def test_not_carried_on_after_a_hearing(office: Office, pinned: PinnedStory) -> None:
    office.world.publish({"approval": "standing", "release_by_person": "refusals"})
    event = await office.applies(4200.0, school_number="100004", grade="10", track="GY9", birth_date=date(2010, 11, 1))
    await office.renews()
    await office.hears(event)
    await office.releases(event)
    pinned()


async def test_yearly_and_told_to_apply_anew(office: Office, pinned: PinnedStory) -> None:
    await office.applies(grade="02")
    await office.renews()
    pinned()


async def test_ended_after_a_move_and_a_hearing(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    await office.changes(event, SHORT, grade="04", changed_from=date(2026, 12, 1))
    await office.hears(event)
    await office.releases(event, ends_on=date(2026, 11, 30))
    pinned(whole_page=True)


async def test_ended_after_a_move_by_the_familys_own_word(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    elsewhere = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")
    await office.changes(event, SHORT, home=elsewhere, changed_from=date(2026, 12, 1))
    await office.releases(event, ends_on=date(2026, 11, 30), exception="3", why="Den Umzug haben Sie gemeldet.")
    pinned()


async def test_a_better_grant_from_a_day_to_come_by_the_machine(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies()
    siblings = lives_here(siblings=(sibling(date(2012, 1, 1)),))
    await office.changes(event, LONG, school_number="100003", circumstances=siblings, changed_from=date(2027, 2, 1))
    pinned()


async def test_overridden_by_two_people_after_a_hearing(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="refusals")
    event = await office.applies(SHORT)
    await office.overrides(event, "granted", "Das Attest liegt vor.", "§ 6 Abs. 1 SchfkVO", own_share_cents=1400)
    office.world.clock[0] = OCTOBER
    await office.hears(event)
    last = date(2026, 11, 30)
    await office.overrides(event, "refused", "Das Attest war gefälscht.", "§ 48 VwVfG NRW", ends_on=last)
    pinned()


async def test_withdrawn_by_the_family(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    await office.withdraws(event)
    pinned()


# The letters of a private body


async def test_letter_about_an_end_after_a_hearing(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="nothing", decides_by="letter", court=None)
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    elsewhere = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")
    await office.changes(event, SHORT, home=elsewhere, grade="04", changed_from=date(2026, 11, 15))
    await office.hears(event)
    await office.releases(event, ends_on=date(2026, 11, 14))
    await office.overrides(event, "granted", "Aus Kulanz.", "§ 17 SchfkVO", own_share_cents=700)
    pinned(whole_page=True)


async def test_letter_with_an_offer(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="nothing", decides_by="letter", court=None)
    office.world.publish({"products": [TICKET], "self_payer": OFFER, "approval": "standing"})
    await office.applies(SHORT)
    await orders(office)
    pinned()


async def test_ended_after_a_change_of_school(office: Office, pinned: PinnedStory) -> None:
    """It names the school whose fares end, and the one for which none are paid."""
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    await office.changes(event, SHORT, school_number="100003", grade="04", changed_from=date(2026, 12, 1))
    await office.hears(event)
    await office.releases(event, ends_on=date(2026, 11, 30))
    pinned()
