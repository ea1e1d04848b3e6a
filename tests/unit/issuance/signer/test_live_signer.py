"""A running signer takes new lists and keys without a restart, and a stolen module costs no honest ticket."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from issuance.domain.ticket import Ticket
from issuance.domain.times import start_of
from issuance.domain.verdict import Verdict
from issuance.signer import ceremony, modules
from issuance.signer.keys import KeyProblem
from issuance.verification import trust_folder
from issuance.verification.trust import Unusable, assemble
from prometheus_client import REGISTRY
from shared.events import (
    IssuedListPublished,
    StatusListPublished,
    TicketIssued,
    TicketRenewed,
    TrustListPublished,
)
from structlog.testing import capture_logs
from support.issuance.example import NOW
from support.issuance.live_signer_world import LiveSignerWorld


@pytest.fixture
def world(tmp_path: Path, pki: ceremony.Pki) -> Iterator[LiveSignerWorld]:
    opened = LiveSignerWorld(tmp_path, pki)
    yield opened
    opened.database.close()


def test_a_new_trust_list_is_taken_and_told_without_a_restart(world: LiveSignerWorld) -> None:
    world.look()
    assert [one.version for one in world.told(TrustListPublished)] == [1]
    world.look()
    world.now += timedelta(days=30)
    assert world.keeper.extend(world.now) == 2
    world.look()
    assert [one.version for one in world.told(TrustListPublished)] == [1, 2]
    assert world.live.now.listed.expires_at == world.now + timedelta(days=400)


def test_a_signer_that_waits_takes_what_is_new_and_tells_it_when_its_turn_comes(world: LiveSignerWorld) -> None:
    waits = [True]
    world.upkeep = replace(world.upkeep, is_waiting=lambda: waits[0])
    assert world.keeper.extend(world.now) == 2
    world.look()
    assert world.live.now.listed.version == REGISTRY.get_sample_value("trust_list_version") == 2
    assert not world.told(TrustListPublished), "another one works"
    waits[0] = False
    world.look()
    assert [one.version for one in world.told(TrustListPublished)] == [2]


def test_a_rotation_reaches_the_running_signer_and_its_next_ticket(world: LiveSignerWorld) -> None:
    world.apply()
    world.issue_and_publish()
    key_id = world.keeper.add_next(world.now)
    world.look()
    world.now += timedelta(days=7)
    world.keeper.rotate(world.now)
    world.look()
    world.apply()
    world.issue_and_publish()
    keys = [row[0] for row in world.rows("SELECT qr_key FROM ticket ORDER BY sequence")]
    assert keys[0] != keys[1] == key_id
    for ticket in world.told(TicketIssued):
        assert world.scanner().verify_qr(ticket.qr, world.now).verdict is Verdict.VALID


def test_lists_that_do_not_continue_what_the_signer_has_are_refused_once_and_the_old_goes_on(
    world: LiveSignerWorld,
) -> None:
    old = world.live.now.published.trust_list
    world.keeper.extend(world.now)
    world.look()
    good, bad = world.live.now.published.trust_list, bytearray(old)
    bad[-1] ^= 1
    stranger = ceremony.make(ceremony.Period.around(NOW.date()), NOW).trust_list
    for content in (old, bytes(bad), b"", stranger):
        trust_folder.replace_trust_list(world.folder / "public", content)
        with capture_logs() as lines:
            world.look()
            world.look()
        refused = [line for line in lines if line["event"] == "keys_refused"]
        assert len(refused) == 1 and world.live.now.listed.version == 2
        assert REGISTRY.get_sample_value("signer_keys_are_refused") == 1, "for as long as they lie there"
    trust_folder.replace_trust_list(world.folder / "public", good)
    world.look()
    assert REGISTRY.get_sample_value("signer_keys_are_refused") == 0
    world.apply()
    world.issue_and_publish()
    assert len(world.told(TicketIssued)) == 1


def test_the_end_of_the_trust_list_is_announced_ninety_days_before_with_the_remedy(world: LiveSignerWorld) -> None:
    for days, is_said in ((309, False), (311, True), (401, True)):
        world.now = NOW + timedelta(days=days)
        with capture_logs() as lines:
            world.live.warn()
        said = [line for line in lines if line["event"] == "trust_list_ends_soon"]
        assert bool(said) is is_said
        assert not said or said[0]["remedy"] == "issuance key extend --help"
    world.keeper.extend(world.now)
    world.look()
    with capture_logs() as lines:
        world.live.warn()
    assert not [line for line in lines if line["event"] == "trust_list_ends_soon"]


def test_after_the_theft_of_the_module_honest_tickets_stay_valid_forged_ones_turn_red_and_all_are_signed_anew(
    world: LiveSignerWorld, pki: ceremony.Pki, ticket: Ticket
) -> None:
    for _ in range(5):
        world.apply()
    world.issue_and_publish()
    world.look()
    honest = world.told(TicketIssued)
    forged = pki.signer.sign_ticket(replace(ticket, number=honest[0].number, first_name="Dieb"))
    # 1. The theft is known. The signer stops with the stolen module at once, and tells which tickets are honest.
    world.now += timedelta(hours=2)
    world.keeper.compromise_module(world.now - timedelta(hours=1), world.now)
    world.look()
    world.issue_and_publish()
    world.apply()
    world.issue_and_publish()
    assert world.rows("SELECT state, reason FROM ticket WHERE state <> 'issued'") == [("held", "module_compromised")]
    assert not world.told(TicketRenewed)
    scanner = world.scanner()
    assert {scanner.verify_vdv(one.vdv, world.now).verdict for one in honest} == {Verdict.VALID}
    found = scanner.verify_vdv(forged.vdv, world.now)
    assert (found.verdict, found.reasons) == (Verdict.INVALID, ("not_issued",))
    # 2. Another module. What was held is signed, every honest ticket is signed anew, and passes hear of it.
    all_are_signed_anew(world, honest)
    # 3. The codes that families still hold stay good, also with every later list; the forged one never is.
    for days in (0, 1, 8):
        world.now += timedelta(days=days)
        asyncio.run(world.upkeep.hourly())
        world.issue_and_publish()
        scanner = world.scanner()
        assert {scanner.verify_vdv(one.vdv, world.now).verdict for one in honest} == {Verdict.VALID}
        assert scanner.verify_vdv(forged.vdv, world.now).verdict is Verdict.INVALID
    assert len(world.told(TicketRenewed)) == 5
    assert world.rows("SELECT count(*) FROM audit WHERE step = 'signed_anew'") == [(5,)]


def all_are_signed_anew(world: LiveSignerWorld, honest: Sequence[TicketIssued]) -> None:
    """By another module: what is honest, and the one that was held."""
    number = modules.make(world.keeper, world.now)
    world.look()
    world.issue_and_publish()
    renewed = world.told(TicketRenewed)
    assert {one.ticket_id for one in renewed} == {one.ticket_id for one in honest} and len(renewed) == 5
    assert len(world.told(TicketIssued)) == 6
    scanner = world.scanner()
    codes: list[TicketRenewed | TicketIssued] = [*renewed, world.told(TicketIssued)[-1]]
    for one in codes:
        found = scanner.verify_vdv(one.vdv, world.now)
        assert found.verdict is Verdict.VALID and found.ticket is not None
        assert found.ticket.details["module_number"] == number and found.reasons == ("status_checked",)
        assert scanner.verify_qr(one.qr, world.now).verdict is Verdict.VALID


def test_codes_of_which_nobody_wrote_down_who_signed_them_are_signed_anew_too(world: LiveSignerWorld) -> None:
    world.apply()
    world.issue_and_publish()
    world.database.write_now(lambda store: store.session.execute(sa.text("UPDATE ticket SET vdv_module = NULL")))
    world.keeper.compromise_module(world.now, world.now)
    modules.make(world.keeper, world.now)
    world.look()
    world.look()
    assert len(world.told(TicketRenewed)) == 1


def test_a_ticket_that_cannot_be_signed_anew_does_not_hold_up_the_others(world: LiveSignerWorld) -> None:
    for _ in range(3):
        world.apply()
    world.issue_and_publish()
    world.database.write_now(
        lambda store: store.session.execute(sa.text("UPDATE ticket SET valid_until = '2999-01-01' WHERE sequence = 1"))
    )
    world.keeper.compromise_module(world.now, world.now)
    modules.make(world.keeper, world.now)
    world.look()
    assert len(world.told(TicketRenewed)) == 2


def test_another_module_needs_the_sub_ca_of_the_ceremony_and_a_theft_cannot_lie_ahead(world: LiveSignerWorld) -> None:
    with pytest.raises(KeyProblem, match="future"):
        world.keeper.compromise_module(world.now + timedelta(days=1), world.now)
    operator = ceremony.make(ceremony.Period.around(NOW.date()), NOW)
    key = operator.signer.module_key
    modules.take(
        world.keeper,
        key.pem_source,  # type: ignore[attr-defined]
        operator.signer.module_certificate.encode(),
        operator.certificates,
        NOW,
    )
    with pytest.raises(KeyProblem, match="not that of the ceremony"):
        modules.make(world.keeper, NOW)


def test_a_younger_module_signs_old_tickets_anew_but_none_that_would_be_shown_before_it(
    world: LiveSignerWorld, ticket: Ticket
) -> None:
    modules.make(world.keeper, NOW)
    world.look()
    signed = world.live.sign_ticket(ticket, NOW)
    world.live.confirm(ticket, signed, NOW)
    with pytest.raises(ValueError, match="older_than_certificates"):
        world.live.sign_ticket(replace(ticket, valid_from=start_of(date(2026, 8, 1))))


def test_the_key_of_the_lists_rotates_with_overlap_and_a_theft_of_it_replaces_every_list(
    world: LiveSignerWorld,
) -> None:
    world.apply()
    world.issue_and_publish()
    world.look()
    first = world.live.now.signer.status_key.key_id
    second = world.keeper.add_next(world.now, "status")
    with pytest.raises(KeyProblem, match="less than 7 days"):
        world.keeper.rotate(world.now, "status")
    world.now += timedelta(days=7)
    world.keeper.rotate(world.now, "status")
    world.look()
    world.issue_and_publish()
    assert world.live.now.signer.status_key.key_id == second != first
    (ticket,) = world.told(TicketIssued)
    assert world.scanner().verify_qr(ticket.qr, world.now).reasons == ("status_checked",)
    # the thief could unrevoke: what that key has signed counts no more, and all lists come anew at once
    world.now += timedelta(minutes=5)
    count = len(world.told(StatusListPublished)), len(world.told(IssuedListPublished))
    third = world.keeper.compromise(world.now - timedelta(hours=1), world.now, use="status")
    world.look()
    world.issue_and_publish()
    assert len(world.told(StatusListPublished)) == count[0] + 1 and len(world.told(IssuedListPublished)) > count[1]
    assert world.live.now.signer.status_key.key_id == third
    found = world.scanner().verify_qr(ticket.qr, world.now)
    assert (found.verdict, found.reasons) == (Verdict.VALID, ("status_checked",))
    old = world.told(StatusListPublished)[-2].status_list
    trusted = world.told(TrustListPublished)[-1]
    with pytest.raises(Unusable, match="key_compromised"):
        assemble(trusted.certificates.values(), trusted.trust_list, [old])
    world.issue_and_publish()
    assert len(world.told(StatusListPublished)) == count[0] + 1
