"""A program and a database of different versions: it does not start, says what is to be done, and that works."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from shared.bus.tables import metadata
from shared.database.engine import open_engine
from shared.database.migration import downgrade, upgrade
from shared.database.schema import Schema, WrongSchema, check
from support.application.keys import key_settings
from support.databases import make_tables
from support.schemas import SCHEMAS

BIN = Path(sys.executable).parent


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgresql")
    return new_database()


def set_version(url: str, version: str) -> None:
    engine = open_engine(url, connections=1)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()


def before(schema: Schema) -> str:
    """The version before the newest."""
    return next(str(previous) for name, previous in schema._revisions if name == schema.head)


def shape(url: str) -> dict[str, object]:
    """Every table with its columns, types and indexes, in an order of its own."""
    engine = open_engine(url, connections=1)
    found = sa.inspect(engine)
    shapes: dict[str, object] = {}
    for table in found.get_table_names():
        columns = sorted((each["name"], str(each["type"]), each["nullable"]) for each in found.get_columns(table))
        indexes = sorted(str(each["name"]) for each in found.get_indexes(table))
        shapes[table] = (columns, indexes)
    engine.dispose()
    return shapes


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_database_of_another_version_is_refused_with_the_way_out(name: str, url: str) -> None:
    schema = SCHEMAS[name]
    with pytest.raises(WrongSchema, match=f"the database is empty.*`{schema.command} migrate`"):
        check(schema, url)
    make_tables(url, schema.package, schema.folder)
    check(schema, url)
    set_version(url, before(schema))
    with pytest.raises(WrongSchema, match=f"at version {before(schema)}.*Run `{schema.command} migrate`"):
        check(schema, url)
    set_version(url, "9999")
    with pytest.raises(WrongSchema, match=f"9999, of a newer program.*migrate --back-to {schema.head}"):
        check(schema, url)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_way_back_over_one_release_leaves_what_the_program_of_before_made(name: str, url: str) -> None:
    schema = SCHEMAS[name]
    upgrade(url, schema.package, schema.folder)
    newest = shape(url)
    downgrade(url, schema, before(schema))
    earlier = shape(url)
    # as a program that knows no later version finds it
    known = Schema(schema.package, schema.command, schema.folder)
    object.__setattr__(known, "_revisions", [each for each in schema._revisions if each[0] != schema.head])
    check(known, url)
    upgrade(url, schema.package, schema.folder)
    assert shape(url) == newest
    downgrade(url, schema, before(schema))
    assert shape(url) == earlier


def test_a_way_back_to_nowhere_is_refused(url: str) -> None:
    schema = SCHEMAS["application"]
    make_tables(url, schema.package, schema.folder)
    with pytest.raises(WrongSchema, match="there is no version 9999"):
        downgrade(url, schema, "9999")
    check(schema, url)


def test_a_way_back_that_ends_half_way_is_not_begun(url: str) -> None:
    schema = SCHEMAS["signer"]
    upgrade(url, schema.package, schema.folder)
    with pytest.raises(WrongSchema, match="no way leads back behind 0024"):
        downgrade(url, schema, "0001")
    check(schema, url)


def test_a_table_of_shareds_that_lacks_a_column_is_refused(url: str) -> None:
    schema = SCHEMAS["application"]
    make_tables(url, schema.package, schema.folder)
    engine = open_engine(url, connections=1)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX outbox_failed"))
        connection.execute(sa.text("ALTER TABLE outbox DROP COLUMN attempts"))
        metadata.tables["probe"].drop(connection)
    engine.dispose()
    with pytest.raises(WrongSchema, match=r"outbox lacks attempts.*`application migrate`"):
        check(schema, url)
    upgrade(url, schema.package, schema.folder)
    check(schema, url)


def test_a_service_ends_with_2_and_the_remedy_and_starts_after_it(tmp_path: Path, free_port: Callable[[], int]) -> None:
    url, port = f"sqlite:///{tmp_path / 'application.db'}", free_port()
    own = {
        "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}", "DATABASE_URL": url, "ISSUER": "http://127.0.0.1:9",
        "NATS_URL": "nats://127.0.0.1:9", "NATS_MONITOR_URL": "http://127.0.0.1:9", "NATS_SEED_FILE": "/dev/null",
    }  # fmt: skip
    environment = os.environ | {f"APPLICATION_{key}": value for key, value in own.items()} | key_settings(tmp_path)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(BIN / "application"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    ended = run("serve")
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (
        2,
        "application: the database is empty. Make its tables: `application migrate`",
    )
    assert run("migrate").returncode == 0
    set_version(url, "9999")
    newer = run("serve")
    assert newer.returncode == 2
    assert "take the database back with it: `application migrate --back-to" in newer.stderr
    set_version(url, SCHEMAS["application"].head)
    assert run("migrate", "--back-to", "9999").returncode == 2
    assert run("migrate", "--back-to", before(SCHEMAS["application"])).returncode == 0
    older = run("serve")
    assert (older.returncode, "Run `application migrate`" in older.stderr) == (2, True)
