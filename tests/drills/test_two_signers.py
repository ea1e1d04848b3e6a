"""Two signers on PostgreSQL and a NATS cluster of three: one signs, the other waits, whatever happens to the first."""

import asyncio
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from shared.bus import admin
from shared.copies.fence import LOST_AFTER_SECONDS
from shared.database.engine import open_engine
from shared.events import ApplicationHolderGiven, EligibilityGranted, Event
from support.broker import Broker, free_port
from support.cluster import Cluster, running_cluster
from support.processes import BIN, Processes, wait_for

AUTHORITY = "101023"
PAUSE_SECONDS = float(os.environ.get("PAUSE_SECONDS", LOST_AFTER_SECONDS + 8))
"""How long the active one is paused; a minute by hand."""
AT_MOST_SECONDS = 20.0
"""A takeover, on a machine under load."""


@dataclass
class TwoSigners(Processes):
    """Copies of one process: only their ports differ."""

    url_of_database: str = ""
    cluster: Cluster | None = None
    copies: dict[str, int] = field(default_factory=dict)
    operations: dict[str, int] = field(default_factory=dict)

    def database_url(self, name: str) -> str:
        return self.url_of_database

    def environment(self) -> dict[str, str]:
        assert self.cluster is not None
        bus = {"SIGNER_NATS_URL": self.cluster.url, "SIGNER_NATS_MONITOR_URL": self.cluster.monitor_url}
        return {**super().environment(), **bus, "SIGNER_NATS_REPLICAS": "3", "SIGNER_LAME_DUCK_SECONDS": "0"}

    def start_copy(self, name: str) -> None:
        port, operations = self.copies[name], self.operations[name] = free_port(), free_port()
        own = {**self.environment(), "SIGNER_PORT": str(port), "SIGNER_OPERATIONS_PORT": str(operations)}
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [str(BIN / "issuance"), "signer", "serve"]
            self.running[name] = subprocess.Popen(command, env=own, cwd=self.folder, stdout=log, stderr=log)

    def standing(self, name: str) -> str:
        """What it says of itself, where it is ready; else nothing."""
        try:
            told = httpx.get(f"http://127.0.0.1:{self.copies[name]}/readyz", timeout=3)
        except httpx.TransportError:
            return ""
        return str(told.json()["checks"]["fence"]["detail"]) if told.status_code == 200 else ""

    def figures(self, name: str) -> str:
        """As an operator's Prometheus reads them."""
        return httpx.get(f"http://127.0.0.1:{self.operations[name]}/metrics", timeout=3).raise_for_status().text

    def find(self, says: str) -> str:
        return next((name for name in self.copies if self.standing(name).startswith(says)), "")

    def rows(self, query: str) -> Sequence[sa.Row[tuple[object]]]:
        engine = open_engine(self.url_of_database, connections=1)
        with engine.connect() as connection:
            found = list(connection.execute(sa.text(query)).all())
        engine.dispose()
        return found


@pytest.fixture
def signers(tmp_path: Path, postgresql: Callable[[], str]) -> Iterator[TwoSigners]:
    with running_cluster(tmp_path / "nats") as cluster:
        asyncio.run(admin.create(cluster.url, str(cluster.seed_file), 3))
        first = cluster.servers[0]
        assert first.process is not None
        broker = Broker(first.url, first.monitor_url, cluster.seed_file, first.folder, first.process)
        two = TwoSigners(tmp_path, broker, {"signer": "SIGNER"}, url_of_database=postgresql(), cluster=cluster)
        two.prepare_signer(AUTHORITY, 32838)
        try:
            for name in ("a", "b"):
                two.start_copy(name)
            yield two
        finally:
            for process in two.running.values():
                process.send_signal(signal.SIGCONT)
            two.kill_all()


