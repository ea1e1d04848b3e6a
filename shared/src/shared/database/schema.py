"""Whether a database is at the version that this program was made for. On another it does not start.

A program on newer tables would write what the newer one does not expect, or leave out what it needs; on older ones it
fails at the first request. Both say which way leads on. Read without Alembic, which only who migrates loads.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import sqlalchemy as sa

from shared.audit import tables as _audit  # noqa: F401  # its tables are among shared's own
from shared.bus.tables import metadata
from shared.database.engine import open_engine

_REVISION = re.compile(r'^(revision|down_revision)(?:\s*:[^=]*)?\s*=\s*["\'](\w+)["\']', re.MULTILINE)


class WrongSchema(Exception):
    """The database is at another version; the text says which, and what is to be done."""


@dataclass(frozen=True)
class Schema:
    """The tables of one process: where its migrations lie, and the command that applies them."""

    package: str
    command: str
    """As an operator types it, for example `issuance signer`."""
    folder: str = "migrations"

    @cached_property
    def _revisions(self) -> list[tuple[str, str | None]]:
        """Of each migration: its own name, and the one before it."""
        found = []
        for file in (resources.files(self.package) / self.folder / "versions").iterdir():
            if file.name.endswith(".py"):
                said = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
                found.append((said["revision"], said.get("down_revision")))
        return found

    @property
    def known(self) -> frozenset[str]:
        """All versions that this program has a migration for."""
        return frozenset(each for each, _ in self._revisions)

    @property
    def head(self) -> str:
        """The newest version, at which the tables must be."""
        (head,) = self.known - {before for _, before in self._revisions}
        return head

    def fault(self, connection: sa.Connection) -> str | None:
        """What is wrong, with the remedy; None where the database is as this program needs it. Raises the driver's
        errors where it does not answer."""
        if not connection.dialect.has_table(connection, "alembic_version"):
            return f"the database is empty. Make its tables: `{self.command} migrate`"
        there = {row[0] for row in connection.execute(sa.text("SELECT version_num FROM alembic_version"))}
        if there == {self.head}:
            return None
        if not there:
            return f"the database's tables are not finished. Run `{self.command} migrate`"
        at = ", ".join(sorted(there))
        if there <= self.known:
            return f"the database is at version {at}, this program needs {self.head}. Run `{self.command} migrate`"
        return (
            f"the database is at version {at}, of a newer program; this one knows {self.head} as the newest. Start the "
            f"newer program, or take the database back with it: `{self.command} migrate --back-to {self.head}`"
        )

    def fault_of_own_tables(self, connection: sa.Connection) -> str | None:
        """The same of shared's tables (outbox, inbox …), which have no versions: they only grow."""
        found = sa.inspect(connection)
        for table in metadata.sorted_tables:
            there = {each["name"] for each in found.get_columns(table.name)} if found.has_table(table.name) else set()
            if missing := {column.name for column in table.columns} - there:
                return f"the table {table.name} lacks {', '.join(sorted(missing))}. Run `{self.command} migrate`"
        return None


def check(schema: Schema, url: str) -> None:
    """Raises WrongSchema; the driver's errors where the database does not answer."""
    engine = open_engine(url, connections=1, says_who_asks=False)
    try:
        with engine.connect() as connection:
            fault = schema.fault(connection) or schema.fault_of_own_tables(connection)
    finally:
        engine.dispose()
    if fault is not None:
        raise WrongSchema(fault)
