"""Tables of shared's that an earlier program made are brought up to date, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from shared.bus.tables import dead_letter, metadata, outbox
from shared.database import UtcDateTime
from shared.database.engine import open_engine
from shared.database.own_tables import bring_up_to_date

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
before = sa.MetaData()
KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
outbox_before = sa.Table(
    "outbox",
    before,
    sa.Column("position", KEY, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(36), nullable=False, unique=True),
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("ordering_key", sa.String(64), nullable=False),
    sa.Column("payload", sa.LargeBinary),
    sa.Column("emitted_at", UtcDateTime, nullable=False),
    sa.Column("published_at", UtcDateTime),
    sqlite_autoincrement=True,
)
letters_before = sa.Table(
    "dead_letter",
    before,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("stream", sa.String(40), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("message_id", sa.String(120)),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("stream", "sequence"),
)
EVENT = {"event_id": "e", "subject": "s", "ordering_key": "k", "payload": b"p", "emitted_at": NOW}
LETTER = {"stream": "S", "sequence": 1, "subject": "s", "message_id": "m", "reason": "r", "received_at": NOW}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> sa.Engine:
    if request.param == "sqlite":
        return open_engine(f"sqlite:///{tmp_path / 'service.db'}", connections=1)
    new_database: Callable[[], str] = request.getfixturevalue("postgresql")
    return open_engine(new_database(), connections=1)


def test_what_they_hold_stays_and_what_is_new_can_be_written(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for tables in (metadata, before):
            tables.drop_all(connection)
        before.create_all(connection)
        connection.execute(outbox_before.insert(), EVENT)
        connection.execute(letters_before.insert(), LETTER)
    for _ in range(2):  # repeatable
        with engine.begin() as connection:
            bring_up_to_date(connection)
    with engine.begin() as connection:
        event = connection.execute(sa.select(outbox)).one()
        assert (event.event_id, event.payload, event.attempts, event.driven, event.sequence) == ("e", b"p", 0, 0, None)
        connection.execute(outbox.insert(), EVENT | {"event_id": "f"})
        # the same sequence again, of a stream made anew
        connection.execute(dead_letter.insert(), LETTER | {"stored_at": NOW})
        letters = connection.execute(sa.select(dead_letter).order_by(dead_letter.c.id)).all()
        assert [(each.sequence, each.message_id, each.stored_at) for each in letters] == [(1, "m", None), (1, "m", NOW)]


def test_they_are_then_as_they_are_made_today(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for tables in (metadata, before):
            tables.drop_all(connection)
        before.create_all(connection)
        bring_up_to_date(connection)
    found = sa.inspect(engine)
    for table in metadata.sorted_tables:
        assert {each["name"] for each in found.get_columns(table.name)} == set(table.columns.keys())
        assert {each.name for each in table.indexes} <= {each["name"] for each in found.get_indexes(table.name)}


def test_the_program_of_before_goes_on_with_them(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for tables in (metadata, before):
            tables.drop_all(connection)
        bring_up_to_date(connection)
        connection.execute(outbox_before.insert(), EVENT)
        connection.execute(letters_before.insert(), LETTER)
        connection.execute(outbox_before.update().values(published_at=NOW))
