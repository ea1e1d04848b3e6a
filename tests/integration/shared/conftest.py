"""Tests here make tables of their own, without a service's migrations: by the role that owns them."""

from collections.abc import Callable

import pytest
from support.postgresql import owner_url


@pytest.fixture(name="postgresql")
def owned_postgresql(postgresql: Callable[[], str]) -> Callable[[], str]:
    """A real server; each call makes an empty database and gives its URL, of the owner."""
    return lambda: owner_url(postgresql())
