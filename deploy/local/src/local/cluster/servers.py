"""The three servers of the bus: configuration of deploy/nats, accounts that they share, and routes between them."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from shared.durable_files import write_durably

from local.broker import CONFIGURATION, MONITOR, Broker, write_users
from local.files import write_secret

SERVERS = 3
NAME = "server_name: schulticket"


@dataclass(frozen=True)
class Server(Broker):
    """One of them. All have the folder in common; each has a configuration and a store of its own."""

    number: int = 1
    route_port: int = 0
    """Where the others connect."""
    through: int = 0
    """The port by which clients reach it, where that is another's; 0: its own."""
    routes_through: tuple[tuple[int, int], ...] = ()
    """Likewise by which it reaches the others: number and port of each."""

    @property
    def url(self) -> str:
        """For clients on this machine."""
        return f"nats://127.0.0.1:{self.through or self.port}"

    @property
    def configuration(self) -> Path:
        """The file that this server is started with."""
        return self.folder / f"nats-{self.number}.conf"

    @property
    def routes(self) -> Path:
        """What it is told of the others; holds the password between them."""
        return self.folder / f"routes-{self.number}.conf"

    @property
    def needed(self) -> tuple[Path, ...]:
        """Without these nats-server takes its defaults: all addresses, no accounts, no cluster."""
        return self.configuration, self.routes, self.folder / "users.conf", self.folder / "store-key.conf"

    @property
    def store(self) -> Path:
        """Of this server alone."""
        return self.folder / f"store-{self.number}"


@dataclass(frozen=True)
class Servers(Broker):
    """The bus as its clients see it: any of the servers."""

    members: tuple[Server, ...] = ()

    @classmethod
    def make(cls, folder: Path, ports: list[int]) -> "Servers":
        """Three ports for each: clients, monitoring, routes."""
        members = tuple(
            Server(folder, client, monitor, number, route)
            for number, (client, monitor, route) in enumerate(zip(*[iter(ports)] * 3, strict=True), 1)
        )
        return cls(folder, members[0].port, members[0].monitor_port, members)

    @property
    def url(self) -> str:
        """All addresses, with commas between."""
        return ",".join(each.url for each in self.members)


def prepare_servers(servers: Servers) -> None:
    """Make the configurations, and the keys that are not there yet."""
    write_users(servers.folder)
    password = _password(servers.folder / "routes.password")
    template = CONFIGURATION.read_text(encoding="utf-8")
    for each in servers.members:
        text = template.replace(MONITOR, f"127.0.0.1:{each.monitor_port}").replace(NAME, f"server_name: n{each.number}")
        write_durably(each.configuration, f"{text}\ninclude ./{each.routes.name}\n")
        write_secret(each.routes, _routes(each, servers.members, password))


def _routes(server: Server, members: tuple[Server, ...], password: str) -> str:
    through = dict(server.routes_through)
    ports = [through.get(each.number, each.route_port) for each in members if each.number != server.number]
    others = ", ".join(f'"nats-route://route:{password}@127.0.0.1:{port}"' for port in ports)
    return (
        "cluster {\n"
        "  name: schulticket\n"
        f'  listen: "127.0.0.1:{server.route_port}"\n'
        f'  authorization {{ user: route, password: "{password}", timeout: 5 }}\n'
        f"  routes: [ {others} ]\n"
        # clients are told all addresses; what the servers tell them of one another may lead nowhere from where they are
        "  no_advertise: true\n"
        "}\n"
    )


def _password(file: Path) -> str:
    if not file.exists():
        write_secret(file, secrets.token_hex(24))
    return file.read_text(encoding="utf-8").strip()
