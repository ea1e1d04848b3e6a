"""Whoever asks again is told that nothing is new, of whatever is answered as JSON."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from shared.http.tags import MOST_BYTES, Tags

PIECE = b"[" + b" " * 99_998 + b"]"


def house() -> TestClient:
    app = FastAPI()

    @app.get("/thing")
    async def thing(kind: str = "one") -> dict[str, str]:
        return {"kind": kind}

    @app.post("/thing")
    async def made() -> dict[str, str]:
        return {}

    @app.get("/page")
    async def page() -> Response:
        return Response("<h1>", media_type="text/html")

    @app.get("/own")
    async def own() -> Response:
        return Response("{}", media_type="application/json", headers={"ETag": '"own"'})

    @app.get("/much")
    async def much(pieces: int) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(pieces):
                yield PIECE

        return StreamingResponse(parts(), media_type="application/json")

    app.add_middleware(Tags)
    return TestClient(app)


def test_the_same_answer_is_not_sent_twice_and_another_one_is() -> None:
    http = house()
    first = http.get("/thing")
    tag = first.headers["etag"]
    assert first.json() == {"kind": "one"} and tag.startswith('W/"')
    for known in (tag, tag.removeprefix("W/"), f'"old", {tag}'):
        again = http.get("/thing", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in again.headers and "content-type" not in again.headers
    other = http.get("/thing", params={"kind": "two"}, headers={"If-None-Match": tag})
    assert other.status_code == 200 and other.json() == {"kind": "two"}


@pytest.mark.parametrize("path", ["/page", "/nowhere"])
def test_what_is_no_answer_in_json_has_none(path: str) -> None:
    assert "etag" not in house().get(path).headers
    assert "etag" not in house().post("/thing").headers


def test_what_has_one_of_its_own_keeps_it() -> None:
    assert house().get("/own").headers["etag"] == '"own"'


def test_what_is_long_arrives_whole() -> None:
    http = house()
    assert "etag" in http.get("/much", params={"pieces": 3}).headers
    pieces = 3 + MOST_BYTES // len(PIECE)
    long = http.get("/much", params={"pieces": pieces})
    assert long.content == PIECE * pieces and "etag" not in long.headers
