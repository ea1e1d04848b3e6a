"""The whole service without a bus: real certificates, real tables, real HTTP; time stands still."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import TypeVar
from zipfile import ZipFile

from fastapi import FastAPI
from fastapi.testclient import TestClient
from shared.database import Database
from shared.events import Event, PassReady
from shared.http import problems
from shared.runtime.backlog import Backlog
from support.databases import make_tables
from support.identity import PlainTokens
from support.json import Json
from support.outbox import told
from support.record import unknown_acts
from support.standing_app import AppOfWorld, StandingApp, behind_gate
from support.wallet_pass.tickets import AUTHENTICATION, NOW
from wallet_pass import api
from wallet_pass.apple.package import AppleWallet
from wallet_pass.apple.pictures_of_pass import google_logo
from wallet_pass.consumer import handlers
from wallet_pass.domain.acts import PassAct
from wallet_pass.domain.carried import Seal
from wallet_pass.domain.passes import PassToken
from wallet_pass.google.siblings import save_tokens
from wallet_pass.google.wallet import GoogleWallet
from wallet_pass.printing.printer import Printer
from wallet_pass.store import PassStore
from wallet_pass.workflow import PUSHES, Environment, Parties, Tokens, Workflow, workflow_on
from wallet_pass.workflow.apple_ports import PushService

Result = TypeVar("Result")


@dataclass
class WalletService:
    """What a test does with it. `time[0]`: the present moment, which a test sets."""

    workflow: Workflow
    database: Database[PassStore]
    client: TestClient
    time: list[datetime]
    app: AppOfWorld
    """For a browser."""

    def do(self, work: Coroutine[object, object, Result]) -> Result:
        return asyncio.run(work)

    def hear(self, *events: Event) -> None:
        """One batch as the bus brings it: every handler first, then every step, in one transaction."""

        async def batch() -> None:
            table = handlers(self.workflow)
            steps = [await table[type(event)](event) for event in events]

            def apply(store: PassStore) -> None:
                for step in steps:
                    with store.session.begin_nested():
                        step(store)
                        store.session.flush()

            await self.database.write(apply)

        self.do(batch())

    def told(self) -> list[PassReady]:
        """The events in the outbox."""
        return told(self.database, PassReady)

    def token(self) -> str:
        """Of the pass that was told first."""
        return self.told()[0].pass_url.rsplit("/", 1)[1]


@dataclass
class PassParts:
    """What the pages ask for, of one world."""

    workflow: Workflow
    clock: Callable[[], datetime]
    google: GoogleWallet


def _build(world: PassParts) -> FastAPI:
    app = FastAPI(openapi_url=None)
    problems.install(app)
    save = partial(save_tokens, world.google)
    app.include_router(
        api.router(world.workflow, clock=world.clock, draw_logo=google_logo, is_test=True, save_together=save)
    )
    return behind_gate(app, api.INTERFACE, PlainTokens())


PASSES = StandingApp(_build)


@contextmanager
def open_service(
    url: str, apple: AppleWallet, google: GoogleWallet, push_service: PushService | None = None
) -> Iterator[WalletService]:
    """On an empty database."""
    make_tables(url, "wallet_pass")
    database = Database(url, PassStore)
    time = [NOW]
    tokens = (f"token-number-{place:09d}" for place in range(1, 1000))
    workflow = workflow_on(
        database,
        Parties(apple, google, None, Printer(), push_service),
        Environment(
            lambda: time[0],
            Tokens(
                lambda _ticket: PassToken(next(tokens)),
                lambda _ticket: AUTHENTICATION,
                lambda serial, number: PassToken(f"renewed-{number:06d}-{serial.hex[-7:]}"),
            ),
            "https://pass.example",
            seal=Seal(b"k" * 32),
        ),
        lambda worker: Backlog(worker, database, lambda: time[0], puts_aside=worker != PUSHES),
    )
    app = PASSES.serving(PassParts(workflow, lambda: time[0], google))
    with TestClient(app) as client:
        yield WalletService(workflow, database, client, time, app)
    assert not unknown_acts(database, PassAct), "an act that nobody can read"
    database.close()


def pass_json(package: bytes) -> Json:
    """What Apple's Wallet reads of a .pkpass."""
    document: Json = json.loads(ZipFile(BytesIO(package)).read("pass.json"))
    return document
