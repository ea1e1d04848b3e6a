"""The same work on PostgreSQL, where transactions truly run side by side."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

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

    async def hear(event: Any) -> None:
        handler = issuing.keep_holder if isinstance(event, ApplicationHolderGiven) else issuing.keep_grant
        step = await handler(event)
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
    database.close()


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

    async def batch(*heard: Any) -> None:
        handlers = (world.issuing.keep_holder, world.issuing.keep_grant)
        steps = [await handlers[isinstance(each, EligibilityGranted)](each) for each in heard]

        def all_of_it(store: SignerStore) -> None:
            for step in steps:
                step(store)
                time.sleep(0.3)

        await database.write(all_of_it)

    async def both() -> None:
        def of(kind: type[Any], family: tuple[Any, Any]) -> Any:
            return next(each for each in family if isinstance(each, kind))

        holders = [of(ApplicationHolderGiven, each) for each in (one, other)]
        grants = [of(EligibilityGranted, each) for each in (other, one)]
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
    numbers: list[Any] = []

    async def issue() -> None:
        for family in families:
            handlers: list[Callable[[Any], Awaitable[Callable[[SignerStore], None]]]]
            handlers = [world.issuing.keep_holder, world.issuing.keep_grant]
            for each, handler in zip(family, handlers, strict=True):
                await database.write(await handler(each))
        await world.issuing.issue_due()
        query = sa.text("SELECT organisation_id, number FROM ticket ORDER BY sequence")
        numbers.extend(map(tuple, database.read_now(lambda store: store.session.execute(query).all())))

    def end(*places: Any) -> Callable[[SignerStore], None]:
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
        await database.write(await world.issuing.keep_holder(family[0]))
        await database.write(await world.issuing.keep_grant(family[1]))
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


def events(application_id: object) -> tuple[Any, Any]:
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
