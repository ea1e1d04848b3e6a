"""What a connection to PostgreSQL gives up by: seen at the server, and at one that says nothing."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from shared.copies.keepers import SessionKeeper
from shared.database import Database
from shared.database.engine import CONNECT_SECONDS, open_engine
from shared.errors import Unavailable
from sqlmodel import Session

SHOWN = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


@dataclass
class Store:
    session: Session


def shown(store: Store) -> dict[str, str]:
    return {each: str(store.session.execute(sa.text(f"SHOW {each}")).scalar_one()) for each in SHOWN}


async def test_every_connection_of_a_service_gives_up_by_itself(postgresql: Callable[[], str]) -> None:
    database = Database(postgresql(), Store)
    told = {"read": await database.read(shown), "write": await database.write(shown), "now": database.write_now(shown)}
    database.close()
    for kind, settings in told.items():
        assert "0" not in settings.values(), (kind, settings)
    assert told["write"] == dict(zip(SHOWN, ("5s", "2500ms", "15s"), strict=True))


async def test_a_transaction_in_which_nothing_is_said_ends(postgresql: Callable[[], str]) -> None:
    """Of a process that is paused: its locks go."""
    url = postgresql()
    engine = open_engine(url, connections=1, lock_seconds=1, statement_seconds=1)
    with engine.connect() as connection:
        connection.execute(sa.text("SET idle_in_transaction_session_timeout = '200ms'"))
        connection.execute(sa.text("CREATE TABLE held (id int)"))
        connection.commit()
        connection.execute(sa.text("LOCK TABLE held"))
        time.sleep(0.6)
        other = open_engine(url, connections=1, lock_seconds=1, statement_seconds=1)
        with other.connect() as free:
            free.execute(sa.text("LOCK TABLE held"))
        other.dispose()
        connection.invalidate()
    engine.dispose()


def test_a_server_that_takes_connections_and_says_nothing_holds_up_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/none"
        database, began = Database(url, Store), time.monotonic()
        with pytest.raises(Unavailable):
            database.read_now(shown)
        assert time.monotonic() - began < 2 * CONNECT_SECONDS
        with pytest.raises(sa.exc.OperationalError):
            SessionKeeper(url).claim(None)
        database.close()
