"""systemd's form of installation with PostgreSQL on the same machine: two roles for each process, proven by the system's user."""

import json
from collections.abc import Iterator

import pytest
from local.system.plan import SERVICES
from support.installed.database import make_roles, owner_of_tables, start_postgresql, statement, take_postgresql
from support.installed.forms import SYSTEMD, environment_file
from support.installed.machine import Machine
from support.installed.running import NEEDS, laid_machine, start_bus, unit_of

pytestmark = NEEDS


def role(service: str) -> str:
    return service.replace("-", "_")


def migration_of(service: str) -> str:
    return f"schulticket-migrate@{service}.service"


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """With a database of its own beside the bus; nothing is migrated yet."""
    with laid_machine() as machine:
        take_postgresql(machine)
        start_bus(machine, "--installation", "schulticket.example.org")
        start_postgresql(machine)
        make_roles(machine)
        yield machine


@pytest.mark.parametrize("service", SERVICES)
def test_who_serves_before_the_migration_is_sent_to_it(machine: Machine, service: str) -> None:
    done = machine.to_its_end(unit_of(service))
    assert done.returncode == 2, done.stdout + done.stderr
    assert "migrate" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_migration_that_is_not_the_owners_is_refused_with_the_remedy(machine: Machine, service: str) -> None:
    _, environment, _ = machine.prepare(migration_of(service))
    without = {name: value for name, value in environment.items() if not name.endswith("_MIGRATION_URL")}
    done = machine.to_its_end(migration_of(service), without)
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"{SERVICES[service].settings}_MIGRATION_URL" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_is_the_role_of_another(machine: Machine, service: str) -> None:
    other = "signer" if service != "signer" else "application"
    _, environment, _ = machine.prepare(migration_of(service))
    name = f"{SERVICES[service].settings}_MIGRATION_URL"
    foreign = f"postgresql+psycopg://{role(other)}_owner@/{role(other)}?host=/run/postgresql"
    done = machine.to_its_end(migration_of(service), environment | {name: foreign})
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{role(other)}_owner" in done.stderr and "Traceback" not in done.stderr


def test_each_is_migrated_by_its_owner_and_serves_as_a_role_that_owns_nothing(machine: Machine) -> None:
    for service in SERVICES:
        done = machine.to_its_end(migration_of(service))
        assert done.returncode == 0, f"{service}: {done.stdout}{done.stderr}"
        assert owner_of_tables(machine, role(service)) == {f"{role(service)}_owner"}
    for service in SERVICES:
        _, environment, _ = machine.prepare(unit_of(service))
        assert not [name for name in environment if name.endswith("_MIGRATION_URL")], service
        machine.start(unit_of(service))
    for service, process in SERVICES.items():
        given, _ = environment_file(SYSTEMD / "settings" / f"{service}.env")
        operations = int(given[f"{process.settings}_OPERATIONS_PORT"])
        told = json.loads(machine.wait_for(operations, "/readyz", unit_of(service)))
        assert told["ready"] is True, service
        assert "owner_runs" not in machine.log(unit_of(service))
        assert "unknown_setting" not in machine.log(unit_of(service))
    connected = statement(machine, "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname <> 'postgres'")
    assert set(connected.split()) == {role(service) for service in SERVICES}
    for service in SERVICES:
        assert machine.end(unit_of(service)) == 0, machine.log(unit_of(service))[-2000:]
