"""Lists cost what has changed: the filter of issued tickets reads new codes alone, and holds the same as one read whole."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from issuance.lists import issued
from issuance.lists.status_list import Shard
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.store.signer.list_tables import IssuedListRow, UnlistedCodeRow
from issuance.verification.trust import Trust
from issuance.verification.verifier import Verifier
from shared.database import Database
from shared.database.engine import open_engine
from shared.database.migration import configuration, upgrade
from shared.events import IssuedListPublished
from sqlmodel import Session, select
from support.issuance.signer_world import SignerAndReader, SignerWorld, open_database

SHARD = Shard(32838, 416)


class CountingReader(Verifier):
    """Reads codes as the real one does."""

    read = 0

    def issued_keys(self, vdv: bytes, qr: str) -> tuple[bytes, bytes]:
        self.read += 1
        return super().issued_keys(vdv, qr)


class CountingWorld(SignerWorld):
    """A signer that counts what it reads."""

    def __init__(self, database: Database[SignerStore], pki: Pki, trust: Trust) -> None:
        self.reader = CountingReader(trust)
        super().__init__(database, pki, trust, SignerAndReader(pki.signer, pki.signer, self.reader))


@pytest.fixture
def counting(tmp_path: Path, pki: Pki, trust: Trust) -> Iterator[CountingWorld]:
    database = open_database(f"sqlite:///{tmp_path / 'signer.db'}")
    yield CountingWorld(database, pki, trust)
    database.close()


def published(world: SignerWorld) -> dict[str, bytes]:
    """The cells of the newest filter, by form: what two filters of the same tickets have in common."""
    newest: dict[str, bytes] = {}
    for event in world.told(IssuedListPublished):
        newest[event.form] = issued.parse(issued.unwrap(event.issued_list).payload).filter.cells
    return newest


def whole(world: SignerWorld) -> dict[str, bytes]:
    """As if it was read from all tickets."""
    world.database.write_now(lambda store: store.session.execute(sa.update(IssuedListRow).values(keys=None)))
    world.now += timedelta(days=2)
    assert asyncio.run(world.filters.publish()) == 1
    return published(world)


def test_a_filter_reads_what_is_new_and_holds_the_same_as_one_read_whole(counting: CountingWorld) -> None:
    for _ in range(5):
        counting.new_ticket()
    asyncio.run(counting.filters.publish())
    assert counting.reader.read == 5
    # 1. two more: only they are read
    revoked = counting.new_ticket()
    counting.ask(revoked, "revoke")
    counting.new_ticket()
    counting.now += timedelta(hours=7)
    assert asyncio.run(counting.filters.publish()) == 1
    assert counting.reader.read == 7
    grown = published(counting)
    # 2. a day later none is, and the filter is the same
    counting.now += timedelta(days=2)
    assert asyncio.run(counting.filters.publish()) == 1
    assert counting.reader.read == 7 and published(counting) == grown
    # 3. read whole, it is the same too
    assert whole(counting) == grown
    assert counting.reader.read == 14


def test_after_a_theft_filters_are_read_whole(counting: CountingWorld) -> None:
    for _ in range(3):
        counting.new_ticket()
    asyncio.run(counting.filters.publish())
    counting.now += timedelta(hours=1)
    asyncio.run(counting.filters.publish(counting.now))
    assert counting.reader.read == 6
    # by a clock behind the theft's too it ends
    assert asyncio.run(counting.filters.publish(counting.now + timedelta(hours=3))) == 1


def test_a_ticket_signed_anew_makes_its_filter_be_read_whole(counting: CountingWorld) -> None:
    counting.new_ticket()
    asyncio.run(counting.filters.publish())
    key = counting.pki.signer.ticket_key.key_id
    assert asyncio.run(counting.renewing.renew_codes([key])) == 1
    counting.now += timedelta(days=2)
    asyncio.run(counting.filters.publish())
    assert counting.reader.read == 2


def test_tickets_from_before_are_in_the_first_filter_after_the_migration(
    tmp_path: Path, pki: Pki, trust: Trust
) -> None:
    """Down to the columns of before, as they were, and up again."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    world = SignerWorld(open_database(url), pki, trust)
    tickets = [world.new_ticket() for _ in range(2)]
    asyncio.run(world.filters.publish())
    world.new_ticket()
    world.database.close()
    command.downgrade(configuration(url, "issuance", "migrations/signer"), "0027")
    upgrade(url, "issuance", "migrations/signer")
    with Session(open_engine(url, connections=1)) as session:
        row = session.exec(select(IssuedListRow)).one()
        assert row.keys is None and row.tickets == len(tickets)
        assert [each.shard for each in session.exec(select(UnlistedCodeRow))][-1:] == [SHARD.number]
