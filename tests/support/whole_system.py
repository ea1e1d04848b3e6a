"""The whole system, seen from outside: what is sent to it, what its services told, what its tables hold."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import nats
import zxingcpp
from local.journey.forms import Body
from local.system import System
from local.system.plan import SERVICES
from PIL import Image
from support.json import JsonObject

STREAMS = ("APPLICATION", "ELIGIBILITY", "TICKET", "PASS")
TABLES = {
    "application": ("application", "news"),
    "eligibility": ("case_file", "decision", "notice"),
    "signer": ("ticket", "waiting_holder"),
    "wallet-pass": ("pass",),
}


@dataclass(frozen=True)
class Sent:
    kind: str
    id: str
    body: Body


@dataclass(frozen=True)
class Told:
    """All events that the broker took, by subject."""

    events: dict[str, list[dict[str, object]]]

    def of(self, subject: str, application_id: str) -> list[dict[str, object]]:
        """What was told of one application; the same event sent twice counts once, as it does for its hearers."""
        found = {e["event_id"]: e for e in self.events.get(subject, []) if e.get("application_id") == application_id}
        return list(found.values())


def apply(system: System, header: dict[str, str], kind: str, body: Body) -> Sent:
    """As a careful client: the same key until there is an answer."""
    key, url = str(uuid4()), f"{system.urls['application']}/v1/applications"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            answer = httpx.post(url, json=body, headers=header | {"Idempotency-Key": key}, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code == 503:
            time.sleep(0.1)
            continue
        assert answer.status_code == 201, answer.text
        return Sent(kind, answer.json()["id"], body)
    raise AssertionError("the application was not accepted within a minute")


def look(system: System, header: dict[str, str], one: Sent) -> JsonObject:
    url = f"{system.urls['application']}/v1/applications/{one.id}"
    answer: JsonObject = httpx.get(url, headers=header, timeout=10).raise_for_status().json()
    return answer


def all_told(system: System) -> Told:
    """From the outboxes: at the broker not even the admin reads a message."""
    found: dict[str, list[dict[str, object]]] = {}
    for service in SERVICES:
        with closing(sqlite3.connect(system.plan.database(service))) as database:
            told = database.execute(
                "SELECT subject, payload FROM outbox WHERE published_at IS NOT NULL ORDER BY position"
            )
            for subject, payload in told:
                found.setdefault(subject, []).append(json.loads(payload))
    return Told(found)


def is_busy(system: System) -> bool:
    """Whether an outbox still has something to say, or a hearer something to hear."""
    told = [httpx.get(system.plan.operations_of(name)["metrics"]).text for name in SERVICES]
    if any("outbox_waiting 0.0" not in each for each in told):
        return True

    async def behind() -> bool:
        broker = system.plan.broker
        client = await nats.connect(broker.url.split(","), nkeys_seed=str(broker.seed_file("admin")))
        jetstream = client.jetstream()
        left = 0
        for stream in STREAMS:
            for hearer in await jetstream.consumers_info(stream):
                left += (hearer.num_pending or 0) + (hearer.num_ack_pending or 0)
        await client.close()
        return left > 0

    return asyncio.run(behind())


def rows(system: System) -> dict[str, int]:
    counts = {}
    for service, tables in TABLES.items():
        with closing(sqlite3.connect(system.plan.database(service))) as database:
            for table in tables:
                [[counts[f"{service}.{table}"]]] = database.execute(f"SELECT count(*) FROM {table}").fetchall()
    return counts


def scan(url: str, folder: Path) -> zxingcpp.Barcode:
    picture = folder / "scanned.png"
    picture.write_bytes(httpx.get(url, timeout=10).raise_for_status().content)
    with Image.open(picture) as image:
        # as a reader of tickets is set: now and then a row of modules is also some article's number
        kinds = (zxingcpp.BarcodeFormat.Aztec, zxingcpp.BarcodeFormat.QRCode)
        [found] = zxingcpp.read_barcodes(image.convert("L"), formats=kinds)  # type: ignore[arg-type]  # its stub knows the older way
    return found
