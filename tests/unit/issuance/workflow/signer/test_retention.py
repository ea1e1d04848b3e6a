"""Names and codes of tickets that ended long ago go; numbers, steps and what may still be signed stay."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from issuance.domain.signer_retention import RetentionTerms
from issuance.signer.ceremony import Pki
from issuance.verification.trust import Trust
from shared.retention_job import RetentionReport, run_retention, task_of_ended
from support.databases import on_both
from support.issuance.signer_world import SignerWorld, open_database
from support.record import faults

BOTH = on_both("world")
KEPT = timedelta(days=RetentionTerms().ended_ticket_days)
PERSONAL = ("Jörg", "Müßter", "2012-02-29")


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path, pki: Pki, trust: Trust) -> Iterator[SignerWorld]:
    on_postgresql = request.param == "postgresql"
    url = request.getfixturevalue("postgresql")() if on_postgresql else f"sqlite:///{tmp_path / 'signer.db'}"
    world = SignerWorld(open_database(url), pki, trust)
    yield world
    assert faults(world.database) == []
    world.database.close()


def run(world: SignerWorld, *, dry_run: bool = False) -> RetentionReport:
    tasks = [task_of_ended("tickets", KEPT)]
    return asyncio.run(run_retention(world.database, tasks, world.now, dry_run=dry_run))


def is_named(world: SignerWorld) -> bool:
    return any(each in str(row) for row in world.rows("SELECT * FROM ticket") for each in PERSONAL)


@BOTH
def test_a_good_ticket_stays_and_one_that_is_long_over_loses_its_name_and_keeps_its_number(world: SignerWorld) -> None:
    issued = world.new_ticket()
    world.now = issued.valid_until + timedelta(days=2)
    assert not run(world).tables, "it has not been seen yet that its time is over"
    asyncio.run(world.renewing.expire())
    ended = world.now
    for days, tables in ((-1, {}), (1, {"ticket": 1})):
        world.now = ended + KEPT + timedelta(days=days)
        assert run(world, dry_run=True).tables == tables
        assert is_named(world)
        assert run(world).tables == tables
        assert is_named(world) == (not tables)
    assert world.rows("SELECT number, state FROM ticket") == [(issued.number, "expired")]
    assert not run(world).tables


@BOTH
def test_while_a_new_grant_waits_nothing_of_its_application_goes(world: SignerWorld) -> None:
    issued = world.new_ticket()
    world.now = issued.valid_until + timedelta(days=2)
    asyncio.run(world.renewing.expire())
    world.now += KEPT + timedelta(days=1)
    world.holder()
    assert not run(world).tables and is_named(world)
