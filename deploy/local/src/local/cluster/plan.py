"""Which processes a cluster has, on which ports, with which settings. Nothing is started here."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.broker import Broker
from local.cluster.postgresql import DatabaseServer, PostgreSql, Roles, server_user
from local.cluster.servers import SERVERS, Servers, prepare_servers
from local.files import write_secret
from local.mails.place import MailPlace
from local.ports import kept_ports
from local.process import Process
from local.system.inputs import Inputs
from local.system.places import kept_installation
from local.system.plan import KEY_STORE, PUBLIC, SERVICES, Environment, Plan, plain_environment

COPIES = 2
BALANCER, DATABASES = "balancer", "postgresql"


def copies_of(service: str) -> tuple[str, ...]:
    """The processes of a service."""
    return tuple(f"{service}-{number}" for number in range(1, COPIES + 1))


@dataclass(frozen=True, kw_only=True)
class ClusterPlan(Plan):
    """Two copies of each service on one PostgreSQL and three servers of the bus. By its own name, a service is known at
    the address of the balancer."""

    servers: Servers
    postgresql: PostgreSql

    @classmethod
    def of(
        cls, folder: Path, inputs: Inputs, more: Environment | None = None, given: Environment | None = None
    ) -> "ClusterPlan":
        """With free ports, or those of an earlier start from this folder, so that links stay good."""
        copies = [name for service in SERVICES for name in copies_of(service)]
        names = ("identity", BALANCER, DATABASES, *PUBLIC, *copies)
        numbers = kept_ports(folder / "ports", len(names) + len(copies) + 3 * SERVERS)
        ports = dict(zip(names, numbers, strict=False))
        operations = dict(zip(copies, numbers[len(names) :], strict=False))
        servers = Servers.make(folder / "nats", numbers[len(names) + len(copies) :])
        # who asks how a service is, rather than one of its copies, asks the first; the signer is behind no balancer
        first = {service: copies_of(service)[0] for service in SERVICES}
        ports["signer"] = ports[first["signer"]]
        operations |= {service: operations[copy] for service, copy in first.items()}
        postgresql = PostgreSql(folder / "postgresql", ports[DATABASES], folder / "keys")
        mails = MailPlace.make(folder)
        made = folder, inputs, servers, ports, more or {}, operations, given or {}, mails
        return cls(*made, kept_installation(folder), servers=servers, postgresql=postgresql)

    @property
    def serving(self) -> tuple[str, ...]:
        """Two copies of each service."""
        return tuple(name for service in SERVICES for name in copies_of(service))

    @property
    def brokers(self) -> dict[str, Broker]:
        """Three."""
        return {f"nats-{each.number}": each for each in self.servers.members}

    @property
    def replicas(self) -> int:
        """On each of the servers."""
        return SERVERS

    @property
    def foundations(self) -> tuple[str, ...]:
        """With the databases and the balancer."""
        return (DATABASES, *super().foundations, BALANCER)

    def prepare_brokers(self) -> None:
        """With routes between them."""
        prepare_servers(self.servers)

    def database_url(self, name: str) -> str:
        """On the one server; each service has a role of its own, which owns nothing but the key store."""
        return self.postgresql.url(roles_of(name).running, database_of(name))

    def migration_url(self, name: str) -> str:
        """The same by the role that makes the tables, for commands alone."""
        return self.postgresql.url(roles_of(name).owner, database_of(name))

    def service_of(self, name: str) -> str:
        """Of a copy, the service."""
        return name.rpartition("-")[0] if name in self.serving else name

    def own_url(self, name: str) -> str:
        """Of a copy: past the balancer."""
        return self.url(name)

    def settings(self, name: str) -> Environment:
        """Of a copy, or of the service where a command is run."""
        service = self.service_of(name)
        prefix = f"{SERVICES[service].settings}_"
        settings = super().settings(service) | {
            f"{prefix}TRUSTED_PROXIES": "127.0.0.1/32",
            f"{prefix}NATS_REPLICAS": str(SERVERS),
        }
        # which of the servers it is connected to, nobody knows: they are asked over the connection
        settings.pop(f"{prefix}NATS_MONITOR_URL")
        if name in self.serving:
            settings |= {
                f"{prefix}PORT": str(self.ports[name]),
                f"{prefix}OPERATIONS_PORT": str(self.operations_ports[name]),
            }
        else:
            settings[f"{prefix}MIGRATION_URL"] = self.migration_url(service)
        return settings

    @property
    def balancer_file(self) -> Path:
        """What the balancer is told."""
        return self.folder / "balancer.json"

    def write_balancer_file(self) -> None:
        """For each service its port, and its copies."""
        services = {
            service: {"port": self.ports[service], "copies": [self.own_url(name) for name in copies_of(service)]}
            for service in PUBLIC
        }
        write_secret(self.balancer_file, json.dumps({"port": self.ports[BALANCER], "services": services}, indent=2))

    def _foundations(self) -> Iterator[Process]:
        server, log = self.postgresql, self.log(DATABASES)
        yield DatabaseServer(
            DATABASES, server.command, plain_environment(), log, "", user=server_user() or "", postgresql=server
        )
        yield from super()._foundations()
        command = [sys.executable, "-m", "local.cluster.balancer", str(self.balancer_file)]
        health = f"{self.url(BALANCER)}/healthz"
        yield Process(BALANCER, command, plain_environment(), self.log(BALANCER), health)

    @property
    def databases(self) -> dict[str, Roles]:
        """The roles of each."""
        return {database_of(name): roles_of(name) for name in (*SERVICES, KEY_STORE)}


def roles_of(name: str) -> Roles:
    """Of a service's database, or of `application-keys`, which makes its own tables."""
    if name == KEY_STORE:
        return Roles("application", "application")
    running = database_of(name)
    return Roles(f"{running}_owner", running)


def database_of(name: str) -> str:
    """How PostgreSQL calls the database of a service, or `application-keys`."""
    return name.replace("-", "_")
