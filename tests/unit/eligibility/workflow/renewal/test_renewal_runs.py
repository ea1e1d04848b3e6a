"""A run of the change of the school year: again, twice at once, killed; and what was kept before it came."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from eligibility import presets
from eligibility.store import Store, StoredRecords
from eligibility.workflow import Decide
from shared.database import Database
from shared.database.migration import configuration, upgrade
from shared.events import (
    EligibilityApplicationDue,
)
from support.databases import upgrade_at
from support.eligibility import small_place as make
from support.eligibility.small_place import JUNE, NEXT_YEAR, Renew
from support.eligibility.world import World, fill, renewals_on
from support.postgresql import administrator_url, owner_url


async def test_two_runs_at_once_on_postgresql_carry_each_grant_on_once(
    postgresql: Callable[[], str], world: World
) -> None:
    url = postgresql()
    upgrade_at(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    fill(database)
    records = StoredRecords(database, presets.preset)
    decide = Decide(records, world.measurer, world.environment)
    events = [make.submitted(grade="02") for _ in range(8)]
    for event in events:
        await database.write(await decide.submitted(event))
    world.clock[0] = JUNE
    runs = [renewals_on(database, world, NEXT_YEAR) for _ in range(3)]
    await asyncio.gather(*(each.renew("12345", NEXT_YEAR, "bert", lambda _: None) for each in runs))
    count = sa.text("SELECT count(*) FROM outbox WHERE subject = 'eligibility.application_due.v1'")
    assert database.read_now(lambda store: store.session.execute(count).scalar()) == 8
    database.write_now(lambda store: store.session.execute(sa.text("DELETE FROM case_file")))
    for table in ("told", "renewal", "family_tie", "decision"):
        left = sa.text(f"SELECT count(*) FROM {table}")  # names of our own
        assert database.read_now(lambda store: store.session.execute(left).scalar()) == 0  # noqa: B023  # it is done at once
    database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_decisions_kept_before_stay_when_a_case_becomes_one_for_each_year(
    kind: str, tmp_path: Path, postgresql: Callable[[], str]
) -> None:
    url = owner_url(postgresql()) if kind == "postgresql" else f"sqlite:///{tmp_path / 'old.db'}"
    command.upgrade(configuration(url, "eligibility"), "0008")
    engine = sa.create_engine(administrator_url(url) if kind == "postgresql" else url)
    case = {
        "id": "c", "application_id": "a", "authority_id": "1", "state": "granted", "school_number": "1",
        "school_year": "2026/27", "opened_at": "2026-05-01 10:00:00", "changed_at": "2026-05-01 10:00:00",
        "submission": "{}", "reasons": "[]", "facts": "{}", "ways": "{}",
    }  # fmt: skip
    decision = {
        "id": "d", "case_id": "c", "authority_id": "1", "outcome": "granted", "reasons": "[]", "rules_version": "v",
        "facts": "{}", "ways": "{}", "decided_by": "rules", "prepared_at": "2026-05-01 10:00:00",
    }  # fmt: skip

    def insert(connection: sa.Connection, table: str, row: dict[str, str]) -> None:
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)

    with engine.begin() as connection:
        insert(connection, "case_file", case)
        insert(connection, "decision", decision)
    upgrade(url, "eligibility")
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM decision")).scalar() == 1
        insert(connection, "case_file", case | {"id": "e", "school_year": "2027/28"})
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        insert(connection, "case_file", case | {"id": "f"})
    engine.dispose()


KILLED = """
import asyncio, os, sys
from datetime import UTC, date, datetime
from eligibility import presets
from eligibility.domain.ids import NoticeToken
from eligibility.domain.keys import Key, Keys
from eligibility.store import Store, StoredRecords
from eligibility.workflow import Decide, Environment
from eligibility.workflow.renewal.renewals import Renewals
from shared.database import Database

database = Database(sys.argv[1], Store)
KEYS = Keys(Key(b"a key of digests for tests alone."))
environment = Environment(lambda: datetime(2027, 6, 1, tzinfo=UTC), lambda: NoticeToken("t"), KEYS, "https://b.example")
records = StoredRecords(database, presets.preset, lambda: date(2027, 8, 1))
renewals = Renewals(database, records, Decide(records, None, environment), environment)

def progress(so_far):
    if so_far.done == 3:
        os.kill(os.getpid(), 9)

asyncio.run(renewals.renew("12345", "2027/28", "bert", progress))
"""


async def test_a_run_that_is_killed_goes_on_where_it_was(world: World, renew: Renew) -> None:
    events = [make.submitted(grade="02") for _ in range(7)]
    for event in events:
        await world.hear(event)
    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", KILLED, world.database.url], capture_output=True, check=False,
        env={**os.environ},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert await renew() == {"yearly": 4}
    assert [len(world.told_of(each, EligibilityApplicationDue)) for each in events] == [1] * 7


def test_what_is_printed_is_json_by_outcome() -> None:
    from eligibility.workflow.renewal.progress import RenewalProgress

    so_far = RenewalProgress(of=3, done=2)
    so_far.outcomes["carried_on"] += 2
    assert json.loads(json.dumps(so_far.as_json())) == {"of": 3, "done": 2, "outcomes": {"carried_on": 2}}
