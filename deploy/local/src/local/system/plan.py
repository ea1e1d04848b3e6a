"""Which processes a system has, on which ports, with which settings. Nothing is started here."""

import json
import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shared.sign_in import BUNDID

from local.broker import Broker, prepare
from local.mails.place import MailPlace
from local.ports import kept_ports
from local.process import Process
from local.system.inputs import Inputs
from local.system.places import Places, kept_installation

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
KEY_STORE = "application-keys"
"""The database of the keys of families: a second one of `application`."""
LAME_DUCK_SECONDS = "0.5"
"""Nobody balances load on one machine; long enough for somebody who looks to see it."""
PUBLIC = ("application", "eligibility", "issuance", "wallet-pass")
"""The signer answers on loopback only, for its health; nobody else has business there."""

DESK_CLIENT, DOCUMENTS_CLIENT = "schulticket-desk", "schulticket-documents"
"""By these names the case workers' pages are known to the sign-in, and `application`, where they open a document."""
FAMILY_CLIENT, SCHOOL_CLIENT, SCANNER_CLIENT = "schulticket-family", "schulticket-school", "schulticket-scanner"
"""Likewise the families' pages, the schools' and the scanner's."""


@dataclass(frozen=True)
class Plan(Places):
    """One of each: `make run`, `make demo`."""

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
    installation: str | None = None
    """Whose databases and streams these are."""

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
        made = folder, inputs, broker, ports, more or {}, operations, given or {}, MailPlace.make(folder)
        return cls(*made, kept_installation(folder))

    @property
    def serving(self) -> tuple[str, ...]:
        """The processes that serve: each service once."""
        return tuple(SERVICES)

    @property
    def brokers(self) -> dict[str, Broker]:
        """The servers of the bus, by their process's name."""
        return {"nats": self.broker}

    @property
    def foundations(self) -> tuple[str, ...]:
        """The processes that run before the databases are made."""
        return (*self.brokers, "identity", "mails")

    @property
    def replicas(self) -> int:
        """So many servers of the bus keep each message."""
        return 1

    def prepare_brokers(self) -> None:
        """Their configuration, and the keys that are not there yet."""
        prepare(self.broker)

    def database_url(self, name: str) -> str:
        """Of one process, or `application-keys`."""
        return f"sqlite:///{self.key_store if name == KEY_STORE else self.database(name)}"

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

    def make_processes(self) -> dict[str, Process]:
        """All of them, by name; none is started."""
        return {each.name: each for each in (*self._foundations(), *map(self._serve, self.serving))}

    def _foundations(self) -> Iterator[Process]:
        for name, broker in self.brokers.items():
            # the address once more: a configuration that a power cut has emptied must not open it to everybody
            command = [str(BIN / "nats-server"), "-a", "127.0.0.1", "-c", str(broker.configuration)]
            environment, health = plain_environment() | broker.environment(), f"{broker.monitor_url}/healthz"
            yield Process(name, command, environment, self.log(name), health, broker.needed)
        identity = [sys.executable, "-m", "local.identity.provider", str(self.identity_settings)]
        yield Process("identity", identity, plain_environment(), self.log("identity"), f"{self.issuer}/healthz")
        if self.mails is not None:
            mails = self.mails.command, plain_environment(), self.log("mails"), f"{self.mails.page}/healthz"
            yield Process("mails", *mails)

    def _serve(self, name: str) -> Process:
        service = SERVICES[self.service_of(name)]
        command = [str(BIN / service.program), *service.serve]
        return Process(name, command, self.environment(name), self.log(name), f"{self.own_url(name)}/readyz")

    def service_of(self, name: str) -> str:
        """Whose program a process of `serving` runs."""
        return name

    def own_url(self, name: str) -> str:
        """Where a process of `serving` listens itself."""
        return self.url(name)

    def command_of(self, name: str, command: str) -> str:
        """How a person runs a process's command, with its settings: for a shell, wherever the system lies."""
        return f"(set -a; . {shlex.quote(str(self.settings_file(name)))}; {command})"

    def environment(self, name: str) -> Environment:
        """The environment of one service: its own settings and nobody else's."""
        return plain_environment() | self.settings(name)

    def settings(self, name: str) -> Environment:
        """By their whole names. Secrets are files: here are their places alone."""
        settings = {
            "HOST": "127.0.0.1",
            "PORT": str(self.ports[name]),
            "LAME_DUCK_SECONDS": LAME_DUCK_SECONDS,
            **({"OPERATIONS_PORT": str(self.operations_ports[name])} if self.operations_ports else {}),
            "PUBLIC_URL": self.url(name),
            **({"INSTALLATION": self.installation} if self.installation else {}),
            "DATABASE_URL": self.database_url(name),
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
                "KEYS_URL": self.database_url(KEY_STORE),
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


def plain_environment() -> Environment:
    """This environment without any setting of a service: a stray one must not reach a demo."""
    return {key: value for key, value in os.environ.items() if not key.startswith((*_PREFIXES, "NATS_"))}
