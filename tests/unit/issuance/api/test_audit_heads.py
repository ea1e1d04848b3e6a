"""All signed heads that are kept are published, and an auditor's file takes them all: the newest alone tells nothing of
acts that were cut off while others grew on."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from issuance.api import lists
from issuance.commands import app as commands
from issuance.inspection.scanner import LiveScanner
from issuance.lists.audit_heads import AuditHeads
from issuance.signer.ceremony import Pki
from issuance.store.inspection import InspectionStore
from issuance.store.inspection.heads import EACH_FOR, KEPT_FOR
from issuance.workflow import inspection
from shared.database import Database
from shared.events import ChainHead
from shared.http import problems
from support.databases import make_tables
from support.served import Served
from typer.testing import CliRunner, Result

START = datetime(2026, 11, 1, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database[InspectionStore]]:
    url = f"sqlite:///{tmp_path / 'api.db'}"
    make_tables(url, "issuance", "migrations/inspection")
    opened = Database(url, InspectionStore)
    yield opened
    opened.close()


@pytest.fixture
def app(database: Database[InspectionStore], pki: Pki) -> FastAPI:
    made = FastAPI()
    problems.install(made)
    scanner = LiveScanner(database, lambda: 0.0)
    inspecting = inspection.workflow_on(database, scanner, lambda: START, random.randbytes).inspecting
    made.include_router(lists.router(inspecting))
    database.write_now(lambda store: store.keep_trust(1, pki.trust_list, pki.certificates))
    return made


def keep(database: Database[InspectionStore], pki: Pki, at: datetime, acts: int, value: str = "ab") -> None:
    heads = AuditHeads("eligibility", at, (ChainHead(chain="19900", acts=acts, hash=value * 32),))
    statement = pki.signer.sign_audit_heads(heads)
    database.write_now(lambda store: store.keep_heads("eligibility", at, statement))


def kept(database: Database[InspectionStore]) -> list[datetime]:
    found = database.read_now(lambda store: store.heads_before("eligibility", None, 10_000))
    return [each.signed_at for each in found]


def test_each_of_two_days_is_kept_and_of_a_year_the_last_of_each_day(database: Database[InspectionStore]) -> None:
    hours = [START + HOUR * number for number in range(24 * 30)]
    for at in hours:
        database.write_now(lambda store, at=at: store.keep_heads("eligibility", at, b"x"))  # type: ignore[misc]
    newest = hours[-1]
    expected = {at for at in hours if newest - at <= EACH_FOR or at.hour == 23}
    assert kept(database) == sorted(expected, reverse=True)
    database.write_now(lambda store: store.keep_heads("eligibility", newest + KEPT_FOR, b"x"))
    assert kept(database) == [newest + KEPT_FOR, newest]
    database.write_now(lambda store: store.keep_heads("signer", START, b"x"))
    assert len(kept(database)) == 2, "each service has its own"


def test_all_that_is_kept_is_published_in_parts_and_the_newest_of_each_by_itself(
    app: FastAPI, database: Database[InspectionStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_STATEMENTS", 4)
    for number in range(10):
        at = START + HOUR * number
        database.write_now(lambda store, at=at: store.keep_heads("eligibility", at, b"x"))  # type: ignore[misc]
    http = TestClient(app)
    newest = http.get("/v1/audit-heads").json()
    assert [each["signed_at"] for each in newest["statements"]] == [(START + HOUR * 9).isoformat()]
    found, path, pages = [], "/v1/audit-heads?service=eligibility", 0
    while path:
        page = http.get(path).raise_for_status().json()
        found += [each["signed_at"] for each in page["statements"]]
        path, pages = page["next"], pages + 1
    assert found == [(START + HOUR * number).isoformat() for number in reversed(range(10))] and pages == 3
    assert http.get("/v1/audit-heads?service=nobody").json() == {"statements": [], "next": None}
    for wrong in ("service=A%0AB", "service=eligibility&before=yesterday", "service=" + "x" * 21):
        assert http.get(f"/v1/audit-heads?{wrong}").status_code == 422


@pytest.fixture
def served(app: FastAPI) -> Iterator[str]:
    running = Served()
    running.start(app)
    yield running.url
    running.stop()


def fetched(url: str, tmp_path: Path) -> tuple[Result, Path]:
    trust, file = tmp_path / "trust", tmp_path / "heads.json"
    if not trust.exists():
        assert CliRunner().invoke(commands, ["trust", "export", str(trust), "--url", url]).exit_code == 0
    words = ["audit", "heads", "--trust", str(trust), "-o", str(file), "--url", url]
    return CliRunner().invoke(commands, words), file


def heads_in(file: Path) -> list[list[object]]:
    heads: list[list[object]] = json.loads(file.read_text())["heads"]["eligibility"]
    return heads


def test_an_auditors_file_takes_all_of_them_and_keeps_what_the_service_has_forgotten(
    served: str, database: Database[InspectionStore], pki: Pki, tmp_path: Path
) -> None:
    for number in range(3):
        keep(database, pki, START + HOUR * number, 10 + number)
    result, file = fetched(served, tmp_path)
    assert result.exit_code == 0, result.output
    assert heads_in(file) == [["19900", 10 + number, "ab" * 32] for number in range(3)]
    keep(database, pki, START + KEPT_FOR + 10 * HOUR, 90)
    assert len(kept(database)) == 1
    result, file = fetched(served, tmp_path)
    assert result.exit_code == 0 and [acts for _, acts, _ in heads_in(file)] == [10, 11, 12, 90]


def test_a_chain_of_which_was_signed_in_two_ways_is_told_and_a_file_of_something_else_stays(
    served: str, database: Database[InspectionStore], pki: Pki, tmp_path: Path
) -> None:
    keep(database, pki, START, 10)
    assert fetched(served, tmp_path)[0].exit_code == 0
    keep(database, pki, START + HOUR, 10, "cd")
    result, file = fetched(served, tmp_path)
    assert result.exit_code == 1 and "act 10 of '19900' of eligibility" in result.output
    assert len(heads_in(file)) == 2, "both are compared with the chain"
    for other in ("{}", "no json", '{"heads": {"eligibility": 3}}', '{"heads": [1]}'):
        file.write_text(other)
        assert fetched(served, tmp_path)[0].exit_code == 1 and file.read_text() == other


def test_one_statement_that_the_signer_did_not_sign_spoils_all(
    served: str, database: Database[InspectionStore], pki: Pki, tmp_path: Path
) -> None:
    keep(database, pki, START, 10)
    database.write_now(lambda store: store.keep_heads("eligibility", START - HOUR, b"not signed"))
    result, file = fetched(served, tmp_path)
    assert result.exit_code == 1 and not file.exists()
