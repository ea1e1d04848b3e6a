"""Real SQLite files with the real migrations, a small directory, tokens signed by a key of the test's own."""

import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from application import api
from application.checks import SchoolKeys
from application.checks.key_tables import school_keys
from application.domain.school import Authority, School
from application.form import EXAMPLE
from application.main import open_database
from application.workflow import Store, Workflow, workflow_on
from fastapi import FastAPI
from hypothesis import settings
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from shared.database import Database
from shared.database.migration import upgrade
from shared.http import problems
from shared.identity import Identity

# the same examples each time, and no deadline: the machine may be busy
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

ISSUER = "https://id.example"
NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def keys() -> SchoolKeys:
    return school_keys()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "application.db"
    upgrade(f"sqlite:///{path}", "application")
    return path


@pytest.fixture(scope="session")
def filled_file(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, keys: SchoolKeys, school: Callable[..., School]
) -> Path:
    """With the small directory."""
    path = tmp_path_factory.mktemp("filled") / "application.db"
    shutil.copy(migrated_file, path)
    schools = [
        school(),
        school("100001", "G", name="Grundschule Süd"),
        school("100002", "BK", name="Berufskolleg"),
        school("100003", "GE", name="Gesamtschule", authority_id="10999", takes_part=False),
        school("100004", "GY", operation="9"),
        school("100005", "R", operation="3", operation_since=date(2027, 2, 1)),
    ]
    database = open_database(f"sqlite:///{path}")
    workflow_on(database, keys).directory.fill(
        schools, {each.authority.id: each.authority for each in schools}.values()
    )
    database.close()
    return path


@pytest.fixture
def database(filled_file: Path, tmp_path: Path) -> Iterator[Database[Store]]:
    path = tmp_path / "application.db"
    shutil.copy(filled_file, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def school() -> Callable[..., School]:
    """Makes a school; by default an open grammar school in Bielefeld whose authority takes part."""

    def make(number: str = "168890", form: str = "GY", **changes: Any) -> School:
        authority = Authority(changes.pop("authority_id", "10261"), "Stadt Bielefeld", changes.pop("takes_part", True))
        values: dict[str, Any] = {
            "name": "Gymnasium am Alten Markt", "city": "Bielefeld", "street": "Am Markt 1", "postal_code": "33602",
            "operation": "1", "operation_since": date(1974, 8, 1),
        }  # fmt: skip
        return School(number=number, form=form, authority=authority, **{**values, **changes})

    return make


@pytest.fixture
def workflow(database: Database[Store], keys: SchoolKeys) -> Workflow:
    return workflow_on(database, keys)


@pytest.fixture
def body() -> dict[str, Any]:
    """A body that is accepted, to be spoilt by a test."""
    return deepcopy(EXAMPLE)


@pytest.fixture(scope="session")
def signing_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "test", "alg": "ES256", "use": "sig"})


@pytest.fixture(scope="session")
def bearer(signing_key: ECKey) -> Callable[..., dict[str, str]]:
    """The header of a caller with this subject and these roles."""

    def header(subject: str = "parent-1", *roles: str) -> dict[str, str]:
        claims = {
            "iss": ISSUER, "aud": "schulticket", "sub": subject, "roles": list(roles or ("guardian",)),
            "exp": int(time.time()) + 3600,
        }  # fmt: skip
        return {"Authorization": "Bearer " + jwt.encode({"alg": "ES256", "kid": "test"}, claims, signing_key)}

    return header


@pytest.fixture
async def http(workflow: Workflow, keys: SchoolKeys, signing_key: ECKey) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    problems.install(app)
    identity = Identity(ISSUER, "schulticket", keys=KeySet([signing_key]))
    app.include_router(api.applications(workflow, identity, "https://antrag.example"))
    app.include_router(api.schools(workflow, keys))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://antrag.example") as client:
        yield client
