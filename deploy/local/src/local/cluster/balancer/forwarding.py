"""One request to one of the copies, and its answer back, both as they come: nothing of them is kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
from fastapi import Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from local.cluster.balancer.copies import Copies, Copy

OF_ONE_CONNECTION = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade".split()
)
"""RFC 9110, 7.6.1: these are not passed on."""
REPEATABLE = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
"""RFC 9110, 9.2.2: twice is as good as once."""
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
CLIENT = "x-forwarded-for"

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Forwarder:
    """The application (ASGI) before the copies of one service."""

    copies: Copies
    http: httpx.AsyncClient

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of HTTP alone."""
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        tried: list[Copy] = []
        while (copy := self.copies.choose(tried)) is not None:
            try:
                return _passed_on(await self.http.send(self._request(copy, request), stream=True))
            except NOTHING_SENT:
                pass
            except httpx.TimeoutException:
                if not _may_be_repeated(request):
                    return _problem(504, "The service did not answer in time.")
            except httpx.TransportError:
                if not _may_be_repeated(request):
                    return _problem(502, "The service ended before it had answered.")
            copy.ready = False  # until it is looked at again
            tried.append(copy)
        return _problem(503, "No copy of the service is ready.")

    def _request(self, copy: Copy, request: Request) -> httpx.Request:
        path = request.scope["raw_path"].decode("ascii")
        query = request.scope["query_string"].decode("ascii")
        url = httpx.URL(copy.url).copy_with(raw_path=f"{path}?{query}".encode() if query else path.encode())
        headers = [*_kept(request.headers.raw), (CLIENT.encode(), _clients(request).encode())]
        content = request.stream() if _has_body(request) else None
        return self.http.build_request(request.method, url, headers=headers, content=content)


def _kept(headers: Headers) -> Headers:
    """Without what concerns one connection, and without the clients, who are told anew."""
    named = {each.strip().lower() for name, value in headers if name == b"connection" for each in value.split(b",")}
    left_out = OF_ONE_CONNECTION | named | {CLIENT.encode()}
    return [(name, value) for name, value in headers if name.lower() not in left_out]


def _clients(request: Request) -> str:
    """Who asked, behind those who are said to have asked before."""
    before = request.headers.getlist(CLIENT)
    return ", ".join([*before, request.client.host if request.client else "unknown"])


def _has_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"


def _may_be_repeated(request: Request) -> bool:
    return request.method in REPEATABLE and not _has_body(request)


def _passed_on(answer: httpx.Response) -> Response:
    passed = StreamingResponse(_body(answer), status_code=answer.status_code)
    passed.raw_headers = _kept(answer.headers.raw)
    return passed


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    """As it is, compressed or not. Where the copy ends in the middle, so does the answer: its length then is wrong."""
    try:
        async for part in answer.aiter_raw():
            yield part
    finally:
        await answer.aclose()


def _problem(status: int, detail: str) -> Response:
    """RFC 9457; what is not there now may be there in a second."""
    content = {"title": detail, "status": status}
    headers = {"Retry-After": "1"} if status == httpx.codes.SERVICE_UNAVAILABLE else {}
    return JSONResponse(content, status, headers, media_type="application/problem+json")
