"""Imports: records in batches, each a transaction of its own, so that the service goes on while a state is imported.

What the same kind of import brought before and this one does not is taken away at the end; an import that breaks off
leaves the old rows beside the new ones, and the next one puts it right. Each import that ends is recorded with what it
added, changed and took away.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from geography.model import Address, Entrance, ReadReport, School
from geography.model.types import EntranceOrigin
from shared.database import Database, Transactions

from eligibility.store.base import to_text
from eligibility.store.places.places import PlaceTables
from eligibility.store.places.tables import ENTRANCE_SET, IMPORT, STREET
from eligibility.store.tables import ADDRESS, ENTRANCE, SCHOOL

BATCH = 5000
ADDRESS_SOURCES = ("osm", "gebref")
"""Beginnings of `source`: an import replaces only what the same source gave before."""


LEAST_ROWS = 100
"""Below so many rows an import may take away what it likes."""


class ImportLosesTooMuch(Exception):
    """The file holds so little of what was there that it can hardly be the right one. Nothing was taken away."""

    def __init__(self, gone: int, before: int) -> None:
        super().__init__(f"{gone} of {before} rows are not in this file")
        self.gone, self.before = gone, before


@dataclass
class Difference:
    """An import against the one before."""

    added: int = 0
    changed: int = 0
    gone: int = 0


class PlaceImporter:
    def __init__(self, database: Transactions[PlaceTables]) -> None:
        self._database = database

    def replace_schools(self, schools: Iterator[School], *, even_most: bool = False) -> Difference:
        """Where a register does not tell the kind of a school or its tracks, what another one told stays.

        even_most: also where more than half of the schools would go; else that raises ImportLosesTooMuch.
        """
        return self._replace(SCHOOL, ["number"], schools, sa.true(), keep=("kind", "tracks"), even_most=even_most)

    def replace_addresses(
        self, addresses: Iterator[Address], source: str = "osm", *, even_most: bool = False
    ) -> Difference:
        """`source`: one of ADDRESS_SOURCES. even_most: as above."""
        mine = ADDRESS.c.source.between(f"{source}:", f"{source};")
        difference = self._replace(ADDRESS, ["source", "house_number"], addresses, mine, even_most=even_most)
        self._database.write_now(_index_streets)
        return difference

    def record(self, kind: str, file: str, report: ReadReport, difference: Difference) -> None:
        """Kept for who asks which data a decision was made on."""
        row = {
            "id": str(uuid4()),
            "kind": kind,
            "file": file,
            "finished_at": datetime.now(UTC),
            "taken": report.taken,
            "refused": report.refused,
            **asdict(difference),
            "reasons": to_text(dict(report.reasons)),
        }
        self._database.write_now(lambda store: store.run(IMPORT.insert(), row))

    def schools(self) -> list[School]:
        """The register as it stands, by number."""
        return self._database.read_now(lambda store: store.schools())

    def replace_entrances(self, entrances: Iterable[tuple[str, Entrance]], origin: EntranceOrigin) -> Difference:
        """Entrances by school number, in place of those of the same origin: what a person has set stays."""
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
        return self._database.write_now(partial(_put_entrances, rows, origin))

    def _replace(
        self,
        table: sa.Table,
        keys: list[str],
        records: Iterable[School | Address],
        mine: sa.ColumnElement[bool],
        keep: tuple[str, ...] = (),
        *,
        even_most: bool,
    ) -> Difference:
        number, difference = str(uuid4()), Difference()
        rows = (_row(record, number) for record in records)
        while batch := list(islice(rows, BATCH)):
            unique = {tuple(row[key] for key in keys): row for row in batch}
            self._database.write_now(partial(_put, table, keys, unique, keep, difference))
        not_here = mine & (table.c.imported_by != number)
        gone, total = (self._count(table, which) for which in (not_here, mine))
        before = total - difference.added
        if before >= LEAST_ROWS and gone * 2 > before and not even_most:
            raise ImportLosesTooMuch(gone, before)
        old = table.delete().where(not_here)
        difference.gone = self._database.write_now(lambda store: store.run(old))
        return difference

    def _count(self, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
        counted = sa.select(sa.func.count()).select_from(table).where(which)
        return self._database.read_now(lambda store: int(store.session.connection().execute(counted).scalar_one()))


@contextmanager
def open_importer(database: Database[Any]) -> Iterator[PlaceImporter]:
    """For a `with` block; the database is closed after it."""
    try:
        yield PlaceImporter(database)
    finally:
        database.close()


def _put(  # noqa: PLR0917 (bound by partial, as the transaction gives only the store)
    table: sa.Table,
    keys: list[str],
    rows: Mapping[tuple[Any, ...], dict[str, Any]],
    keep: tuple[str, ...],
    difference: Difference,
    store: PlaceTables,
) -> None:
    """Count what is new and what differs, then put the rows in place of those with the same keys."""
    first = table.c[keys[0]].in_(sorted({key[0] for key in rows}))
    before = {tuple(row[key] for key in keys): row for row in store.rows(sa.select(table).where(first))}
    added = changed = 0
    for key, row in rows.items():
        old = before.get(key)
        if old is None:
            added += 1
            continue
        row.update({name: old[name] for name in keep if not row[name] and old[name]})
        changed += any(row[name] != old[name] for name in row if name != "imported_by")
    store.upsert(table, keys, list(rows.values()))
    difference.added += added
    difference.changed += changed


def _index_streets(store: PlaceTables) -> None:
    """Every street once for each town; where only a postal code is known, the town that other houses give it."""
    pairs = sa.select(ADDRESS.c.street, ADDRESS.c.city, ADDRESS.c.postal_code).distinct()
    rows = store.session.connection().execute(pairs).all()
    towns: dict[str, set[str]] = {}
    for _, city, code in rows:
        if city and code:
            towns.setdefault(code, set()).add(city)
    streets: dict[tuple[str, str], set[str]] = {}
    for street, city, code in rows:
        for town in [city] if city else sorted(towns.get(code, {""})):
            streets.setdefault((street, town), set()).update([code] if code else [])
    store.run(STREET.delete())
    found = [
        {"street": street, "city": city, "postal_codes": " ".join(sorted(codes))}
        for (street, city), codes in streets.items()
    ]
    for begin in range(0, len(found), BATCH):
        store.run(STREET.insert(), found[begin : begin + BATCH])


def _put_entrances(rows: list[dict[str, Any]], origin: EntranceOrigin, store: PlaceTables) -> Difference:
    """Not for schools whose entrances the authority has drawn: OpenStreetMap is only a seed. An entrance has no name by
    which it could be told to have moved: it comes or goes."""
    drawn = {row["school_number"] for row in store.rows(sa.select(ENTRANCE_SET.c.school_number))}
    mine = ENTRANCE.c.origin == origin
    before = {_spot(row): row["id"] for row in store.rows(sa.select(ENTRANCE).where(mine))}
    wanted = {_spot(row): row for row in rows if row["school_number"] not in drawn}
    gone = sorted(before[spot] for spot in before.keys() - wanted.keys())
    for begin in range(0, len(gone), BATCH):
        store.run(ENTRANCE.delete().where(ENTRANCE.c.id.in_(gone[begin : begin + BATCH])))
    added = [row for spot, row in wanted.items() if spot not in before]
    if added:
        store.run(ENTRANCE.insert(), added)
    schools = {row["school_number"] for row in added} | {spot[0] for spot in before.keys() - wanted.keys()}
    if schools:
        store.note_entrances(sorted(schools), datetime.now(UTC))
    return Difference(added=len(added), gone=len(gone))


def _spot(row: Mapping[str, Any] | sa.RowMapping) -> tuple[Any, ...]:
    return row["school_number"], row["lat"], row["lon"], row["name"]


_NAMES = {kind: [each.name for each in fields(kind) if each.name != "point"] for kind in (School, Address)}


def _row(record: School | Address, number: str) -> dict[str, Any]:
    row = {name: getattr(record, name) for name in _NAMES[type(record)]}
    point = record.point
    return row | {"lat": point.lat if point else None, "lon": point.lon if point else None, "imported_by": number}
