"""A cluster's PostgreSQL: a process of ours, with a role for each service."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from local.cluster import postgresql as module
from local.cluster.postgresql import (
    DatabaseServer,
    PostgreSql,
    Roles,
    make_databases,
    prepare_postgresql,
    programs,
    server_user,
)
from local.ports import free_ports
from local.process import DidNotStart
from support.needs import root

DATABASES = {
    "application": Roles("application_owner", "application"),
    "application_keys": Roles("application", "application"),
    "signer": Roles("signer_owner", "signer"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseServer]:
    assert threading.current_thread() is threading.main_thread()
    folder = tmp_path_factory.mktemp("pg")
    for each in (folder, *folder.parents, *programs().parents):  # another user than root goes through them
        if each.stat().st_mode & 0o011 != 0o011:
            each.chmod(each.stat().st_mode | 0o011)
    (folder / "keys").mkdir(mode=0o700)
    made = PostgreSql(folder / "postgresql", free_ports(1)[0], folder / "keys")
    prepare_postgresql(made)
    process = DatabaseServer(
        "postgresql", made.command, dict(os.environ), folder / "log", "", user=server_user() or "", postgresql=made
    )
    process.start()
    try:
        process.wait_ready()
        make_databases(made, DATABASES)
        yield process
    finally:
        process.ask_to_stop()
        process.wait_stopped(time.monotonic() + 20)


def test_each_service_reaches_its_own_databases_alone(server: DatabaseServer) -> None:
    for database, (owner, running) in DATABASES.items():
        with server.postgresql.connect(owner, database) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS mine (x integer)")
        with server.postgresql.connect(running, database) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    for role, database in (("signer", "application"), ("signer", "application_keys"), ("application", "signer")):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            server.postgresql.connect(role, database)


def test_who_runs_a_service_makes_no_table_and_owns_none(server: DatabaseServer) -> None:
    with server.postgresql.connect("signer", "signer") as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for schema public"):
            connection.execute("CREATE TABLE public.mine_too (x integer)")
        found = connection.execute("SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND rolname !~ '^pg'")
        assert [name for (name,) in found if name.startswith(("application", "signer"))] == []


def test_tables_of_a_cluster_that_had_one_role_go_to_their_owner(server: DatabaseServer) -> None:
    one, two = Roles("before", "before"), Roles("before_owner", "before")
    make_databases(server.postgresql, {"before": one, "before_keys": one})
    for database in ("before", "before_keys"):
        with server.postgresql.connect("before", database) as connection:
            connection.execute("CREATE TABLE mine AS SELECT 7 AS x")
    make_databases(server.postgresql, {"before": two, "before_keys": one})
    with server.postgresql.connect("before", "before") as connection:
        assert connection.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'mine'").fetchone() == (
            "before_owner",
        )
    with server.postgresql.connect("before", "before_keys") as connection:
        assert connection.execute("SELECT x FROM mine").fetchone() == (7,)


def test_nobody_signs_in_without_a_password(server: DatabaseServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(host="127.0.0.1", port=server.postgresql.port, user="signer", dbname="signer", passfile="/none")
    assert all(each.stat().st_mode & 0o077 == 0 for each in server.postgresql.keys.iterdir())


def test_databases_that_are_there_are_kept_with_their_passwords(server: DatabaseServer) -> None:
    before = {each.name: each.read_bytes() for each in server.postgresql.keys.iterdir()}
    with server.postgresql.connect("signer_owner", "signer") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    prepare_postgresql(server.postgresql)
    make_databases(server.postgresql, DATABASES | {"wallet_pass": Roles("wallet_pass_owner", "wallet_pass")})
    with server.postgresql.connect("signer_owner", "signer") as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)
    after = {each.name: each.read_bytes() for each in server.postgresql.keys.iterdir()}
    assert before.items() < after.items()


def test_what_was_committed_is_there_after_a_kill_and_a_start_at_once(server: DatabaseServer) -> None:
    for number in range(3):
        with server.postgresql.connect("application_owner", "application") as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS count (x integer)")
            connection.execute("INSERT INTO count VALUES (%s)", (number,))
            server.kill()  # under an open connection
        server.start()
        server.wait_ready()
    with server.postgresql.connect("application_owner", "application") as connection:
        assert connection.execute("SELECT count(*) FROM count").fetchone() == (3,)


def test_it_goes_in_time_though_somebody_is_connected(server: DatabaseServer) -> None:
    with server.postgresql.connect("application", "application"):
        server.ask_to_stop()
        assert server.wait_stopped(time.monotonic() + 20)
    server.start()
    server.wait_ready()


@root("the server runs as another user then")
def test_it_does_not_run_as_root(server: DatabaseServer) -> None:
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0


def test_where_there_is_none_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "WHEEL", ("no_such_wheel", "bin"))
    monkeypatch.setattr(module, "SYSTEM", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DidNotStart, match="apt-get install postgresql"):
        module.programs()
