"""From a ticket's revocation to the void pass on the phone, with a thousand phones.

    .venv/bin/python tests/bench/revocation.py [--phones 1000] [--rate 20] [--postgresql]

Starts NATS and `wallet-pass serve` as processes of their own, Apple's push service as far as it is published (HTTP/2,
TLS, client certificate) and as many iPhones (tests/support/wallet_pass). Each phone adds a pass and registers. Then
  one by one    half of the tickets are revoked, so many a second as `--rate` says
  all at once   the other half, in one moment
Measured is from the moment before the event goes to the bus until the phone has looked, fetched the pass, checked that
it is void and kept it. The simulators share the processors with the service, and so does whatever else the machine
does: CPU seconds and load stand beside. Nothing here is a test. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
import nats
import sqlalchemy as sa
from shared.database.engine import open_engine
from shared.events import Event
from shared.row_security.asking import work_as
from support.broker import Broker, running_broker
from support.databases import make_tables
from support.postgresql import running_postgresql
from support.processes import BIN, Processes, wait_for
from support.wallet_pass.apns_simulator import ApnsSimulator
from support.wallet_pass.phone_simulator import Phone
from support.wallet_pass.tickets import issued, revoked
from wallet_pass import certificates
from wallet_pass.store.tables import PASSES

TICKS = os.sysconf("SC_CLK_TCK")
LOOKING_AT_ONCE = 16
"""Phones that ask at the same time: threads of this process."""
LONGEST_WAIT = 300.0
NAME = "wallet-pass"


@dataclass
class Revocation:
    """Of one phone's ticket."""

    phone: Phone
    ticket_id: UUID
    told_at: float = 0.0
    void_at: float = 0.0

    @property
    def seconds(self) -> float:
        return self.void_at - self.told_at

    @property
    def is_void(self) -> bool:
        """As the phone shows it."""
        return all(kept.is_void and not kept.shows_code for kept in self.phone.passes.values())


@dataclass
class Phones:
    """A thousand, in a few threads: who is pushed to looks."""

    apns: ApnsSimulator
    waiting: "queue.SimpleQueue[Revocation | None]" = field(default_factory=queue.SimpleQueue)
    left: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released for each that has become void."""
    broken: list[Exception] = field(default_factory=list)

    def buy(self, service: str, ticket_id: UUID, token: str, client: httpx.Client) -> Revocation:
        """One more, with the pass of this ticket."""
        phone = Phone(client.request)
        mine = Revocation(phone, ticket_id)
        phone.push_token = self.apns.give_token(lambda: self.waiting.put(mine))
        phone.add(client.get(f"{service}/v1/passes/{token}/pass.pkpass").content)
        return mine

    def work(self) -> None:
        """Of one thread, until it finds None."""
        with httpx.Client(timeout=60) as client:
            while (mine := self.waiting.get()) is not None:
                mine.phone.ask = client.request
                try:
                    mine.phone.look()
                except Exception as error:
                    self.broken.append(error)
                if not mine.void_at and mine.is_void:
                    mine.void_at = time.monotonic()
                    self.left.release()


@contextmanager
def looking(phones: Phones) -> Iterator[None]:
    threads = [threading.Thread(target=phones.work, daemon=True) for _ in range(LOOKING_AT_ONCE)]
    for each in threads:
        each.start()
    yield
    for _ in threads:
        phones.waiting.put(None)
    for each in threads:
        each.join(60)


async def say(broker: Broker, events: Sequence[Event], rate: float | None, told: Sequence[Revocation] = ()) -> None:
    """To the bus; `rate`: so many a second, None: all at once."""
    client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))
    began = time.monotonic()

    async def one(place: int, event: Event) -> None:
        if rate is not None:
            await asyncio.sleep(max(0.0, began + place / rate - time.monotonic()))
        if told:
            told[place].told_at = time.monotonic()
        identified = {"Nats-Msg-Id": str(event.event_id)}
        await client.jetstream().publish(
            event.subject, event.model_dump_json().encode(), headers=identified, timeout=60
        )

    await asyncio.gather(*(one(place, event) for place, event in enumerate(events)))
    await client.close()


def issue_all(broker: Broker, url: str, ticket_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Tickets, and the tokens of their passes once these are made."""
    events = [
        issued(ticket_id=each, application_id=each, number=place, occurred_at=datetime.now(UTC))
        for place, each in enumerate(ticket_ids, 1)
    ]
    for start in range(0, len(events), 100):
        asyncio.run(say(broker, events[start : start + 100], None))
    engine = open_engine(url, connections=1)

    def made() -> dict[UUID, str]:
        with engine.connect() as connection:
            found = connection.execute(sa.select(PASSES.c.ticket_id, PASSES.c.token)).all()
        return {row.ticket_id: row.token for row in found} if len(found) == len(ticket_ids) else {}

    tokens = wait_for(made, LONGEST_WAIT)
    engine.dispose()
    return tokens


