"""After all that the other tests have done to the running system, its audit trail holds, in every process."""

import json
import time
from pathlib import Path

import httpx
import pytest
from local.system import System
from support.json import JsonObject, flag

pytestmark = pytest.mark.timeout(300)
VERIFY: dict[str, tuple[str, tuple[str, ...]]] = {
    "application": ("application", ("audit", "verify")),
    "eligibility": ("eligibility", ("audit", "verify")),
    "issuance": ("issuance", ("audit", "verify")),
    "signer": ("signer", ("signer", "audit", "verify")),
    "wallet-pass": ("wallet-pass", ("audit", "verify")),
}
SIGNED_SECONDS = 60


def verified(system: System, service: str, *more: str | Path) -> JsonObject:
    name, words = VERIFY[service]
    answer = system.command(name, *words, "--json", *more, check=False)
    found: JsonObject = json.loads(answer.stdout)
    assert (answer.returncode == 0) is flag(found["ok"]), answer.stderr
    return found


@pytest.mark.parametrize("service", VERIFY)
def test_the_trail_of_every_process_holds(system: System, service: str) -> None:
    found = verified(system, service)
    assert found["ok"], found
    assert {"beginnings"} <= {each["name"] for each in found["chains"]}


def test_every_signature_has_its_ticket(system: System) -> None:
    found = verified(system, "signer")
    assert found["tickets"] == found["signatures"] and found["written_down"] == found["counted_by_module"]


def test_heads_are_signed_published_and_still_there(system: System, tmp_path: Path) -> None:
    # 1. A process tells its heads when it starts, and every hour.
    for name in VERIFY:
        system.restart(name)
    url, deadline = system.urls["issuance"], time.monotonic() + SIGNED_SECONDS
    while time.monotonic() < deadline:
        told = httpx.get(f"{url}/v1/audit-heads", timeout=10).raise_for_status().json()["statements"]
        if {each["service"] for each in told} == set(VERIFY):
            break
        time.sleep(0.5)
    # 2. An auditor fetches and checks them, and compares.
    trust, heads = tmp_path / "trust", tmp_path / "heads.json"
    system.command("issuance", "trust", "export", trust, "--url", url)
    system.command("issuance", "audit", "heads", "--trust", trust, "-o", heads, "--url", url)
    for service in VERIFY:
        found = verified(system, service, "--heads", heads)
        assert found["ok"] and found["compared_with_signed_heads"], found
    # 3. A head that is not there any more is missed.
    signed = json.loads(heads.read_text(encoding="utf-8"))
    signed["heads"]["eligibility"].append(["29900", 3, "a" * 64])
    heads.write_text(json.dumps(signed), encoding="utf-8")
    assert not verified(system, "eligibility", "--heads", heads)["ok"]
