"""Rows on record as any service has them: things of families, written with an act or without one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from shared.audit import chain, trail
from shared.audit.rows import Kind
from shared.audit.tables import HEAD
from shared.audit.verify import Report, verify
from shared.bus.tables import metadata
from shared.database import Database
from sqlmodel import Session
from support.making import make

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
own = sa.MetaData()
THING = sa.Table(
    "thing",
    own,
    sa.Column("id", sa.String(8), primary_key=True),
    sa.Column("family", sa.String(8)),
    sa.Column("cents", sa.Integer),
    sa.Column("moved", sa.Float),
    sa.Column("at", sa.DateTime(timezone=True)),
)
KIND = Kind("thing", THING.c.id, ((THING.c.cents, THING.c.moved, THING.c.at),), chain="19900", about=THING.c.family)
ADD = THING.insert()
VISIT = sa.Table("visit", own, sa.Column("id", sa.Integer, primary_key=True), sa.Column("family", sa.String(8)))
VISITS = Kind("visits", VISIT.c.family, ((VISIT.c.id,),), chain="19900", about=VISIT.c.family)
"""Several rows under one key, which nobody locks."""


@dataclass
class Store:
    session: Session

    def write(self, thing: str, cents: int, *, family: str = "f1", by: str = "worker-1") -> None:
        values = {"id": thing, "family": family, "cents": cents, "moved": 0.1 + cents, "at": NOW}
        self.session.connection().execute(ADD, values)
        trail.note(self.session, chain="19900", by=by, act="wrote", about=family, at=NOW, detail={"cents": cents})
        trail.keep(self.session, KIND, thing)


def open_things(url: str) -> Database[Store]:
    """With four acts about two families."""
    made = Database(url, Store)
    for tables in (metadata, own):
        made.write_now(lambda store: tables.create_all(store.session.connection()))  # noqa: B023
    for at in range(4):
        made.write_now(lambda store: store.write(f"t{at}", 100 * at, family=f"f{at % 2}"))  # noqa: B023
    return made


def checked(database: Database[Store], **more: object) -> Report:
    return database.read_now(lambda store: make(verify, store.session.connection(), [KIND], **more))


def told(report: Report) -> list[str]:
    return [each.fault for each in report.chains if each.fault] + report.faults


def head(database: Database[Store]) -> dict[str, chain.Head]:
    chosen = sa.select(HEAD)
    rows = database.read_now(lambda store: store.session.connection().execute(chosen).all())
    return {row.chain: chain.Head(row.number, row.hash) for row in rows}


def signed_now(database: Database[Store]) -> dict[str, list[chain.Head]]:
    return {name: [each] for name, each in head(database).items()}


def run(*statements: sa.Executable) -> Callable[[Store], None]:
    def step(store: Store) -> None:
        for each in statements:
            store.session.connection().execute(each)

    return step


def of(table: sa.Table, number: int) -> sa.ColumnElement[bool]:
    return table.c.number == number
