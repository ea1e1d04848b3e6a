"""What a service looks at before it serves: whether its database is as the program needs it."""

import sqlite3
import sys

from sqlalchemy.exc import DBAPIError

from shared.database.schema import Schema, WrongSchema
from shared.database.schema import check as check_schema
from shared.row_security.access import TableAccess
from shared.row_security.own_tables import OWN_TABLES
from shared.row_security.roles import UnsafeRole
from shared.row_security.start import check_row_security

WRONG_SCHEMA_EXIT = 2


def refuse_wrong_database(name: str, url: str, schema: Schema, declared: TableAccess | None) -> None:
    """Exits with 2, and with what is to be done, on a database of another version, or whose rows are not walled off for
    the role that it is opened with; with 1 where it does not answer."""
    try:
        check_schema(schema, url)
        if declared is not None:
            check_row_security(url, declared.with_tables_of(OWN_TABLES), schema.command)
    except (WrongSchema, UnsafeRole) as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(WRONG_SCHEMA_EXIT)
    except (DBAPIError, sqlite3.Error) as error:
        sys.stderr.write(f"{name}: the database does not answer ({type(error).__name__})\n")
        sys.exit(1)
