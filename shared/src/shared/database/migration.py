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

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(url: str, package: str, folder: str = "migrations") -> None:
    """Bring the database to the newest version. `folder` is the place of Alembic's files inside `package`.

    Shared's tables come first.
    """
    from alembic import command

    engine = open_engine(url, connections=1)
    try:
        with engine.begin() as connection:
            bring_up_to_date(connection)
    finally:
        engine.dispose()
    command.upgrade(configuration(url, package, folder), "head")


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
        command.downgrade(settings, revision)
    except CommandError as error:
        raise WrongSchema(f"the database cannot be taken back to {revision}: {error}") from error
    leave(url, revision)


def configuration(url: str, package: str, folder: str = "migrations") -> "Config":
    """Alembic's configuration for one service; also for `alembic revision --autogenerate` by hand."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(str(resources.files(package))) / folder))
    config.attributes["url"] = url
    return config


def run(metadata: MetaData) -> None:
    """What a service's `migrations/env.py` calls."""
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
    finally:
        engine.dispose()


def _belongs_to_service(
    _object: sa.schema.SchemaItem, name: str | None, kind: str, _reflected: bool, _compare_to: object
) -> bool:
    return not (kind == "table" and name in shared_metadata.tables)
