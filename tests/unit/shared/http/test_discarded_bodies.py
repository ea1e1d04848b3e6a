"""What a client still sends of a body that is too large is read up to a bound, and much of it only where much is
expected."""

import asyncio
import re

import pytest
from shared.http.edge import DISCARD, DISCARD_LARGER, Discard, Edge, LargerBody
from starlette.types import Message, Receive, Scope, Send

PIECE = 1024 * 1024
UPLOADS = LargerBody("POST", re.compile("/documents"), 2000)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("a body that is too large comes no further than the edge")


def read_of(path: str) -> int:
    """Bytes taken from a client that never ends."""
    taken: list[int] = []
    answers: list[Message] = []

    async def receive() -> Message:
        taken.append(PIECE)
        return {"type": "http.request", "body": b"x" * PIECE, "more_body": True}

    async def send(message: Message) -> None:
        answers.append(message)

    headers = [(b"content-length", b"99999999999")]
    scope: Scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    asyncio.run(Edge(_nothing, 1000, [UPLOADS])(scope, receive, send))
    assert answers[0]["status"] == 413
    return sum(taken)


@pytest.mark.parametrize(("path", "bound"), [("/documents", DISCARD_LARGER), ("/v1/applications", DISCARD)])
def test_much_is_thrown_away_only_where_much_is_expected(path: str, bound: Discard) -> None:
    assert read_of(path) == bound.maximum_bytes


def test_elsewhere_nobody_keeps_a_connection_for_a_minute() -> None:
    assert DISCARD.seconds <= 10 < DISCARD_LARGER.seconds and DISCARD.maximum_bytes * 16 == DISCARD_LARGER.maximum_bytes
