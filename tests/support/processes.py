"""Services as processes on one broker, as they run in an installation: for tests of what several do together."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
from issuance.signer import ceremony
from shared.identity import OF_ORGANISATION
from support.broker import Broker, free_port
from support.commands import run_here
from support.databases import make_tables

Result = TypeVar("Result")
BIN = Path(sys.executable).parent
PASSWORD = "a password for one test"


def wait_for(what: Callable[[], Result], seconds: float = 45) -> Result:
    """The first answer of `what` that counts as true; a process that does not answer yet is asked again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := what():
                return found
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


@dataclass
class Processes:
    """Those of one test; all of them are killed at its end."""

    folder: Path
    broker: Broker
    prefixes: Mapping[str, str]
    """Of the settings, by the process's name."""
    settings: dict[str, str] = field(default_factory=dict)
    """Besides those that every service has."""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ports = {name: free_port() for name in (*self.prefixes, "identity")}

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def database_url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"

    def environment(self) -> dict[str, str]:
        values = dict(os.environ)
        for name, prefix in self.prefixes.items():
            common = {
                "PORT": str(self.ports[name]), "PUBLIC_URL": self.url(name), "DATABASE_URL": self.database_url(name),
                "NATS_URL": self.broker.url, "NATS_MONITOR_URL": self.broker.monitor_url,
                "NATS_SEED_FILE": str(self.broker.seed_file), "ISSUER": self.url("identity"),
            }  # fmt: skip
            values |= {f"{prefix}_{key}": value for key, value in common.items()}
        return values | self.settings

    def command(self, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """`name`: of a command of this installation."""
        return run_here(name, *arguments, environment=self.environment(), folder=self.folder)

    def start(self, name: str, program: str | Path, *arguments: str | Path) -> None:
        """Its output goes to `NAME.log`."""
        command = [str(program), *map(str, arguments)]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env=self.environment(), cwd=self.folder, stdout=log, stderr=log
            )

    def start_identity(self, **users: str) -> None:
        """The demo's identity provider; `users`: each one's role. Operators and inspectors are all of one operator."""
        known = {
            name: {
                "password": PASSWORD,
                "roles": [role],
                "organisation_id": 32838 if role in OF_ORGANISATION else None,
            }
            for name, role in users.items()
        }
        settings = {"issuer": self.url("identity"), "key_file": str(self.folder / "identity.pem"), "users": known}
        file = self.folder / "identity.json"
        file.write_text(json.dumps(settings))
        self.start("identity", sys.executable, "-m", "local.identity.provider", file)

    def prepare_signer(self, authority_id: str, organisation_id: int) -> None:
        """Keys of a test's own, an empty database, and the authority's terms."""
        keys, passphrase = self.folder / "keys", self.folder / "passphrase"
        passphrase.write_text("sixteen letters and more")
        now = datetime.now(UTC)
        ceremony.save(ceremony.make(ceremony.Period.around(now.date()), now), keys, passphrase)
        self.settings |= {"SIGNER_KEYS": str(keys), "SIGNER_PASSPHRASE_FILE": str(passphrase)}
        make_tables(self.database_url("signer"), "issuance", "migrations/signer")
        authority = self.folder / "authority.yaml"
        authority.write_text(f'authority_id: "{authority_id}"\norganisation_id: {organisation_id}\n')
        done = self.command("issuance", "authority", "set", "--file", authority)
        assert done.returncode == 0, done.stderr

    def start_signer(self) -> None:
        self.start("signer", BIN / "issuance", "signer", "serve")

    def sign_in(self, user: str) -> dict[str, str]:
        """The header of a request by one of the users."""
        form = {"grant_type": "password", "username": user, "password": PASSWORD}
        token = httpx.post(f"{self.url('identity')}/token", data=form).json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running[name].wait()

    def kill_all(self) -> None:
        for name in self.running:
            self.kill(name)
