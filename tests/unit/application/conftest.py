"""Real SQLite files with the real migrations, a small directory, tokens signed by a key of the test's own."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from application.checks import SchoolKeys
from application.checks.key_tables import school_keys
from application.domain.acts import CodeAct, DocumentAct, OwnerAct
from application.domain.school import School
from application.form import EXAMPLE
from application.main import open_database
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from shared.database import Database
from support.application import directory
from support.application.families import FAMILIES, URL
from support.application.keys import keys_in
from support.databases import make_tables
from support.record import faults, unknown_acts
from support.tokens import TokenIssuer, issuer

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
    make_tables(f"sqlite:///{path}", "application")
    return path


@pytest.fixture(scope="session")
def filled_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the small directory."""
    path = tmp_path_factory.mktemp("filled") / "application.db"
    shutil.copy(migrated_file, path)
    database = open_database(f"sqlite:///{path}")
    directory.fill(database, *directory.SCHOOLS)
    database.close()
    return path


@pytest.fixture
def database_url(request: pytest.FixtureRequest, filled_file: Path, tmp_path: Path) -> Iterator[str]:
    """With the small directory; at PostgreSQL behind the wall where the test is a sequence of requests."""
    if getattr(request, "param", "sqlite") == "postgresql":
        with request.getfixturevalue("walled").of("application", _fill_at) as url:
            yield url
        return
    path = tmp_path / "application.db"
    shutil.copy(filled_file, path)
    yield f"sqlite:///{path}"


def _fill_at(url: str) -> None:
    directory.open_filled(url, *directory.SCHOOLS).close()


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database[SqlStore]]:
    database = open_database(database_url, keys_in(tmp_path))
    yield database
    assert not faults(database), "what was done is not on record as it was done"
    assert not unknown_acts(database, CodeAct, DocumentAct, OwnerAct), "an act that nobody can read"
    database.close()


@pytest.fixture(scope="session")
def school() -> Callable[..., School]:
    """Makes a school; by default an open grammar school in Bielefeld whose authority takes part."""
    return directory.school


@pytest.fixture
def workflow(database: Database[SqlStore], keys: SchoolKeys) -> Workflow:
    return workflow_on(database, keys, code_key=directory.CODE_KEY)


@pytest.fixture
def body() -> dict[str, object]:
    """A body that is accepted, to be spoilt by a test."""
    return deepcopy(EXAMPLE)


@pytest.fixture(name="issuer", scope="session")
def issuer_fixture() -> TokenIssuer:
    return issuer()


@pytest.fixture(scope="session")
def bearer(issuer: TokenIssuer) -> Callable[..., dict[str, str]]:
    """The header of a caller with this subject and these roles."""

    def header(subject: str = "parent-1", *roles: str) -> dict[str, str]:
        return issuer.bearer(subject, *(roles or ("guardian",)))

    return header


@pytest.fixture
async def http(workflow: Workflow) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(FAMILIES.serving(workflow)), base_url=URL) as client:
        yield client
