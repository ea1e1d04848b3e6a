"""The balancer before real servers on loopback: what goes to another copy, and what must not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from local.cluster.balancer.copies import Copies, Copy
from local.cluster.balancer.forwarding import OF_ONE_CONNECTION, REPEATABLE, Forwarder
from local.ports import free_ports

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A copy that keeps what it was asked, byte for byte."""

    url: str
    asked: list[bytes] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.asked)


async def _ok(writer: asyncio.StreamWriter) -> None:
    writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nkeep-alive: 5\r\n\r\nok"
    )


async def _hang_up(_writer: asyncio.StreamWriter) -> None:
    """As a process does that is killed while it works."""


async def _say_half(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of")


@asynccontextmanager
async def _serving(answer: Answer) -> AsyncIterator[Server]:
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        server.asked.append(head + await reader.readexactly(length))
        await answer(writer)
        writer.close()

    listening = await asyncio.start_server(converse, "127.0.0.1", 0)
    server = Server(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    async with listening:
        yield server


@asynccontextmanager
async def _balanced(*answers: Answer, dead: int = 0) -> AsyncIterator[tuple[httpx.AsyncClient, list[Server]]]:
    """`dead`: so many copies more, first in turn, where nobody listens."""
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(_serving(each)) for each in answers]
        urls = [*(f"http://127.0.0.1:{port}" for port in (free_ports(dead) if dead else ())), *(x.url for x in servers)]
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=2, trust_env=False))
        forwarding = Forwarder(Copies([Copy(url, ready=True) for url in urls]), http)
        transport = httpx.ASGITransport(app=forwarding, client=("192.0.2.7", 4711))
        yield await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://here")), servers


async def test_the_copies_take_turns() -> None:
    async with _balanced(_ok, _ok) as (client, servers):
        for _ in range(6):
            assert (await client.get("/v1/cases?state=review")).text == "ok"
    assert [each.count for each in servers] == [3, 3]
    assert all(b"GET /v1/cases?state=review HTTP/1.1" in each for each in servers[0].asked)


@pytest.mark.parametrize("method", sorted(REPEATABLE))
async def test_what_may_be_repeated_goes_to_another_copy_where_one_ends(method: str) -> None:
    async with _balanced(_hang_up, _ok) as (client, servers):
        assert (await client.request(method, "/")).status_code == 200
    assert [each.count for each in servers] == [1, 1]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_what_may_have_happened_is_not_done_by_another_copy_too(method: str) -> None:
    async with _balanced(_hang_up, _ok) as (client, servers):
        assert (await client.request(method, "/", json={"child": 1})).status_code == 502
    assert [each.count for each in servers] == [1, 0]


async def test_what_has_a_body_is_not_sent_a_second_time_though_its_method_might_be() -> None:
    async with _balanced(_hang_up, _ok) as (client, servers):
        assert (await client.put("/", content=b"x" * 1000)).status_code == 502
    assert [each.count for each in servers] == [1, 0]


async def test_what_no_copy_has_received_goes_to_the_next_whole() -> None:
    async with _balanced(_ok, dead=1) as (client, servers):
        answer = await client.post("/v1/applications", content=b"the whole form", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 200
    assert (
        servers[0].asked[0].endswith(b"\r\n\r\nthe whole form") and b"idempotency-key: k" in servers[0].asked[0].lower()
    )


async def test_where_no_copy_is_ready_whoever_asks_shall_come_again() -> None:
    async with _balanced(dead=2) as (client, _):
        answer = await client.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_an_answer_that_ends_in_the_middle_does_not_look_whole() -> None:
    async with _balanced(_say_half) as (client, _):
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/notice.pdf")


async def test_headers_pass_but_for_those_of_one_connection_and_who_asked_is_added() -> None:
    headers = {"X-Forwarded-For": "198.51.100.1", "Connection": "close, x-own", "X-Own": "1", "TE": "trailers"}
    async with _balanced(_ok) as (client, servers):
        answer = await client.get("/", headers=headers | {"Authorization": "Bearer x", "Host": "schule.example"})
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"] and "keep-alive" not in answer.headers
    lines = servers[0].asked[0].lower().split(b"\r\n")
    assert b"x-forwarded-for: 198.51.100.1, 192.0.2.7" in lines
    assert b"authorization: bearer x" in lines and b"host: schule.example" in lines
    assert not any(line.startswith((b"x-own:", b"te:", b"keep-alive:", b"upgrade:")) for line in lines)
    assert b"te" in OF_ONE_CONNECTION


async def test_a_copy_that_says_that_it_is_not_ready_gets_nothing_until_it_is() -> None:
    said = [503]

    async def be_ready(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {said[0]} X\r\ncontent-length: 0\r\n\r\n".encode())

    async with _serving(be_ready) as server, httpx.AsyncClient(trust_env=False) as http:
        copies = Copies([Copy(server.url)])
        watching = asyncio.create_task(copies.watch(http))
        try:
            await _until(lambda: server.count > 0)
            assert copies.choose([]) is None
            said[0] = 200
            await _until(lambda: copies.choose([]) is not None)
        finally:
            watching.cancel()


async def _until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not what():
            await asyncio.sleep(0.02)
