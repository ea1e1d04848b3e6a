"""A process that listens on a real socket: who does not finish is closed, and what a client writes of itself counts not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from fastapi import Depends, FastAPI, Request
from shared.http import listening, problems
from shared.http.clients import Proxies
from shared.http.limits import Limit
from shared.http.listening import server_config
from uvicorn import Server

Send = Callable[[list[bytes], float], Awaitable[bytes]]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(listening, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(listening, "SLOWEST", 10_000)


def house(trusted_proxies: str) -> FastAPI:
    app = FastAPI()
    problems.install(app)

    @app.post("/work", dependencies=[Depends(Limit(60, 3, Proxies.parse(trusted_proxies)).check)])
    async def work(request: Request) -> dict[str, int | str]:
        return {"bytes": len(await request.body()), "scheme": request.url.scheme}

    return app


@asynccontextmanager
async def listens(app: FastAPI) -> AsyncIterator[int]:
    server = Server(server_config(app, "127.0.0.1", 0, 1))
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


async def sent(port: int, pieces: list[bytes], pause: float = 0.0) -> bytes:
    """All that comes back until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause)
        answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


def request(body: int, *headers: str) -> bytes:
    lines = ["POST /work HTTP/1.1", "host: x", "connection: close", f"content-length: {body}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


async def test_who_sends_half_a_head_or_nothing_is_closed() -> None:
    async with listens(house("0")) as port:
        answers = await asyncio.gather(*(sent(port, [part]) for part in (b"", b"POST /wo", request(5)[:-2])))
    assert all(each.startswith(b"HTTP/1.1 408") for each in answers)


async def test_the_second_head_of_a_connection_has_its_time_too() -> None:
    first = request(2).replace(b"connection: close\r\n", b"") + b"ab"
    async with listens(house("0")) as port:
        answer = await sent(port, [first, b"POST /work HT"], 0.1)
    assert answer.startswith(b"HTTP/1.1 200") and b"HTTP/1.1 408" in answer


async def test_a_body_that_stops_is_closed_and_one_that_comes_slowly_on_is_read_to_its_end() -> None:
    async with listens(house("0")) as port:
        stops, slow = await asyncio.gather(
            sent(port, [request(10_000), b"a" * 10]), sent(port, [request(10_000), *[b"a" * 2_000] * 5], 0.13)
        )
    assert stops.startswith(b"HTTP/1.1 408")
    assert slow.startswith(b"HTTP/1.1 200") and b'"bytes":10000' in slow


async def test_a_body_comes_to_an_end_however_slowly_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "LONGEST_BODY_SECONDS", 0.5)
    async with listens(house("0")) as port:
        answer = await sent(port, [request(1_000_000), *[b"a" * 5_000] * 12], 0.1)
    assert b"HTTP/1.1 200" not in answer


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_what_a_client_writes_of_itself_lifts_no_limit(header: str) -> None:
    written = ["for=10.0.0.{}" if header == "Forwarded" else "10.0.0.{}"][0]
    async with listens(house("0")) as port:
        answers = [await sent(port, [request(0, f"{header}: {written.format(at)}")]) for at in range(6)]
    assert [each[9:12] for each in answers] == [b"200"] * 3 + [b"429"] * 3


async def test_a_proxy_that_is_trusted_says_who_the_client_is_and_nobody_says_that_it_was_encrypted() -> None:
    async with listens(house("1")) as port:
        answers = [
            await sent(port, [request(0, f"X-Forwarded-For: 1.1.1.{at}, 10.0.0.{at % 2}", "X-Forwarded-Proto: https")])
            for at in range(8)
        ]
    assert [each[9:12] for each in answers] == [b"200"] * 6 + [b"429"] * 2
    assert all(b'"scheme":"http"' in each for each in answers[:6])


async def test_a_connection_that_a_proxy_keeps_for_minutes_is_still_open_and_one_that_nobody_uses_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert server_config(house("0"), "127.0.0.1", 0, 1).timeout_keep_alive > 600
    monkeypatch.setattr(listening, "KEEP_SECONDS", 3)
    kept = request(0).replace(b"connection: close\r\n", b"")
    async with listens(house("0")) as port:
        used = await sent(port, [kept, kept, kept], 0.3)
    assert used.count(b"HTTP/1.1 200") == 3, "longer than a head may take"
