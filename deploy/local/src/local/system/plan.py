"""Which processes a system has, on which ports, with which settings. Nothing is started here."""

import json
import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shared.sign_in import BUNDID

from local.broker import Broker
from local.mails.place import MailPlace
from local.process import kept_ports
from local.system.inputs import Inputs

Environment = dict[str, str]
BIN = Path(sys.executable).parent
"""The virtual environment's programs, beside this Python."""


@dataclass(frozen=True)
class Service:
    """A process of ours. `program` is the console script, `settings` the prefix of its environment."""

    program: str
    serve: tuple[str, ...]
    settings: str


SERVICES = {
    "application": Service("application", ("serve",), "APPLICATION"),
    "eligibility": Service("eligibility", ("serve",), "ELIGIBILITY"),
    "signer": Service("issuance", ("signer", "serve"), "SIGNER"),
    "issuance": Service("issuance", ("serve",), "ISSUANCE"),
    "wallet-pass": Service("wallet-pass", ("serve",), "WALLET_PASS"),
}
LAME_DUCK_SECONDS = "0.5"
"""Nobody balances load on one machine; long enough for somebody who looks to see it."""
PUBLIC = ("application", "eligibility", "issuance", "wallet-pass")
"""The signer answers on loopback only, for its health; nobody else has business there."""

DESK_CLIENT, DOCUMENTS_CLIENT = "schulticket-desk", "schulticket-documents"
"""By these names the case workers' pages are known to the sign-in, and `application`, where they open a document."""
FAMILY_CLIENT, SCHOOL_CLIENT, SCANNER_CLIENT = "schulticket-family", "schulticket-school", "schulticket-scanner"
"""Likewise the families' pages, the schools' and the scanner's."""


