"""Notices of people's decisions, own shares, offers, later decisions and letters: byte for byte as they were (see
conftest.py, also for writing them anew)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from eligibility.workflow import Asked, Ways
from shared.events import (
    ApplicationSelfPayerChosen,
    Circumstances,
    Claims,
    HomeAddress,
    Person,
    PlaceOfTeaching,
    Sibling,
    Transport,
)

SHORT, LONG = 1500.0, 6000.0
OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
HOUSEHOLD = UUID(int=1)
OLDER, YOUNGER, YOUNGEST = date(2015, 3, 1), date(2017, 5, 1), date(2019, 1, 15)
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


def lives_here(**more: Any) -> Circumstances:
    return Circumstances(lives_in_nrw=True, **more)


def sibling(birth: date, *, funded: bool = True, **more: Any) -> Sibling:
    return Sibling(birth_date=birth, funded=funded, **more)


# By a person, where the rules ask


async def test_granted_for_health_by_a_person_for_a_while(office: Any, pinned: Any) -> None:
    claims = Claims(health_weeks=12, health_certificate=True)
    event = await office.applies(SHORT, claims=claims)
    reason = "Das Attest vom 4. Mai 2026 belegt es bis Weihnachten; danach ist ein neues vorzulegen."
    await office.decides(
        event, "granted", reason, "§ 6 Abs. 1 SchfkVO", valid_from=date(2026, 9, 1), own_share_cents=1400
    )
    pinned()


async def test_refused_for_health_by_a_person(office: Any, pinned: Any) -> None:
    event = await office.applies(SHORT, claims=Claims(health_weeks=8, health_days=56, health_certificate=True))
    await office.decides(event, "refused", "Das Attest nennt nur acht Wochen.", "§ 6 Abs. 1 SchfkVO")
    pinned()


async def test_granted_by_a_person_near_the_limit(office: Any, pinned: Any) -> None:
    event = await office.applies(2000.0)
    await office.decides(
        event, "granted", "Nachgemessen mit dem Messrad: 2.004 m.", "§ 7 SchfkVO", own_share_cents=1400
    )
    pinned()


async def test_granted_by_a_person_for_an_internship_elsewhere(office: Any, pinned: Any) -> None:
    event = await office.applies(SHORT, place_of_teaching=PlaceOfTeaching(required=True, distance_m=2100.0))
    await office.decides(event, "granted", "Der Lehrplan schreibt das Praktikum vor.", "§ 8 SchfkVO", own_share_cents=0)
    pinned()


async def test_granted_by_a_person_for_afternoon_lessons_until_the_pupil_leaves(office: Any, pinned: Any) -> None:
    event = await office.applies(SHORT, claims=Claims(afternoon_lessons=True), leaves_on=date(2027, 1, 31))
    await office.decides(event, "granted", "Die Schule bestätigt den Unterricht.", "§ 5 Abs. 3 SchfkVO")
    pinned()


async def test_granted_by_a_person_because_the_nearest_school_refused(office: Any, pinned: Any) -> None:
    ways = Ways(office.make.measurement(LONG), ("100003", office.make.measurement(SHORT)))
    event = await office.applies_by(ways, claims=Claims(nearest_refused=True, nearest_refused_school="100003"))
    await office.decides(event, "granted", "Der Ablehnungsbescheid liegt vor.", "§ 9 SchfkVO", own_share_cents=1400)
    pinned()


async def test_an_allowance_for_a_car_a_bicycle_and_a_taxi(office: Any, pinned: Any) -> None:
    office.world.publish({"products": [TICKET]})
    for kind, name in (("car", "Ana"), ("bicycle", "Bo"), ("taxi", "Cem")):
        ride = Transport(**BUS | {"kind": kind, "public_available": False})
        event = await office.applies(LONG, transport=ride, child=Person(first_name=name, last_name="Đặng"))
        more = {"transport": "taxi", "own_share_cents": 0} if kind == "taxi" else {}
        await office.decides(event, "granted", "Kein Bus, kein Schulbus.", "§§ 15, 16 SchfkVO", **more)
    pinned()


async def test_the_school_bus_of_the_authority(office: Any, pinned: Any) -> None:
    event = await office.applies(LONG, transport=Transport(**BUS | {"kind": "special", "public_available": False}))
    await office.decides(
        event, "granted", "Der Schulbus fährt.", "§ 14 SchfkVO", transport="special", own_share_cents=0
    )
    pinned()


# Own shares


async def test_an_own_share_as_second_child_until_the_first_leaves(office: Any, pinned: Any) -> None:
    office.world.set_authority(release_by_person="everything")
    leaving = sibling(date(2012, 1, 1), funded_until=date(2027, 1, 31))
    event = await office.applies(circumstances=lives_here(siblings=(leaving,)))
    await office.recognises(event, siblings=(leaving.birth_date,))
    await office.releases(event)
    pinned()


async def test_no_own_share_as_third_child_and_with_social_assistance(office: Any, pinned: Any) -> None:
    office.world.set_authority(release_by_person="everything")
    births = (date(2012, 1, 1), date(2013, 1, 1))
    third = await office.applies(circumstances=lives_here(siblings=tuple(map(sibling, births))))
    helped = lives_here(benefits=("SGB XII",))
    other = await office.applies(circumstances=helped, child=Person(first_name="Bo", last_name="Ek"))
    await office.recognises(third, siblings=births)
    await office.recognises(other, benefits=("SGB XII",))
    for event in (third, other):
        await office.releases(event)
    pinned()


async def test_the_full_share_on_the_familys_word_and_less_once_it_is_proven(office: Any, pinned: Any) -> None:
    told = lives_here(benefits=("SGB XII", "KiZ"), siblings=(sibling(date(2012, 1, 1)), sibling(date(2017, 2, 28))))
    event = await office.applies(circumstances=told)
    await office.recognises(event, siblings=(date(2012, 1, 1),))
    await office.recognises(event, benefits=("SGB XII",), first=date(2026, 10, 20), last=date(2027, 3, 15))
    pinned(whole_page=True)


async def test_granted_long_after_it_was_wanted(office: Any, pinned: Any) -> None:
    office.world.clock[0] = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    wanted = {"wanted_from": date(2026, 8, 3), "occurred_at": office.world.clock[0]}
    await office.applies(**wanted, child=Person(first_name="Bo", last_name="Ek"), leaves_on=date(2026, 10, 31))
    await office.applies(**wanted)
    pinned(whole_page=True)


async def of_one_household(office: Any, birth: date, *siblings: Sibling, **more: Any) -> Any:
    circumstances = lives_here(siblings=siblings)
    child = Person(first_name={OLDER: "Ana", YOUNGER: "Bo", YOUNGEST: "Cem"}[birth], last_name="Ek")
    return await office.applies(birth_date=birth, circumstances=circumstances, household=HOUSEHOLD, child=child, **more)


async def falls(office: Any) -> None:
    """Three children who apply from the youngest to the oldest: the shares of the first two fall."""
    for birth in (YOUNGEST, YOUNGER, OLDER):
        others = [
            sibling(each, funded=each < birth and birth == OLDER)
            for each in (OLDER, YOUNGER, YOUNGEST)
            if each != birth
        ]
        await of_one_household(office, birth, *others)
        await office.settles()


async def test_an_own_share_that_falls_to_half_and_to_nothing(office: Any, pinned: Any) -> None:
    await falls(office)
    pinned()


async def test_an_own_share_that_rises_after_the_family_was_heard(office: Any, pinned: Any) -> None:
    first = await of_one_household(office, OLDER, sibling(YOUNGER))
    second = await of_one_household(office, YOUNGER, sibling(OLDER))
    await office.settles()
    office.world.clock[0] = OCTOBER
    await office.withdraws(first)
    await office.settles()
    asked = Asked("Der Eigenanteil soll steigen.", "The own share is to rise.", date(2026, 10, 26), hearing=True)
    await office.world.handling.ask(office.anna, office.case(second), asked)
    office.world.clock[0] = datetime(2026, 10, 27, 9, 0, tzinfo=UTC)
    await office.releases(second)
    pinned()


# Tickets at the family's own cost


async def orders(office: Any) -> None:
    """The family takes what the last refusal offers."""
    refusal = office.world.told()[-1]
    day = datetime(2026, 9, 10, 10, tzinfo=UTC)
    office.world.clock[0] = day
    await office.world.hear(
        ApplicationSelfPayerChosen(
            occurred_at=day, authority_id="12345", application_id=refusal.application_id, decision_id=refusal.decision_id,
            product="dt-schule", valid_from=refusal.offer.begins(day.date()), price_cents=3800,
        )
    )  # fmt: skip


async def test_refused_with_an_offer(office: Any, pinned: Any) -> None:
    how = {"how": "Bestellen Sie am Schalter.", "how_en": "Order at the counter."}
    office.world.publish({"products": [TICKET], "self_payer": OFFER | {"order_until_day": 10} | how})
    await office.applies(SHORT)
    pinned()


async def test_ticket_ordered(office: Any, pinned: Any) -> None:
    office.world.publish({"products": [TICKET], "self_payer": OFFER | {"order_until_day": 10}})
    event = await office.applies(SHORT)
    await orders(office)
    await office.changes(event, 2500.0, birth_date=date(2017, 3, 1))  # a grant takes the place of both
    pinned()


async def test_the_solidarity_model_refused_and_granted(office: Any, pinned: Any) -> None:
    office.world.publish({"products": [TICKET], "solidarity_model": True, "solidarity": MODEL})
    await office.applies(SHORT)
    await office.applies(2500.0, child=Person(first_name="Bo", last_name="Ek"))
    pinned()


# Decisions that take the place of others


async def test_granted_standing_and_carried_on_into_the_next_year(office: Any, pinned: Any) -> None:
    office.world.publish({"approval": "standing"})
    await office.applies(grade="02")
    await office.renews()
    pinned()


async def test_not_carried_on_after_a_hearing(office: Any, pinned: Any) -> None:
    office.world.publish({"approval": "standing", "release_by_person": "refusals"})
    event = await office.applies(4200.0, school_number="100004", grade="10", track="GY9", birth_date=date(2010, 11, 1))
    await office.renews()
    await office.hears(event)
    await office.releases(event)
    pinned()


async def test_yearly_and_told_to_apply_anew(office: Any, pinned: Any) -> None:
    await office.applies(grade="02")
    await office.renews()
    pinned()


async def test_ended_after_a_move_and_a_hearing(office: Any, pinned: Any) -> None:
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    await office.changes(event, SHORT, grade="04", changed_from=date(2026, 12, 1))
    await office.hears(event)
    await office.releases(event, ends_on=date(2026, 11, 30))
    pinned(whole_page=True)


async def test_ended_after_a_move_by_the_familys_own_word(office: Any, pinned: Any) -> None:
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    elsewhere = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")
    await office.changes(event, SHORT, home=elsewhere, changed_from=date(2026, 12, 1))
    await office.releases(event, ends_on=date(2026, 11, 30), exception="3", why="Den Umzug haben Sie gemeldet.")
    pinned()


async def test_a_share_rises_because_a_sibling_is_named_no_more(office: Any, pinned: Any) -> None:
    event = await office.applies(circumstances=lives_here(siblings=(sibling(date(2012, 1, 1)),)))
    await office.recognises(event, siblings=(date(2012, 1, 1),))
    await office.changes(event, 2500.0, circumstances=lives_here(), changed_from=date(2027, 2, 1))
    await office.settles()
    asked = Asked("Der Eigenanteil soll steigen.", "The own share is to rise.", date(2026, 5, 30), hearing=True)
    await office.world.handling.ask(office.anna, office.case(event), asked)
    office.world.clock[0] = OCTOBER
    await office.releases(event)
    pinned()


async def test_a_better_grant_from_a_day_to_come_by_the_machine(office: Any, pinned: Any) -> None:
    event = await office.applies()
    siblings = lives_here(siblings=(sibling(date(2012, 1, 1)),))
    await office.changes(event, LONG, school_number="100003", circumstances=siblings, changed_from=date(2027, 2, 1))
    pinned()


async def test_overridden_by_two_people_after_a_hearing(office: Any, pinned: Any) -> None:
    office.world.set_authority(release_by_person="refusals")
    event = await office.applies(SHORT)
    await office.overrides(event, "granted", "Das Attest liegt vor.", "§ 6 Abs. 1 SchfkVO", own_share_cents=1400)
    office.world.clock[0] = OCTOBER
    await office.hears(event)
    last = date(2026, 11, 30)
    await office.overrides(event, "refused", "Das Attest war gefälscht.", "§ 48 VwVfG NRW", ends_on=last)
    pinned()


async def test_withdrawn_by_the_family(office: Any, pinned: Any) -> None:
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    await office.withdraws(event)
    pinned()


# The letters of a private body


async def test_letter_about_an_end_after_a_hearing(office: Any, pinned: Any) -> None:
    office.world.set_authority(release_by_person="nothing", decides_by="letter", court=None)
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    elsewhere = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")
    await office.changes(event, SHORT, home=elsewhere, grade="04", changed_from=date(2026, 11, 15))
    await office.hears(event)
    await office.releases(event, ends_on=date(2026, 11, 14))
    await office.overrides(event, "granted", "Aus Kulanz.", "§ 17 SchfkVO", own_share_cents=700)
    pinned(whole_page=True)


async def test_letters_about_the_own_share(office: Any, pinned: Any) -> None:
    office.world.set_authority(release_by_person="nothing", decides_by="letter", court=None)
    await falls(office)
    pinned()


async def test_letter_with_an_offer(office: Any, pinned: Any) -> None:
    office.world.set_authority(release_by_person="nothing", decides_by="letter", court=None)
    office.world.publish({"products": [TICKET], "self_payer": OFFER, "approval": "standing"})
    await office.applies(SHORT)
    await orders(office)
    pinned()


def test_no_part_of_the_golden_files_is_unused(unused_parts: Any) -> None:
    assert unused_parts() == set()


async def test_ended_after_a_change_of_school(office: Any, pinned: Any) -> None:
    """It names the school whose fares end, and the one for which none are paid."""
    event = await office.applies()
    office.world.clock[0] = OCTOBER
    await office.changes(event, SHORT, school_number="100003", grade="04", changed_from=date(2026, 12, 1))
    await office.hears(event)
    await office.releases(event, ends_on=date(2026, 11, 30))
    pinned()
