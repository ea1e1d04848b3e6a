"""What row-level security costs: CPU of the process and of PostgreSQL for a transaction that reads a case with its
decision and notice, by turns without the wall (a superuser, nobody says who asks), as a worker and as a case worker.

`python tests/bench/row_security.py [ROUNDS]`
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import sqlalchemy as sa
from eligibility.store import Store
from eligibility.store.tables import CASE, DECISION, NOTICE
from shared.database import Database
from shared.database.engine import open_engine
from shared.identity import Caller
from shared.row_security.asking import asks, request_begins, request_ends, work_as
from support.databases import make_tables
from support.postgresql import administrator_url, running_postgresql
from support.row_security.two_tenants import row_of

CASES, AT_ONCE, AUTHORITY = 20_000, 200, "a"
READ = (
    sa.select(CASE).where(CASE.c.authority_id == AUTHORITY, CASE.c.id == sa.bindparam("one")),
    sa.select(DECISION).where(DECISION.c.case_id == sa.bindparam("one")),
    sa.select(NOTICE).where(NOTICE.c.decision_id == sa.bindparam("one")),
)


@contextmanager
def case_worker() -> Iterator[None]:
    token = request_begins()
    asks(Caller("anna", AUTHORITY, frozenset({"case_worker"})))
    yield
    request_ends(token)


def fill(url: str, ids: list[str]) -> None:
    engine = sa.create_engine(administrator_url(url))
    with engine.begin() as connection:
        for table, more in ((CASE, {}), (DECISION, {"case_id": ""}), (NOTICE, {"decision_id": "", "token": ""})):
            kept = row_of(table, AUTHORITY)
            own = {key.name: "" for key in table.primary_key} | more
            if table is CASE:
                own |= {"application_id": ""}
            connection.execute(table.insert(), [{**kept, **dict.fromkeys(own, one)} for one in ids])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def cpu_of(pid: int) -> float:
    """Seconds, of a process of PostgreSQL."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def once(database: Database[Store], ids: list[str]) -> tuple[float, float]:
    """Milliseconds of CPU of a transaction: here, and at the server."""

    def step(store: Store, one: str) -> None:
        for each in READ:
            assert len(store.session.connection().execute(each, {"one": one}).all()) == 1

    pid = database.read_now(lambda store: int(store.session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()))
    here, there = time.process_time(), cpu_of(pid)
    for one in ids:
        database.read_now(lambda store, one=one: step(store, one))  # type: ignore[misc]
    return (time.process_time() - here) * 1000 / len(ids), (cpu_of(pid) - there) * 1000 / len(ids)


def main(rounds: int) -> None:
    ids = [uuid4().hex for _ in range(CASES)]
    with running_postgresql() as new_database:
        url = new_database()
        make_tables(url, "eligibility")
        fill(url, ids)
        walled: Database[Store] = Database(url, Store)
        with patch("shared.database.database.open_engine", partial(open_engine, says_who_asks=False)):
            bare: Database[Store] = Database(administrator_url(url), Store)
        ways: dict[str, tuple[Database[Store], Callable[[], AbstractContextManager[None]]]] = {
            "without": (bare, nullcontext),
            "worker": (walled, lambda: work_as("bench")),
            "case worker": (walled, case_worker),
        }
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(rounds):
            some = ids[number * AT_ONCE % CASES :][:AT_ONCE]
            for name, (database, context) in ways.items():
                with context():
                    figures[name].append(once(database, some))
        for name, found in figures.items():
            here, there = (sorted(each[part] for each in found)[len(found) // 2] for part in (0, 1))
            print(f"{name:12} {here:.3f} ms here, {there:.3f} ms at the server (median of {rounds} x {AT_ONCE})")
        walled.close()
        bare.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
