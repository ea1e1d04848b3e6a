"""The broker's configuration: the file of deploy/nats, and users with exactly the rights of the topology."""

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import nkeys
from shared.bus import topology

from local.files import PROJECT, write_secret

CONFIGURATION = PROJECT / "deploy" / "nats" / "nats.conf"
SERVICES = tuple(topology.PUBLISHES)
ADMIN = "admin"


@dataclass(frozen=True)
class Broker:
    """The files of one broker. Addresses are loopback."""

    folder: Path
    port: int
    monitor_port: int

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        return f"http://127.0.0.1:{self.monitor_port}"

    @property
    def configuration(self) -> Path:
        return self.folder / "nats.conf"

    def seed_file(self, user: str) -> Path:
        """The nkey seed of a user: a service's name, or `admin`."""
        return self.folder / f"{user}.nk"

    def environment(self) -> dict[str, str]:
        """What the configuration reads from the environment."""
        return {
            "NATS_HOST": "127.0.0.1",
            "NATS_PORT": str(self.port),
            "NATS_MONITOR": f'"127.0.0.1:{self.monitor_port}"',
            "NATS_STORE": f'"{self.folder / "store"}"',
            "NATS_STORE_KEY": (self.folder / "store.key").read_text(),
        }


def prepare(broker: Broker) -> None:
    """Make the configuration, and the keys that are not there yet."""
    broker.folder.mkdir(parents=True, exist_ok=True)
    key = broker.folder / "store.key"
    if not key.exists():
        write_secret(key, f"k{secrets.token_hex(32)}")
    write_users(broker.folder)
    shutil.copyfile(CONFIGURATION, broker.configuration)


def write_users(folder: Path) -> None:
    """users.conf, and one seed file (0600) for each user. Seeds that are there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = [
        _user(
            _public_key(folder / f"{service}.nk"),
            topology.permissions(service),
            answers=bool(topology.answers(service)),
        )
        for service in SERVICES
    ]
    # The admin makes streams and durables and looks at them; it hears and says nothing.
    rights = {"publish": ["$JS.API.>"], "subscribe": ["_INBOX.>", "_INBOX_admin.>"]}
    blocks.append(_user(_public_key(folder / f"{ADMIN}.nk"), rights))
    text = "authorization {\n  users = [\n" + "\n".join(blocks) + "\n  ]\n}\n"
    (folder / "users.conf").write_text(text, encoding="utf-8")


def _public_key(seed_file: Path) -> str:
    if not seed_file.exists():
        write_secret(seed_file, nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode())
    public_key: bytes = nkeys.from_seed(seed_file.read_bytes().strip()).public_key
    return public_key.decode()


def _user(public_key: str, permissions: dict[str, list[str]], *, answers: bool = False) -> str:
    def listed(subjects: list[str]) -> str:
        return ", ".join(f'"{subject}"' for subject in subjects)

    responses = ", allow_responses: true" if answers else ""
    return (
        f"    {{ nkey: {public_key}, permissions: {{\n"
        f"        publish: {{ allow: [{listed(permissions['publish'])}] }},\n"
        f"        subscribe: {{ allow: [{listed(permissions['subscribe'])}] }}{responses} }} }}"
    )
