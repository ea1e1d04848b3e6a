"""Imports: records in batches, each a transaction of its own, so that the service goes on while a state is imported.

What the same kind of import brought before and this one does not is taken away at the end; an import that breaks off
leaves the old rows beside the new ones, and the next one puts it right.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from itertools import islice
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from shared.database import Database

from eligibility.geography.search import Address, Entrance, School
from eligibility.geography.search.types import EntranceOrigin
from eligibility.store.places import PlaceTables
from eligibility.store.tables import ADDRESS, ENTRANCE, SCHOOL

BATCH = 5000


class Sink:
    def __init__(self, database: Database[Any]) -> None:
        self._database = database

    def replace_schools(self, schools: Iterator[School]) -> None:
        self._replace(SCHOOL, ["number"], schools)

    def replace_addresses(self, addresses: Iterator[Address]) -> None:
        self._replace(ADDRESS, ["source", "house_number"], addresses)

    def schools(self) -> list[School]:
        return self._database.read_now(lambda store: store.schools())

    def replace_entrances(self, entrances: Iterable[tuple[str, Entrance]], origin: EntranceOrigin) -> int:
        """Entrances by school number, in place of those of the same origin: what a person has set stays. How many."""
        rows = [
            {
                "id": str(uuid4()),
                "school_number": number,
                "lat": entrance.point.lat,
                "lon": entrance.point.lon,
                "origin": entrance.origin,
                "name": entrance.name,
            }
            for number, entrance in entrances
        ]
        self._database.write_now(partial(_put_entrances, rows, origin))
        return len(rows)

    def _replace(self, table: sa.Table, keys: list[str], records: Iterable[School | Address]) -> None:
        number = str(uuid4())
        rows = (_row(record, number) for record in records)
        while batch := list(islice(rows, BATCH)):
            unique = {tuple(row[key] for key in keys): row for row in batch}
            self._database.write_now(partial(_upsert, table, keys, list(unique.values())))
        self._database.write_now(lambda store: store.run(table.delete().where(table.c.imported_by != number)))


@contextmanager
def open_sink(database: Database[Any]) -> Iterator[Sink]:
    try:
        yield Sink(database)
    finally:
        database.close()


def _upsert(table: sa.Table, keys: list[str], rows: list[dict[str, Any]], store: PlaceTables) -> None:
    store.upsert(table, keys, rows)


def _put_entrances(rows: list[dict[str, Any]], origin: EntranceOrigin, store: PlaceTables) -> None:
    store.run(ENTRANCE.delete().where(ENTRANCE.c.origin == origin))
    if rows:
        store.run(ENTRANCE.insert(), rows)


def _row(record: School | Address, number: str) -> dict[str, Any]:
    row = asdict(record)
    point = record.point
    del row["point"]
    return row | {"lat": point.lat if point else None, "lon": point.lon if point else None, "imported_by": number}
