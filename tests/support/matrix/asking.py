"""One request to an application, without a client between: a matrix has thousands."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.types import Message

UNLIKE = {"content-length", "etag", "set-cookie"}
"""Headers that differ from one answer to the next, whatever it says."""
OF_SOMEBODY = ("cache-control", "no-store")
"""Whoever says who it is gets an answer that nobody keeps."""


@dataclass(frozen=True)
class Body:
    content: bytes = b""
    kind: str = ""

    @classmethod
    def of_json(cls, value: object) -> "Body":
        return cls(json.dumps(value).encode(), "application/json")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    statements: int = 0
    """How many the databases were asked for it: who has a watch learns no more than who reads."""

    def without(self, *ids: str) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """What can be compared with another answer: without the ids of the address, which a page may repeat."""
        body = self.body
        for each in ids:
            body = body.replace(each.encode(), b"ID")
        said = (each for each in self.headers.items() if each[0] not in UNLIKE and each != OF_SOMEBODY)
        return self.status, tuple(sorted(said)), body


async def ask(app: FastAPI, method: str, address: str, headers: Mapping[str, str], body: Body) -> Answer:
    path, _, query = address.partition("?")
    sent = {"host": "service.test", **headers, "content-length": str(len(body.content))}
    if body.kind:
        sent["content-type"] = body.kind
    scope: dict[str, object] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1), "server": ("service.test", 80),
    }  # fmt: skip
    told: list[Message] = []
    waiting = [{"type": "http.request", "body": body.content, "more_body": False}]

    over = asyncio.Event()

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await over.wait()  # who goes before the end would leave work behind that nobody waits for
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        told.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    await app(scope, receive, send)
    start = told[0]
    headers_back = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers_back, b"".join(each.get("body", b"") for each in told[1:]))
