"""A list that was published later, and is not of a later version, says that the signer's database went back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from issuance.store.inspection import InspectionStore
from shared.bus import epochs
from shared.database import Database
from support.databases import make_tables

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database[InspectionStore]]:
    url = f"sqlite:///{tmp_path / 'api.db'}"
    make_tables(url, "issuance", "migrations/inspection")
    database = Database(url, InspectionStore)
    database.write_now(lambda store: store.keep_status("32838-416", 7, AT, b"seven", bits=2))
    yield database
    database.close()


def publish(database: Database[InspectionStore], version: int, at: datetime) -> tuple[bool, int]:
    """Whether the signer is refused then, and which version is shown."""
    database.write_now(lambda store: store.keep_status("32838-416", version, at, b"another", bits=2))
    refused, lists = database.read_now(lambda store: (epochs.refused_senders(store.session), store.lists()))
    return "signer" in refused, lists.versions_v2["32838-416"]


@pytest.mark.parametrize("version", [1, 6, 7])
def test_a_later_list_of_no_later_version_is_not_taken_and_nothing_more_of_the_signer(
    database: Database[InspectionStore], version: int
) -> None:
    assert publish(database, version, AT + timedelta(minutes=1)) == (True, 7)


def test_an_older_list_that_comes_late_and_the_same_told_again_are_no_sign(
    database: Database[InspectionStore],
) -> None:
    assert publish(database, 6, AT - timedelta(hours=4)) == (False, 7)
    assert publish(database, 7, AT) == (False, 7)
    assert publish(database, 8, AT + timedelta(hours=4)) == (False, 8)
