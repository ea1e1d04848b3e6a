"""Each service tells to whom a weakness is told, where its operator has named somebody, and invents nobody."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from shared.database import Database
from shared.runtime.service import Service, api_of
from shared.runtime.settings import ServiceSettings
from sqlmodel import Session

PATH = "/.well-known/security.txt"


@dataclass
class PlainStore:
    """Without tables."""

    session: Session


def served(tmp_path: Path, contact: str) -> TestClient:
    settings = ServiceSettings(
        port=1, public_url="https://a.example/tickets", database_url="sqlite://", nats_url="nats://x",
        issuer="https://x", nats_seed_file=Path("none"), security_contact=contact,
    )  # fmt: skip
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", PlainStore)
    service = Service(name="application", settings=settings, database=database, routers=[], handlers={})
    return TestClient(api_of(service))


def test_without_an_address_there_is_no_file_and_no_link_to_one(tmp_path: Path) -> None:
    http = served(tmp_path, "")
    assert http.get(PATH).status_code == 404
    assert PATH not in http.get("/").text


def test_the_address_stands_in_the_file_as_the_standard_wants_it_and_at_the_root(tmp_path: Path) -> None:
    http = served(tmp_path, "mailto:sicherheit@stadt.example https://stadt.example/melden")
    answer = http.get(PATH)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert lines.pop() == "" and all(":" in line for line in lines)
    fields = [line.split(": ", 1) for line in lines]
    assert [value for name, value in fields if name == "Contact"] == [
        "mailto:sicherheit@stadt.example", "https://stadt.example/melden",
    ]  # fmt: skip
    once = dict(fields)
    expires = datetime.fromisoformat(once["Expires"])
    assert timedelta(days=1) < expires - datetime.now(UTC) < timedelta(days=365)
    assert once["Canonical"] == f"https://a.example/tickets{PATH}" and once["Preferred-Languages"] == "de, en"
    assert PATH in http.get("/").text
    page = http.get("/", headers={"Accept": "text/html", "Accept-Language": "de"}).text
    assert "Eine Schwachstelle melden" in page


@pytest.mark.parametrize(
    "wrong",
    [
        "sicherheit@stadt.example",
        "http://stadt.example",
        "mailto:",
        "https://",
        "javascript:alert(1)",
        "mailto:ä@b.example",
    ],
)
def test_what_is_no_address_does_not_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="security_contact"):
        served(tmp_path, wrong)
