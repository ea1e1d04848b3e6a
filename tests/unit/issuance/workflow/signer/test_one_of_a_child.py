"""Of one child one ticket is good at a time, whatever was granted: the second waits, and nobody's dies for it."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from issuance.signer.ceremony import Pki
from issuance.store.signer import Row
from issuance.verification.trust import Trust
from shared.events import ApplicationWithdrawn, EligibilityWithdrawn, TicketIssued, TicketRevoked
from sqlalchemy.exc import IntegrityError
from support.issuance.signer_world import SignerWorld, open_database
from support.json import text

CHILD = "c" * 64
YEAR = date(2026, 8, 1), date(2027, 7, 31)


@pytest.fixture(params=["sqlite", "postgresql"])
def both(
    request: pytest.FixtureRequest, world: SignerWorld, postgresql: Callable[[], str], pki: Pki, trust: Trust
) -> Iterator[SignerWorld]:
    """On SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield world
        return
    database = open_database(postgresql())
    yield SignerWorld(database, pki, trust)
    database.close()


def granted(world: SignerWorld, days: tuple[date, date] = YEAR, child: str | None = CHILD, **more: object) -> list[int]:
    """A new application, and the numbers that came out of it at once."""
    before = len(world.told(TicketIssued))
    world.application_id = uuid4()
    world.holder()
    world.grant(uuid4(), child=child, valid_from=days[0], valid_until=days[1], **more)
    world.issue()
    return [each.number for each in world.told(TicketIssued)[before:]]


def withdrawn(world: SignerWorld, ticket: TicketIssued) -> None:
    event = world.event(ApplicationWithdrawn, withdrawal_id=uuid4(), application_id=ticket.application_id)
    world.hear(world.revoking.application_withdrawn, event)


def ended(world: SignerWorld, ticket: TicketIssued) -> None:
    event = world.event(
        EligibilityWithdrawn,
        application_id=ticket.application_id,
        decision_id=ticket.decision_id,
        reason="decided_anew",
    )
    world.hear(world.revoking.withdrawn, event)


def test_a_grant_by_who_knew_of_a_revocation_makes_the_child_s_other_ticket_good_too(world: SignerWorld) -> None:
    granted(world)
    (first,) = world.told(TicketIssued)
    world.ask(first, "revoke", reason="fraud", party="authority")
    granted(world)
    assert [state for state, _ in world.states()] == ["revoked", "suspended"]
    world.now += timedelta(minutes=1)
    assert granted(world, knows_revocation=True) == []
    assert [state for state, _ in world.states()] == ["revoked", "issued", "held"]


@pytest.mark.parametrize("end", [withdrawn, ended])
def test_a_second_ticket_of_a_child_waits_and_comes_out_when_the_first_has_died(
    both: SignerWorld, end: Callable[[SignerWorld, TicketIssued], None]
) -> None:
    assert granted(both)
    (first,) = both.told(TicketIssued)
    assert granted(both) == []
    assert both.states() == [("issued", None), ("held", "another_ticket")] and both.told(TicketRevoked) == []
    end(both, first)
    both.issue()
    assert [state for state, _ in both.states()] == ["revoked", "issued"]


def test_two_that_are_granted_together_give_one_ticket(both: SignerWorld) -> None:
    for _ in range(2):
        both.application_id = uuid4()
        both.holder()
        both.grant(uuid4(), child=CHILD)
    both.issue()
    assert [state for state, _ in both.states()] == ["issued", "held"]


def test_what_waits_is_dropped_with_its_own_grant(world: SignerWorld) -> None:
    granted(world)
    granted(world)
    event = world.event(ApplicationWithdrawn, withdrawal_id=uuid4())
    world.hear(world.revoking.application_withdrawn, event)
    world.issue()
    assert world.states() == [("issued", None), ("dropped", "withdrawn")]


def test_days_that_do_not_meet_are_two_tickets(both: SignerWorld) -> None:
    assert granted(both, (YEAR[0], date(2026, 12, 31))) and granted(both, (date(2027, 1, 1), YEAR[1]))


@pytest.mark.parametrize("other", ["d" * 64, None])
def test_children_that_are_two_or_not_known_have_two_tickets(both: SignerWorld, other: str | None) -> None:
    assert granted(both) and granted(both, child=other)


