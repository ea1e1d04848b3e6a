"""Logs of scanners: who may send, what is kept, what the operator sees of it."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from issuance import inspections
from issuance.store.inspection import InspectionStore
from issuance.workflow.shown import MANY_SCANNERS, Recording
from shared.database import Database
from shared.database.migration import upgrade
from shared.identity import Caller, Unauthenticated

from shared import problems

NOW = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)


class Desk:
    """Stands for the identity provider."""

    async def caller(self) -> Caller:
        raise Unauthenticated  # unless a test says who asks


class House:
    def __init__(self, path: Path) -> None:
        url = f"sqlite:///{path}"
        upgrade(url, "issuance", "migrations/inspection")
        self.database = Database(url, InspectionStore)
        self.now = NOW
        app, desk = FastAPI(), Desk()
        problems.install(app)
        recording = Recording(self.database, lambda: self.now)
        app.include_router(inspections.router(recording, desk))  # type: ignore[arg-type]
        app.dependency_overrides[desk.caller] = lambda: self.who
        self.act_as("inspector")
        self.http = TestClient(app)

    def act_as(self, role: str, name: str = "someone") -> None:
        self.who = Caller(name, None, frozenset({role}))

    def send(self, *entries: dict[str, Any]) -> Any:
        return self.http.post("/v1/inspections", json={"inspections": list(entries)})

    def report(self) -> Any:
        self.act_as("operator")
        return self.http.get("/v1/inspections/report").json()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    one = House(tmp_path / "api.db")
    yield one
    one.database.close()


def entry(at: datetime = NOW, **changes: Any) -> dict[str, Any]:
    mark = hashlib.sha256(b"2026-11-23|32838|1").hexdigest()[:32]
    plain = {"id": str(uuid4()), "shown_at": at.isoformat(), "verdict": "valid", "colour": "green", "format": "qr"}
    return plain | {"organisation_id": 32838, "ticket": mark} | changes


def test_what_is_sent_twice_counts_once_and_the_report_counts_a_day(house: House) -> None:
    first, second = entry(), entry(verdict="revoked", colour="red")
    assert house.send(first, second).json() == {"kept": 2}
    assert house.send(first).status_code == 202
    report = house.report()
    assert [(one["day"], one["verdict"], one["colour"], one["count"]) for one in report["verdicts"]] == [
        ("2026-11-23", "revoked", "red", 1),
        ("2026-11-23", "valid", "green", 1),
    ]
    assert report["copies"] == []


def test_only_inspectors_send_and_only_operators_read(house: House) -> None:
    for role in ("guardian", "case_worker", "operator"):
        house.act_as(role)
        assert house.send(entry()).status_code == 403
    for role in ("guardian", "case_worker", "inspector"):
        house.act_as(role)
        assert house.http.get("/v1/inspections/report").status_code == 403


@pytest.mark.parametrize(
    "change",
    [{"name": "Müßter"}, {"ticket": "436207616"}, {"colour": "blue"}, {"verdict": "fine"}, {"shown_at": "2026-11-23"}],
)
def test_a_log_with_names_numbers_or_inventions_is_refused(house: House, change: dict[str, Any]) -> None:
    assert house.send(entry(**change)).status_code == 422


def test_entries_from_the_future_and_older_than_30_days_do_not_count_and_old_ones_are_erased(house: House) -> None:
    assert house.send(entry(NOW + timedelta(hours=1)), entry(NOW - timedelta(days=31))).json() == {"kept": 0}
    assert house.send(entry(NOW)).json() == {"kept": 1}
    house.now = NOW + timedelta(days=31)
    assert house.send(entry(house.now)).json() == {"kept": 1}
    assert [one["day"] for one in house.report()["verdicts"]] == ["2026-12-24"]


def test_a_ticket_before_too_many_scanners_on_one_day_is_told_as_a_copy(house: House) -> None:
    for number in range(MANY_SCANNERS):
        assert house.report()["copies"] == []
        house.act_as("inspector", f"inspector-{number}")
        for _ in range(3):
            house.send(entry(), entry(ticket=hashlib.sha256(bytes([number])).hexdigest()[:32]))
    [copy] = house.report()["copies"]
    assert (copy["scanners"], copy["organisation_id"]) == (MANY_SCANNERS, 32838)


def test_who_sent_is_not_stored_by_name_and_is_another_mark_the_next_day(house: House) -> None:
    house.act_as("inspector", "inspector-4711")
    house.send(entry(NOW), entry(NOW - timedelta(days=1)))
    from issuance.store.shown import ShownRow
    from sqlmodel import select

    rows = house.database.read_now(lambda store: [row.scanner for row in store.session.exec(select(ShownRow))])
    assert len(set(rows)) == 2 and not any("4711" in one for one in rows)
