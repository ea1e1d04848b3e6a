"""Lists of two bits are served beside those of one, and read where they are not behind."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from issuance.api import lists
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.inspection.scanner import LiveScanner
from issuance.lists import two_bits
from issuance.lists.delta import Delta, Head, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.status_list import StatusList, bits_of, parse_shard, place_of, shard_of
from issuance.lists.two_bits import Places
from issuance.signer.ceremony import Pki
from issuance.store.inspection import InspectionStore
from issuance.verification.list_changes import open_delta_v2, open_snapshot_v2
from issuance.verification.trust import assemble
from issuance.workflow import inspection
from shared.database import Database
from shared.events import EVERY_AUTHORITY, Event, StatusListPublished, StatusListV2Published, TrustListPublished
from shared.http import problems
from support.databases import make_tables
from support.standing_app import StandingApp

END = datetime(2027, 1, 1, tzinfo=UTC)

Heard = TypeVar("Heard", bound=Event)


def _build(house: "House") -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.include_router(lists.router(house.inspecting))
    return app


APP = StandingApp(_build)


class House:
    """The public process, told of lists as the signer tells of them."""

    def __init__(self, path: Path, now: datetime, pki: Pki, shard: str) -> None:
        make_tables(f"sqlite:///{path}", "issuance", "migrations/inspection")
        self.database = Database(f"sqlite:///{path}", InspectionStore)
        scanner = LiveScanner(self.database, time.monotonic)
        self.inspecting = inspection.workflow_on(self.database, scanner, lambda: now, random.randbytes).inspecting
        self.now, self.pki, self.shard = now, pki, shard
        self.base: dict[str, object] = {"occurred_at": now, "authority_id": EVERY_AUTHORITY}
        self.http = TestClient(APP.serving(self))
        trusted = TrustListPublished(
            **self.base, version=1, trust_list=pki.trust_list, certificates=dict(pki.certificates)
        )
        self.hear(self.inspecting.trust_published, trusted)

    def hear(self, handler: Callable[[Heard], Awaitable[Callable[[InspectionStore], None]]], event: Heard) -> None:
        async def both() -> None:
            await self.database.write(await handler(event))

        asyncio.run(both())

    def publish(self, version: int, places: Places, *, one_bit: bool = True, two: bool = True) -> None:
        head = Head(parse_shard(self.shard), version, self.now, END, 1)
        first, second = bits_of([*places.revoked, *places.suspended]), two_bits.bits_of(places)
        base = {**self.base, "shard": self.shard, "version": version, "published_at": self.now}
        sign, sign_list = self.pki.signer.sign_status_list, self.pki.signer.sign_list
        if one_bit:
            forms = {"status_list": sign(StatusList(head.shard, version, self.now, END, first))}
            forms |= {"snapshot": sign_list(Snapshot(head, first))}
            forms |= {"delta": sign_list(Delta.between(head, bits_of([]), first)) if version > 1 else b""}
            self.hear(self.inspecting.status_published, StatusListPublished.model_validate({**base, **forms}))
        if two:
            forms = {"status_list": sign(StatusList(head.shard, version, self.now, END, second, 1))}
            forms |= {"snapshot": sign_list(SnapshotV2(head, second))}
            before = two_bits.bits_of(Places([], []))
            forms |= {"delta": sign_list(DeltaV2.between(head, before, second)) if version > 1 else b""}
            event = StatusListV2Published.model_validate({**base, "epoch": 1, **forms})
            self.hear(self.inspecting.status_v2_published, event)

    def verdict(self, code: str) -> str:
        return asyncio.run(self.inspecting.verify("qr", code.encode())).verdict.value


@pytest.fixture
def house(tmp_path: Path, now: datetime, pki: Pki, ticket: Ticket) -> Iterator[House]:
    house = House(tmp_path / "api.db", now, pki, str(shard_of(ticket.terms.organisation_id, ticket.number)))
    yield house
    house.database.close()


def test_lists_of_two_bits_stand_beside_those_of_one(
    house: House, pki: Pki, ticket: Ticket, signed: SignedTicket
) -> None:
    place, path = place_of(ticket.number), f"/v2/status-lists/{house.shard}"
    assert house.verdict(signed.qr) == "status_unchecked"
    assert house.http.get("/v2/status-lists").json() == {"shards": [], "versions": {}}
    assert house.http.get(path).status_code == 404
    house.publish(1, Places([], []))
    assert house.verdict(signed.qr) == "valid"
    house.publish(2, Places([], [place]))
    assert house.verdict(signed.qr) == "suspended"
    for prefix in ("/v1", "/v2"):
        said = {"shards": [house.shard], "versions": {house.shard: 2}}
        assert house.http.get(f"{prefix}/status-lists").json() == said
    trust = assemble((), pki.trust_list, [house.http.get(path).content])
    assert trust.status[parse_shard(house.shard)].is_suspended(place)
    assert open_snapshot_v2(house.http.get(f"{path}/snapshot").content, trust).head.version == 2
    links = house.http.get(f"{path}/deltas?since=1")
    assert open_delta_v2(links.content, trust).changes == ((), (place,), ())
    assert house.http.get(f"{path}/deltas?since=0").status_code == 404
    first = house.http.get(f"/v1/status-lists/{house.shard}/deltas?since=1")
    assert first.status_code == 200 and first.content != links.content


def test_a_list_of_one_bit_counts_where_that_of_two_is_behind(
    house: House, ticket: Ticket, signed: SignedTicket
) -> None:
    place = place_of(ticket.number)
    house.publish(1, Places([], []))
    house.publish(2, Places([], [place]), two=False)
    assert house.verdict(signed.qr) == "revoked"
    house.publish(2, Places([], [place]), one_bit=False)
    assert house.verdict(signed.qr) == "suspended"
    house.publish(1, Places([], []))  # late: changes nothing
    assert house.verdict(signed.qr) == "suspended"
