"""The parts of the journey, done bare: the least CPU that the same work needs with the same libraries."""

import asyncio
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nats
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from journey_load import Load
from local import broker as brokers
from local.broker import Broker
from local.journey.cases import Case
from local.ports import free_ports
from local.process import Process, stop_all
from local.system import System
from local.system.plan import BIN
from nats.aio.client import Client
from shared.bus import admin, topology

TICKS = os.sysconf("SC_CLK_TCK")
REQUESTS, COMMITS, MESSAGES, ROUTES, NOTICES, SIGNATURES = 1000, 500, 2000, 200, 40, 100
TRANSACTIONS_A_TICKET = 4
"""Accepted, decided, signed, packed: each at least once durable (synchronous=FULL), with its outbox and inbox row."""
EVENTS_A_TICKET, DELIVERIES_A_TICKET = 7, 10
"""submitted, holder_given, granted, delivery_changed, issued, state_changed, ready; heard by 1, 1, 2, 1, 1, 3 and 1
processes."""

SERVER = """
import sys
import uvicorn
from application.form import ApplicationForm
from fastapi import FastAPI, Request, Response
app = FastAPI()
@app.post("/v1/applications")
async def submit(request: Request) -> Response:
    form = ApplicationForm.model_validate_json(await request.body())
    return Response(form.pupil.model_dump_json(), status_code=201, media_type="application/json")
@app.get("/")
async def ready() -> str:
    return "ready"
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="error", access_log=False)
"""


@dataclass(frozen=True)
class Floor:
    part: str
    cpu_ms: float
    """A ticket."""
    how: str


def measure_floors(system: System, cases: list[Case], body: bytes) -> list[Floor]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [
            _validation(folder, body),
            _commits(folder, body),
            _bus(folder, body),
            _routing(system, cases),
            _notice(system),
            _signatures(),
        ]


def _cpu_ms(work: Callable[[int], object], times: int) -> float:
    """CPU milliseconds of this process for one turn."""
    work(0)
    started = time.process_time()
    for number in range(1, times + 1):
        work(number)
    return 1000 * (time.process_time() - started) / times


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _validation(folder: Path, body: bytes) -> Floor:
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    server = Process("validation", [sys.executable, "-c", SERVER, str(port)], dict(os.environ), folder / "log", url)
    server.start()
    try:
        server.wait_ready()
        load = Load(url, "none")
        asyncio.run(load.send([body] * 100, in_flight=8))
        before = _cpu_of(server.pid)
        asyncio.run(load.send([body] * REQUESTS, in_flight=32))
        used = 1000 * (_cpu_of(server.pid) - before) / REQUESTS
    finally:
        stop_all([server])
    return Floor("HTTP validation", used, "FastAPI and the form's model in one process, no database")


def _commits(folder: Path, body: bytes) -> Floor:
    database = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    database.executescript(
        """PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
        CREATE TABLE thing (id INTEGER PRIMARY KEY, content BLOB);
        CREATE TABLE outbox (position INTEGER PRIMARY KEY, event_id TEXT UNIQUE, payload BLOB);
        CREATE TABLE inbox (message_id TEXT PRIMARY KEY);"""
    )

    def commit(number: int) -> None:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO inbox VALUES (?)", (f"message-{number}",))
        database.execute("INSERT INTO thing (content) VALUES (?)", (body,))
        database.execute("INSERT INTO outbox (event_id, payload) VALUES (?, ?)", (f"event-{number}", body))
        database.execute("COMMIT")

    one = _cpu_ms(commit, COMMITS)
    database.close()
    return Floor("commits", TRANSACTIONS_A_TICKET * one, f"{TRANSACTIONS_A_TICKET} raw sqlite3 transactions, WAL, FULL")


def _bus(folder: Path, body: bytes) -> Floor:
    """Publish with acknowledgement, 64 in flight; pull 64 at a time and acknowledge. Client's and server's CPU."""
    broker = Broker(folder / "nats", *free_ports(2))
    brokers.prepare(broker)
    command = [str(BIN / "nats-server"), "-c", str(broker.configuration)]
    environment = {**os.environ, **broker.environment()}
    server = Process("nats", command, environment, folder / "nats.log", f"{broker.monitor_url}/healthz")
    server.start()
    try:
        server.wait_ready()
        asyncio.run(admin.create(broker.url, str(broker.seed_file("admin"))))
        publish, deliver = asyncio.run(_messages(broker, server.pid, body))
    finally:
        stop_all([server])
    total = EVENTS_A_TICKET * publish + DELIVERIES_A_TICKET * deliver
    return Floor("publishes", total, f"{EVENTS_A_TICKET} events, {DELIVERIES_A_TICKET} deliveries; client and broker")


async def _messages(broker: Broker, server: int, body: bytes) -> tuple[float, float]:
    subject = "application.submitted.v1"

    async def connect(user: str) -> Client:
        prefix = topology.inbox_prefix(user).encode()
        return await nats.connect(broker.url, nkeys_seed=str(broker.seed_file(user)), inbox_prefix=prefix)

    sender, hearer = await connect("application"), await connect("eligibility")
    jetstream, before = sender.jetstream(), time.process_time() + _cpu_of(server)
    for start in range(0, MESSAGES, 64):
        ids = (f"{number}" for number in range(start, min(start + 64, MESSAGES)))
        await asyncio.gather(*(jetstream.publish(subject, body, headers={"Nats-Msg-Id": each}) for each in ids))
    between = time.process_time() + _cpu_of(server)
    subscription = await hearer.jetstream().pull_subscribe_bind(
        "eligibility", "APPLICATION", inbox_prefix=f"{topology.inbox_prefix('eligibility')}.".encode()
    )
    heard = 0
    while heard < MESSAGES:
        messages = await subscription.fetch(64, timeout=5)
        for message in messages:
            await message.ack()
        heard += len(messages)
    after = time.process_time() + _cpu_of(server)
    await sender.close()
    await hearer.close()
    return 1000 * (between - before) / MESSAGES, 1000 * (after - between) / MESSAGES


def _routing(system: System, cases: list[Case]) -> Floor:
    from geography import Entrance, Point, load, measure

    network = load(system.plan.network)

    def route(number: int) -> object:
        case = cases[number % len(cases)]
        return measure(network, Point(*case.home.at), [Entrance(Point(*case.school.at))], case.home.street)

    return Floor("routing", _cpu_ms(route, ROUTES), "one way on the network, with both readings and geometry")


def _notice(system: System) -> Floor:
    from eligibility.printing.press import Press

    with sqlite3.connect(f"file:{system.plan.database('eligibility')}?mode=ro", uri=True) as database:
        contents = [json.loads(text) for (text,) in database.execute("SELECT content FROM notice LIMIT 50").fetchall()]
    press = Press()
    used = _cpu_ms(lambda number: press.print(contents[number % len(contents)]), min(NOTICES, len(contents) - 1))
    return Floor("notice", used, "Typst, one page PDF/UA, each with another content")


def _signatures() -> Floor:
    module, wallet = rsa.generate_private_key(65537, 1024), rsa.generate_private_key(65537, 2048)
    ticket, content = ec.generate_private_key(ec.SECP256R1()), bytes(200)

    def sign(_number: int) -> None:
        module.sign(content, padding.PKCS1v15(), hashes.SHA256())
        ticket.sign(content, ec.ECDSA(hashes.SHA256()))
        wallet.sign(content, padding.PKCS1v15(), hashes.SHA256())

    return Floor("three signatures", _cpu_ms(sign, SIGNATURES), "RSA-1024, ES256, RSA-2048 by OpenSSL, nothing around")
