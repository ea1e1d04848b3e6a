"""Whoever looks at a ticket adds to the counts, whosever ticket it is, though at PostgreSQL its row is another's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from issuance.domain.verdict import Verdict
from issuance.store.inspection import InspectionStore
from issuance.workflow.inspection.scan_log import ScanEntry
from shared.database import Database
from shared.identity import Caller
from shared.row_security.asking import asks, request_begins, request_ends
from support.databases import make_tables, rows_of_all_tables

OWN, OTHER = 7, 8
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@contextmanager
def inspected_by(operator: int) -> Iterator[None]:
    token = request_begins()
    try:
        asks(Caller("inspector", None, frozenset({"inspector"}), organisation_id=operator))
        yield
    finally:
        request_ends(token)


@pytest.fixture
def database(postgresql: Callable[[], str]) -> Iterator[Database[InspectionStore]]:
    url = postgresql()
    make_tables(url, "issuance", "migrations/inspection")
    opened: Database[InspectionStore] = Database(url, InspectionStore)
    yield opened
    opened.close()


@pytest.mark.parametrize("of", [None, OWN, OTHER])
def test_an_inspector_adds_to_the_counts_of_a_ticket_of_anybody(
    database: Database[InspectionStore], of: int | None
) -> None:
    with inspected_by(OWN):
        database.write_now(lambda store: store.note_inspection(NOW, None, "unknown", of))
    assert rows_of_all_tables(database.url)["inspection"] == 1


def test_an_entry_whose_id_another_operators_scanner_drew_before_is_known_and_stops_no_log(
    database: Database[InspectionStore],
) -> None:
    entry = ScanEntry(UUID(int=1), NOW, Verdict.VALID, "green", None, None, None)
    for operator in (OWN, OTHER, OTHER):
        with inspected_by(operator):
            database.write_now(lambda store, of=operator: store.keep_entry(entry, NOW.date(), of, ""))  # type: ignore[misc]
    with inspected_by(OTHER):
        assert database.read_now(lambda store: store.counts(OTHER, NOW.date())) == []
    assert rows_of_all_tables(database.url)["shown"] == 1
