"""What a service looks at before it starts: whether its rows are walled off at PostgreSQL, for the role that it has."""

import structlog

from shared.database.engine import is_sqlite, open_engine
from shared.row_security.access import TableAccess
from shared.row_security.policies import fault_of_policies
from shared.row_security.roles import UnsafeRole, fault_of_role, owns_tables

log = structlog.get_logger("row_security")


def check_row_security(url: str, declared: TableAccess, command: str) -> None:
    """Raises UnsafeRole; the driver's errors where the database does not answer. SQLite passes.

    A role that owns the tables is only told of in the log: a town may have but one, and the policies hold for it as
    well (FORCE).

    Args:
        command: as an operator types it, for example `issuance signer`.
    """
    if is_sqlite(url):
        return
    engine = open_engine(url, connections=1, says_who_asks=False)
    try:
        with engine.connect() as connection:
            fault = fault_of_role(connection, command) or fault_of_policies(connection, declared, command)
            owns = owns_tables(connection, declared)
    finally:
        engine.dispose()
    if fault is not None:
        raise UnsafeRole(fault)
    if owns:
        log.warning("owner_runs", remedy="two roles: docs/how-to/postgresql-roles.md")
