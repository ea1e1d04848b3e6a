"""Replaced, renewed, suspended, restored, expired, signed anew: on a real database, and as scanners see it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from issuance.domain.terms import Area, Terms
from issuance.domain.ticket import Ticket
from issuance.domain.verdict import Verdict
from issuance.lists import trust_list
from issuance.lists.follow import ShardState, follow
from issuance.lists.status_list import Shard, place_of
from issuance.signer.keys import EcKey
from issuance.verification.list_changes import open_delta, open_snapshot
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.life import HOURLY, TicketRenewal
from issuance.workflow.signer.revoke import TicketRevocation
from shared.events import (
    ApplicationWithdrawn,
    IssuedListPublished,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
)
from support.issuance.example import NOW
from support.issuance.signer_world import AUTHORITY, Codes, SignerWorld


def test_a_suspended_ticket_is_red_until_it_is_restored(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    assert world.verdict(ticket) is Verdict.VALID
    world.ask(ticket, "suspend")
    assert world.verdict(ticket) is Verdict.REVOKED and [each.reason for each in world.told(TicketSuspended)] == [
        "by_authority"
    ]
    world.ask(ticket, "restore")
    assert world.verdict(ticket) is Verdict.VALID and len(world.told(TicketRestored)) == 1
    assert world.rows("SELECT step, reason, asked_by FROM audit WHERE request_id IS NOT NULL ORDER BY id") == [
        ("suspend", "why", "operator"),
        ("restore", "why", "operator"),
    ]


def test_a_lost_ticket_dies_at_once_and_its_successor_has_a_number_of_its_own(world: SignerWorld) -> None:
    old = world.new_ticket()
    world.ask(old, "replace")
    assert world.verdict(old) is Verdict.REVOKED
    world.issue()
    new = world.told(TicketIssued)[-1]
    assert world.verdict(new) is Verdict.VALID
    assert new.number != old.number and new.decision_id == old.decision_id
    assert [event.reason for event in world.told(TicketRevoked)] == ["lost"]
    (link,) = world.told(TicketReplaced)
    assert (link.replaced_ticket_id, link.ticket_id, link.reason) == (old.ticket_id, new.ticket_id, "lost")
    assert (new.replaces, new.replaces_because) == (old.ticket_id, "lost")
    assert (old.replaces, old.replaces_because) == (None, "")
    world.ask(old, "replace")  # a dead one has no second successor
    world.issue()
    assert len(world.told(TicketIssued)) == 2


def test_a_change_of_product_or_area_takes_over_when_the_new_ticket_is_out(world: SignerWorld) -> None:
    old = world.new_ticket()
    world.database.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838, area=Area(5000, 11))))
    world.ask(old, "renew")
    assert world.verdict(old) is Verdict.VALID
    world.ask(old, "renew")  # asked twice by two people: one successor
    world.issue()
    new = world.told(TicketIssued)[-1]
    assert (world.verdict(old), world.verdict(new)) == (Verdict.REVOKED, Verdict.VALID)
    seen = Verifier(world.trust).verify_qr(new.qr, NOW).ticket
    assert seen is not None and seen.details["area"] == {"organisation_id": 5000, "numbers": [11]}
    assert world.rows("SELECT state, generation FROM ticket ORDER BY generation") == [("revoked", 1), ("issued", 2)]
    assert world.rows("SELECT step FROM audit WHERE request_id IS NOT NULL ORDER BY id") == [("renew",), ("no renew",)]
    assert world.told(TicketReplaced)[0].reason == new.replaces_because == "changed"


def test_a_request_that_comes_twice_is_done_once_and_an_impossible_one_is_only_noted(world: SignerWorld) -> None:
    ticket, request = world.new_ticket(), uuid4()
    world.ask(ticket, "suspend", request)
    world.ask(ticket, "restore")
    world.ask(ticket, "suspend", request)
    assert world.rows("SELECT state FROM ticket") == [("issued",)]
    for change in ("restore", "nonsense"):
        world.ask(ticket, change)
    assert world.rows("SELECT step FROM audit ORDER BY id DESC LIMIT 2") == [("no nonsense",), ("no restore",)]


def test_a_withdrawal_kills_every_generation_also_one_that_is_suspended(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    world.ask(ticket, "renew")
    world.issue()
    new = world.told(TicketIssued)[-1]
    world.ask(new, "suspend")
    event = ApplicationWithdrawn(
        occurred_at=NOW, authority_id=AUTHORITY, application_id=ticket.application_id, withdrawal_id=uuid4()
    )
    world.hear(TicketRevocation(world.clock).application_withdrawn, event)
    assert world.rows("SELECT DISTINCT state FROM ticket") == [("revoked",)]
    assert len(world.told(TicketRevoked)) == 2


def test_a_ticket_whose_time_is_over_is_expired_and_asks_for_nothing_more(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    world.now = datetime(2027, 8, 2, 9, tzinfo=UTC)
    asyncio.run(world.renewing.expire())
    assert world.rows("SELECT state FROM ticket") == [("expired",)]
    world.ask(ticket, "replace")
    world.issue()
    assert len(world.told(TicketIssued)) == 1


def test_scanners_follow_the_published_deltas(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    first = world.newest_list()
    assert first.delta == b""
    state = ShardState.of(open_snapshot(first.snapshot, world.trust))
    world.ask(ticket, "suspend")
    second = world.newest_list()
    world.now += timedelta(hours=5)
    third = world.newest_list()
    deltas = [open_delta(event.delta, world.trust) for event in (second, third)]
    state = follow(state, deltas, world.now)
    assert state.bits == open_snapshot(third.snapshot, world.trust).bits
    assert deltas[0].revoked == (place_of(ticket.number),) and deltas[1].revoked == ()
    assert state.head.published_at == world.now


def test_the_last_free_places_of_a_shard_are_found(world: SignerWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("issuance.store.signer.numbers", "issuance.domain.numbering"):
        monkeypatch.setattr(f"{module}.PLACES_DRAWN", 12)
    monkeypatch.setattr("issuance.store.signer.waiting.SHARD_FILL", 12)
    numbers = [world.new_ticket().number for _ in range(13)]
    assert sorted(numbers) == [*range(416 << 20, (416 << 20) + 12), *numbers[12:]]
    assert numbers[12] >> 20 == 417


# a stolen key


def stolen(world: SignerWorld, since: datetime) -> tuple[bytes, bytes]:
    """The trust list after the theft: the old key compromised, a new one active; and the new list's key id."""
    listed = trust_list.parse(trust_list.unwrap(world.pki.trust_list).payload)
    new_key = EcKey.generate()
    keys = tuple(
        replace(key, state="compromised", compromised_since=since) if key.use == "ticket" else key
        for key in listed.keys
    )
    added = replace(listed.keys[0], key_id=new_key.key_id, point=new_key.point)
    newer = replace(listed, version=2, keys=(*keys, added))
    signed = newer.sign(world.pki.trust_root.key_id, world.pki.trust_root.sign)
    world.renewing = TicketRenewal(
        world.database,
        replace(world.pki.signer, ticket_key=new_key),
        Verifier(assemble(world.pki.certificates.values(), signed, ()), status_optional=True),
        world.clock,
        world.backlog(HOURLY),
    )
    return signed, new_key.key_id


