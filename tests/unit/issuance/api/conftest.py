"""The tables of the public process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.issuance.inspection_house import make_tables_at


@pytest.fixture
def house_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of its database; at PostgreSQL behind the wall where the test is a sequence of requests."""
    if getattr(request, "param", "sqlite") == "postgresql":
        with request.getfixturevalue("walled").of("issuance", make_tables_at) as url:
            yield url
        return
    url = f"sqlite:///{tmp_path / 'api.db'}"
    make_tables_at(url)
    yield url
