"""The broker's configuration: the file of deploy/nats, and an account for each process with exactly its requests."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nkeys
from shared.bus import rights, topology
from shared.bus.rights import ADMIN, BUS, SYSTEM, Request
from shared.durable_files import make_folder, write_durably

from local.files import PROJECT, write_secret

CONFIGURATION = PROJECT / "deploy" / "nats" / "nats.conf"
MONITOR = "127.0.0.1:8222"
"""Where the monitoring page is in a real installation. NATS puts no variable into a part of a value."""
SERVICES = rights.PROCESSES
NO_TLS = "# One machine: in clear, on loopback.\n"


@dataclass(frozen=True)
class Tls:
    """What the broker shows its clients: a certificate for the name by which they call it, and its key."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Broker:
    """The files of one broker. Addresses are loopback."""

    folder: Path
    port: int
    monitor_port: int

    @property
    def url(self) -> str:
        """For clients on this machine."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        """NATS's own figures, over HTTP."""
        return f"http://127.0.0.1:{self.monitor_port}"

    @property
    def configuration(self) -> Path:
        """The file that the server is started with."""
        return self.folder / "nats.conf"

    @property
    def needed(self) -> tuple[Path, ...]:
        """Without these nats-server takes its defaults: all addresses, and no accounts."""
        return tuple(self.folder / name for name in (self.configuration.name, "users.conf", "store-key.conf"))

    @property
    def store(self) -> Path:
        """Where JetStream keeps its streams."""
        return self.folder / "store"

    @property
    def shared_store(self) -> Path:
        """Streams from before each process had an account: of the one account that NATS brings."""
        return self.store / "jetstream" / "$G"

    def seed_file(self, user: str) -> Path:
        """The nkey seed of a user: a service's name, or `admin`."""
        return self.folder / f"{user}.nk"

    def environment(self) -> dict[str, str]:
        """What the configuration reads from the environment: no secret."""
        return {"NATS_HOST": "127.0.0.1", "NATS_PORT": str(self.port), "NATS_STORE": f'"{self.store}"'}


def prepare(broker: Broker) -> None:
    """Make the configuration, and the keys that are not there yet."""
    write_users(broker.folder)
    text = CONFIGURATION.read_text(encoding="utf-8").replace(MONITOR, f"127.0.0.1:{broker.monitor_port}")
    write_durably(broker.configuration, text)


def write_users(folder: Path, tls: Tls | None = None) -> None:
    """What nats.conf includes, and one seed file (0600) for each user. Seeds and keys that are there are kept, and
    without `tls` so is tls.conf."""
    make_folder(folder)
    _write_store_key(folder)
    if tls is not None or not (folder / "tls.conf").exists():
        write_durably(folder / "tls.conf", _tls(tls))
    accounts = [
        _bus(),
        f"  {SYSTEM} {{\n{_exports(SYSTEM)}  }}",
        *(_account(user, _public_key(folder / f"{user}.nk")) for user in (*SERVICES, ADMIN)),
    ]
    text = f"system_account: {SYSTEM}\naccounts {{\n" + "\n".join(accounts) + "\n}\n"
    write_durably(folder / "users.conf", text)


def _write_store_key(folder: Path) -> None:
    """The key goes on where a store was made with it before it had a file of NATS's form."""
    before, now = folder / "store.key", folder / "store-key.conf"
    if not now.exists():
        key = before.read_text().strip() if before.exists() else secrets.token_hex(32)
        write_secret(now, f'key: "{key}"\n')
    before.unlink(missing_ok=True)


def _tls(tls: Tls | None) -> str:
    """A client that takes no word in clear cannot be talked out of TLS by who stands in between."""
    if tls is None:
        return NO_TLS
    files = f'cert_file: "{tls.certificate.resolve()}", key_file: "{tls.key.resolve()}"'
    return f'tls {{ {files}, min_version: "1.2", handshake_first: true, timeout: 5 }}\n'


def _public_key(seed_file: Path) -> str:
    if not seed_file.exists():
        write_secret(seed_file, nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode())
    public_key: bytes = nkeys.from_seed(seed_file.read_bytes().strip()).public_key
    return public_key.decode()


def _bus() -> str:
    """JetStream, and nobody in it."""
    return f"  {BUS} {{\n    jetstream: enabled\n{_exports(BUS)}  }}"


def _account(user: str, public_key: str) -> str:
    asked = [
        f"      {{ service: {{ account: {each.of}, subject: {_quoted(each)} }} }}" for each in rights.imports(user)
    ]
    imports = "    imports: [\n" + "\n".join(asked) + "\n    ]\n"
    exported = _exports(rights.account(user))
    return f"  {rights.account(user)} {{\n{_user(user, public_key)}{imports}{exported}  }}"


def _user(user: str, public_key: str) -> str:
    allowed = rights.permissions(user)
    responses = ", allow_responses: true" if user != ADMIN and topology.answers(user) else ""
    return (
        f"    users: [ {{ nkey: {public_key}, permissions: {{\n"
        f"      publish: {{ allow: [{_listed(allowed['publish'])}] }},\n"
        f"      subscribe: {{ allow: [{_listed(allowed['subscribe'])}] }}{responses} }} }} ]\n"
    )


def _exports(of: str) -> str:
    lines = list(_export_lines(of))
    return "    exports: [\n" + "\n".join(lines) + "\n    ]\n" if lines else ""


def _export_lines(of: str) -> Iterator[str]:
    for (subject, many), askers in rights.exports(of).items():
        answers = ", response_type: stream" if many else ""
        yield f'      {{ service: "{subject}", accounts: [{", ".join(askers)}]{answers} }}'


def _quoted(request: Request) -> str:
    return f'"{request.subject}"'


def _listed(subjects: list[str]) -> str:
    return ", ".join(f'"{subject}"' for subject in subjects)
