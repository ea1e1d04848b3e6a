"""Whoever looks at a ticket adds to the counts, whosever ticket it is, though at PostgreSQL its row is another's."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from issuance.store.inspection import InspectionStore
from shared.database import Database
from shared.identity import Caller
from shared.row_security.asking import asks, request_begins, request_ends
from support.databases import make_tables, rows_of_all_tables

OWN, OTHER = 7, 8


@pytest.mark.parametrize("of", [None, OWN, OTHER])
def test_an_inspector_adds_to_the_counts_of_a_ticket_of_anybody(postgresql: Callable[[], str], of: int | None) -> None:
    url = postgresql()
    make_tables(url, "issuance", "migrations/inspection")
    database: Database[InspectionStore] = Database(url, InspectionStore)
    token = request_begins()
    try:
        asks(Caller("inspector", None, frozenset({"inspector"}), organisation_id=OWN))
        database.write_now(lambda store: store.note_inspection(datetime.now(UTC), None, "unknown", of))
    finally:
        request_ends(token)
        database.close()
    assert rows_of_all_tables(url)["inspection"] == 1
