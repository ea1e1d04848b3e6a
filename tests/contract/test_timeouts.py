"""Nothing of ours waits for somebody else without an end: every client is made, or asked, with a time."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for top in ("shared/src", "services", "deploy/local/src") for path in (ROOT / top).rglob("*.py"))
HTTP = ("AsyncClient", "Client", "get", "post", "put", "patch", "delete", "head", "request", "stream")
WITH_TIME = {
    **{f"httpx.{each}": "timeout" for each in HTTP},
    "smtplib.SMTP": "timeout",
    "smtplib.SMTP_SSL": "timeout",
    "urllib.request.urlopen": "timeout",
    "socket.create_connection": "timeout",
    "nats.connect": "connect_timeout",
}
"""What reaches another machine, and the argument by which it is given up."""
ASKED = {"next_msg": "timeout", "jetstream": "timeout"}
"""Methods of a connection to the bus, of which nats-py's own default is another or none."""
NEVER = ("asyncio.open_connection", "psycopg.connect", "requests.get", "requests.post", "aiohttp.ClientSession")
"""They take no time as an argument, or go past the one place that sets all of them (`open_engine`)."""
OWN_SERVER = "deploy/local/src/local/cluster/postgresql.py"
"""Makes roles and databases at the server that it has started itself; a connection has its `connect_timeout`."""


def missing_times(text: str) -> Iterator[str]:
    """`LINE: CALL` of each call without its time."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        last = name.rpartition(".")[2]
        given = {each.arg for each in node.keywords}
        nobody = any(each.arg == "timeout" and ast.unparse(each.value) == "None" for each in node.keywords)
        argument = WITH_TIME.get(name) or (ASKED.get(last) if isinstance(node.func, ast.Attribute) else None)
        if name in NEVER or (argument is not None and (argument not in given or nobody)):
            yield f"{node.lineno}: {name}"


def test_no_client_is_without_a_time() -> None:
    found = [f"{path.relative_to(ROOT)}:{call}" for path in SOURCES for call in missing_times(path.read_text())]
    assert [each for each in found if not (each.startswith(OWN_SERVER) and each.endswith("psycopg.connect"))] == []


def test_requests_over_the_bus_have_a_time() -> None:
    for path in SOURCES:
        if "/shared/bus/" not in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("client.request"):
                assert "timeout" in {each.arg for each in node.keywords}, f"{path}:{node.lineno}"


def test_a_database_is_opened_in_one_place_alone() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "create_engine"
    }
    assert found == {"shared/src/shared/database/engine.py"}


@pytest.mark.parametrize(
    "text",
    [
        "httpx.AsyncClient()", "httpx.get(url)", "httpx.Client(timeout=None)", "smtplib.SMTP(host, 25)",
        "nats.connect(url)", "socket.create_connection(place)", "asyncio.open_connection(host, 1)",
        "client.jetstream()", "subscription.next_msg()",
    ],
)  # fmt: skip
def test_a_call_without_a_time_is_found(text: str) -> None:
    assert len(list(missing_times(text))) == 1


@pytest.mark.parametrize(
    "text", ["httpx.get(url, timeout=3)", "nats.connect(url, connect_timeout=5)", "answers.get(1)"]
)
def test_a_call_with_its_time_is_not(text: str) -> None:
    assert list(missing_times(text)) == []
