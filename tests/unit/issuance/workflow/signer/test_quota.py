"""So many tickets of an authority an hour: what is beyond waits with its reason, in nobody's way, and is never lost."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest
import structlog
from issuance.domain.terms import Terms
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.store.signer.figures import figures
from issuance.verification.trust import Trust
from issuance.workflow.signer.endings import TOO_MANY, Endings
from issuance.workflow.signer.issue import BATCH
from issuance.workflow.signer.quota import QUOTA_REACHED, Quota
from prometheus_client import REGISTRY
from shared.database import Database
from shared.events import TicketChangeRequested, TicketIssued, TicketQuotaReached, TicketRequestAnswered
from support.issuance.signer_world import AUTHORITY, SignerWorld, open_database
from support.json import whole
from support.threads import thread_of

OTHER = "999999"
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database[SignerStore]]:
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("postgresql")
        url = new_database()
    database = open_database(url)
    yield database
    database.close()


def test_hours_are_counted_on_both_databases_and_old_ones_go(
    both: Database[SignerStore], pki: Pki, trust: Trust
) -> None:
    world = SignerWorld(both, pki, trust, quota=Quota(2), endings=Endings(1))
    for _ in range(3):
        world.apply()
    world.issue()
    world.issue()
    assert len(issued(world)) == 2 and ("approved", QUOTA_REACHED) in world.states()
    assert figure(world, "work_waiting", "signing") == 1
    for ticket in world.told(TicketIssued):
        world.application_id = ticket.application_id
        world.ask(ticket, "revoke", party="operator:70")
    answers = [answer.reason or answer.outcome for answer in world.told(TicketRequestAnswered)]
    assert answers == ["done", TOO_MANY]
    world.now += timedelta(days=91)
    world.issue()
    assert len(issued(world)) == 3
    assert world.rows("SELECT count(DISTINCT hour), sum(count) FROM hour_count WHERE what = 'signed'") == [(1, 1)]


@pytest.fixture
def world(database: Database[SignerStore], pki: Pki, trust: Trust) -> SignerWorld:
    world = SignerWorld(database, pki, trust, quota=Quota(3))
    database.write_now(lambda store: store.set_terms(OTHER, Terms(32838)))
    return world


def applied(world: SignerWorld, authority: str = AUTHORITY) -> UUID:
    world.application_id = uuid4()
    world.holder(authority_id=authority)
    world.grant(uuid4(), authority_id=authority)
    return world.application_id


def issued(world: SignerWorld) -> list[UUID]:
    return [event.application_id for event in world.told(TicketIssued)]


def figure(world: SignerWorld, name: str, kind: str) -> float | None:
    """As `/metrics` tells it now."""
    world.database.read_now(lambda store: figures(Quota(3))(store, world.now))
    return REGISTRY.get_sample_value(name, {"kind": kind})


def test_what_is_beyond_the_quota_waits_and_goes_out_in_the_next_hours_oldest_first(world: SignerWorld) -> None:
    applications = [applied(world) for _ in range(8)]
    with structlog.testing.capture_logs() as lines:
        world.issue()
        world.issue()
    assert issued(world) == applications[:3]
    told = [line for line in lines if line["event"] == "signature_quota_reached"]
    assert [(line["authority_id"], line["per_hour"]) for line in told] == [(AUTHORITY, 3)]
    begins = world.now.replace(minute=0, second=0, microsecond=0)
    assert [(each.authority_id, each.until) for each in world.told(TicketQuotaReached)] == [(AUTHORITY, begins + HOUR)]
    assert (figure(world, "work_waiting", "signing"), figure(world, "work_waiting", QUOTA_REACHED)) == (0, 5)
    states = world.states()
    assert states.count(("issued", None)) == 3 and set(states) <= {("issued", None), ("approved", QUOTA_REACHED)}
    applied(world, OTHER)
    assert (figure(world, "work_waiting", "signing"), figure(world, "work_waiting", QUOTA_REACHED)) == (1, 5)
    world.issue()
    applications.insert(3, issued(world)[3])
    for hour in (1, 2):
        world.now += HOUR
        assert figure(world, "work_oldest_seconds", "signing") == 3600 * hour
        world.issue()
        assert issued(world) == applications[: 4 + 3 * hour]
    assert set(world.states()) == {("issued", None)}
    world.issue()
    assert figure(world, "work_waiting", "signing") == figure(world, "work_oldest_seconds", QUOTA_REACHED) == 0


def test_another_authority_does_not_notice(world: SignerWorld) -> None:
    for _ in range(200):  # more than are looked at between two transactions
        applied(world)
    theirs = [applied(world, OTHER) for _ in range(2)]
    world.issue()
    assert [one for one in issued(world) if one in theirs] == theirs and len(issued(world)) == 5


def test_renewals_that_somebody_asks_for_count_and_the_old_ticket_is_good_until_its_successor_is(
    world: SignerWorld,
) -> None:
    ticket = world.new_ticket()
    for _ in range(2):
        world.ask(ticket, "renew")
        world.issue()
        ticket = world.told(TicketIssued)[-1]
    world.ask(ticket, "renew")
    world.issue()
    assert sorted(world.states()) == [
        ("approved", QUOTA_REACHED), ("issued", None), ("revoked", "changed"), ("revoked", "changed")
    ]  # fmt: skip
    world.now += HOUR
    world.issue()
    assert world.told(TicketIssued)[-1].number != ticket.number
    assert [state for state, _ in sorted(world.states())] == ["issued", "revoked", "revoked", "revoked"]


def test_more_renewals_than_are_looked_at_at_once_hold_up_no_other_authority(world: SignerWorld) -> None:
    free = SignerWorld(world.database, world.pki, world.trust)
    for _ in range(BATCH + 6):
        free.apply()
    free.issue()
    for ticket in free.told(TicketIssued):
        free.ask(ticket, "renew")
    theirs = applied(world, OTHER)
    world.issue()
    assert issued(world)[BATCH + 6 :] == [one.application_id for one in free.told(TicketIssued)[:3]] + [theirs]


def test_what_was_chosen_before_others_were_signed_is_counted_again(world: SignerWorld) -> None:
    for _ in range(5):
        applied(world)
    asyncio.run(world.issuing.approve())
    orders = world.database.read_now(lambda store: store.approved(BATCH, world.now))
    assert len(orders) == 5
    asyncio.run(world.issuing._issue(orders))
    assert len(issued(world)) == 3


def test_two_signers_at_once_keep_the_quota_too(database: Database[SignerStore], pki: Pki, trust: Trust) -> None:
    first, second = (SignerWorld(database, pki, trust, quota=Quota(3)) for _ in range(2))
    for _ in range(8):
        first.apply()

    async def both() -> None:
        while sum(await asyncio.gather(first.issuing.issue_due(), second.issuing.issue_due())):
            pass

    asyncio.run(both())
    assert len(issued(first)) == 3


def test_what_waits_for_another_ticket_of_the_child_is_no_signature_of_the_hour(world: SignerWorld) -> None:
    world.new_ticket()
    world.holder()
    child, other = "c" * 64, "d" * 64
    for each in (child, child, child, other):
        world.application_id = uuid4()
        world.holder()
        world.grant(uuid4(), child=each)
        world.issue()
    assert [state for state, _ in world.states()] == ["issued", "issued", "held", "held", "issued"]
    assert world.rows("SELECT whose, count FROM hour_count WHERE whose <> ''") == [(AUTHORITY, 3)]


def test_who_looks_at_the_counts_waits_for_nobody_who_counts(
    both: Database[SignerStore], pki: Pki, trust: Trust
) -> None:
    world = SignerWorld(both, pki, trust, quota=Quota(2))
    world.apply()
    world.issue()
    looked = threading.Event()

    def look() -> None:
        figure(world, "work_waiting", "signing")
        looked.set()

    def count(store: SignerStore) -> None:
        world.issuing.quota.lock(store, world.now)
        reading = thread_of(look)
        reading.start()
        assert looked.wait(5), "it waits for who counts"
        reading.join()

    both.write_now(count)


def test_requests_about_two_tickets_of_one_right_at_once_are_both_done(
    both: Database[SignerStore], pki: Pki, trust: Trust
) -> None:
    """Each reaches the other's ticket: whoever holds its own and comes for the hour must not be met by one who holds the
    hour and comes for that ticket."""
    world = SignerWorld(both, pki, trust, endings=Endings(50))
    for _ in range(2):
        world.application_id = uuid4()
        world.holder()
        world.grant(uuid4(), child="c" * 64)
    world.issue()
    numbers = [number for (number,) in world.rows("SELECT number FROM ticket ORDER BY sequence")]
    both_there = threading.Barrier(2)

    async def ask(number: int) -> None:
        place = {"request_id": uuid4(), "number": number, "organisation_id": 32838, "reason": f"why {number}"}
        event = world.event(TicketChangeRequested, change="suspend", requested_by="x", party="authority", **place)
        step = await world.living.requested(event)

        def together(store: SignerStore) -> None:
            if both.url.startswith("postgresql"):
                both_there.wait(5)
            step(store)

        await both.write(together)

    async def twice() -> None:
        await asyncio.gather(*(ask(whole(number)) for number in numbers))

    asyncio.run(twice())
    assert [answer.outcome for answer in world.told(TicketRequestAnswered)] == ["done", "done"]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_comes_when_never_more_in_an_hour_and_all_in_the_end(world: SignerWorld, seed: int) -> None:
    luck, granted = Random(seed), []
    for _ in range(6):
        for _ in range(luck.randrange(7)):
            granted.append(applied(world, luck.choice((AUTHORITY, OTHER))))
            if luck.random() < 0.5:
                world.issue()
        world.issue()
        world.now += HOUR * luck.choice((0.1, 0.5, 1, 2))
    by_hour: dict[object, int] = {}
    for event in world.told(TicketIssued):
        key = event.authority_id, event.occurred_at.replace(minute=0, second=0, microsecond=0)
        by_hour[key] = by_hour.get(key, 0) + 1
    assert max(by_hour.values()) <= 3
    for _ in range(20):
        world.now += HOUR
        world.issue()
    assert sorted(issued(world)) == sorted(granted)


def test_without_a_quota_all_go_out_and_nothing_is_counted(
    database: Database[SignerStore], pki: Pki, trust: Trust
) -> None:
    world = SignerWorld(database, pki, trust)
    for _ in range(5):
        world.apply()
    world.issue()
    assert len(issued(world)) == 5 and world.count("hour_count") == 0


def test_where_the_hour_is_used_up_nothing_is_written_that_wakes_its_own_worker(world: SignerWorld) -> None:
    for _ in range(5):
        applied(world)
    while asyncio.run(world.issuing.issue_due()):
        pass
    assert ("approved", QUOTA_REACHED) in world.states()
    woken: list[int] = []
    world.database.after_commit(lambda: woken.append(1))
    assert [asyncio.run(world.issuing.issue_due()) for _ in range(10)] == [0] * 10
    assert woken == []
