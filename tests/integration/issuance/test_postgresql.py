"""The same work on PostgreSQL, where transactions truly run side by side."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from issuance.domain.grant import DecisionOrigin
from issuance.domain.numbering import KEY_BYTES, NumberScheme
from issuance.domain.terms import Terms
from issuance.lists.status_list import Shard
from issuance.signer import ceremony
from issuance.store.inspection import InspectionStore
from issuance.store.signer import SignerStore
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.issue import SIGNING, TicketIssuer
from issuance.workflow.signer.publish import PUBLISHING, DueShard, ListPublisher
from issuance.workflow.signer.revoke import TicketRevocation
from shared.database import Database
from shared.errors import Unavailable
from shared.events import ApplicationHolderGiven, ApplicationWithdrawn, EligibilityGranted
from shared.runtime.backlog import Backlog
from support.databases import make_tables
from support.issuance.example import make_pki
from support.issuance.signer_world import SignerWorld

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Heard = ApplicationHolderGiven | EligibilityGranted


async def kept(issuing: TicketIssuer, event: Heard) -> Callable[[SignerStore], None]:
    if isinstance(event, ApplicationHolderGiven):
        return await issuing.keep_holder(event)
    return await issuing.keep_grant(event)


def test_grants_and_holders_in_parallel_make_one_ticket_each(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms("1", Terms(32838)))
    pki = ceremony.make(ceremony.Period.around(NOW.date()), NOW)
    verifier = Verifier(assemble(pki.certificates.values(), pki.trust_list, ()))
    numbering = NumberScheme(secrets.token_bytes(KEY_BYTES))
    issuing = TicketIssuer(
        database, pki.signer, verifier, lambda: NOW, numbering, Backlog(SIGNING, database, lambda: NOW)
    )
    publishing = ListPublisher(database, pki.signer, lambda: NOW, Backlog(PUBLISHING, database, lambda: NOW))
    applications = [uuid4() for _ in range(40)]

    async def hear(event: Heard) -> None:
        step = await kept(issuing, event)
        for _ in range(20):  # the consumer brings a message again whose transaction failed
            try:
                await database.write(step)
                return
            except (sa.exc.IntegrityError, Unavailable):
                await asyncio.sleep(0.01)
        raise AssertionError("never written")

    async def all_of_it() -> None:
        await asyncio.gather(*(hear(event) for one in applications for event in events(one)))
        await asyncio.gather(issuing.approve(), issuing.approve())
        await asyncio.gather(issuing.issue_due(), issuing.issue_due())
        await issuing.issue_due()
        withdrawn = ApplicationWithdrawn(
            occurred_at=NOW, authority_id="1", application_id=applications[0], withdrawal_id=uuid4()
        )
        await database.write(await TicketRevocation(lambda: NOW).application_withdrawn(withdrawn))
        assert await publishing.publish_due() == 1

    asyncio.run(all_of_it())
    one_each(database)
    database.close()


def one_each(database: Database[SignerStore]) -> None:
    """Of forty grants there is one ticket each, of which one is revoked, and each was told once."""
    query = sa.text("SELECT state, count(*), count(DISTINCT number) FROM ticket GROUP BY state ORDER BY state")
    rows = database.read_now(lambda store: store.session.execute(query).all())
    assert [tuple(row) for row in rows] == [("issued", 39, 39), ("revoked", 1, 1)]
    query = sa.text("SELECT subject, count(*) FROM outbox GROUP BY subject ORDER BY subject")
    told = dict(tuple(row) for row in database.read_now(lambda store: store.session.execute(query).all()))
    assert told.pop("ticket.state_changed.v1") == 41
    assert told == {
        "issuance.status_list_published.v1": 1,
        "issuance.status_list_published.v2": 1,
        "ticket.issued.v1": 40,
        "ticket.revoked.v1": 1,
    }


def test_batches_that_have_two_families_in_another_order_do_not_wait_for_each_other(
    postgresql: Callable[[], str],
) -> None:
    """A transaction has the messages of a batch, of one stream each."""
    url = postgresql()
    make_tables(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms("1", Terms(32838)))
    world = SignerWorld(database, make_pki(), None)  # type: ignore[arg-type]
    one, other = (events(uuid4()) for _ in range(2))

    async def batch(*heard: Heard) -> None:
        steps = [await kept(world.issuing, each) for each in heard]

        def all_of_it(store: SignerStore) -> None:
            for step in steps:
                step(store)
                time.sleep(0.3)

        await database.write(all_of_it)

    async def both() -> None:
        holders = [next(each for each in family if isinstance(each, ApplicationHolderGiven)) for family in (one, other)]
        grants = [next(each for each in family if isinstance(each, EligibilityGranted)) for family in (other, one)]
        await asyncio.gather(batch(*holders), batch(*grants))

    asyncio.run(both())
    complete = sa.text("SELECT count(*) FROM waiting_grant WHERE lacks IS NULL")
    assert database.read_now(lambda store: store.session.execute(complete).scalar()) == 2
    database.close()


def test_batches_that_end_two_tickets_in_another_order_do_not_wait_for_each_other(
    postgresql: Callable[[], str],
) -> None:
    """Nor does one that is let out, which ends what it takes the place of."""
    url = postgresql()
    make_tables(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms("1", Terms(32838)))
    world = SignerWorld(database, make_pki(), None)  # type: ignore[arg-type]
    families = [events(uuid4()) for _ in range(2)]
    numbers: list[tuple[int, int]] = []

    async def issue() -> None:
        for family in families:
            for each in family:
                await database.write(await kept(world.issuing, each))
        await world.issuing.issue_due()
        query = sa.text("SELECT organisation_id, number FROM ticket ORDER BY sequence")
        found = database.read_now(lambda store: store.session.execute(query).all())
        numbers.extend((organisation_id, number) for organisation_id, number in found)

    def end(*places: tuple[int, int]) -> Callable[[SignerStore], None]:
        def all_of_it(store: SignerStore) -> None:
            for place in places:
                store.revoke(NOW, "by_authority", number=place)
                time.sleep(0.3)

        return all_of_it

    async def both() -> None:
        await asyncio.gather(database.write(end(*numbers)), database.write(end(*reversed(numbers))))

    asyncio.run(issue())
    asyncio.run(both())
    states = sa.text("SELECT state, count(*) FROM ticket GROUP BY state")
    assert [tuple(row) for row in database.read_now(lambda store: store.session.execute(states).all())] == [
        ("dropped", 2)
    ]
    database.close()


@pytest.mark.parametrize("who", ["ends what waits", "publishes two shards"])
def test_who_has_not_taken_the_turn_yet_has_locked_no_row(postgresql: Callable[[], str], who: str) -> None:
    """Each has locked a row that the other one needs, where only one of them has taken the turn before."""
    url = postgresql()
    make_tables(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms("1", Terms(32838)))
    world = SignerWorld(database, make_pki(), None)  # type: ignore[arg-type]
    family = events(uuid4())
    shards = [DueShard(Shard(70, number), 1, 0) for number in range(2)]

    def withdrawn(store: SignerStore) -> None:
        store.forget_waiting(family[0].application_id)
        time.sleep(0.6)
        assert not store.living_of([family[0].application_id])

    def approving(store: SignerStore) -> None:
        time.sleep(0.3)
        store.ready(10, NOW)

    def publishing(store: SignerStore) -> None:
        for each in shards:
            store.stamp_published(each, 2, NOW)
            time.sleep(0.6)

    def ending(store: SignerStore) -> None:
        time.sleep(0.3)
        store.find(70, 1)
        for each in reversed(shards):
            store.raise_shard(*each.shard)

    async def all_of_it() -> None:
        for each in family:
            await database.write(await kept(world.issuing, each))
        await database.write(lambda store: [store.raise_shard(*each.shard) for each in shards])
        both = (withdrawn, approving) if who == "ends what waits" else (publishing, ending)
        await asyncio.gather(*map(database.write, both))

    asyncio.run(all_of_it())
    database.close()


def test_what_was_there_before_is_told_from_what_is_new(postgresql: Callable[[], str]) -> None:
    """Else a decision that is told with another content would be acted on, and nobody alarmed."""
    url = postgresql()
    make_tables(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    decision, application, one, other = uuid4(), uuid4(), "ab" * 32, "cd" * 32
    origin = DecisionOrigin(application, uuid4(), "granted")

    def step(store: SignerStore) -> None:
        assert [store.first_digest(decision, each, NOW, origin) for each in (one, other, one)] == [one] * 3
        assert [store.link(application, one) for _ in range(2)] == [True, False]
        suspended = [store.suspend_right(application, "authority", "notice", NOW, "anna") for _ in range(2)]
        assert suspended == [True, False]

    database.write_now(step)
    database.close()


def events(application_id: UUID) -> tuple[Heard, Heard]:
    base = {"occurred_at": NOW, "authority_id": "1", "application_id": application_id}
    days = {"valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31)}
    facts = {"own_share_cents": 0, "distance_m": None, "limit_m": None, "reasons": (), "rules_version": "nrw"}
    return (
        ApplicationHolderGiven(**base, first_name="A", last_name="B", birth_date=date(2012, 2, 29)),
        EligibilityGranted(**base, **days, **facts, decision_id=uuid4()),
    )


def test_the_api_s_tables_keep_the_newest_lists(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "issuance", "migrations/inspection")
    database = Database(url, InspectionStore)

    def step(store: InspectionStore) -> None:
        for version in (2, 1, 3, 2):
            store.keep_trust(version, bytes([version]), {"45": b"c"})
            store.keep_status("1-2", version, NOW, bytes([version]))
        store.note_inspection(NOW, "vdv", "valid", 1)

    database.write_now(step)
    assert database.read_now(lambda store: store.lists_version()) == (3, 1, 3)
    lists = database.read_now(lambda store: store.lists())
    assert (lists.trust_list, lists.certificates, lists.statuses) == (b"\x03", {"45": b"c"}, {"1-2": b"\x03"})
    database.close()
