"""One ticket, grant or list that fails for an unknown reason holds up no other: on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest
import sqlalchemy as sa
from issuance.domain.terms import Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.issued import IssuedPart
from issuance.lists.status_list import StatusList
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.verification.trust import Trust
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.issue_ports import TicketSigner
from issuance.workflow.signer.life import HOURLY, TicketRenewal
from issuance.workflow.signer.publish import PUBLISHING, ListPublisher
from shared.database import Database
from shared.errors import Text, Unavailable
from shared.events import StatusListPublished, TicketIssued, TicketRenewed
from shared.runtime.backlog import count_failing
from support.issuance.signer_world import AUTHORITY, ListSigner, SignerAndReader, SignerWorld, open_database

OTHER_AUTHORITY = "1"


class KeySigner(TicketSigner, ListSigner, Protocol): ...


class OneFails:
    """Signs all but the ticket of one family, and all lists but one shard's."""

    def __init__(self, signer: KeySigner, error: Exception) -> None:
        self._signer = signer
        self.error: Exception | None = error

    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        if self.error and ticket.last_name == "Kaputt":
            raise self.error
        return self._signer.sign_ticket(ticket, shown_from)

    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes:
        return self._signer.sign_list(one)

    def sign_status_list(self, one: StatusList) -> bytes:
        if self.error and one.shard.organisation_id == 32838:
            raise self.error
        return self._signer.sign_status_list(one)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database[SignerStore]]:
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("postgresql")
        url = new_database()
    database = open_database(url)
    database.write_now(lambda store: store.set_terms(OTHER_AUTHORITY, Terms(32839)))
    yield database
    database.close()


class World(SignerWorld):
    """Its signer fails until a test mends it. Lists are signed by the keys."""

    signer: OneFails


@pytest.fixture
def world(database: Database[SignerStore], pki: Pki, trust: Trust) -> World:
    signer = OneFails(pki.signer, LookupError("Erika"))
    world = World(database, pki, trust, SignerAndReader(signer, pki.signer, Verifier(trust)))
    world.signer = signer
    return world


def apply(world: World, *families: str, authority: str = AUTHORITY) -> None:
    for name in families:
        world.application_id = uuid4()
        world.holder(last_name=name, authority_id=authority)
        world.grant(uuid4(), authority_id=authority)


def names(world: World) -> list[str]:
    return sorted(event.holder.last_name for event in world.told(TicketIssued))


def failing(world: World) -> dict[str, tuple[int, int]]:
    return dict(world.database.read_now(lambda store: count_failing(store.session, world.clock())))


def later(world: World) -> None:
    world.now += timedelta(minutes=5)


def test_a_ticket_that_cannot_be_signed_holds_up_no_other_and_is_put_aside(world: World) -> None:
    apply(world, "Anders", "Kaputt", "Zander")
    world.issue()
    assert names(world) == ["Anders", "Zander"]
    for _ in range(12):
        later(world)
        world.issue()
    assert failing(world) == {"signing": (1, 0)}
    assert not world.database.read_now(lambda store: store.anything_due(world.clock()))
    apply(world, "Berger")
    world.issue()
    assert names(world) == ["Anders", "Berger", "Zander"]


def test_it_is_signed_after_the_next_start_or_with_the_next_keys(world: World) -> None:
    apply(world, "Kaputt")
    for _ in range(12):
        world.issue()
        later(world)
    world.signer.error = None
    world.issue()
    assert names(world) == []
    asyncio.run(world.issuing.release_held())
    world.issue()
    assert names(world) == ["Kaputt"]
    assert failing(world) == {}


def test_while_the_token_is_away_no_ticket_is_put_aside(world: World) -> None:
    world.signer.error = Unavailable(Text("weg", "away"))
    apply(world, "Anders", "Kaputt")
    for _ in range(12):
        with pytest.raises(Unavailable):
            world.issue()
        later(world)
    assert failing(world) == {}
    world.signer.error = None
    world.issue()
    assert names(world) == ["Anders", "Kaputt"]


def test_a_grant_that_cannot_be_written_down_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(world, "Anders", "Berger")
    apply(world, "Zander", authority=OTHER_AUTHORITY)
    world.issue()

    def fill(places: str) -> None:
        statement = f"UPDATE shard SET taken = {places} WHERE organisation_id = 32838"
        world.database.write_now(lambda store: store.session.execute(sa.text(statement)))

    monkeypatch.setattr("issuance.store.signer.waiting.SHARDS_A_YEAR", 1)
    fill("1 << 20")
    apply(world, "Carl", "Dora")
    apply(world, "Ypsilon", authority=OTHER_AUTHORITY)
    world.issue()
    assert names(world) == ["Anders", "Berger", "Ypsilon", "Zander"]
    assert failing(world) == {"signing": (0, 2)}
    assert world.count("waiting_grant") == 2
    fill("2")
    later(world)
    world.issue()
    assert names(world) == ["Anders", "Berger", "Carl", "Dora", "Ypsilon", "Zander"]
    assert failing(world) == {}


def test_a_list_that_cannot_be_signed_holds_up_no_other(world: World) -> None:
    apply(world, "Anders")
    apply(world, "Zander", authority=OTHER_AUTHORITY)
    world.issue()
    publishing = ListPublisher(world.database, world.signer, world.clock, world.backlog(PUBLISHING))
    asyncio.run(publishing.publish_due())
    assert [event.shard.split("-")[0] for event in world.told(StatusListPublished)] == ["32839"]
    assert failing(world) == {"publishing": (0, 1)}
    world.signer.error = None
    later(world)
    asyncio.run(publishing.publish_due())
    assert [event.shard.split("-")[0] for event in world.told(StatusListPublished)] == ["32839", "32838"]
    assert failing(world) == {}


def test_after_a_theft_one_ticket_that_cannot_be_signed_anew_holds_up_no_other(world: World) -> None:
    world.signer.error = None
    apply(world, "Anders", "Kaputt", "Zander")
    world.issue()
    world.signer.error = LookupError("Erika")
    renewing = TicketRenewal(
        world.database,
        world.signer,
        Verifier(world.trust),
        world.clock,
        world.backlog(HOURLY),
    )
    stolen = [world.pki.signer.ticket_key.key_id]
    assert asyncio.run(renewing.renew_codes(stolen)) == 2
    assert len(world.told(TicketRenewed)) == 2
    assert failing(world) == {"hourly": (0, 1)}


def test_nothing_is_written_beside_the_tickets_while_all_goes_well(world: World) -> None:
    world.signer.error = None
    apply(world, "Anders")
    world.issue()
    apply(world, "Berger", "Zander")
    statements: list[str] = []
    sa.event.listen(world.database._hasty, "before_cursor_execute", lambda *told: statements.append(told[2]))
    world.issue()
    assert names(world) == ["Anders", "Berger", "Zander"]
    assert [
        each for each in statements if "INTO failed_work" in each or "FROM failed_work" in each.split("WHERE")[0]
    ] == []