def test_after_a_theft_honest_tickets_stay_valid_forged_ones_are_red_and_new_ones_are_issued(
    world: SignerWorld, ticket: Ticket
) -> None:
    honest = [world.new_ticket() for _ in range(5)]
    thief = [replace(ticket, number=one.number, first_name="Dieb") for one in honest]  # knows honest numbers
    forged = [world.pki.signer.sign_ticket(one) for one in thief]
    world.now += timedelta(hours=1)
    since = world.now
    signed, key_id = stolen(world, since)
    listed = [world.newest_list().status_list]
    assemble_all = world.pki.certificates.values(), signed, listed
    # 1. without the list of issued tickets: never green
    blind = Verifier(assemble(*assemble_all), status_optional=True)
    codes: list[Codes] = [*honest, *forged]
    for one in codes:
        finding = blind.verify_qr(one.qr, world.now)
        assert finding.verdict is Verdict.STATUS_STALE and "issued_list_missing" in finding.reasons
    # 2. with it
    assert asyncio.run(world.filters.publish(since)) == 1
    parts = [event.issued_list for event in world.told(IssuedListPublished)]
    scanner = Verifier(assemble(*assemble_all, (), parts), status_optional=True)
    assert {scanner.verify_qr(one.qr, world.now).verdict for one in honest} == {Verdict.VALID}
    red = [scanner.verify_qr(one.qr, world.now).reasons == ("not_issued",) for one in forged]
    assert red.count(True) >= 4  # one of 65,536 slips through
    assert {scanner.verify_vdv(one.vdv, world.now).verdict for one in honest} == {Verdict.VALID}
    # 3. new codes for the same tickets, under the new key
    old_key = world.pki.signer.ticket_key.key_id
    assert asyncio.run(world.renewing.renew_codes([old_key])) == 5
    assert asyncio.run(world.renewing.renew_codes([old_key])) == 0
    renewed = world.told(TicketRenewed)
    assert {one.number for one in renewed} == {one.number for one in honest}
    for one in renewed:
        assert scanner.verify_qr(one.qr, world.now).reasons == ("status_checked",)
    assert world.rows("SELECT count(*), count(DISTINCT qr_key) FROM ticket") == [(5, 1)]
    assert world.rows("SELECT qr_key FROM ticket LIMIT 1") == [(key_id,)]