def application(application_id: UUID) -> tuple[Event, Event]:
    base = {"occurred_at": datetime.now(UTC), "authority_id": AUTHORITY, "application_id": application_id}
    year = datetime.now(UTC).year
    holder = ApplicationHolderGiven(**base, first_name="Thị", last_name="Đặng", birth_date=date(2012, 2, 29))
    grant = EligibilityGranted(
        **base, decision_id=uuid4(), valid_from=date(year, 1, 1), valid_until=date(year + 1, 7, 31),
        own_share_cents=1400, distance_m=3600.0, limit_m=3500, reasons=(), rules_version="nrw",
    )  # fmt: skip
    return holder, grant


@contextmanager
def applying(signers: TwoSigners) -> Iterator[list[UUID]]:
    """Families apply meanwhile, five a second, and do not stop for anybody."""
    told: list[UUID] = []
    stop = threading.Event()

    def apply() -> None:
        while not stop.wait(0.2):
            application_id = uuid4()
            signers.broker.say(*application(application_id))
            told.append(application_id)

    thread = threading.Thread(target=apply)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join()


def issued(signers: TwoSigners) -> int:
    return len(signers.rows("SELECT 1 FROM ticket WHERE state = 'issued'"))


def takeover(signers: TwoSigners, by: str) -> float:
    """Seconds until `by` is the active one, and has signed."""
    began, before = time.monotonic(), issued(signers)
    wait_for(lambda: signers.standing(by).startswith("active"), AT_MOST_SECONDS)
    seconds = time.monotonic() - began
    wait_for(lambda: issued(signers) > before + 3, 60)
    return seconds


def test_one_signs_and_the_other_takes_over_from_who_is_paused_killed_or_asked_to_leave(
    signers: TwoSigners,
) -> None:
    first = wait_for(lambda: signers.find("active"), 90)
    second = wait_for(lambda: signers.find("waiting"), 90)
    assert {first, second} == {"a", "b"}
    with applying(signers) as told:
        wait_for(lambda: issued(signers) > 3, 60)
        # 1. Paused, in the midst of its work: it holds its connections, and comes back after the other one has signed.
        signers.running[first].send_signal(signal.SIGSTOP)
        paused_at = time.monotonic()
        print("taken over after", round(takeover(signers, second), 1), "s: paused")
        time.sleep(max(0.0, PAUSE_SECONDS - (time.monotonic() - paused_at)))
        signers.running[first].send_signal(signal.SIGCONT)
        wait_for(lambda: signers.standing(first).startswith("waiting"), 30)
        assert signers.standing(second).startswith("active")
        assert "not_active_any_more" in (signers.folder / f"{first}.log").read_text()
        wait_for(lambda: "consumer_heard_seconds{" not in signers.figures(first), 30)
        assert "consumer_heard_seconds{" in signers.figures(second)
        assert "fence_active 0.0" in signers.figures(first) and "trust_list_version 1.0" in signers.figures(first)
        # 2. Killed: its session ends with it.
        signers.kill(second)
        print("taken over after", round(takeover(signers, first), 1), "s: killed")
        signers.start_copy(second)
        wait_for(lambda: signers.standing(second).startswith("waiting"), 60)
        # 3. Asked to leave: it gives its place back.
        signers.running[first].terminate()
        print("taken over after", round(takeover(signers, second), 1), "s: left")
        assert signers.running[first].wait(30) == 0
    wait_for(lambda: issued(signers) == len(told), 60)
    tickets = Counter(str(row[0]) for row in signers.rows("SELECT application_id FROM ticket WHERE vdv <> ''"))
    assert tickets == {str(each): 1 for each in told} or tickets == {each.hex: 1 for each in told}
    said = Counter(row[0] for row in signers.rows("SELECT ordering_key FROM outbox WHERE subject = 'ticket.issued.v1'"))
    assert len(said) == len(told)
    assert set(said.values()) == {1}, "each was told of once"
    assert [str(row[0]) for row in signers.rows("SELECT number FROM fence")] == ["4"]
