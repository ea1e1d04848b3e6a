"""A PostgreSQL database that cannot keep each name is used by no process and no command, and is left as it is."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from shared.database.encoding import WrongEncoding
from shared.database.engine import open_engine
from shared.encryption.errors import KeysUnusable
from shared.encryption.key_store import KeyStore
from shared.encryption.wrapping_keys import WrappingKey
from shared.runtime.start import look_at_database, own_database
from sqlalchemy.engine import make_url
from support.postgresql import OWNER, administrator_url, owner_url
from support.schemas import SCHEMAS

BIN = Path(sys.executable).parent


@pytest.fixture(params=["SQL_ASCII", "LATIN1"])
def url(request: pytest.FixtureRequest, postgresql: Callable[[], str]) -> str:
    """Of a database in this encoding, as whoever made it by hand may have it."""
    beside = make_url(postgresql())
    name = f"{beside.database}_{request.param.lower()}"
    made = f"CREATE DATABASE {name} OWNER {OWNER} ENCODING '{request.param}' LOCALE 'C' TEMPLATE template0"
    administrator = make_url(administrator_url(beside.render_as_string(hide_password=False)))
    with psycopg.connect(
        administrator.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(made.encode())
    return owner_url(beside.set(database=name).render_as_string(hide_password=False))


def test_no_connection_to_it_is_used(url: str) -> None:
    engine = open_engine(url, connections=1)
    for _ in range(2):
        with pytest.raises(WrongEncoding, match=r"has not every letter of a name.*ENCODING 'UTF8'"):
            engine.connect()
    engine.dispose()


def test_a_process_and_a_command_end_with_2_and_the_remedy(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as process:
        look_at_database("application", url, SCHEMAS["application"], None)
    with pytest.raises(SystemExit) as command:
        own_database("application", url)
    assert (process.value.code, command.value.code) == (2, 2)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("application: the database keeps its text as") and "APPLICATION_DATABASE_URL" in line


def test_the_migration_makes_no_table_in_it(url: str) -> None:
    environment = os.environ | {"WALLET_PASS_DATABASE_URL": url}
    command = [str(BIN / "wallet-pass"), "migrate"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert "TEMPLATE template0" in ended.stderr
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as beside:
        assert beside.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_key_store_in_it_is_refused_too(url: str) -> None:
    with pytest.raises(KeysUnusable, match=r"not UTF8.*_KEYS_URL"):
        KeyStore.open(url, [WrappingKey.of(b"k" * 32)])
