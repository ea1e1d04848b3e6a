"""Both processes of issuance on a real broker: from holder and grant to a ticket, its lists, and its revocation."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from issuance.verification import trust_folder
from issuance.verification.verifier import Verifier
from shared.events import ApplicationHolderGiven, EligibilityGranted, Event
from support.broker import Broker
from support.databases import make_tables
from support.json import JsonObject, whole
from support.processes import BIN, PASSWORD, Processes, wait_for

AUTHORITY = "101023"


class Running(Processes):
    """The signer, and the API that answers the public network."""

    def tickets(self, application_id: UUID) -> list[JsonObject]:
        answer = httpx.get(
            f"{self.url('issuance')}/v1/tickets",
            params={"application_id": str(application_id)},
            headers=self.sign_in("operator"),
        )
        found: list[JsonObject] = answer.raise_for_status().json()["tickets"]
        return found


@pytest.fixture
def running(tmp_path: Path, broker: Broker) -> Iterator[Running]:
    system = Running(tmp_path, broker, {"signer": "SIGNER", "issuance": "ISSUANCE"})
    system.settings["SIGNER_PUBLIC_URL"] = system.url("issuance")
    users = {"operator": {"password": PASSWORD, "roles": ["operator"]}}
    identity = {"issuer": system.url("identity"), "token_url": f"{system.url('identity')}/token", "users": users}
    (tmp_path / "services.json").write_text(json.dumps({"issuance": system.url("issuance"), "identity": identity}))
    system.prepare_signer(AUTHORITY, 32838)
    make_tables(system.database_url("issuance"), "issuance", "migrations/inspection")
    try:
        system.start_identity(operator="operator")
        system.start_signer()
        system.start("issuance", BIN / "issuance", "serve")
        wait_for(lambda: httpx.get(f"{system.url('issuance')}/v1/trust-list").status_code == 200)
        wait_for(lambda: httpx.get(f"{system.url('identity')}/healthz").status_code == 200)
        yield system
    finally:
        system.kill_all()


def application(application_id: UUID) -> tuple[Event, Event]:
    base = {"occurred_at": datetime.now(UTC), "authority_id": AUTHORITY, "application_id": application_id}
    year = datetime.now(UTC).year
    holder = ApplicationHolderGiven(**base, first_name="Thị", last_name="Đặng", birth_date=date(2012, 2, 29))
    grant = EligibilityGranted(
        **base,
        decision_id=uuid4(),
        valid_from=date(year, 1, 1),
        valid_until=date(year + 1, 7, 31),
        own_share_cents=1400,
        distance_m=3600.0,
        limit_m=3500,
        reasons=(),
        rules_version="nrw",
    )
    return holder, grant


def test_from_grant_to_ticket_to_revocation_with_a_signer_killed_in_between(running: Running, tmp_path: Path) -> None:
    first, second = uuid4(), uuid4()
    # 1. holder and grant of one application; the other's grant comes while the signer is dead
    running.broker.say(*application(first))
    (ticket,) = wait_for(lambda: running.tickets(first))
    running.kill("signer")
    later = application(second)
    running.broker.say(*later)
    running.start_signer()
    (other,) = wait_for(lambda: running.tickets(second))
    running.broker.say(*(event.model_copy(update={"event_id": uuid4()}) for event in later))  # told anew: nothing new
    # 2. the exported folder judges both
    trust = tmp_path / "trust"
    wait_for(lambda: httpx.get(f"{running.url('issuance')}/v1/status-lists").json()["shards"])
    exported = running.command("issuance", "trust", "export", trust)
    assert exported.returncode == 0, exported.stderr
    assert {path.suffix for path in trust.iterdir() if path.is_file()} == {".vdv-cert", ".ldif", ".cose"}
    # 3. revoked by command, in the running system; the new export says so, the other ticket lives
    done = running.command(
        "issuance", "revoke", str(ticket["number"]), "--reason", "lost", "--services", tmp_path / "services.json"
    )
    assert done.returncode == 0 and "is revoked and on the status list" in done.stdout, done.stderr
    wait_for(lambda: running.tickets(first)[0]["state"] == "revoked")
    assert running.tickets(first)[0]["reason"] == "lost"
    assert [one["state"] for one in running.tickets(second)] == ["issued"]
    assert len({ticket["number"], other["number"]}) == 2
    assert_listed(running, trust, tmp_path, revoked=whole(ticket["number"]), living=whole(other["number"]))
    # 4. both processes leave in order when asked
    for name in ("signer", "issuance"):
        running.running[name].terminate()
        assert running.running[name].wait(timeout=25) == 0, (tmp_path / f"{name}.log").read_text()
    for name in ("signer", "issuance"):
        assert "Đặng" not in (tmp_path / f"{name}.log").read_text()


def assert_listed(running: Running, trust: Path, folder: Path, *, revoked: int, living: int) -> None:
    """The codes themselves are in the signer's tables; a new export must judge them."""
    assert running.command("issuance", "trust", "export", trust).returncode == 0
    with sqlite3.connect(f"file:{folder / 'signer.db'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT number, vdv, qr FROM ticket").fetchall()
    assert len(rows) == 2
    verifier = Verifier(trust_folder.read(trust))
    for number, vdv, qr in rows:
        for finding in (verifier.verify_vdv(vdv, datetime.now(UTC)), verifier.verify_qr(qr, datetime.now(UTC))):
            assert (finding.verdict, finding.reasons) == {
                revoked: ("revoked", ("on_status_list",)),
                living: ("valid", ("status_checked",)),
            }[number]
