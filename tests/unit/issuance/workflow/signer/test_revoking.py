"""Revoked by a request; and what is published of it: status lists, the trust list, the present state."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import cbor2
import cwt
from issuance.domain.ticket import TicketState
from issuance.domain.verdict import Verdict
from issuance.lists import status_list
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.issued import IssuedPart
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.publish import PUBLISHING, ListPublisher
from shared.events import (
    RevocationRequested,
    StatusListPublished,
    TicketIssued,
    TicketRevoked,
    TicketStateChanged,
    TicketSuspended,
    TrustListPublished,
)
from support.issuance.signer_world import SignerWorld
from support.outbox import told_again


def issued(world: SignerWorld) -> TicketIssued:
    world.holder()
    world.grant(uuid4())
    world.issue()
    event: TicketIssued = world.told(TicketIssued)[0]
    return event


def test_a_request_revokes_the_ticket_once_and_its_list_says_so(world: SignerWorld) -> None:
    ticket = issued(world)
    assert world.publish() == 1 and world.publish() == 0
    for _ in range(2):
        request = world.event(
            RevocationRequested,
            request_id=uuid4(),
            number=ticket.number,
            organisation_id=ticket.organisation_id,
            reason="seen on a forum",
            requested_by="operator",
        )
        world.hear(world.revoking.requested, request)
    (revoked,) = world.told(TicketRevoked)
    assert revoked.reason == "by_authority" and revoked.ticket_id == ticket.ticket_id
    assert world.publish() == 1
    before, after = world.told(StatusListPublished)
    assert (before.version, after.version) == (1, 2)
    for event, verdict in ((before, Verdict.VALID), (after, Verdict.REVOKED)):
        lists = assemble(world.pki.certificates.values(), world.pki.trust_list, [event.status_list])
        assert Verifier(lists).verify_vdv(ticket.vdv, world.clock()).verdict is verdict
        assert Verifier(lists).verify_qr(ticket.qr, world.clock()).verdict is verdict


def test_a_request_for_an_unknown_number_changes_nothing(world: SignerWorld) -> None:
    request = world.event(
        RevocationRequested, request_id=uuid4(), number=1, organisation_id=2, reason="lost", requested_by="operator"
    )
    world.hear(world.revoking.requested, request)
    assert world.told(TicketRevoked) == []


def test_lists_are_published_again_after_four_hours_with_a_higher_version(world: SignerWorld) -> None:
    issued(world)
    world.publish()
    world.now += timedelta(hours=4)
    assert world.publish() == 0
    world.now += timedelta(seconds=1)
    assert world.publish() == 1
    assert [event.version for event in world.told(StatusListPublished)] == [1, 2]


def test_a_revocation_while_a_list_is_signed_is_in_the_next_one(world: SignerWorld) -> None:
    ticket = issued(world)

    class Slow:
        def sign_status_list(self, one: status_list.StatusList) -> bytes:
            number = ticket.organisation_id, ticket.number
            world.database.write_now(lambda store: store.revoke(world.clock(), "lost", number=number))
            return world.pki.signer.sign_status_list(one)

        def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes:
            return world.pki.signer.sign_list(one)

    asyncio.run(ListPublisher(world.database, Slow(), world.clock, world.backlog(PUBLISHING)).publish_due())
    assert world.publish() == 1
    last = world.told(StatusListPublished)[-1]
    assert status_list.parse(status_list.unwrap(last.status_list).payload).is_revoked(ticket.number & 0xFFFFF)


def test_a_status_list_is_a_token_status_list_to_the_cwt_library(world: SignerWorld) -> None:
    import zlib

    issued(world)
    world.publish()
    (event,) = world.told(StatusListPublished)
    point, key_id = world.pki.signer.status_key.point, world.pki.signer.status_key.key_id
    key = cwt.COSEKey.new({1: 2, 2: key_id, 3: -7, -1: 1, -2: point[:32], -3: point[32:]})
    protected, _, payload = cwt.COSE.new().decode_with_headers(event.status_list, key)
    claims = cbor2.loads(payload)
    assert protected[16] == "application/statuslist+cwt"
    assert claims[2] == f"https://lists.example/v1/status-lists/{event.shard}"
    assert claims[65533]["bits"] == 1 and len(zlib.decompress(claims[65533]["lst"])) == 131072
    assert claims[6] == int(world.clock().timestamp()) < claims[4]


def test_the_trust_list_is_announced_once_and_again_after_a_day(world: SignerWorld) -> None:
    def announce() -> None:
        asyncio.run(world.publishing.announce_trust(1, world.pki))

    announce()
    announce()
    assert len(world.told(TrustListPublished)) == 1
    world.now += timedelta(days=1, seconds=1)
    announce()
    assert len(world.told(TrustListPublished)) == 2


def test_the_present_state_can_be_told_again_out_of_the_tables(world: SignerWorld) -> None:
    from issuance.workflow.signer.announce import announce

    ticket = issued(world)
    world.publish()
    world.application_id = uuid4()
    world.holder()
    world.grant(uuid4())
    world.issue()
    number = ticket.organisation_id, ticket.number
    world.database.write_now(lambda store: store.revoke(world.clock(), "lost", number=number))
    told = world.database.write_now(lambda store: told_again(announce(store, world.clock())))
    revoked, state, next_one, state_of_next = told
    assert isinstance(revoked, TicketRevoked) and isinstance(next_one, TicketIssued)
    assert isinstance(state, TicketStateChanged) and isinstance(state_of_next, TicketStateChanged)
    of_tickets = (revoked, state, next_one, state_of_next)
    assert [(event.subject, event.ticket_id == ticket.ticket_id) for event in of_tickets] == [
        ("ticket.revoked.v1", True),
        ("ticket.state_changed.v1", True),
        ("ticket.issued.v1", False),
        ("ticket.state_changed.v1", False),
    ]
    assert next_one.vdv == world.told(TicketIssued)[1].vdv and revoked.reason == "lost"
    assert [(each.state, each.reason, each.step) for each in (state, state_of_next)] == [
        ("revoked", "lost", 2),
        ("issued", "", 1),
    ]
    living = next_one.ticket_id
    world.database.write_now(lambda store: store.change_state(living, TicketState.SUSPENDED, "in words", None))
    told = world.database.write_now(lambda store: told_again(announce(store, world.clock())))
    assert [event.subject for event in told if "state" not in event.subject] == [
        "ticket.revoked.v1",
        "ticket.issued.v1",
        "ticket.suspended.v1",
    ]
    changed = told[3]
    assert isinstance(changed, TicketSuspended)
    assert changed.ticket_id == living and changed.reason == "by_authority"
    assert world.publish() == 1
