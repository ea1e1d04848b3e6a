"""Both processes of issuance on a real broker: from holder and grant to a ticket, its lists, and its revocation."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import nats
import pytest
from issuance.signer import ceremony
from issuance.verification import trust_folder
from issuance.verification.verifier import Verifier
from shared.database.migration import upgrade
from shared.events import ApplicationHolderGiven, EligibilityGranted, Event

BIN = Path(sys.executable).parent
PASSWORD = "a password for one test"
AUTHORITY = "101023"


@dataclass
class Running:
    folder: Path
    broker: Any
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def environment(self) -> dict[str, str]:
        values = dict(os.environ)
        for prefix, name in (("SIGNER", "signer"), ("ISSUANCE", "issuance")):
            settings = {
                "PORT": str(self.ports[name]),
                "PUBLIC_URL": self.url("issuance"),
                "DATABASE_URL": f"sqlite:///{self.folder / name}.db",
                "NATS_URL": self.broker.url,
                "NATS_MONITOR_URL": self.broker.monitor_url,
                "NATS_SEED_FILE": str(self.broker.seed_file),
                "ISSUER": self.url("identity"),
            }
            values |= {f"{prefix}_{key}": value for key, value in settings.items()}
        values["SIGNER_KEYS"] = str(self.folder / "keys")
        values["SIGNER_PASSPHRASE_FILE"] = str(self.folder / "passphrase")
        return values

    def command(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(BIN / "issuance"), *map(str, arguments)]
        return subprocess.run(
            command, env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )

    def start(self, name: str, *command: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log)

    def start_service(self, name: str) -> None:
        self.start(name, str(BIN / "issuance"), *{"signer": ("signer", "serve"), "issuance": ("serve",)}[name])

    def say(self, *events: Event) -> None:
        async def publish() -> None:
            client = await nats.connect(self.broker.url, nkeys_seed=str(self.broker.seed_file))
            for event in events:
                await client.jetstream().publish(
                    event.subject, event.model_dump_json().encode(), headers={"Nats-Msg-Id": str(event.event_id)}
                )
            await client.close()

        asyncio.run(publish())

    def tickets(self, application_id: Any) -> list[dict[str, Any]]:
        form = {"grant_type": "password", "username": "operator", "password": PASSWORD}
        token = httpx.post(f"{self.url('identity')}/token", data=form).json()["access_token"]
        answer = httpx.get(
            f"{self.url('issuance')}/v1/tickets",
            params={"application_id": str(application_id)},
            headers={"Authorization": f"Bearer {token}"},
        )
        found: list[dict[str, Any]] = answer.raise_for_status().json()["tickets"]
        return found


def wait_for(what: Callable[[], Any], seconds: float = 45) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := what():
                return found
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


@pytest.fixture
def running(tmp_path: Path, broker: Any, free_port: Callable[[], int]) -> Iterator[Running]:
    system = Running(tmp_path, broker, {name: free_port() for name in ("signer", "issuance", "identity")})
    users = {"operator": {"password": PASSWORD, "roles": ["operator"]}}
    settings = {"issuer": system.url("identity"), "key_file": str(tmp_path / "identity.pem"), "users": users}
    (tmp_path / "identity.json").write_text(json.dumps(settings))
    identity = {"issuer": system.url("identity"), "token_url": f"{system.url('identity')}/token", "users": users}
    (tmp_path / "services.json").write_text(json.dumps({"issuance": system.url("issuance"), "identity": identity}))
    (tmp_path / "authority.yaml").write_text(f'authority_id: "{AUTHORITY}"\norganisation_id: 32838\n')
    (tmp_path / "passphrase").write_text("sixteen letters and more")
    now = datetime.now(UTC)
    ceremony.save(ceremony.make(ceremony.Period.around(now.date()), now), tmp_path / "keys", tmp_path / "passphrase")
    upgrade(f"sqlite:///{tmp_path / 'signer'}.db", "issuance", "migrations/signer")
    upgrade(f"sqlite:///{tmp_path / 'issuance'}.db", "issuance", "migrations/inspection")
    done = system.command("authority", "set", "--file", tmp_path / "authority.yaml")
    assert done.returncode == 0, done.stderr
    system.start("identity", sys.executable, "-m", "local.identity.provider", str(tmp_path / "identity.json"))
    for name in ("signer", "issuance"):
        system.start_service(name)
    try:
        wait_for(lambda: httpx.get(f"{system.url('issuance')}/v1/trust-list").status_code == 200)
        wait_for(lambda: httpx.get(f"{system.url('identity')}/healthz").status_code == 200)
        yield system
    finally:
        for process in system.processes.values():
            process.kill()
            process.wait()


def application(application_id: Any) -> tuple[Event, Event]:
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
    running.say(*application(first))
    (ticket,) = wait_for(lambda: running.tickets(first))
    running.processes["signer"].kill()
    running.processes["signer"].wait()
    later = application(second)
    running.say(*later)
    running.start_service("signer")
    (other,) = wait_for(lambda: running.tickets(second))
    running.say(*(event.model_copy(update={"event_id": uuid4()}) for event in later))  # told anew: nothing new
    # 2. the exported folder judges both
    trust = tmp_path / "trust"
    wait_for(lambda: httpx.get(f"{running.url('issuance')}/v1/status-lists").json()["shards"])
    exported = running.command("trust", "export", trust)
    assert exported.returncode == 0, exported.stderr
    assert {path.suffix for path in trust.iterdir() if path.is_file()} == {".vdv-cert", ".ldif", ".cose"}
    # 3. revoked by command, in the running system; the new export says so, the other ticket lives
    done = running.command(
        "revoke", str(ticket["number"]), "--reason", "lost", "--services", tmp_path / "services.json"
    )
    assert done.returncode == 0 and "is revoked and on the status list" in done.stdout, done.stderr
    wait_for(lambda: running.tickets(first)[0]["state"] == "revoked")
    assert running.tickets(first)[0]["reason"] == "lost"
    assert [one["state"] for one in running.tickets(second)] == ["issued"]
    assert len({ticket["number"], other["number"]}) == 2
    assert_listed(running, trust, tmp_path, revoked=ticket["number"], living=other["number"])
    # 4. both processes leave in order when asked
    for name in ("signer", "issuance"):
        running.processes[name].terminate()
        assert running.processes[name].wait(timeout=25) == 0, (tmp_path / f"{name}.log").read_text()
    for name in ("signer", "issuance"):
        assert "Đặng" not in (tmp_path / f"{name}.log").read_text()


def assert_listed(running: Running, trust: Path, folder: Path, *, revoked: int, living: int) -> None:
    """The codes themselves are in the signer's tables; a new export must judge them."""
    assert running.command("trust", "export", trust).returncode == 0
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
