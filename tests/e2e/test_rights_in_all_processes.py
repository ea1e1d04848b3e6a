"""A family's rights on the running system: what is erased by itself goes in every process, over the real broker."""

import json
import time
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
from local.journey.cases import pick
from local.journey.desk import Desk
from local.journey.forms import bodies
from local.region import read_region
from local.system import System
from shared.calendar import day_in_berlin
from support.json import Json, text, walked
from support.whole_system import Sent, apply, look

pytestmark = pytest.mark.timeout(300)
WHO = "parent-2"
RIGHTS: dict[str, tuple[str, ...]] = {
    "application": ("rights",),
    "eligibility": ("rights",),
    "issuance": ("rights",),
    "signer": ("signer", "rights"),
    "wallet-pass": ("rights",),
}
WITHIN = 60.0


def printed(system: System, name: str, *words: str) -> Json:
    answer = system.command(name, *RIGHTS[name], *words)
    return walked(json.loads(answer.stdout))


def kept(system: System, one: Sent) -> dict[str, int]:
    """By process: how many rows name this application or go with it, besides tickets' numbers at the signer."""
    found = {}
    for name in RIGHTS:
        tables = printed(system, name, "export", "--application", one.id)["tables"]
        counts = {table: len(rows) for table, rows in tables.items()}
        found[name] = sum(counts.values())
    return found


@pytest.fixture(scope="module")
def header(system: System) -> dict[str, str]:
    return system.sign_in(WHO)


@pytest.fixture(scope="module")
def granted(system: System, header: dict[str, str]) -> Sent:
    """With a pass that can be fetched."""
    region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
    form = bodies(pick(region, Desk(system).measure, seed=5), day_in_berlin(datetime.now(UTC)))["granted"]
    one = apply(system, header, "granted", form)
    deadline = time.monotonic() + WITHIN
    while look(system, header, one)["status"] != "pass_ready":
        assert time.monotonic() < deadline, look(system, header, one)["status"]
        time.sleep(0.3)
    return one


def test_a_running_ticket_holds_and_every_process_has_something(
    system: System, header: dict[str, str], granted: Sent
) -> None:
    answer = httpx.delete(f"{system.urls['application']}/v1/me", headers=header, timeout=20)
    assert answer.status_code == 409, answer.text
    held = [each["kind"] for each in answer.json()["holds"] if each["application_id"] == granted.id]
    assert "ticket" in held
    assert min(kept(system, granted).values()) > 0
    for name in ("eligibility", "issuance", "signer", "wallet-pass"):
        refused = system.command(name, *RIGHTS[name], "erase", "--application", granted.id, check=False)
        assert refused.returncode == 3 and "--despite-hold" in refused.stderr, refused.stderr


@pytest.mark.parametrize("name", RIGHTS)
def test_the_job_says_what_it_would_delete(system: System, name: str) -> None:
    said = printed(system, name, "retention", "--dry-run")
    assert set(said.keys()) == {"service", "tables", "held"} and said["service"] == name


def test_after_the_withdrawal_the_family_erases_it_everywhere(
    system: System, header: dict[str, str], granted: Sent
) -> None:
    url = system.urls["application"]
    taken_back = httpx.post(
        f"{url}/v1/applications/{granted.id}/withdrawal",
        headers=header | {"Idempotency-Key": str(uuid4())}, timeout=20,
    )  # fmt: skip
    assert taken_back.is_success, taken_back.text
    deadline = time.monotonic() + WITHIN
    others_stay = f"{url}/v1/me?keep_held=true"  # of other tests, whose tickets run
    while (gone := httpx.delete(others_stay, headers=header, timeout=20).raise_for_status().json())["tables"] == {}:
        assert time.monotonic() < deadline, gone  # the authority's service has not ended the grant yet
        time.sleep(0.5)
    assert gone["tables"]["application"] >= 1, gone
    deadline = time.monotonic() + WITHIN
    while (left := {name: rows for name, rows in kept(system, granted).items() if rows and name != "signer"}) != {}:
        assert time.monotonic() < deadline, left
        time.sleep(0.5)
    (ticket,) = printed(system, "signer", "export", "--application", granted.id)["tables"]["ticket"]
    assert [text(ticket[name]) for name in ("last_name", "qr", "state")] == ["", "", "revoked"]
    listed = [
        each["application_id"] for each in walked(json.loads(system.command("eligibility", "rights", "erased").stdout))
    ]
    assert granted.id in listed
