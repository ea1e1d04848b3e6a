"""Whose database is migrated, and by whom: the same in every service."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.database.address import DatabaseAddress
from shared.database.migration import downgrade, upgrade
from shared.database.schema import Schema
from shared.row_security.roles import running_role


class MigrationSettings(BaseSettings):
    """From the environment, with the service's prefix: `MigrationSettings(_env_prefix="SIGNER_")`."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: DatabaseAddress
    """By which the service runs."""
    migration_url: str = ""
    """The same database by the role that owns its tables, at PostgreSQL; empty: the service's own role does."""

    @property
    def owner_url(self) -> str:
        """By which tables are made and changed."""
        return self.migration_url or self.database_url

    @property
    def role(self) -> str | None:
        """That is given its rights; None: it owns the tables.

        Raises:
            UnsafeRole: where DATABASE_URL names none.
        """
        return running_role(self.database_url, self.migration_url)


def migrate_database(prefix: str, schema: Schema, back_to: str | None) -> str | None:
    """Bring the database of the environment to the newest version, or back to an earlier one.

    Args:
        prefix: of the settings, `SIGNER_`.

    Returns: by which URL rows are moved that need the program; None where the way was back.

    Raises:
        UnsafeRole: where a role is missing.
        WrongSchema: for a version that is none, or newer.
    """
    settings = MigrationSettings(_env_prefix=prefix)
    if back_to is not None:
        downgrade(settings.owner_url, schema, back_to)
        return None
    upgrade(settings.owner_url, schema.package, schema.folder, role=settings.role)
    return settings.owner_url
