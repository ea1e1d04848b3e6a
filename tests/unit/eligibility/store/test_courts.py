"""Every municipality of NRW has its administrative court, and no notice leaves without one."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from eligibility.domain.authority import Authority, Court
from eligibility.store.places.courts import courts_on, with_court
from eligibility.workflow import MeasuredRoutes
from pydantic import ValidationError
from shared.errors import Conflict
from shared.events import ApplicationSelfPayerChosen, ApplicationSubmitted, EligibilityGranted, EligibilityRefused
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.deciding import OFFER, SCHOOL_TICKET
from support.eligibility.world import World

TODAY = date(2026, 11, 28)
ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))
OPEN_WORK = ("".join(("TO", "DO")), "X" * 3)
"""Marks that people leave in a text which they mean to finish; put together here, so that a search for such marks finds
no work that is open in these tests."""
UNUSABLE = [
    {"name": "Verwaltungsgericht", "address": "(Demo: in den Einstellungen des Schulträgers einzutragen)"},
    {"name": "Verwaltungsgericht", "address": "Königswall 8, 32423 Minden"},
    {"name": "Verwaltungsgericht Minden", "address": "Königswall 8, Minden"},
    {"name": "Verwaltungsgericht Musterstadt", "address": "Musterstraße 1, 12345 Musterstadt"},
    {"name": f"{OPEN_WORK[0]} Verwaltungsgericht", "address": "Königswall 8, 32423 Minden"},
    {"name": f"Verwaltungsgericht {OPEN_WORK[1]}", "address": "Königswall 8, 32423 Minden"},
    None,
]
"""What people leave in a setting that they mean to fill in, and courts without a town or a whole address."""


def authority(**changes: object) -> Authority:
    return small_place.authority(**changes)


def test_the_seven_courts_share_the_53_districts_and_each_can_be_named_in_a_notice() -> None:
    found = courts_on(TODAY)
    assert len(found) == 53  # 30 Kreise, the Städteregion Aachen, 22 kreisfreie Städte
    assert len({each.name for each in found.values()}) == 7
    assert all(each.is_usable for each in found.values())
    assert courts_on(date(2000, 1, 1)) == {}


@pytest.mark.parametrize(
    ("municipality", "court"),
    [
        ("05334002", "Aachen"), ("05334", "Aachen"), ("05915000", "Arnsberg"), ("05913000", "Gelsenkirchen"),
        ("05162024", "Düsseldorf"), ("05314000", "Köln"), ("05774000", "Minden"), ("05566008", "Münster"),
    ],
)  # fmt: skip
def test_the_court_follows_from_where_the_authority_sits(municipality: str, court: str) -> None:
    found = with_court(authority(court=None, municipality=municipality), TODAY).court
    assert found is not None and found.name == f"Verwaltungsgericht {court}"


@pytest.mark.real_data
def test_every_school_of_the_register_lies_in_a_district(real_data: Path) -> None:
    with (real_data / "nrw" / "Schulen.csv").open(encoding="utf-8-sig", newline="") as text:
        keys = {f"05{row['RegSchl']}"[:5] for row in csv.DictReader(text, delimiter=";") if row["RegSchl"].strip()}
    assert keys <= set(courts_on(TODAY)) and len(keys) == 53


def test_an_authoritys_own_court_wins() -> None:
    own = Court(name="Verwaltungsgericht Münster", address="Piusallee 38, 48147 Münster")
    assert with_court(authority(court=own.model_dump(), municipality="05334002"), TODAY).court == own


def test_a_key_of_another_state_or_none_is_refused() -> None:
    for key in ("06412000", "0533", "053340020", "Aachen"):
        with pytest.raises(ValidationError):
            authority(municipality=key)


async def applied(world: World, metres: float) -> ApplicationSubmitted:
    world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
    event = small_place.submitted()
    await world.hear(event)
    return event


@pytest.mark.parametrize("court", UNUSABLE)
@pytest.mark.parametrize("release", ["nothing", "refusals", "everything"])
async def test_without_a_court_nothing_goes_out_by_machine_or_person_and_nothing_fails(
    world: World, court: object, release: str
) -> None:
    world.set_authority(court=court, release_by_person=release)
    for metres in (2500.0, 500.0):
        event = await applied(world, metres)
        case = world.case_of(event.application_id)
        assert case.state == "prepared"
        with pytest.raises(Conflict) as error:
            await world.desk.release(ANNA, case.id)
        assert "municipality" in error.value.text.de and "eligibility authority set" in error.value.text.de
    with pytest.raises(Conflict):
        await world.desk.release_clear_grants(ANNA)
    assert world.told() == []
    world.set_authority(court=None, municipality="05774000", release_by_person=release)
    assert (await world.desk.release_clear_grants(ANNA)).released == 1
    assert isinstance(world.told()[-1], EligibilityGranted)


async def test_the_letter_of_a_private_body_and_an_ordered_ticket_need_none(world: World) -> None:
    world.publish({"products": [SCHOOL_TICKET], "self_payer": OFFER})
    world.set_authority(release_by_person="nothing")
    event = await applied(world, 500.0)
    refusal = world.told()[-1]
    assert isinstance(refusal, EligibilityRefused)
    world.set_authority(release_by_person="nothing", court=None)
    await world.hear(
        ApplicationSelfPayerChosen(
            occurred_at=world.clock[0], authority_id="12345", application_id=event.application_id,
            decision_id=refusal.decision_id, product="dt-schule", valid_from=date(2026, 8, 1), price_cents=3800,
        )
    )  # fmt: skip
    assert isinstance(world.told()[-1], EligibilityGranted)
    world.set_authority(release_by_person="nothing", court=None, decides_by="letter")
    await applied(world, 500.0)
    assert isinstance(world.told()[-1], EligibilityRefused)


def test_the_table_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: Callable[[date], object] = courts_on
    assert read(TODAY) is read(TODAY)
