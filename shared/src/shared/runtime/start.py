"""What is looked at before a process, or a command, does anything: whether the database is this installation's, and as
it needs it."""

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from shared.copies.only_copy import OtherCopy, only_copy
from shared.database import installation
from shared.database.encoding import WrongEncoding
from shared.database.schema import Schema, WrongSchema, check
from shared.row_security.access import TableAccess
from shared.row_security.own_tables import OWN_TABLES
from shared.row_security.roles import UnsafeRole
from shared.row_security.start import check_row_security
from shared.runtime.environment import prefix_of

WRONG_DATABASE_EXIT, DATABASE_AWAY_EXIT = 2, 1
NO_RIGHT = "42501"
"""PostgreSQL's word for a role that may not do what it asks for."""
NO_SCHEMA = "3F000"
"""And where it may not even look where tables are made."""
NOT_THE_OWNER = (
    "the role that migrates may make and change no tables here, and nothing was changed. Name their owner in "
    "…_MIGRATION_URL, and the role that runs in …_DATABASE_URL (docs/how-to/postgresql-roles.md)"
)


def look_at_database(
    process: str, url: str, schema: Schema, own: str | None, declared: TableAccess | None = None
) -> None:
    """Exits with 2, and with what is to be done, on a database of another installation or version, which was not
    changed, or whose rows are not walled off for the role that it is opened with, or where that role has no rights;
    with 1 where it does not answer.

    Args:
        own: of which installation this process is.
        declared: who sees which rows; None: a process whose rows nobody else may see anyway.
    """
    try:
        # 1. Whose it is comes first: what is to be done with another's is not to migrate it.
        installation.check(url, own)
        check(schema, url)
        if declared is not None:
            check_row_security(url, declared.with_tables_of(OWN_TABLES), schema.command)
        # 2. One that nobody has named yet is this installation's from now on.
        installation.bind(url, own)
    except (installation.OtherInstallation, WrongEncoding, WrongSchema, UnsafeRole) as error:
        sys.stderr.write(sentence(process, error))
        sys.exit(WRONG_DATABASE_EXIT)
    except (DBAPIError, sqlite3.Error) as error:
        if getattr(getattr(error, "orig", None), "sqlstate", None) == NO_RIGHT:
            sys.stderr.write(
                sentence(
                    process,
                    "the database's role lacks rights that this program needs. Name it in …_DATABASE_URL and the owner "
                    f"of the tables in …_MIGRATION_URL, and run `{schema.command} migrate`",
                )
            )
            sys.exit(WRONG_DATABASE_EXIT)
        sys.stderr.write(f"{process}: the database does not answer ({type(error).__name__})\n")
        sys.exit(DATABASE_AWAY_EXIT)


@contextlib.contextmanager
def alone_at_sqlite(process: str, url: str) -> Iterator[None]:
    """While this process serves. Exits with 2 where another one serves with the same SQLite database, with 1 where
    nothing can be written beside it."""
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(only_copy(url))
        except OtherCopy as error:
            sys.stderr.write(sentence(process, error))
            sys.exit(WRONG_DATABASE_EXIT)
        except OSError as error:
            sys.stderr.write(f"{process}: nothing can be written beside the database ({type(error).__name__})\n")
            sys.exit(DATABASE_AWAY_EXIT)
        yield


def own_database(process: str, url: str) -> str:
    """The same URL, for a command that opens it: the database is this installation's, or nobody has named it yet. What
    else is wrong with it the command says itself. Exits with 2 on another installation's, or one that cannot keep each
    name; neither was changed.

    Args:
        process: whose database it is; its …_INSTALLATION in the environment says of which installation.
    """
    own = os.environ.get(f"{prefix_of(process)}INSTALLATION") or None
    try:
        with contextlib.suppress(SQLAlchemyError, sqlite3.Error):
            installation.check(url, own)
    except (installation.OtherInstallation, WrongEncoding) as error:
        sys.stderr.write(sentence(process, error))
        sys.exit(WRONG_DATABASE_EXIT)
    return url


def sentence(process: str, error: Exception | str) -> str:
    """A line that says what is wrong, with each variable by the name that it has in this process's settings."""
    return f"{process}: {error}\n".replace("…_", prefix_of(process))
