"""The signer publishes each shard in one bit and in two: what is suspended is only there told from revoked."""

import sqlalchemy as sa
from issuance.domain.ticket import TicketState
from issuance.domain.verdict import Verdict
from issuance.lists.follow import ShardState, follow
from issuance.verification.list_changes import open_delta_v2, open_snapshot_v2
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from shared.events import StatusListPublished, StatusListV2Published
from support.issuance.signer_world import SignerWorld


def verdict_of(world: SignerWorld, code: str) -> Verdict:
    """By a scanner with the newest list of two bits."""
    world.publish()
    newest = world.told(StatusListV2Published)[-1].status_list
    scanner = Verifier(assemble(world.pki.certificates.values(), world.pki.trust_list, [newest]))
    return scanner.verify_qr(code, world.now).verdict


def test_suspended_restored_and_lost_are_told_apart_by_list_snapshot_and_deltas(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    told = [verdict_of(world, ticket.qr)]
    for change in ("suspend", "restore", "suspend", "replace"):
        world.ask(ticket, change)
        told.append(verdict_of(world, ticket.qr))
    assert told == [Verdict.VALID, Verdict.SUSPENDED, Verdict.VALID, Verdict.SUSPENDED, Verdict.REVOKED]
    assert TicketState.REVOKED in [state for state, _ in world.states()]
    events = world.told(StatusListV2Published)
    assert [(one.version, one.epoch) for one in events] == [(one.version, 1) for one in world.told(StatusListPublished)]
    trust = assemble(world.pki.certificates.values(), world.pki.trust_list, ())
    state = ShardState.of(open_snapshot_v2(events[0].snapshot, trust))
    state = follow(state, [open_delta_v2(one.delta, trust) for one in events[1:]], world.now)
    assert state.bits == open_snapshot_v2(events[-1].snapshot, trust).bits


def test_a_state_from_before_lists_had_two_bits_has_no_delta_of_two_and_one_of_one(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    world.publish()
    world.database.write_now(lambda store: store.session.execute(sa.text("UPDATE published_list SET suspended = NULL")))
    world.ask(ticket, "suspend")
    world.publish()
    assert world.told(StatusListV2Published)[-1].delta == b"" and world.told(StatusListPublished)[-1].delta != b""
