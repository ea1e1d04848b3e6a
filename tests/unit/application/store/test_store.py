"""The tables are what the code thinks they are."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from application.store import Row
from shared.bus.tables import metadata as shared_tables
from shared.database import migration


def test_the_migrations_make_exactly_the_tables_of_the_store(migrated_file: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{migrated_file}")
    own = {"include_object": lambda _object, name, kind, *_: not (kind == "table" and name in shared_tables.tables)}
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts=own), Row.metadata)
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(migrated_file: Path) -> None:
    migration.upgrade(f"sqlite:///{migrated_file}", "application")