def revoke(
    broker: Broker, phones: Phones, some: Sequence[Revocation], rate: float | None, pid: int
) -> dict[str, object]:
    """Figures of these."""
    now, before = datetime.now(UTC), (cpu_of(pid), time.process_time())
    events = [revoked(ticket_id=each.ticket_id, application_id=each.ticket_id, occurred_at=now) for each in some]
    asyncio.run(say(broker, events, rate, some))
    for _ in some:
        assert phones.left.acquire(timeout=LONGEST_WAIT), f"a phone still shows its code; {phones.broken[:3]}"
    times = sorted(each.seconds for each in some)
    used = cpu_of(pid) - before[0], time.process_time() - before[1]
    return {
        "phones": len(times),
        **{f"p{share}": round(times[min(len(times) - 1, len(times) * share // 100)], 3) for share in (50, 95, 99)},
        "longest": round(times[-1], 3),
        "service_cpu_ms_each": round(1000 * used[0] / len(times), 2),
        "simulators_cpu_ms_each": round(1000 * used[1] / len(times), 2),
    }


def cpu_of(pid: int) -> float:
    """Seconds of a process, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def start(folder: Path, broker: Broker, apns: ApnsSimulator, certificates_in: Path, url: str) -> Processes:
    """The service, ready."""
    settings = {
        "WALLET_PASS_CERTIFICATES": str(certificates_in),
        "WALLET_PASS_UPDATES_OVER_HTTP": "1",
        "WALLET_PASS_APNS_URL": apns.url,
        "WALLET_PASS_APNS_CA_FILE": str(apns.ca_file),
        "WALLET_PASS_DATABASE_URL": url,
    }
    processes = Processes(folder, broker, {NAME: "WALLET_PASS"}, settings)
    processes.start(NAME, BIN / NAME, "serve")
    wait_for(lambda: httpx.get(f"{processes.url(NAME)}/readyz").status_code == 200, 60)
    return processes


def run(folder: Path, count: int, rate: float, new_database: Callable[[], str] | None) -> dict[str, object]:
    certificates.hold_ceremony(folder / "certificates", datetime.now(UTC))
    url = f"sqlite:///{folder / 'wallet-pass.db'}" if new_database is None else new_database()
    make_tables(url, "wallet_pass")
    ticket_ids = [UUID(int=place) for place in range(1, count + 1)]
    with ExitStack() as stack:
        broker = stack.enter_context(running_broker(folder / "nats"))
        apns = stack.enter_context(ApnsSimulator(folder, folder / "certificates" / certificates.ROOT))
        processes = start(folder, broker, apns, folder / "certificates", url)
        stack.callback(processes.kill_all)
        pid, phones = processes.running[NAME].pid, Phones(apns)
        tokens = issue_all(broker, url, ticket_ids)
        with httpx.Client(timeout=60) as client:
            bought = [phones.buy(processes.url(NAME), each, tokens[each], client) for each in ticket_ids]
        stack.enter_context(looking(phones))
        half = count // 2
        one_by_one = revoke(broker, phones, bought[:half], rate, pid)
        all_at_once = revoke(broker, phones, bought[half:], None, pid)
        return {
            "one_by_one": one_by_one | {"a_second": rate},
            "all_at_once": all_at_once,
            "connections_to_apns": apns.connections,
            "pushes": sum(apns.pushed.values()),
            "load": round(os.getloadavg()[0], 1),
            "database": "sqlite" if new_database is None else "postgresql",
        }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=20.0, help="revocations a second")
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    chosen = parser.parse_args()
    with work_as("bench"), tempfile.TemporaryDirectory() as name, ExitStack() as outer:
        database = outer.enter_context(running_postgresql()) if chosen.postgresql else None
        sys.stdout.write(json.dumps(run(Path(name), chosen.phones, chosen.rate, database)) + "\n")
