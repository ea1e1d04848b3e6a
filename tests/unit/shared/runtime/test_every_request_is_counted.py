"""Whatever routes a service has, each request counts by its address, its account and its tenant: on a real socket."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, cast

import httpx
import pytest
from fastapi import APIRouter, Depends, Request, Response
from shared.bus.tables import metadata
from shared.database import Database
from shared.http.listening import server_config
from shared.identity import Caller, Policy, open_to_all, with_token
from shared.runtime.service import Service, _ServiceProcess
from shared.runtime.settings import ServiceSettings
from shared.sign_in import Sessions, SignInFlow
from shared.sign_in.provider import IdentityProvider
from sqlmodel import Session
from support.making import make
from support.tokens import issuer
from uvicorn import Server

ROOT = Path(__file__).parents[4]


@dataclass
class Store:
    session: Session


class Settings(ServiceSettings):
    def rates_by_role(self) -> dict[str, tuple[float, int]]:
        return {"inspector": (6, 7)}


def settings(**limits: object) -> Settings:
    """Of a service whose limits are so wide that none is met but those named: `account=3`, a burst."""
    told: dict[str, object] = {"trusted_proxies": limits.pop("trusted_proxies", "0")}
    for name in ("address", "account", "authority"):
        told |= {f"{name}_requests_per_minute": 6, f"{name}_requests_burst": limits.get(name, 1000)}
    told |= {"account_changes_per_minute": 6, "account_changes_burst": limits.get("changes", 1000)}
    return make(Settings, 
        port=1, public_url="http://a.example", database_url="sqlite://", nats_url="nats://x", issuer="https://x",
        nats_seed_file=Path("none"), **told,
    )  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)


DOOR = SignInFlow(Sessions("k" * 40, "desk", https=False), cast(IdentityProvider, None), now)


POLICY: Policy = {
    "GET /open": open_to_all(),
    "POST /open": open_to_all(),
    "GET /mine": with_token("guardian", "case_worker", "inspector"),
    "POST /mine": with_token("guardian", "case_worker", "inspector"),
    "GET /page": open_to_all(),
    "GET /static/{name}": open_to_all(),
}


def routes() -> APIRouter:
    """As somebody writes new ones, without a word of limits."""
    router = APIRouter()

    @router.api_route("/open", methods=["GET", "POST"])
    async def anybody() -> str:
        return "yes"

    @router.api_route("/mine", methods=["GET", "POST"])
    async def mine(caller: Annotated[Caller, Depends(issuer().identity().caller)]) -> str:
        return caller.subject

    @router.get("/page")
    async def page(request: Request) -> str:
        first, again = DOOR.session(request), DOOR.session(request)
        return first.name if first and again else "nobody"

    @router.get("/static/{name}")
    async def file(name: str) -> str:
        return name

    return router


@asynccontextmanager
async def listening(chosen: Settings) -> AsyncIterator[httpx.AsyncClient]:
    folder = TemporaryDirectory()
    database = Database(f"sqlite:///{folder.name}/a.db", Store)
    database.write_now(lambda store: metadata.create_all(store.session.connection()))
    service = Service("wallet-pass", chosen, database, [routes()], {}, policy=POLICY, identity=issuer().identity())
    app = _ServiceProcess(service).api()
    server = Server(server_config(app, "127.0.0.1", 0, 1))
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        yield http
    server.should_exit = True
    await task
    database.close()
    folder.cleanup()


async def told(http: httpx.AsyncClient, path: str, times: int, method: str = "GET", **headers: str) -> list[int]:
    own = {name.replace("_", "-"): value for name, value in headers.items()}
    return [(await http.request(method, path, headers=own)).status_code for _ in range(times)]


ADDRESS_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP")


@pytest.mark.parametrize(
    "path", ["/open", "/mine", "/page", "/", "/openapi.json", "/metrics", "/not-there", "/page?a=b"]
)
async def test_every_path_counts_by_address_and_no_header_lifts_it(path: str) -> None:
    async with listening(settings(address=3)) as http:
        answers = [
            (await http.get(path, headers=dict.fromkeys(ADDRESS_HEADERS, f"10.0.{at}.1"))).status_code
            for at in range(9)
        ]
    assert 429 not in answers[:3] and set(answers[3:]) == {429}


@pytest.mark.parametrize(
    ("language", "accept", "says"),
    [
        ("de", "application/json", "Bitte versuchen Sie es in 10 Sekunden wieder."),
        ("en", "*/*", "Please try again in 10 seconds."),
        ("de", "text/html,*/*", "Bitte versuchen Sie es in 10 Sekunden wieder."),
    ],
)
async def test_who_is_refused_reads_why_and_when_to_come_again(language: str, accept: str, says: str) -> None:
    async with listening(settings(address=1)) as http:
        await http.get("/open")
        answer = await http.get("/open", headers={"Accept-Language": language, "Accept": accept})
    assert answer.status_code == 429 and says in answer.text
    assert answer.headers["retry-after"] == "10" and answer.headers["cache-control"] == "no-store"
    kind = answer.headers["content-type"]
    assert kind.startswith("text/html") if "html" in accept else kind == "application/problem+json"
    assert answer.headers["content-language"] == language and "127.0.0.1" not in answer.text


async def test_an_account_has_one_limit_wherever_it_comes_from_and_others_do_not_notice() -> None:
    async with listening(settings(account=3, trusted_proxies="1")) as http:
        one, another = issuer().bearer("parent-1", "guardian"), issuer().bearer("parent-2", "guardian")
        answers = [
            (await http.get("/mine", headers=one | {"X-Forwarded-For": f"10.0.{at}.1"})).status_code for at in range(6)
        ]
        assert answers == [200] * 3 + [429] * 3
        assert await told(http, "/mine", 4, **another) == [200] * 3 + [429]
        refused = await http.get("/mine", headers=one | {"Accept-Language": "en"})
    assert refused.json()["type"] == "urn:schulticket:problem:too-many-requests"
    assert refused.headers["retry-after"] == "10" and "Please try again in 10 seconds." in refused.json()["detail"]


async def test_what_changes_something_has_a_tighter_limit_than_what_only_looks() -> None:
    async with listening(settings(changes=2)) as http:
        who = issuer().bearer("parent-1", "guardian")
        assert await told(http, "/mine", 5, "POST", **who) == [200] * 2 + [429] * 3
        assert await told(http, "/mine", 5, **who) == [200] * 5


async def test_all_accounts_of_an_authority_share_one_and_what_one_has_not_left_takes_nothing_from_the_others() -> None:
    async with listening(settings(account=4, authority=6)) as http:
        first, second = (issuer().bearer(f"worker-{at}", "case_worker", authority_id="19900") for at in (1, 2))
        assert await told(http, "/mine", 9, **first) == [200] * 4 + [429] * 5
        assert await told(http, "/mine", 4, **second) == [200] * 2 + [429] * 2
        assert await told(http, "/mine", 1, **issuer().bearer("worker-3", "case_worker", authority_id="29900")) == [200]


async def test_an_inspector_asks_more_often_than_others_and_a_verdict_changes_nothing() -> None:
    async with listening(settings(account=2, changes=1)) as http:
        answers = await told(
            http, "/mine", 9, "POST", **issuer().bearer("inspector-1", "inspector", organisation_id=70)
        )
    assert answers == [200] * 7 + [429] * 2


async def test_a_page_counts_once_by_whose_session_it_is() -> None:
    response, person = Response(), Caller("worker-1", "19900", frozenset({"case_worker"}))
    DOOR.sessions.write(response, DOOR.sessions.begin(person, "Ada", "Town", now() + timedelta(minutes=5), None))
    cookie = response.headers["set-cookie"].partition(";")[0]
    async with listening(settings(account=3)) as http:
        assert await told(http, "/page", 5, cookie=cookie) == [200] * 3 + [429] * 2
        assert await told(http, "/page", 3, cookie="desk=forged") == [200] * 3
        token = issuer().bearer("worker-1", "case_worker", authority_id="19900")
        assert await told(http, "/mine", 1, **token) == [429]  # the same person


async def test_health_is_always_told_and_files_count_a_fifth() -> None:
    async with listening(settings(address=2)) as http:
        assert await told(http, "/static/a.css", 10) == [200] * 10
        assert await told(http, "/static/a.css", 1) == [429]
        assert Counter(await told(http, "/healthz", 20)) == {200: 20}
        assert 429 not in await told(http, "/readyz", 5)


async def test_who_sends_a_body_and_is_refused_gets_the_answer() -> None:
    async with listening(settings(address=1)) as http:
        await http.get("/open")
        answer = await http.post("/open", content=b"x" * 200_000)
    assert answer.status_code == 429


async def test_what_is_counted_is_told_at_the_operations_port_alone() -> None:
    async with listening(settings()) as http:
        assert await told(http, "/metrics", 1) == [404]
        assert "metrics" not in (await http.get("/openapi.json")).text


def test_there_is_one_place_where_an_application_is_made() -> None:
    """A second one would have no limits. That of the operations port has none: it is on loopback."""
    made = [
        path.relative_to(ROOT).as_posix()
        for folder in ("shared", "services")
        for path in (ROOT / folder).rglob("*.py")
        if any(word in path.read_text() for word in ("FastAPI(", "Starlette(", ".mount(", "uvicorn.run"))
    ]
    assert sorted(made) == ["shared/src/shared/runtime/operations.py", "shared/src/shared/runtime/service.py"]


@pytest.mark.parametrize("wrong", ["99", "10.0.0.0/99", "proxy.example", "-1"])
def test_trusted_proxies_that_cannot_be_read_stop_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        settings(trusted_proxies=wrong)
