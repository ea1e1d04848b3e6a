"""A family's application, to which documents are sent, and the people of its authority."""

import json
from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest
from application.checks import SchoolKeys
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from shared.database import Database
from support.application import directory
from support.application.documents import PHOTO
from support.tokens import TokenIssuer

Header = Callable[..., dict[str, str]]
Send = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Database[SqlStore]]:
    """The small directory; on PostgreSQL, behind the wall, where the test says so (`on_both`)."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield request.getfixturevalue("database")
        return
    with request.getfixturevalue("walled").empty() as url:
        database = directory.open_filled(url, directory.school())
        yield database
        database.close()


@pytest.fixture
def workflow(store: Database[SqlStore], keys: SchoolKeys) -> Workflow:
    return workflow_on(store, keys)


@pytest.fixture
def staff(issuer: TokenIssuer) -> Header:
    def header(authority: str = "10261", role: str = "case_worker") -> dict[str, str]:
        return issuer.bearer("worker", role, authority_id=authority)

    return header


@pytest.fixture
async def application(http: httpx.AsyncClient, bearer: Header, body: dict[str, object]) -> str:
    headers = bearer() | {"Idempotency-Key": "key-12345678"}
    answer = await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["links"]["self"])


@pytest.fixture
def send(http: httpx.AsyncClient, bearer: Header, application: str) -> Send:
    async def post(content: bytes = PHOTO, *, key: str = "upload-0001", kind: str = "medical_certificate",
                   name: str = "Attest Ana.png", who: str = "parent-1", **fields: str) -> httpx.Response:  # fmt: skip
        return await http.post(
            f"{application}/documents",
            files={"file": (name, content, "application/x-msdownload")},
            data={"kind": kind, **fields},
            headers=bearer(who) | {"Idempotency-Key": key},
        )

    return post
