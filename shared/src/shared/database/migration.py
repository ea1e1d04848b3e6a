"""Migrations: Alembic, one folder per service; and shared's own tables (outbox, inbox, dead letters) everywhere.

Alembic is loaded by who migrates: every process imports this file, and few do.
"""

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import MetaData

from shared.audit import tables as _audit  # noqa: F401  # its tables are among shared's own
from shared.bus.tables import metadata as shared_metadata
from shared.database.engine import open_engine
from shared.database.own_tables import bring_up_to_date
from shared.database.schema import Schema, WrongSchema
from shared.row_security.access import TableAccess
from shared.row_security.asking import work_as
from shared.row_security.own_tables import OWN_TABLES
from shared.row_security.policies import apply_policies
from shared.row_security.roles import give_rights

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATION = "migrate"
"""The worker as which rows are moved."""


def upgrade(url: str, package: str, folder: str = "migrations", *, role: str | None = None) -> None:
    """Bring the database to the newest version. `folder` is the place of Alembic's files inside `package`.

    Shared's tables come first; what PostgreSQL must know of row security comes last (`run`).

    Args:
        url: with the role that owns the tables.
        role: that runs the service and gets its rights; None: the owner does.

    Raises:
        UnsafeRole: where there is no such role.
    """
    from alembic import command

    engine = open_engine(url, connections=1)
    try:
        with work_as(MIGRATION), engine.begin() as connection:
            bring_up_to_date(connection)
    finally:
        engine.dispose()
    settings = configuration(url, package, folder)
    settings.attributes["role"] = role
    with work_as(MIGRATION):
        command.upgrade(settings, "head")


def downgrade(url: str, schema: Schema, revision: str) -> None:
    """Take the database back to an earlier version, with the program that knows both: before the earlier program is
    started again. What only the newer one knew is lost.

    Raises:
        WrongSchema: for a version that is none, or newer.
    """
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    from shared.audit.begin import leave

    if revision not in schema.known:
        raise WrongSchema(f"there is no version {revision}; these are: {', '.join(sorted(schema.known))}")
    settings = configuration(url, schema.package, schema.folder)
    steps = ScriptDirectory.from_config(settings).iterate_revisions("heads", revision)
    # looked at before the first step: half the way back is no version of any program
    if final := [each.revision for each in steps if not hasattr(each.module, "downgrade")]:
        raise WrongSchema(f"the database cannot be taken back to {revision}: no way leads back behind {final[0]}")
    try:
        with work_as(MIGRATION):
            command.downgrade(settings, revision)
    except CommandError as error:
        raise WrongSchema(f"the database cannot be taken back to {revision}: {error}") from error
    with work_as(MIGRATION):
        leave(url, revision)


def configuration(url: str, package: str, folder: str = "migrations") -> "Config":
    """Alembic's configuration for one service; also for `alembic revision --autogenerate` by hand."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(str(resources.files(package))) / folder))
    config.attributes["url"] = url
    return config


def run(metadata: MetaData, declared: TableAccess) -> None:
    """What a service's `migrations/env.py` calls.

    Args:
        declared: who sees which rows, of the service's own tables.
    """
    from alembic import context

    engine = open_engine(context.config.attributes["url"], connections=1)
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=connection.dialect.name == "sqlite",
                include_object=_belongs_to_service,
            )
            with context.begin_transaction():
                context.run_migrations()
                if context.get_context().get_current_revision() == context.get_head_revision():
                    _secure_rows(connection, declared.with_tables_of(OWN_TABLES))
    finally:
        engine.dispose()


def _secure_rows(connection: sa.Connection, declared: TableAccess) -> None:
    from alembic import context

    role = context.config.attributes.get("role")
    if connection.dialect.name != "sqlite":
        apply_policies(connection, declared)
        if role is not None:
            give_rights(connection, declared, role)


def _belongs_to_service(
    _object: sa.schema.SchemaItem, name: str | None, kind: str, _reflected: bool, _compare_to: object
) -> bool:
    return not (kind == "table" and name in shared_metadata.tables)
