"""A row of each table for each of two tenants: all its texts are the tenant's name, so that each row belongs to its own
authority, account, school, case, application …, whatever the columns are called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import application.store as application
import application.store.row_security as application_rows
import eligibility.store as eligibility
import eligibility.store.row_security as eligibility_rows
import issuance.store.inspection as inspection
import issuance.store.inspection.row_security as inspection_rows
import issuance.store.signer as signer
import issuance.store.signer.row_security as signer_rows
import sqlalchemy as sa
import wallet_pass.store as wallet_pass
import wallet_pass.store.row_security as wallet_pass_rows
from shared.bus.tables import metadata as own_metadata
from shared.copies.tables import beat, fence
from shared.database import BirthDateText
from shared.row_security.access import TableAccess
from shared.row_security.own_tables import OWN_TABLES
from support.databases import make_tables
from support.postgresql import administrator_url

TENANTS = ("a", "b", "c")
"""Of the third no row is there: it is what the first tries to write."""
NUMBERS = {name: number for number, name in enumerate(TENANTS, 1)}
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """A service's database."""

    package: str
    folder: str
    metadata: sa.MetaData
    declared: TableAccess
    more: tuple[sa.Table, ...] = ()
    """Of what it has of shared beside what all have."""

    @property
    def tables(self) -> Mapping[str, sa.Table]:
        return {**dict(self.metadata.tables), **{each.name: each for each in self.more}, **dict(own_metadata.tables)}

    @property
    def access(self) -> TableAccess:
        """Of all tables, shared's own too."""
        return self.declared.with_tables_of(OWN_TABLES)


PLACES = {
    "application": Place("application", "migrations", application.Row.metadata, application_rows.ROW_SECURITY),
    "eligibility": Place("eligibility", "migrations", eligibility.Row.metadata, eligibility_rows.ROW_SECURITY),
    "signer": Place("issuance", "migrations/signer", signer.Row.metadata, signer_rows.ROW_SECURITY, (fence, beat)),
    "inspection": Place("issuance", "migrations/inspection", inspection.Row.metadata, inspection_rows.ROW_SECURITY),
    "wallet-pass": Place("wallet_pass", "migrations", wallet_pass.Row.metadata, wallet_pass_rows.ROW_SECURITY),
}


def filled_database(place: Place, new_database: Callable[[], str]) -> str:
    """Its URL, of the running role. A row of `a` and of `b` in each table, past all constraints that name others."""
    url = new_database()
    make_tables(url, place.package, place.folder)
    engine = sa.create_engine(administrator_url(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        for name in place.access.tables:
            connection.execute(place.tables[name].delete())
            for tenant in TENANTS[:2]:
                connection.execute(place.tables[name].insert(), row_of(place.tables[name], tenant))
    engine.dispose()
    return url


def row_of(table: sa.Table, tenant: str) -> dict[str, object]:
    """What may be empty and is compared with nobody stays empty."""
    return {column.name: _value(column, tenant) for column in table.columns if _is_told(column)}


def _is_told(column: sa.Column[object]) -> bool:
    ends = column.name.endswith(("_at", "until", "_on")) or isinstance(column.type, sa.Date)
    return not column.nullable or not ends


def _value(column: sa.Column[object], tenant: str) -> object:
    kind = column.type
    number = NUMBERS[tenant]
    if isinstance(kind, BirthDateText):
        return date(2010, 1, number)
    if isinstance(kind, sa.TypeDecorator):
        kind = kind.impl_instance
    values: list[tuple[type, object]] = [
        (sa.Uuid, UUID(int=number)),
        (sa.Boolean, False),
        (sa.LargeBinary, tenant.encode()),
        (sa.Float, float(number)),
        (sa.Integer, number),
        (sa.DateTime, NOON),
        (sa.Date, date(2026, 6, number)),
        (sa.String, tenant),
    ]
    return next(value for of, value in values if isinstance(kind, of))