@dataclass(frozen=True)
class Plan:
    folder: Path
    inputs: Inputs
    broker: Broker
    ports: dict[str, int]
    more: Environment = field(default_factory=dict)
    """Settings by their whole names, in place of presets: a benchmark is one account that asks like a town."""
    operations_ports: dict[str, int] = field(default_factory=dict)
    given: Environment = field(default_factory=dict)
    """Settings by their whole names that hold where the plan has none of its own."""

    mails: MailPlace | None = None
    """None: nothing is mailed."""

    @classmethod
    def make(
        cls, folder: Path, inputs: Inputs, more: Environment | None = None, given: Environment | None = None
    ) -> "Plan":
        """With free ports, or those of an earlier start from this folder, so that links stay good."""
        nats, monitor, identity, *rest = kept_ports(folder / "ports", 3 + len(SERVICES))
        ports = {"identity": identity, **dict(zip(SERVICES, rest, strict=True))}
        # apart: who has the file of an earlier program keeps the ports that notices and passes bear
        operations = dict(zip(SERVICES, kept_ports(folder / "operations-ports", len(SERVICES)), strict=True))
        broker = Broker(folder / "nats", nats, monitor)
        return cls(folder, inputs, broker, ports, more or {}, operations, given or {}, MailPlace.make(folder))

    def url(self, name: str) -> str:
        """For clients on this machine.

        Args:
            name: of a service, or `identity`.
        """
        return f"http://127.0.0.1:{self.ports[name]}"

    def operations_of(self, name: str) -> dict[str, str]:
        """Where this process tells how it is: health, ready, metrics."""
        url = f"http://127.0.0.1:{self.operations_ports[name]}"
        return {"health": f"{url}/healthz", "ready": f"{url}/readyz", "metrics": f"{url}/metrics"}

    @property
    def issuer(self) -> str:
        """The identity provider, as tokens name it."""
        return self.url("identity")

    @property
    def identity_settings(self) -> Path:
        """With the demo's users and passwords."""
        return self.folder / "identity" / "settings.json"

    @property
    def desk(self) -> str:
        """The case workers' pages."""
        return f"{self.url('eligibility')}/desk"

    @property
    def family(self) -> str:
        """The families' pages."""
        return f"{self.url('application')}/family"

    @property
    def school(self) -> str:
        """The pages of a school's office."""
        return f"{self.url('application')}/school"

    def session_key_file(self, client: str) -> Path:
        """Encrypts the sessions of those pages."""
        return self.folder / "keys" / f"{client}.key"

    @property
    def clients(self) -> dict[str, list[str]]:
        """Pages with a sign-in, and where the identity provider sends browsers back to."""
        return {
            DESK_CLIENT: [f"{self.desk}/sign-in/back"],
            DOCUMENTS_CLIENT: [f"{self.url('application')}/documents/sign-in/back"],
            FAMILY_CLIENT: [f"{self.family}/sign-in/back"],
            SCHOOL_CLIENT: [f"{self.school}/sign-in/back"],
            SCANNER_CLIENT: [f"{self.url('issuance')}/scan"],
        }

    @property
    def doors(self) -> dict[str, str]:
        """Where the first page leads."""
        return {
            "family": self.family,
            "desk": self.desk,
            "scan": f"{self.url('issuance')}/scan",
            "application": self.url("application"),
            "issuance": self.url("issuance"),
        }

    @property
    def network(self) -> Path:
        """The walking network."""
        return self.folder / "walking.network"

    @property
    def ceremony(self) -> Path:
        """The test PKI and keys of issuance; the signer's alone."""
        return self.folder / "keys" / "issuance"

    @property
    def passphrase_file(self) -> Path:
        """Opens the signer's encrypted keys."""
        return self.folder / "keys" / "issuance.passphrase"

    @property
    def digest_keys_file(self) -> Path:
        """The keys with which eligibility makes its digests."""
        return self.folder / "keys" / "eligibility-digests.key"

    @property
    def key_store(self) -> Path:
        """The database of families' keys; not beside the databases that are copied."""
        return self.folder / "keys" / "application-keys.sqlite"

    @property
    def wrapping_keys_file(self) -> Path:
        """The keys that wrap those of families."""
        return self.folder / "keys" / "application-wrapping.key"

    @property
    def code_key_file(self) -> Path:
        """The key with which application makes digests of codes."""
        return self.folder / "keys" / "application-codes.key"

    @property
    def wallet_certificates(self) -> Path:
        """The folder of `wallet-pass certificates`."""
        return self.folder / "keys" / "wallet-pass"

    def authority_file(self, service: str) -> Path:
        """What this service is told of the authority."""
        return self.folder / "authority" / f"{service}.json"

    def log(self, name: str) -> Path:
        """Of one process."""
        return self.folder / "logs" / f"{name}.log"

    def database(self, name: str) -> Path:
        """Of one process; SQLite."""
        return self.folder / "data" / f"{name}.sqlite"

    def processes(self) -> Iterator[tuple[str, list[str], Environment, str]]:
        """Name, command, environment, and the address that answers 200 when it may be used."""
        yield (
            "nats",
            # the address once more: a configuration that a power cut has emptied must not open it to everybody
            [str(BIN / "nats-server"), "-a", "127.0.0.1", "-c", str(self.broker.configuration)],
            _plain() | self.broker.environment(),
            f"{self.broker.monitor_url}/healthz",
        )
        identity = [sys.executable, "-m", "local.identity.provider", str(self.identity_settings)]
        yield "identity", identity, _plain(), f"{self.issuer}/healthz"
        if self.mails is not None:
            yield "mails", self.mails.command, _plain(), f"{self.mails.page}/healthz"
        for name, service in SERVICES.items():
            command = [str(BIN / service.program), *service.serve]
            yield name, command, self.environment(name), f"{self.url(name)}/readyz"

    def command_of(self, name: str, command: str) -> str:
        """How a person runs a process's command, with its settings: for a shell, wherever the system lies."""
        return f"(set -a; . {shlex.quote(str(self.settings_file(name)))}; {command})"

    def environment(self, name: str) -> Environment:
        """The environment of one service: its own settings and nobody else's."""
        return _plain() | self.settings(name)

    def settings_file(self, name: str) -> Path:
        """The same settings for a shell, in which a person runs a command of the service."""
        return self.folder / "settings" / f"{name}.env"

    def settings(self, name: str) -> Environment:
        """By their whole names. Secrets are files: here are their places alone."""
        settings = {
            "HOST": "127.0.0.1",
            "PORT": str(self.ports[name]),
            "LAME_DUCK_SECONDS": LAME_DUCK_SECONDS,
            **({"OPERATIONS_PORT": str(self.operations_ports[name])} if self.operations_ports else {}),
            "PUBLIC_URL": self.url(name),
            "DATABASE_URL": f"sqlite:///{self.database(name)}",
            "NATS_URL": self.broker.url,
            "NATS_MONITOR_URL": self.broker.monitor_url,
            "NATS_SEED_FILE": str(self.broker.seed_file(name)),
            "ISSUER": self.issuer,
            **self._own_settings(name),
        }
        prefix = f"{SERVICES[name].settings}_"
        given, more = (
            {key: value for key, value in each.items() if key.startswith(prefix)} for each in (self.given, self.more)
        )
        return given | {f"{prefix}{key}": value for key, value in settings.items()} | more

    def taken_and_left(self) -> tuple[list[str], list[str]]:
        """Names of the given settings: those that hold, and those that the plan sets otherwise."""
        settings = {key: value for name in SERVICES for key, value in self.settings(name).items()}
        taken = {key for key, value in self.given.items() if settings.get(key) == value}
        return sorted(taken), sorted(self.given.keys() - taken)

    def _own_settings(self, name: str) -> Environment:
        """What only this service is told."""
        own: dict[str, Environment] = {
            "eligibility": {
                "DIGEST_KEYS_FILE": str(self.digest_keys_file),
                "NETWORK_FILE": str(self.network),
                "APPLICATION_URL": self.url("application"),
                **self._sign_in(DESK_CLIENT),
            },
            "application": {
                "KEYS_URL": f"sqlite:///{self.key_store}",
                "KEYS_FILE": str(self.wrapping_keys_file),
                "ACCESSIBILITY_EMAIL": "barrierefreiheit@example.org",
                **self._sign_in(DOCUMENTS_CLIENT),
                **self._sign_in(FAMILY_CLIENT, "FAMILY"),
                "FAMILY_CLAIMS": json.dumps(BUNDID),
                **self._sign_in(SCHOOL_CLIENT, "SCHOOL"),
                **(self.mails.settings() if self.mails else {}),
                "CODE_KEY_FILE": str(self.code_key_file),
            },
            # status lists name the address under which the API publishes them
            "signer": {
                "KEYS": str(self.ceremony),
                "PASSPHRASE_FILE": str(self.passphrase_file),
                "PUBLIC_URL": self.url("issuance"),
            },
            "wallet-pass": {"CERTIFICATES": str(self.wallet_certificates)},
        }
        return own.get(name, {})

    def _sign_in(self, client: str, of: str = "DESK") -> Environment:
        """For pages that people open with a browser; `of`: whose, as the settings call them."""
        return {
            f"{of}_CLIENT_ID": client,
            f"{of}_AUTHORIZE_URL": f"{self.issuer}/authorize",
            f"{of}_TOKEN_URL": f"{self.issuer}/token",
            f"{of}_SESSION_KEY_FILE": str(self.session_key_file(client)),
        }


_PREFIXES = tuple(f"{service.settings}_" for service in SERVICES.values())


def settings_of_environment() -> Environment:
    """What this environment sets of services, by whole names."""
    return {key: value for key, value in os.environ.items() if key.startswith(_PREFIXES)}


def _plain() -> Environment:
    """This environment without any setting of a service: a stray one must not reach a demo."""
    return {key: value for key, value in os.environ.items() if not key.startswith((*_PREFIXES, "NATS_"))}
