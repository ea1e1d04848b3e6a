"""Families without an account and with one, on both databases where a test says so."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from application.checks import SchoolKeys
from application.form import EXAMPLE
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from shared.database import Database
from support.application import directory
from support.application.documents import PHOTO

Header = Callable[..., dict[str, str]]


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Database[SqlStore]]:
    """The small directory; on PostgreSQL, behind the wall, where the test says so (`on_both`)."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield request.getfixturevalue("database")
        return
    with request.getfixturevalue("walled").empty() as url:
        database = directory.open_filled(url, *directory.SCHOOLS)
        yield database
        database.close()


@pytest.fixture
def workflow(store: Database[SqlStore], keys: SchoolKeys) -> Workflow:
    return workflow_on(store, keys)


@dataclass
class Opened:
    """A draft, and how it is asked for."""

    http: httpx.AsyncClient
    id: str
    link: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/v1/drafts/{self.id}"

    @property
    def token(self) -> str:
        return self.link.rpartition("/")[2]

    async def get(self, **headers: str) -> httpx.Response:
        return await self.http.get(self.path, headers=self.headers | headers)

    async def put(self, parts: object, **headers: str) -> httpx.Response:
        return await self.http.put(self.path, json=parts, headers=self.headers | _dashed(headers))

    async def upload(
        self, content: bytes = PHOTO, key: str = "upload-0001", kind: str = "other", name: str = "Attest Ana.png",
        **fields: str,
    ) -> httpx.Response:  # fmt: skip
        return await self.http.post(
            f"{self.path}/documents",
            files={"file": (name, content, "application/x-msdownload")},
            data={"kind": kind, **fields},
            headers=self.headers | {"Idempotency-Key": key},
        )

    async def submit(self, bearer: dict[str, str], key: str = "key-12345678") -> httpx.Response:
        return await self.http.post(f"{self.path}/submission", headers=self.headers | bearer | {"Idempotency-Key": key})

    async def every_way(self, **headers: str) -> list[httpx.Response]:
        """Each operation by whoever has no account."""
        asked, other = self.headers | _dashed(headers), f"{self.path}/documents/{self.id}"
        return [
            await self.http.get(self.path, headers=asked),
            await self.http.put(self.path, json={"grade": "07"}, headers=asked),
            await self.http.post(f"{self.path}/link", headers=asked),
            await self.http.post(f"{self.path}/documents", headers=asked | {"Idempotency-Key": "key-12345678"}),
            await self.http.get(other, headers=asked),
            await self.http.delete(other, headers=asked),
            await self.http.delete(self.path, headers=asked),
        ]


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


Begin = Callable[..., Awaitable[Opened]]


@pytest.fixture
def begin(http: httpx.AsyncClient) -> Begin:
    """Begins a draft and gives it with its link's token; with an account, without."""

    async def begun(parts: object = EXAMPLE, account: dict[str, str] | None = None) -> Opened:
        answer = await http.post("/v1/drafts", json=parts, headers=account or {})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        opened = Opened(http, made["id"], made["link"])
        opened.headers = account or {"Draft-Token": opened.token}
        return opened

    return begun
