"""What needs no sign-in and costs work is counted once, by whichever way it is asked."""

from pathlib import Path

import httpx
import pytest
from application.main import build, migrate
from fastapi import FastAPI
from shared.http import problems
from support.application.keys import key_settings
from support.tokens import ISSUER

URL = "https://antrag.example"


@pytest.mark.parametrize(
    ("first", "then"), [("/v1/prechecks", "/family/precheck"), ("/v1/drafts", "/v1/drafts/1/documents")]
)
async def test_who_has_asked_too_often_by_one_way_has_so_by_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: str, then: str
) -> None:
    values = {"PORT": "4712", "PUBLIC_URL": URL, "DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}", "ISSUER": ISSUER,
              "NATS_URL": "nats://x", "NATS_MONITOR_URL": "http://x", "NATS_SEED_FILE": "x",
              "OPEN_REQUESTS_BURST": "3", "OPEN_REQUESTS_PER_MINUTE": "1"}  # fmt: skip
    for name, value in key_settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    for name, value in values.items():
        monkeypatch.setenv(f"APPLICATION_{name}", value)
    migrate()
    service, app = build(), FastAPI()
    problems.install(app)
    for each in service.routers:
        app.include_router(each)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as http:
        for _ in range(3):
            assert (await http.post(first, content=b"x")).status_code in (400, 404)
        form = {"content-type": "application/x-www-form-urlencoded"}
        assert (await http.post(then, content=b"street=x", headers=form)).status_code == 429
    service.database.close()
