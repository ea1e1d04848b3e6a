"""Two roles at PostgreSQL: one owns the tables and migrates them, the other runs the service and owns nothing."""

import re

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url

from shared.row_security.access import TableAccess

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,62}")
VERSIONS = "alembic_version"


class UnsafeRole(Exception):
    """The running role is one for which no policy holds; the text says what is to be done."""


def running_role(database_url: str, migration_url: str) -> str | None:
    """The role that is given rights by who migrates; None where it is the same one, which owns what it needs.

    Raises:
        UnsafeRole: where the URL names none, or none that can be written into a statement.
    """
    if not migration_url or make_url(database_url).get_backend_name() == "sqlite":
        return None
    running, owner = make_url(database_url).username, make_url(migration_url).username
    if running is None or not _NAME.fullmatch(running):
        raise UnsafeRole(
            "…_DATABASE_URL names no role for running: write postgresql+psycopg://ROLE:PASSWORD@HOST/DATABASE "
            "(letters, digits, _ and -)"
        )
    return None if running == owner else running


def give_rights(connection: Connection, declared: TableAccess, role: str) -> None:
    """Exactly the rights that the table names, in this transaction; what it no longer names is taken away.

    Raises:
        UnsafeRole: where there is no such role.
    """
    if not connection.execute(_ROLE, {"role": role}).first():
        raise UnsafeRole(
            f'there is no role {role}. The database\'s administrator makes it: CREATE ROLE "{role}" LOGIN PASSWORD '
            "'…' NOSUPERUSER NOBYPASSRLS"
        )
    schema = connection.execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA {schema} TO "{role}"')
    rights = {name: access.rights for name, access in declared.tables.items()}
    if sa.inspect(connection).has_table(VERSIONS):
        rights[VERSIONS] = "SELECT"
    for name, right in rights.items():
        connection.exec_driver_sql(f'REVOKE ALL ON {name} FROM "{role}"')
        connection.exec_driver_sql(f'GRANT {right} ON {name} TO "{role}"')
        for sequence in connection.execute(_SEQUENCES, {"table": name}).scalars():
            connection.exec_driver_sql(f'GRANT USAGE ON SEQUENCE {sequence} TO "{role}"')


def fault_of_role(connection: Connection, command: str) -> str | None:
    """Why this connection's role must not run a service, with the remedy; None where policies hold for it."""
    if connection.dialect.name == "sqlite":
        return None
    role, superuser, bypasses = connection.execute(_OWN_ROLE).one()
    if not superuser and not bypasses:
        return None
    why = "is a superuser" if superuser else "has BYPASSRLS"
    return (
        f"the database's role {role} {why}, so that row-level security does not hold for it. Make a role of its own "
        f"for running (CREATE ROLE … LOGIN NOSUPERUSER NOBYPASSRLS), name it in DATABASE_URL and the owner of the "
        f"tables in MIGRATION_URL, and run `{command} migrate`: docs/how-to/postgresql-roles.md"
    )


def owns_tables(connection: Connection, declared: TableAccess) -> bool:
    """Whether this connection's role could lift the policies: it owns the tables, or may act as who does."""
    if connection.dialect.name == "sqlite":
        return False
    asked = {"tables": list(declared.tables)}
    return bool(connection.execute(_OWNS, asked).scalar_one())


_ROLE = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role")
_OWN_ROLE = sa.text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
_OWNS = sa.text(
    "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = ANY "
    "(:tables) AND pg_has_role(current_user, relowner, 'USAGE'))"
)
_SEQUENCES = sa.text(
    "SELECT s.oid::regclass::text FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.classid = "
    "'pg_class'::regclass WHERE s.relkind = 'S' AND d.refobjid = CAST(:table AS regclass)"
)
