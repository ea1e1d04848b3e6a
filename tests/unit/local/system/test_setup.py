"""Setting a copy up."""

import io
import json
import subprocess
from pathlib import Path
from typing import cast

import pytest
from local.broker import Broker, write_users
from local.ports import free_ports
from local.report import Report
from local.system import setup
from local.system.authority import Authority, write_authority_files
from local.system.inputs import Inputs
from local.system.plan import SERVICES, Plan, settings_of_environment
from local.system.setup import NETWORK_BUILDER, SetUp
from rich.console import Console
from rich.markup import escape


def test_a_network_in_the_cache_is_known_by_the_program_that_built_it() -> None:
    """By a folder that is not there every program would be the same one."""
    assert {"assembly.py", "builder.py", "walking_rules.py"} <= {file.name for file in NETWORK_BUILDER.rglob("*.py")}


def test_what_the_streams_of_one_account_held_is_told_again_before_they_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that ran before each process had an account goes on with all that nobody had heard yet."""
    plan = Plan(tmp_path, Inputs(tmp_path / "o", tmp_path / "s"), Broker(tmp_path / "nats", 1, 2), {})
    old = plan.broker.shared_store
    (old / "streams" / "TICKET").mkdir(parents=True)
    told: list[tuple[str, ...]] = []

    def run(_: Plan, service: str, *arguments: str) -> None:
        assert old.exists(), "whoever is interrupted begins again"
        told.append((service, *arguments[:-1]))

    for chain in ("eligibility", "issuance", "network", "application", "wallet_pass", "streams"):
        monkeypatch.setattr(SetUp, chain, lambda self: None)
    monkeypatch.setattr(setup, "run", run)
    for _ in range(2):  # the second time there is nothing to do
        SetUp(plan, cast(Authority, None), {}, Report(quiet=True)).run_all()
    redrive = ("outbox", "redrive", "--since")
    assert told == [(name, *(("signer",) if name == "signer" else ()), *redrive) for name in SERVICES]
    assert not old.exists()


def test_every_process_has_an_operations_port_and_who_ran_before_keeps_the_ports_that_passes_bear(
    tmp_path: Path,
) -> None:
    inputs = Inputs(tmp_path / "o", tmp_path / "s")
    before = free_ports(3 + len(SERVICES))
    (tmp_path / "ports").write_text("\n".join(map(str, before)))
    plan = Plan.make(tmp_path, inputs, {"SIGNER_SIGNATURES_PER_HOUR": "7"})
    assert [plan.ports[name] for name in SERVICES] == before[3:]
    for name, service in SERVICES.items():
        environment, port = plan.environment(name), plan.operations_ports[name]
        assert environment[f"{service.settings}_OPERATIONS_PORT"] == str(port) and port not in before
        assert plan.operations_of(name)["metrics"] == f"http://127.0.0.1:{port}/metrics"
        assert ("SIGNER_SIGNATURES_PER_HOUR" in environment) is (name == "signer")
    assert Plan.make(tmp_path, inputs).operations_ports == plan.operations_ports


def test_a_run_hands_on_what_its_environment_sets_of_services_but_not_what_it_sets_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in {"SIGNER_SIGNATURES_PER_HOUR": "7", "SIGNER_PORT": "1", "ISSUANCE_PORT": "2"}.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("WALLET_PASS_APNS_URL", "https://127.0.0.1:1")
    inputs, given = Inputs(tmp_path / "o", tmp_path / "s"), settings_of_environment()
    plan = Plan.make(tmp_path, inputs, given=given)
    assert plan.taken_and_left() == (
        ["SIGNER_SIGNATURES_PER_HOUR", "WALLET_PASS_APNS_URL"], ["ISSUANCE_PORT", "SIGNER_PORT"],
    )  # fmt: skip
    assert plan.environment("signer")["SIGNER_SIGNATURES_PER_HOUR"] == "7"
    assert not [key for key in plan.environment("issuance") if key.startswith(("SIGNER_", "WALLET_PASS_"))]
    assert not {key for name in SERVICES for key in Plan.make(tmp_path, inputs).environment(name)} & set(
        plan.taken_and_left()[0]
    )


def test_the_key_of_a_store_goes_on_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "store.key").write_text("k0123")
    write_users(tmp_path)
    assert (tmp_path / "store-key.conf").read_text() == 'key: "k0123"\n'
    assert not (tmp_path / "store.key").exists()
    write_users(tmp_path)
    assert (tmp_path / "store-key.conf").read_text() == 'key: "k0123"\n'


def test_that_two_people_revoke_is_told_to_the_desk_the_api_and_the_signer_which_decides(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path / "o", tmp_path / "s")
    for by_two in (True, False):
        authority = Authority("19900", "Stadt", "Weg 1", "33100", "Eschenborn", None, by_two)
        plan = Plan.make(tmp_path, inputs, authority.settings())
        write_authority_files(plan, authority)
        told = json.loads(plan.authority_file("eligibility").read_text())["second_person_for"]
        assert ("revocation" in told) is by_two and {"override", "rule_set"} <= set(told)
        for name in SERVICES:
            named = [value for key, value in plan.environment(name).items() if key.endswith("_REVOKED_BY_TWO")]
            assert named == (["19900"] if by_two and name in ("signer", "issuance") else [])


@pytest.mark.parametrize("folder", ["plain", "Anna's copy", "a $(touch harm) `touch harm`; touch harm", "ü & (1)"])
def test_a_command_that_an_operator_is_told_can_be_pasted_wherever_the_system_lies(tmp_path: Path, folder: str) -> None:
    plan = Plan(tmp_path / folder / ("a long way down " * 8), Inputs(tmp_path, tmp_path), Broker(tmp_path, 1, 2), {})
    plan.settings_file("signer").parent.mkdir(parents=True)
    plan.settings_file("signer").write_text("SIGNER_PORT=7\n")
    out = io.StringIO()
    Report(Console(file=out, width=40, soft_wrap=True)).line(escape(plan.command_of("signer", "printenv SIGNER_PORT")))
    (line,) = out.getvalue().splitlines()
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "7\n"
    assert not list(tmp_path.glob("**/harm"))
