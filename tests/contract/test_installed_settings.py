"""Every form of installation tells each process what the code reads: no name that nobody knows, none missing, no wrong file."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from local.system.plan import SERVICES
from pydantic import ValidationError
from shared.tracing.settings import TracingSettings
from support.installed.forms import Installed, all_forms, secrets
from support.installed.services import SETTINGS, command_of, console_scripts, variables

FORMS = pytest.mark.parametrize("installed", all_forms(), ids=str)
IN_URL = ("passfile", "sslrootcert", "sslcert", "sslkey")
"""Parameters of a database's address that name a file."""


def problems(installed: Installed, monkeypatch: pytest.MonkeyPatch, more: dict[str, str]) -> list[str]:
    """What the process would say at its start, in an environment with nothing else of it."""
    with monkeypatch.context() as patched:
        for name in variables(installed.service):
            patched.delenv(name, raising=False)
        for name, value in (installed.environment | more).items():
            patched.setenv(name, value)
        try:
            SETTINGS[installed.service][0]()
            TracingSettings()
        except ValidationError as error:
            return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return []


@FORMS
def test_every_variable_is_one_that_the_process_reads(installed: Installed) -> None:
    named = installed.environment.keys() | installed.choices.keys()
    assert sorted(named - variables(installed.service).keys()) == []


@FORMS
def test_nothing_needed_is_missing_and_every_value_is_taken(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problems(installed, monkeypatch, {}) == []
    assert problems(installed, monkeypatch, installed.choices) == []
    needed = {each.name for each in variables(installed.service).values() if each.required}
    assert sorted(needed - installed.environment.keys()) == []


@FORMS
def test_every_file_that_is_named_is_handed_over_and_every_one_handed_over_is_named(installed: Installed) -> None:
    known, named = variables(installed.service), set[str]()
    for name, value in (installed.environment | installed.choices).items():
        if known[name].is_path:
            named.add(value)
        elif value.startswith("sqlite:"):
            named.add(value.removeprefix("sqlite:///"))
        else:
            options = parse_qs(urlsplit(value).query)
            named |= {path for key in IN_URL for path in options.get(key, [])}
    assert [path for path in sorted(named) if not installed.has(path)] == []
    assert sorted(installed.files - named - _of_wallets(installed)) == []


def _of_wallets(installed: Installed) -> set[str]:
    """A folder of certificates is named as a folder."""
    return {path for path in installed.files if any(path.startswith(f"{each}/") for each in installed.folders)}


@FORMS
def test_a_secret_is_a_file_and_never_a_value(installed: Installed) -> None:
    for name, value in installed.environment.items():
        assert urlsplit(value).password is None, f"{name} holds a password"
        assert not re.search(r"(PASSWORD|SECRET|PASSPHRASE|SEED|_KEY)$", name), f"{name} is a secret in the environment"


@FORMS
def test_it_is_started_as_the_local_run_starts_it(installed: Installed) -> None:
    assert installed.command == command_of(installed.service)
    assert installed.command[0] in set(console_scripts())


@FORMS
def test_ports_are_the_same_in_every_form_and_health_is_asked_at_the_operations_port(installed: Installed) -> None:
    prefix = SERVICES[installed.service].settings
    ports = [int(installed.environment[f"{prefix}_{each}"]) for each in ("PORT", "OPERATIONS_PORT")]
    first = next(each for each in all_forms() if each.service == installed.service)
    assert ports == [int(first.environment[f"{prefix}_{each}"]) for each in ("PORT", "OPERATIONS_PORT")]
    assert installed.health_port == ports[1]


def test_no_two_processes_of_a_machine_want_one_port() -> None:
    ports = [
        installed.environment[f"{SERVICES[installed.service].settings}_{each}"]
        for installed in all_forms()
        if installed.form == "systemd"
        for each in ("PORT", "OPERATIONS_PORT")
    ]
    assert len(set(ports)) == len(ports) == 2 * len(SERVICES)


@FORMS
def test_a_process_listens_where_its_form_can_reach_it(installed: Installed) -> None:
    """On one machine on loopback; in a container, whose network is its own, everywhere."""
    prefix, environment = SERVICES[installed.service].settings, installed.environment
    if installed.form == "systemd":
        assert environment[f"{prefix}_HOST"] == "127.0.0.1"
        assert f"{prefix}_OPERATIONS_HOST" not in environment
    else:
        assert environment[f"{prefix}_HOST"] == environment[f"{prefix}_OPERATIONS_HOST"] == "0.0.0.0"


@FORMS
def test_the_bus_is_reached_privately(installed: Installed) -> None:
    """Elsewhere than on this machine by TLS; a network of one machine's containers says so itself."""
    prefix, environment = SERVICES[installed.service].settings, installed.environment
    url = environment[f"{prefix}_NATS_URL"]
    if installed.form.startswith("kubernetes"):
        assert all(each.startswith("tls://nats") and each.endswith(":4222") for each in url.split(","))
        assert f"{prefix}_NATS_CA_FILE" in environment
    elif installed.form.startswith("compose"):
        assert (url, environment[f"{prefix}_NATS_IN_CLEAR"]) == ("nats://nats:4222", "true")
    else:
        assert url == "nats://127.0.0.1:4222"


@pytest.mark.parametrize("form", ["systemd", "compose", "compose-postgresql"])
def test_the_manual_names_every_secret_that_a_form_hands_over_and_no_other(form: str) -> None:
    """At Kubernetes whole secrets are mounted: there the test above asks each file of the manual for its variable."""
    handed = {(each.service, Path(path).name) for each in all_forms() if each.form == form for path in each.files}
    told = {(service, file) for service, files in secrets(form).items() if service in SERVICES for file in files}
    assert handed == told


def test_every_process_names_the_same_identity_provider_and_its_own_public_address() -> None:
    for form in {each.form for each in all_forms()}:
        members = [each for each in all_forms() if each.form == form]
        assert len({each.environment[f"{SERVICES[each.service].settings}_ISSUER"] for each in members}) == 1
        public = {each.service: each.environment[f"{SERVICES[each.service].settings}_PUBLIC_URL"] for each in members}
        assert public.pop("signer") == public["issuance"], "a status list names the address where it is published"
        assert len(set(public.values())) == len(public)
        desk = next(each for each in members if each.service == "eligibility")
        assert desk.environment["ELIGIBILITY_APPLICATION_URL"] == public["application"]
