"""Tickets that cannot be signed now wait, and are signed once they can be."""

import asyncio
from datetime import date, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from issuance.domain.terms import Terms
from issuance.domain.ticket import SignedTicket, Ticket
from shared.errors import Text, Unavailable
from shared.events import (
    TicketIssued,
)
from support.issuance.signer_world import AUTHORITY, SignerWorld


def test_a_ticket_that_reads_differently_is_held_and_signed_after_the_next_start(world: SignerWorld) -> None:
    real = world.pki.signer

    class Careless:
        def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
            signed = real.sign_ticket(ticket)
            return SignedTicket(signed.vdv[:-1] + b"\x00", signed.qr)

    careless = world.with_signer(Careless())
    careless.holder()
    careless.grant(uuid4())
    careless.issue()
    assert careless.told(TicketIssued) == []
    ((state, reason),) = careless.states()
    assert state == "held" and reason is not None and reason.startswith("reads_differently")
    asyncio.run(world.issuing.release_held())
    world.issue()
    assert len(world.told(TicketIssued)) == 1


def test_a_ticket_that_outlives_the_certificates_is_held(world: SignerWorld) -> None:
    world.holder()
    world.grant(uuid4(), valid_until=date(2099, 7, 31))
    world.issue()
    assert world.states() == [("held", "outlives_certificates")]


def test_a_signer_that_fails_leaves_the_row_to_be_signed_later(world: SignerWorld) -> None:
    class Broken:
        def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
            raise Unavailable(Text("Weg.", "Away."))

    broken = world.with_signer(Broken())
    broken.holder()
    broken.grant(uuid4())
    with pytest.raises(Unavailable, match="Away"):
        broken.issue()
    world.issue()
    assert len(world.told(TicketIssued)) == 1


def test_a_grant_of_an_authority_without_terms_waits_until_they_are_set(world: SignerWorld) -> None:
    world.database.write_now(lambda store: store.session.execute(sa.text("DELETE FROM authority")))
    world.holder()
    world.grant(uuid4())
    world.issue()
    assert world.states() == []
    world.database.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838)))
    world.issue()
    assert len(world.told(TicketIssued)) == 1
