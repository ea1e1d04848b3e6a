"""A signer that was put back to an older copy learns from passes and the API what is out, and goes on above it."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from issuance.domain.elsewhere import RestoredTickets
from issuance.domain.verdict import Verdict
from issuance.signer.ceremony import Pki
from issuance.store.inspection import InspectionStore
from issuance.store.signer import SignerStore
from issuance.verification.read_back import read_back
from issuance.verification.trust import Trust
from issuance.verification.verifier import Verifier
from issuance.workflow.inspection.requests import StaffRequests
from issuance.workflow.inspection.told_back import CatchUpAnswers
from issuance.workflow.signer.recover import Incomplete, TicketRecovery
from shared.bus import epochs
from shared.database import Database
from shared.events import (
    ApplicationWithdrawn,
    StatusListV2Published,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRevoked,
    TicketStateChanged,
)
from shared.questions import ListVersionsQuestion, ListVersionsReply, PassesReply, PassOut, Question, TicketsQuestion
from support.answers import Answer, as_asked
from support.databases import make_tables
from support.issuance.signer_world import SignerWorld
from support.record import faults

_OF_TICKET = ("ticket_id", "application_id", "authority_id", "number", "organisation_id", "product", "valid_from",
              "valid_until", "vdv", "qr")  # fmt: skip


PutBack = tuple[Callable[[], None], Callable[[], SignerWorld]]
"""Makes the copy; takes it up."""


class Others:
    """What the two others have heard: the API in its own tables, the passes as events made them."""

    def __init__(self, api: Database[InspectionStore]) -> None:
        self._api, self._requesting = api, StaffRequests(api, lambda: None, ())  # type: ignore[arg-type,return-value]
        self.passes: dict[UUID, PassOut] = {}
        self.lists: dict[str, int] = {}

    def hear(self, world: SignerWorld) -> None:
        for changed in world.told(TicketStateChanged):
            self._api.write_now(asyncio.run(self._requesting.state_changed(changed)))
        for issued in world.told(TicketIssued):
            ticket = {name: getattr(issued, name) for name in _OF_TICKET}
            made = PassOut(**ticket, **dict(issued.holder), is_revoked=False, is_suspended=False)
            self.passes[issued.ticket_id] = made
        for renewed in world.told(TicketRenewed):
            codes = {"vdv": renewed.vdv, "qr": renewed.qr}
            self.passes[renewed.ticket_id] = self.passes[renewed.ticket_id].model_copy(update=codes)
        for replaced in world.told(TicketReplaced):
            self.passes.pop(replaced.replaced_ticket_id, None)
        for listed in world.told(StatusListV2Published):
            self.lists[listed.shard] = max(listed.version, self.lists.get(listed.shard, 0))

    def states(self) -> list[str]:
        states = sa.text("SELECT state FROM known_ticket ORDER BY state")
        return list(self._api.read_now(lambda store: store.session.execute(states).scalars().all()))

    def stand_at_step(self, step: int) -> None:
        self._api.write_now(lambda store: store.session.execute(sa.text(f"UPDATE known_ticket SET step = {step}")))

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        told_back = CatchUpAnswers(self._api)
        if isinstance(question, TicketsQuestion):
            return as_asked(await told_back.tickets(question), answer)
        if isinstance(question, ListVersionsQuestion):
            return as_asked(ListVersionsReply(status=self.lists, issued={"32838-416": 9}), answer)
        return as_asked(PassesReply(passes=tuple(self.passes.values()), is_last=True), answer)


@pytest.fixture
def others(tmp_path: Path) -> Iterator[Others]:
    url = f"sqlite:///{tmp_path / 'api.db'}"
    make_tables(url, "issuance", "migrations/inspection")
    database = Database(url, InspectionStore)
    yield Others(database)
    database.close()


@pytest.fixture
def put_back(world: SignerWorld, pki: Pki, trust: Trust, tmp_path: Path) -> Iterator[PutBack]:
    """Makes the copy; then the world that stands on it, with the same keys, in its next epoch."""
    path, opened = tmp_path / "copy.db", []

    def copy() -> None:
        with closing(sqlite3.connect(tmp_path / "signer.db")) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)

    def take_up() -> SignerWorld:
        database = Database(f"sqlite:///{path}", SignerStore)
        opened.append(database)
        database.write_now(lambda store: epochs.raise_epoch(store.session, "signer", world.now))
        restored = SignerWorld(database, pki, trust)
        restored.numbering = world.numbering
        return restored

    yield copy, take_up
    for database in opened:
        assert not faults(database), "what was done is not on record as it was done"
        database.close()


def recover(restored: SignerWorld, others: Others, trust: Trust) -> RestoredTickets:
    reading = partial(read_back, Verifier(trust))
    return asyncio.run(TicketRecovery(restored.database, others, reading, restored.clock).recover())


TICKET = """SELECT ticket_id, number, decision_id, case_id, state, reason, generation, replaces, step, first_name,
    product, area_number, sequence, token_id, qr, qr_key, vdv_module, number_draw, valid_until, approved_at
    FROM ticket WHERE vdv IS NOT NULL AND state != 'revoked' ORDER BY ticket_id"""


ENDS_ON_RECORD = """SELECT ticket.ticket_id, count(audit.id) FROM ticket LEFT JOIN audit ON
    audit.ticket_id = ticket.ticket_id AND audit.step = ticket.state WHERE state = 'revoked' GROUP BY ticket.ticket_id"""


def go_on(world: SignerWorld, old: Sequence[TicketIssued]) -> list[TicketIssued]:
    """Three new tickets, of which steps are asked as of the old ones."""
    new = [world.new_ticket() for _ in range(3)]
    world.application_id = old[0].application_id
    world.ask(old[0], "revoke", reason="fraud")
    world.application_id = old[1].application_id
    world.ask(old[1], "replace", reason="lost")
    world.application_id = new[0].application_id
    world.ask(new[0], "suspend", reason="fraud")
    world.application_id = new[1].application_id
    world.ask(new[1], "renew")
    world.issue()
    world.publish()
    return new


def test_all_that_is_out_stands_again_as_it_was(
    world: SignerWorld, others: Others, put_back: PutBack, trust: Trust
) -> None:
    copy, take_up = put_back
    # 1. Three tickets, a copy; then new ones, and steps of the old ones.
    old = [world.new_ticket() for _ in range(3)]
    world.publish()
    copy()
    new = go_on(world, old)
    others.hear(world)
    # 2. On the copy, all of it is learnt.
    restored = take_up()
    assert restored.database.read_now(lambda store: store.is_behind)
    found = recover(restored, others, trust)
    assert not restored.database.read_now(lambda store: store.is_behind)
    assert (len(found.tickets), len(found.newer), len(found.dead)) == (4, 2, 1)
    assert restored.rows(TICKET) == world.rows(TICKET)
    assert {count for _, count in restored.rows(ENDS_ON_RECORD)} == {1}
    # 3. The next ticket has a count of its own, and lists go on above what is out, with the same places.
    assert max(restored.rows("SELECT sequence FROM ticket")) == max(world.rows("SELECT sequence FROM ticket"))
    restored.publish()
    before, after = world.told(StatusListV2Published)[-1], restored.told(StatusListV2Published)[-1]
    assert (after.version, after.delta) == (before.version + 1, b"") and after.epoch > before.epoch
    for ticket, verdict in ((old[0], Verdict.REVOKED), (old[1], Verdict.REVOKED), (old[2], Verdict.VALID),
                            (new[0], Verdict.REVOKED), (new[1], Verdict.REVOKED), (new[2], Verdict.VALID)):  # fmt: skip
        assert restored.verdict(ticket) == verdict, ticket
    # 4. What was asked before is asked again by the streams, and does nothing twice; what is told again makes nothing.
    restored.application_id = new[2].application_id
    restored.holder()
    restored.grant(new[2].decision_id)
    restored.issue()
    assert restored.rows(TICKET) == world.rows(TICKET)
    assert restored.new_ticket().number not in {number for (number,) in world.rows("SELECT number FROM ticket")}


def test_a_ticket_that_waits_to_be_signed_in_the_copy_is_not_signed_twice(
    world: SignerWorld, others: Others, put_back: PutBack, trust: Trust
) -> None:
    copy, take_up = put_back
    world.apply()
    asyncio.run(world.issuing.approve())
    copy()
    world.issue()
    others.hear(world)
    restored = take_up()
    recover(restored, others, trust)
    restored.issue()
    assert restored.rows(TICKET) == world.rows(TICKET) and len(restored.rows(TICKET)) == 1
    assert restored.told(TicketIssued) == []


def test_a_ticket_that_ended_on_an_old_copy_ends_for_all_who_heard_otherwise(
    world: SignerWorld, others: Others, put_back: PutBack, trust: Trust
) -> None:
    copy, take_up = put_back
    ticket = world.new_ticket()
    world.apply()
    waiting = world.application_id
    asyncio.run(world.issuing.approve())
    copy()
    world.issue()
    world.application_id = ticket.application_id
    for action in ("suspend", "restore", "suspend"):
        world.ask(ticket, action, reason="fraud")
    others.hear(world)
    # put back by hand, and used before it was told what is out: one is revoked, the other's grant ends unseen
    restored = take_up()
    restored.application_id = ticket.application_id
    restored.ask(ticket, "revoke", reason="lost")
    restored.application_id = waiting
    restored.hear(restored.revoking.application_withdrawn, restored.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    assert sorted(restored.states()) == [("dropped", "withdrawn"), ("revoked", "lost")]
    recover(restored, others, trust)
    assert sorted(restored.states()) == [("revoked", "lost"), ("revoked", "withdrawn")]
    others.hear(restored)
    assert others.states() == ["revoked", "revoked"]
    assert {each.ticket_id for each in restored.told(TicketRevoked)} == set(others.passes)


def test_a_ticket_that_waits_to_be_signed_in_the_copy_waits_for_its_pass(
    world: SignerWorld, others: Others, put_back: PutBack, trust: Trust
) -> None:
    copy, take_up = put_back
    world.apply()
    asyncio.run(world.issuing.approve())
    copy()
    world.issue()
    others.hear(world)
    restored, passes = take_up(), dict(others.passes)
    others.passes.clear()
    with pytest.raises(Incomplete, match="no pass yet"):
        recover(restored, others, trust)
    others.passes |= passes
    recover(restored, others, trust)
    assert restored.rows(TICKET) == world.rows(TICKET)


def test_what_was_lifted_since_the_copy_stands_against_no_next_ticket(
    world: SignerWorld, others: Others, put_back: PutBack, trust: Trust
) -> None:
    copy, take_up = put_back
    ticket, other = world.new_ticket(), world.new_ticket()
    for each in (ticket, other):
        world.application_id = each.application_id
        world.ask(each, "suspend", reason="fraud")
    copy()
    world.application_id = ticket.application_id
    world.ask(ticket, "restore", reason="fraud")
    others.hear(world)
    restored = take_up()
    recover(restored, others, trust)
    restored.application_id = ticket.application_id
    restored.ask(ticket, "renew")
    restored.issue()
    assert sorted(restored.states()) == [("issued", None), ("revoked", "changed"), ("suspended", "fraud")]


def test_a_code_of_another_module_that_is_on_paper_is_kept(
    world: SignerWorld, others: Others, put_back: PutBack, trust: Trust
) -> None:
    copy, take_up = put_back
    world.new_ticket()
    others.hear(world)
    copy()
    restored = take_up()
    # the pass bears what a new module has signed since; the copy has the code of the one before
    older = "UPDATE ticket SET vdv_module = x'00', qr = 'before'"
    restored.database.write_now(lambda store: store.session.execute(sa.text(older)))
    others.stand_at_step(2)
    recover(restored, others, trust)
    assert restored.rows("SELECT vdv FROM former_code") == world.rows("SELECT vdv FROM ticket")


def test_it_waits_for_who_does_not_know_enough_and_changes_nothing(
    world: SignerWorld, others: Others, put_back: PutBack, trust: Trust
) -> None:
    copy, take_up = put_back
    copy()
    world.new_ticket()
    others.hear(world)
    restored, passes = take_up(), dict(others.passes)
    others.passes.clear()
    with pytest.raises(Incomplete, match="no pass yet"):
        recover(restored, others, trust)
    assert restored.count("ticket") == 0 and restored.database.read_now(lambda store: store.is_behind)
    others.passes |= passes
    recover(restored, others, trust)
    assert restored.rows(TICKET) == world.rows(TICKET)


def test_what_a_pass_knows_to_be_revoked_is_good_for_nobody_while_the_api_has_not_heard_it(
    world: SignerWorld, others: Others, put_back: PutBack, trust: Trust
) -> None:
    copy, take_up = put_back
    before = world.new_ticket()
    others.hear(world)
    copy()
    after = world.new_ticket()
    others.hear(world)
    for ticket in (before, after):
        world.application_id = ticket.application_id
        world.ask(ticket, "revoke", reason="fraud")
        told = others.passes[ticket.ticket_id]
        others.passes[ticket.ticket_id] = told.model_copy(update={"is_revoked": True})
        restored = take_up()
        with pytest.raises(Incomplete, match="not heard yet that ticket"):
            recover(restored, others, trust)
        others.hear(world)
        others.passes[ticket.ticket_id] = told.model_copy(update={"is_revoked": True})
    recover(restored, others, trust)
    assert restored.states() == [("revoked", "fraud"), ("revoked", "fraud")]


def test_a_revocation_that_finds_no_ticket_puts_its_place_on_the_list(world: SignerWorld) -> None:
    gone = world.new_ticket()
    other = world.new_ticket()
    lost = gone.model_copy(update={"number": gone.number + 1})
    world.ask(lost, "revoke", reason="fraud")
    ((listed,),) = world.rows("SELECT number FROM listed_place")
    assert listed == lost.number
    assert world.publish() == 1 and lost.number % (1 << 20) in world.database.read_now(
        lambda store: store.dead_places(store.due_shards(world.now.replace(year=2030), 1, world.now)[0].shard)
    )
    assert world.verdict(other) is Verdict.VALID
    # of an organisation that issues nothing here, nothing is listed
    world.ask(gone.model_copy(update={"organisation_id": 7, "number": 5}), "revoke")
    world.ask(gone.model_copy(update={"number": gone.number + 2}), "suspend")
    assert world.count("listed_place") == 1
