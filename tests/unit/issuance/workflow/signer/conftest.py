"""The signer's work on a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from issuance.domain.acts import TicketAct, UnknownRequestMark
from issuance.domain.ticket import TICKET_STATES
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.verification.trust import Trust
from shared.database import Database
from support.issuance.signer_world import SignerWorld, open_database
from support.record import faults, unknown_acts
from support.transitions import refuse_other_changes


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("signer") / "empty.db"
    database = open_database(f"sqlite:///{path}")
    refuse_other_changes(database, "ticket", "state", TICKET_STATES)
    database.close()
    return path


@pytest.fixture
def database(empty: Path, tmp_path: Path) -> Iterator[Database[SignerStore]]:
    path = tmp_path / "signer.db"
    path.write_bytes(empty.read_bytes())
    database = Database(f"sqlite:///{path}", SignerStore)
    yield database
    assert not faults(database), "what was done is not on record as it was done"
    assert not unknown_acts(database, TicketAct, UnknownRequestMark), "an act that nobody can read"
    database.close()


@pytest.fixture
def world(database: Database[SignerStore], pki: Pki, trust: Trust) -> SignerWorld:
    return SignerWorld(database, pki, trust)
