"""What a stranger can make us keep in a day has an end, and nothing of a draft stands in a log or a figure."""

import re
from collections.abc import Callable

import httpx
import pytest
from application import api
from application.api.drafts.limits import DraftLimits
from application.form import EXAMPLE
from application.workflow import Workflow
from fastapi import FastAPI
from prometheus_client import generate_latest
from shared.http import problems
from shared.http.edge import Edge
from shared.http.limits import Limit
from support.application.documents import PHOTO
from support.application.families import URL
from support.making import make
from support.tokens import TokenIssuer

Header = Callable[..., dict[str, str]]


def serving(
    workflow: Workflow, issuer: TokenIssuer, limits: DraftLimits, limit: Limit | None = None
) -> httpx.AsyncClient:
    app, who = FastAPI(), issuer.identity()
    problems.install(app)
    app.include_router(api.drafts(workflow, who, URL, limits, limit))
    app.include_router(api.draft_documents(workflow, who, URL, limits, limit))
    app.add_middleware(Edge, maximum_body_bytes=262_144, larger=api.LARGER_BODIES)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL)


async def test_drafts_of_an_account_and_of_an_address_are_counted_by_the_day(
    workflow: Workflow, issuer: TokenIssuer, bearer: Header
) -> None:
    async with serving(workflow, issuer, api.DraftLimits.of(2, 4, 0)) as http:
        one, other = bearer("parent-1"), bearer("parent-2")
        statuses = [
            (await http.post("/v1/drafts", headers=each)).status_code for each in (one, one, one, other, {}, {})
        ]
        assert statuses == [201, 201, 429, 201, 201, 429]
        refused = await http.post("/v1/drafts")
        assert 3600 < int(refused.headers["retry-after"]) <= 24 * 3600
        assert "beginn" in refused.json()["detail"] or "begonnen" in refused.json()["detail"]


async def test_bytes_into_drafts_are_counted_by_the_day_also_over_several_drafts(
    workflow: Workflow, issuer: TokenIssuer
) -> None:
    async with serving(workflow, issuer, api.DraftLimits.of(0, 0, 2 * len(PHOTO))) as http:
        statuses = []
        for _ in range(3):
            made = (await http.post("/v1/drafts")).json()
            headers = {"Draft-Token": made["link"].rpartition("/")[2], "Idempotency-Key": "upload-0001"}
            sent: dict[str, object] = {
                "files": {"file": ("a.png", PHOTO)},
                "data": {"kind": "other"},
                "headers": headers,
            }
            statuses.append((await make(http.post, f"/v1/drafts/{made['id']}/documents", **sent)).status_code)
        assert statuses == [201, 201, 429]


async def test_who_asks_too_often_is_refused_before_anything_is_looked_up(
    workflow: Workflow, issuer: TokenIssuer
) -> None:
    async with serving(workflow, issuer, api.DraftLimits.of(0, 0, 0), Limit(1, 3)) as http:
        guesses = [(await http.get(f"/v1/drafts/{each}")).status_code for each in range(5)]
        assert guesses == [404, 404, 404, 429, 429]


async def test_nothing_of_a_draft_stands_in_a_log_or_a_figure(
    workflow: Workflow, issuer: TokenIssuer, bearer: Header, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also of one that is refused, guessed, or fails."""
    async with serving(workflow, issuer, api.DraftLimits.of(0, 0, 0)) as http:
        made = (await http.post("/v1/drafts", json=EXAMPLE)).json()
        path, token = f"/v1/drafts/{made['id']}", made["link"].rpartition("/")[2]
        headers = {"Draft-Token": token}
        told: tuple[object, ...] = EXAMPLE, {"grade": 6}, {"pupil": {"last_name": "Łukasiewicz", "x": token}}, []
        for parts in told:
            await http.put(path, json=parts, headers=headers)
        for wrong in (token[:-1], token + "x"):
            await http.get(path, headers={"Draft-Token": wrong})
        await http.get(path, headers=headers | {"Authorization": "Bearer x"})
        files = {"file": ("Attest Łukasiewicz.pdf", b"%PDF-")}
        key = {"Idempotency-Key": "upload-0001"}
        await http.post(f"{path}/documents", files=files, data={"kind": "other"}, headers=headers | key)
        failing = {"Idempotency-Key": "key-12345678"}
        assert (await http.post(f"{path}/submission", headers=headers | bearer() | failing)).status_code == 201
    said = "".join(capsys.readouterr())
    for secret in (token, made["id"], "ukasiewicz", "Am Alten Markt"):
        assert secret not in said
        assert secret not in generate_latest().decode()


def test_a_visitors_token_and_a_drafts_content_do_not_print_themselves() -> None:
    from datetime import UTC, datetime
    from uuid import UUID

    from application.domain.draft import Draft, Visitor, digest_of
    from application.domain.ids import DraftId, Owner

    now = datetime(2026, 6, 1, tzinfo=UTC)
    draft = Draft(DraftId(UUID(int=1)), Owner("a"), digest_of("secret"), now, now, 1, '{"grade": "05"}')
    said = repr(draft) + repr(Visitor(None, "secret"))
    assert not re.search("secret|grade", said) and digest_of("secret").hex() not in said
