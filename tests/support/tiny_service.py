"""A tiny service as a process, with whatever a test of the runtime needs of one: it fails, warms up, writes, on demand."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from support.broker import Broker, free_port

SCRIPT = """
from dataclasses import dataclass
from fastapi import APIRouter
from pydantic_settings import SettingsConfigDict
from sqlmodel import Session
from shared.database import Database
from shared.runtime.service import Service, run
from shared.runtime.settings import ServiceSettings
from shared.bus import outbox
from shared.bus.tables import metadata
from shared.events import ApplicationWithdrawn
from uuid import uuid4
from datetime import UTC, datetime, timedelta

class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="TINY_")

@dataclass
class Store:
    session: Session

settings = Settings()
database = Database(settings.database_url, Store)
database.write_now(lambda store: metadata.create_all(store.session.connection()))
router = APIRouter()

@router.get("/break/{name}")
async def breaks(name: str) -> None:
    raise RuntimeError(name)

@router.post("/written", status_code=201)
async def writes() -> dict[str, str]:
    event = ApplicationWithdrawn(
        occurred_at=datetime.now(UTC), authority_id="1", application_id=uuid4(), withdrawal_id=uuid4()
    )
    if "TINY_LATE" in os.environ:
        pathlib.Path(os.environ["TINY_LATE"] + ".asked").touch()
        while not pathlib.Path(os.environ["TINY_LATE"]).exists():
            await asyncio.sleep(0.01)
    await database.write(lambda store: outbox.emit(store.session, event))
    return {"id": str(event.event_id)}

import asyncio, itertools, os, pathlib
from shared.identity import open_to_all
from shared.runtime.backlog import Backlog
from shared.runtime.worker import Worker

async def warm_up() -> None:
    while not pathlib.Path(os.environ["TINY_WARM"]).exists():
        await asyncio.sleep(0.01)

async def fails() -> None:
    if "TINY_FAILS" in os.environ and pathlib.Path(os.environ["TINY_FAILS"]).exists():
        raise LookupError("Erika Musterfrau")

async def put_aside() -> None:
    # whatever it tries to do with its row fails, and its time flies
    async def work(row: str) -> None:
        raise KeyError("Erika Musterfrau")

    times = (datetime.now(UTC) + timedelta(hours=hours) for hours in itertools.count())
    await Backlog("rows", database, lambda: next(times)).each(["row-1"] * 10, str, work)

workers = [Worker("failing", fails, 60.0, woken=True), Worker("rows", put_aside, 3600.0)]
run(
    Service(
        "wallet-pass", settings, database, [router], {},
        policy={"GET /break/{name}": open_to_all(), "POST /written": open_to_all()},
        accepts_without_bus="TINY_FRONT_DOOR" in os.environ,
        workers=workers if "TINY_FAILS" in os.environ else (),
        warm_up=warm_up if "TINY_WARM" in os.environ else None,
    )
)
"""


@dataclass
class TinyService:
    """Of one test: everything that it started is killed at its end."""

    folder: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    url: str = ""
    operations: str = ""

    @property
    def database(self) -> Path:
        return self.folder / "tiny.db"

    @property
    def log(self) -> str:
        return (self.folder / "service.log").read_text()

    def start(self, broker: Broker, **changes: str) -> subprocess.Popen[bytes]:
        port, operations = free_port(), free_port()
        self.url, self.operations = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{operations}"
        own: Mapping[str, str] = {
            "TINY_PORT": str(port),
            "TINY_OPERATIONS_PORT": str(operations),
            "TINY_PUBLIC_URL": self.url,
            "TINY_DATABASE_URL": f"sqlite:///{self.database}",
            "TINY_NATS_URL": broker.url,
            "TINY_NATS_MONITOR_URL": broker.monitor_url,
            "TINY_NATS_SEED_FILE": str(broker.seed_file),
            "TINY_ISSUER": "https://login.example",
            "TINY_LAME_DUCK_SECONDS": "1",
            **changes,
        }
        with (self.folder / "service.log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-c", SCRIPT], env={**os.environ, **own}, stderr=log)
        self.started.append(process)
        return process

    def kill_all(self) -> None:
        for process in self.started:
            process.kill()
            process.wait()


def answer_of(url: str, status: int = 200, seconds: float = 45) -> httpx.Response:
    """The first answer with this status."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(url, timeout=10)
        except httpx.TransportError:
            pass
        else:
            if answer.status_code == status:
                return answer
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer {status}")