def test_a_list_of_issued_tickets_from_before_the_theft_proves_nothing_against_a_ticket(world: SignerWorld) -> None:
    asyncio.run(world.filters.publish())
    first = world.new_ticket()
    asyncio.run(world.filters.publish())
    later = world.new_ticket()
    world.now += timedelta(hours=1)
    signed, _ = stolen(world, world.now)
    parts = [event.issued_list for event in world.told(IssuedListPublished)]
    scanner = Verifier(assemble(world.pki.certificates.values(), signed, (), (), parts), status_optional=True)
    assert scanner.verify_qr(first.qr, world.now).verdict is Verdict.VALID
    finding = scanner.verify_qr(later.qr, world.now)
    assert finding.verdict is Verdict.STATUS_STALE and "issued_list_old" in finding.reasons


def test_a_stolen_module_of_the_vdv_code_needs_the_list_of_issued_tickets_too(
    world: SignerWorld, ticket: Ticket
) -> None:
    honest = world.new_ticket()
    forged = world.pki.signer.sign_ticket(replace(ticket, number=honest.number))
    world.now += timedelta(hours=1)
    number = int.from_bytes(world.pki.signer.module.holder[9:], "big")
    listed = trust_list.parse(trust_list.unwrap(world.pki.trust_list).payload)
    module = trust_list.StolenModule(world.pki.signer.sub_ca.name, number, world.now)
    root = world.pki.trust_root
    signed = replace(listed, version=2, modules=(module,)).sign(root.key_id, root.sign)
    asyncio.run(world.filters.publish(world.now))
    parts = [event.issued_list for event in world.told(IssuedListPublished)]
    scanner = Verifier(assemble(world.pki.certificates.values(), signed, (), (), parts), status_optional=True)
    assert scanner.verify_vdv(honest.vdv, world.now).verdict is Verdict.VALID
    assert scanner.verify_vdv(forged.vdv, world.now).reasons == ("not_issued",)


def test_filters_are_published_once_a_day_and_six_hours_after_a_change(world: SignerWorld) -> None:
    world.new_ticket()
    assert asyncio.run(world.filters.publish()) == 1
    world.new_ticket()
    assert asyncio.run(world.filters.publish()) == 0
    world.now += timedelta(hours=7)
    assert asyncio.run(world.filters.publish()) == 1
    world.now += timedelta(hours=7)
    assert asyncio.run(world.filters.publish()) == 0
    world.now += timedelta(hours=18)
    assert asyncio.run(world.filters.publish()) == 1
    last = world.told(IssuedListPublished)[-1]
    assert (last.version, last.shard) == (3, str(Shard(32838, 416)))
