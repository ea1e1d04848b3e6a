"""systemd's units start what they say: each ExecStart under its user, with the settings and secrets that its unit hands over."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from local.system.plan import SERVICES
from support.installed.forms import SYSTEMD, all_forms, unit
from support.installed.machine import Machine
from support.installed.running import NEEDS, laid_machine, start_bus, unit_of
from support.installed.services import variables

pytestmark = NEEDS
FORMS = {each.service: each for each in all_forms() if each.form == "systemd"}


def port(service: str, which: str) -> int:
    return int(FORMS[service].environment[f"{SERVICES[service].settings}_{which}"])


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with laid_machine() as machine:
        start_bus(machine)
        yield machine


def test_each_database_is_made_by_its_migration_and_each_process_runs_under_its_own_user(machine: Machine) -> None:
    for service in SERVICES:
        done = machine.to_its_end(f"schulticket-migrate@{service}.service")
        assert done.returncode == 0, f"{service}: {done.stdout}{done.stderr}"
    for service in SERVICES:
        machine.start(unit_of(service))
    for service in SERVICES:
        told = json.loads(machine.wait_for(port(service, "OPERATIONS_PORT"), "/readyz", unit_of(service)))
        assert told["ready"] is True, service
        assert "outbox_waiting" in machine.answer(port(service, "OPERATIONS_PORT"), "/metrics")[1]
        assert machine.answer(port(service, "PORT"), "/metrics")[0] == 404, "figures are not for everybody"
        assert "unknown_setting" not in machine.log(unit_of(service))
        assert owner_of(machine, service) == machine.numbers[f"schulticket-{service}"]
    for service in SERVICES:
        assert machine.end(unit_of(service)) == 0, machine.log(unit_of(service))[-2000:]


def owner_of(machine: Machine, service: str) -> int:
    """nsenter becomes the program: the process is the service's own."""
    status = Path(f"/proc/{machine.running[unit_of(service)].pid}/status").read_text()
    found = re.search(r"^Uid:\s+(\d+)\s+(\d+)", status, re.MULTILINE)
    assert found is not None and found[1] == found[2]
    return int(found[1])


def test_no_user_reads_what_is_anothers(machine: Machine) -> None:
    private = [
        "/etc/schulticket/secrets/signer/passphrase",
        *(f"/var/lib/schulticket/{service}" for service in SERVICES),
        "/var/lib/schulticket/application-keys",
        "/etc/schulticket/nats/users.conf",
    ]
    for service in SERVICES:
        own = unit(SYSTEMD / unit_of(service))["Service.StateDirectory"][0].split()
        for path in private:
            done = machine.run(["ls" if "." not in path else "cat", path], f"schulticket-{service}")
            mine = any(path == f"/var/lib/{each}" for each in own)
            assert (done.returncode == 0) == mine, f"{service}: {path}"


@pytest.mark.parametrize("service", SERVICES)
def test_each_missing_variable_and_a_port_that_is_none_are_named(machine: Machine, service: str) -> None:
    needed = {each.name for each in variables(service).values() if each.required}
    _, environment, _ = machine.prepare(unit_of(service))
    without = {key: value for key, value in environment.items() if key not in needed}
    operations = f"{SERVICES[service].settings}_OPERATIONS_PORT"
    done = machine.to_its_end(unit_of(service), without | {operations: "80100"})
    assert done.returncode == 2
    assert sorted(name for name in needed | {operations} if f"setting {name}: " not in done.stderr) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_misspelt_variable_and_a_taken_port_are_named(machine: Machine, service: str) -> None:
    prefix = SERVICES[service].settings
    _, environment, _ = machine.prepare(unit_of(service))
    done = machine.to_its_end(
        unit_of(service), environment | {f"{prefix}_PORT": "4222", f"{prefix}_OPERATION_PORT": "1"}
    )
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert re.search(r"4222.*cannot_listen", said), said[-2000:]
    assert re.search(rf"{prefix}_OPERATION_PORT.*{prefix}_OPERATIONS_PORT.*unknown_setting", said)


def files() -> list[tuple[str, str]]:
    return [
        (service, name)
        for service, each in FORMS.items()
        for name in each.environment
        if variables(service)[name].is_path
    ]


@pytest.mark.parametrize(("service", "name"), files(), ids=str)
def test_each_file_that_is_missing_is_named(machine: Machine, service: str, name: str) -> None:
    _, environment, _ = machine.prepare(unit_of(service))
    done = machine.to_its_end(unit_of(service), environment | {name: "/etc/schulticket/nothing-here"})
    assert done.returncode in (1, 2)
    said = done.stdout + done.stderr
    assert name in said or "/etc/schulticket/nothing-here" in said, said[-2000:]
    assert "Traceback" not in said