def test_the_second_comes_out_as_soon_as_the_first_is_over_though_nobody_has_looked_yet(world: SignerWorld) -> None:
    granted(world, (YEAR[0], date(2026, 12, 31)))
    assert granted(world) == []
    world.now = world.told(TicketIssued)[0].valid_until + timedelta(minutes=1)
    assert granted(world, (date(2026, 12, 1), YEAR[1]), child=CHILD)
    assert [state for state, _ in world.states()] == ["expired", "held", "issued"]


def test_a_lost_ticket_s_successor_goes_before_what_waits(world: SignerWorld) -> None:
    granted(world)
    granted(world)
    (first,) = world.told(TicketIssued)
    world.application_id = first.application_id
    world.ask(first, "replace", reason="lost")
    world.issue()
    assert [state for state, _ in world.states()] == ["revoked", "held", "issued"]


def test_one_that_was_to_end_does_not_go_on_beside_the_one_that_follows_it(world: SignerWorld) -> None:
    """Two applications: the grant of the first ends on a day, the second begins on the next, and then the first is
    decided anew for the whole year."""
    granted(world)
    (first,) = world.told(TicketIssued)
    last = world.now.date() + timedelta(days=20)
    told = {"application_id": first.application_id, "decision_id": first.decision_id, "reason": "decided_anew"}
    world.hear(world.revoking.withdrawn, world.event(EligibilityWithdrawn, **told, ends_on=last))
    assert granted(world, (last + timedelta(days=1), YEAR[1]))
    world.application_id = first.application_id
    world.grant(uuid4(), child=CHILD, instead_of=first.decision_id)
    world.issue()
    good = [reason for state, reason in world.states() if state == "issued"]
    assert len(good) == 1


def test_the_database_itself_refuses_a_second_one(both: SignerWorld) -> None:
    granted(both)
    granted(both)
    both.database.write_now(lambda store: store.release_held())
    let_out = sa.text("UPDATE ticket SET state = 'issued' WHERE state = 'approved'")
    with pytest.raises(IntegrityError, match="ticket_one_of_a_child"):
        both.database.write_now(lambda store: store.session.execute(let_out))


def test_what_waits_is_tried_again_also_where_a_third_grant_noticed_that_the_first_is_over(world: SignerWorld) -> None:
    granted(world, (YEAR[0], date(2026, 12, 31)))
    granted(world)
    world.now = world.told(TicketIssued)[0].valid_until + timedelta(minutes=1)
    granted(world, (date(2027, 8, 1), date(2028, 7, 31)))
    world.issue()
    assert [state for state, _ in world.states()] == ["expired", "issued", "issued"]


def test_two_applications_of_one_right_have_one_good_ticket_whatever_digest_each_bears(world: SignerWorld) -> None:
    """A name was corrected, and the second application spells it as the first one did."""
    granted(world)
    (first,) = world.told(TicketIssued)
    corrected = uuid4()
    world.grant(corrected, child="b" * 64, holder_change=1, instead_of=first.decision_id)
    world.holder(first_name="Jürgen", change_number=1)
    world.issue()
    assert granted(world) == []
    assert [state for state, _ in world.states()] == ["revoked", "issued", "held"]


def test_a_last_day_that_moves_does_not_run_into_the_ticket_that_follows_in_another_application(
    world: SignerWorld,
) -> None:
    granted(world)
    (first,) = world.told(TicketIssued)
    last = world.now.date() + timedelta(days=20)
    told = {"application_id": first.application_id, "decision_id": first.decision_id, "reason": "decided_anew"}
    world.hear(world.revoking.withdrawn, world.event(EligibilityWithdrawn, **told, ends_on=last))
    assert granted(world, (last + timedelta(days=1), YEAR[1]))
    world.hear(world.revoking.withdrawn, world.event(EligibilityWithdrawn, **told, ends_on=last + timedelta(days=60)))
    world.now += timedelta(days=30)
    asyncio.run(world.ending.end_due())
    assert [state for state, _ in world.states()] == ["revoked", "issued"]


def test_the_migration_and_the_tables_constrain_alike(world: SignerWorld) -> None:
    """A migration stays as it was written, so the statements stand twice."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ticket_one_%' ORDER BY name"
    engine = sa.create_engine("sqlite://")
    Row.metadata.create_all(engine)
    with engine.connect() as connection:
        declared = [(name, " ".join(text(sql).split())) for name, sql in connection.execute(sa.text(query))]
    migrated = [(name, " ".join(text(sql).split())) for name, sql in world.rows(query)]
    assert declared == migrated and len(declared) == 2
