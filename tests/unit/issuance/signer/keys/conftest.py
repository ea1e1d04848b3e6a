"""Tokens of SoftHSM, one folder for all tests of a process: its library reads its settings once."""

from collections.abc import Iterator

import pytest
from support.issuance.soft_token import TokenCeremony, Tokens, hold_ceremony, open_tokens


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokens]:
    with open_tokens(tmp_path_factory.mktemp("softhsm")) as opened:
        yield opened


@pytest.fixture(scope="session")
def held(tokens: Tokens, tmp_path_factory: pytest.TempPathFactory) -> TokenCeremony:
    """A ceremony, held once; no test changes it."""
    return hold_ceremony(tokens, tmp_path_factory.mktemp("held"))
