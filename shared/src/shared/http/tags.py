"""An ETag for whatever is answered as JSON: who asks again is told in a few bytes that nothing is new.

Weak, because a proxy may send it compressed. What has one of its own already keeps it.
"""

import hashlib
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000
"""What is larger goes out as it comes."""
OF_THE_BODY = ("content-length", "content-type")


class Tags:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, Headers(scope=scope).getlist("if-none-match"))
        await self._app(scope, receive, answer.send)


class _Answer:
    """One answer, held back until its end is known."""

    def __init__(self, send: Send, known: Iterable[str]) -> None:
        self._send = send
        self._known = {each.strip().removeprefix("W/") for line in known for each in line.split(",")}
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _takes_a_tag(message):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        more = message.get("more_body", False)
        if more and len(self._body) <= MOST_BYTES:
            return
        start, self._start = self._start, None
        body = bytes(self._body)
        if not more:
            body = self._tagged(start, body)
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    def _tagged(self, start: Message, body: bytes) -> bytes:
        """The body; empty where the client has it already."""
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = MutableHeaders(raw=start["headers"])
        headers["ETag"] = f"W/{tag}"
        if tag not in self._known:
            return body
        start["status"] = 304
        for name in OF_THE_BODY:
            del headers[name]
        start["headers"] = headers.raw
        return b""


def _takes_a_tag(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_json = headers.get("content-type", "").partition(";")[0].endswith("json")
    return bool(start["status"] == 200 and is_json and "etag" not in headers)
