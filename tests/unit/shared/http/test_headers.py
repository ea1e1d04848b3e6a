"""What every answer bears: nobody keeps what is about somebody, and a service behind https is reached by nothing else."""

import pytest
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient
from shared.http import problems
from shared.http.edge import Edge


def house(*, https: bool) -> TestClient:
    app = FastAPI()
    problems.install(app)

    @app.get("/v1/cases")
    async def cases() -> dict[str, str]:
        return {"child": "Zoë"}

    @app.get("/v1/lists")
    async def lists(response: Response) -> dict[str, str]:
        response.headers["Cache-Control"] = "public, max-age=60"
        return {}

    @app.get("/v1/fails")
    async def fails() -> dict[str, str]:
        raise RuntimeError

    app.add_middleware(Edge, maximum_body_bytes=1024, https=https)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("header", ["Authorization", "Cookie"])
def test_an_answer_to_somebody_is_kept_by_nobody_unless_it_says_otherwise_itself(header: str) -> None:
    http = house(https=False)
    assert http.get("/v1/cases", headers={header: "x=y"}).headers["cache-control"] == "no-store"
    assert http.get("/v1/lists", headers={header: "x=y"}).headers["cache-control"] == "public, max-age=60"
    assert "cache-control" not in http.get("/v1/cases").headers


@pytest.mark.parametrize("path", ["/v1/cases", "/absent", "/v1/fails", "/a%00b"])
def test_every_answer_behind_https_says_so_also_one_that_says_what_is_wrong(path: str) -> None:
    assert house(https=True).get(path).headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in house(https=False).get(path).headers
