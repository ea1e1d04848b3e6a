"""The audit trail: how fast a chain is checked, its contents and its rows, and what it costs who writes.

    .venv/bin/python tests/bench/audit.py [--acts 1000000] [--rows 100000] [--writers 8] [--postgresql URL]

1. A chain of acts, each with a content, is written in bulk and checked: the links alone, then with what the digests are
of. The floor of the links is SHA-256 over as many texts of the same length. 2. A table whose rows are each on record is
compared. 3. Transactions of one row each are written by several threads, on one chain and on one chain each, with a
record and without: a chain is locked for the end of a transaction alone, so both should go at nearly the same rate.
"""

import argparse
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import sqlalchemy as sa
from shared.audit import trail
from shared.audit.chain import Head, digest_of, link_act, spell_moment
from shared.audit.rows import Kind
from shared.audit.tables import ACT, CONTENT, HEAD
from shared.audit.verify import Report, contents, verify
from shared.bus.tables import metadata
from shared.database import Database
from shared.row_security.asking import work_as
from sqlmodel import Session

NOW = spell_moment(datetime(2026, 11, 23, 8, tzinfo=UTC))
AT_ONCE = 10_000
own = sa.MetaData()
THING = sa.Table("thing", own, sa.Column("id", sa.String(36), primary_key=True), sa.Column("cents", sa.Integer))
KIND = Kind("thing", THING.c.id, ((THING.c.cents,),), chain="19900")


@dataclass
class Store:
    session: Session


@contextmanager
def opened(url: str) -> Iterator[Database[Store]]:
    database = Database(url, Store, readers=2)
    for tables in (metadata, own):
        database.write_now(lambda store, tables=tables: tables.create_all(store.session.connection()))  # type: ignore[misc]
    yield database
    database.close()


def bulk(database: Database[Store], acts: int, rows: int) -> None:
    """A chain of `acts`; the last `rows` of them each wrote a row."""
    head = Head()
    for begin in range(0, acts, AT_ONCE):
        made: list[dict[str, object]] = []
        held: list[dict[str, object]] = []
        things: list[dict[str, object]] = []
        for number in range(begin + 1, min(begin + AT_ONCE, acts) + 1):
            salt = secrets.token_hex(16)
            content: dict[str, object] = {"detail": {"decision": f"00000000-0000-4000-8000-{number:012}"}}
            if number > acts - rows:
                things.append({"id": f"t{number}", "cents": number})
                digest = digest_of(salt, json.dumps(["thing", f"t{number}", json.dumps([number])]))
                content["rows"] = [["thing", f"t{number}", 1, digest]]
            text = json.dumps(content, sort_keys=True, separators=(",", ":"))
            act = link_act(head, "19900", (NOW, "worker-1", "released", f"case-{number}", digest_of(salt, text)))
            head = Head(act.number, act.hash)
            made.append(act._asdict())
            held.append({"chain": "19900", "number": number, "about": act.about, "salt": salt, "content": text})
        database.write_now(lambda store, made=made, held=held, things=things: _put(store, made, held, things))  # type: ignore[misc]
    last = {"chain": "19900", **head._asdict()}
    database.write_now(lambda store: store.session.connection().execute(HEAD.insert(), last))


def _put(
    store: Store, acts: list[dict[str, object]], held: list[dict[str, object]], things: list[dict[str, object]]
) -> None:
    for table, values in ((ACT, acts), (CONTENT, held), (THING, things)):
        if values:
            store.session.connection().execute(table.insert(), values)


Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds of this process's work, whatever else the machine does."""
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


def floor(acts: int) -> float:
    """As many hashes of texts as long as an act's."""
    text = b"x" * 330
    return timed(lambda: [hashlib.sha256(text).hexdigest() for _ in range(acts)])[0]


def writing(database: Database[Store], writers: int, seconds: float, chains: Callable[[int], str | None]) -> float:
    """Transactions a second, each with a row; None: without a record."""
    end = time.perf_counter() + seconds

    def write(writer: int) -> int:
        done = 0
        while time.perf_counter() < end:
            database.write_now(lambda store: _one(store, chains(writer)))
            done += 1
        return done

    with ThreadPoolExecutor(writers) as pool:
        return sum(pool.map(write, range(writers))) / seconds


def _one(store: Store, chain: str | None) -> None:
    key = secrets.token_hex(16)
    store.session.connection().execute(THING.insert(), {"id": key, "cents": 5})
    if chain is not None:
        at = datetime(2026, 11, 23, 8, tzinfo=UTC)
        trail.note(store.session, chain=chain, by="worker-1", act="released", about="case", at=at, detail={"row": key})
        trail.keep(store.session, KIND, key)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--acts", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--postgresql", default="", help="an empty database; else SQLite in a folder of its own")
    given = parser.parse_args(None if arguments is None else list(arguments))
    with TemporaryDirectory() as folder, opened(given.postgresql or f"sqlite:///{Path(folder) / 'b.db'}") as database:
        figures = measured(database, given)
    for name, value in figures.items():
        print(f"{name:32} {value:>12,}")
    print(json.dumps(figures))


def measured(database: Database[Store], given: argparse.Namespace) -> dict[str, float]:
    bulk(database, given.acts, given.rows)

    def links(store: Store) -> Report:
        return verify(store.session.connection(), only="19900")

    def digests(store: Store) -> object:
        return list(contents(store.session.connection(), "19900", {}))

    def all_of_it(store: Store) -> Report:
        return verify(store.session.connection(), [KIND])

    chain, report = timed(lambda: database.read_now(links))
    assert report.ok and report.chains[0].acts == given.acts
    digested, faults = timed(lambda: database.read_now(digests))
    whole, report = timed(lambda: database.read_now(all_of_it))
    assert report.ok and report.rows == given.rows and not faults
    place = given.writers, given.seconds
    without = writing(database, *place, lambda _: None)
    one = writing(database, *place, lambda _: "19900")
    many = writing(database, *place, str)
    return {
        "acts": given.acts,
        "chain_seconds": round(chain, 2),
        "floor_seconds": round(floor(given.acts), 2),
        "contents_seconds": round(digested, 2),
        "rows": given.rows,
        "rows_seconds": round(max(whole - chain - digested, 0.0), 2),
        "written_a_second": round(without),
        "on_record_a_second_one_chain": round(one),
        "on_record_a_second_many_chains": round(many),
    }


if __name__ == "__main__":
    with work_as("bench"):
        main()
