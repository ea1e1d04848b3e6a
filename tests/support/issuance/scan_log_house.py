"""The logs of scanners without a bus: real tables and real HTTP; the house says who asks."""

import asyncio
import hashlib
import random
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

import httpx
from fastapi import FastAPI, Header
from fastapi.testclient import TestClient
from issuance.api import scan_logs, who_may
from issuance.store.inspection import InspectionStore
from issuance.store.inspection.scan_log import CopyRow, DayKeyRow, ShownRow
from issuance.workflow.inspection.scan_log import ScanLog
from shared.database import Database
from shared.http import problems
from shared.identity import Caller
from shared.row_security.asking import asks
from sqlmodel import select
from support.identity import PlainTokens
from support.json import Json
from support.standing_app import StandingApp, behind_gate

NOW = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)


class Desk(PlainTokens):
    """Stands for the identity provider: the house says who asks."""

    def __init__(self, house: "House") -> None:
        super().__init__()
        self._house = house

    async def caller(self, authorization: Annotated[str | None, Header(include_in_schema=False)] = None) -> Caller:
        asks(self._house.who)
        return self._house.who


def _build(house: "House") -> FastAPI:
    app, desk = FastAPI(openapi_url=None), Desk(house)
    problems.install(app)
    app.include_router(scan_logs.router(house.recording, desk))
    return behind_gate(app, who_may.INTERFACE, desk)


APP = StandingApp(_build)


class House:
    def __init__(self, url: str) -> None:
        self.database = Database(url, InspectionStore)
        self.now = NOW
        self.recording = ScanLog(self.database, lambda: self.now, random.randbytes)
        self.act_as("inspector")
        self.http = TestClient(APP.serving(self))

    def act_as(self, role: str, name: str = "someone", operator: int | None = 32838) -> None:
        self.who = Caller(name, None, frozenset({role}), organisation_id=operator)

    def send(self, *entries: dict[str, object]) -> httpx.Response:
        answer: httpx.Response = self.http.post("/v1/inspections", json={"inspections": list(entries)})
        return answer

    def forget(self) -> None:
        asyncio.run(self.recording.forget())

    def rows(self, table: type[ShownRow | DayKeyRow | CopyRow]) -> list[dict[str, object]]:
        return list(
            self.database.read_now(lambda store: [one.model_dump() for one in store.session.exec(select(table))])
        )

    def report(self, operator: int = 32838) -> Json:
        self.act_as("operator", operator=operator)
        report: Json = self.http.get("/v1/inspections/report").json()
        return report


def entry(at: datetime = NOW, **changes: object) -> dict[str, object]:
    mark = hashlib.sha256(b"2026-11-23|32838|1").hexdigest()[:32]
    plain = {"id": str(uuid4()), "shown_at": at.isoformat(), "verdict": "valid", "colour": "green", "format": "qr"}
    return plain | {"organisation_id": 32838, "ticket": mark} | changes
