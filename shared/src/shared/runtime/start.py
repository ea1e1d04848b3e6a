"""What is looked at before a process does anything: whether the database is this installation's, and as it needs it."""

import sqlite3
import sys

from sqlalchemy.exc import DBAPIError

from shared.database import installation
from shared.database.schema import Schema, WrongSchema, check

WRONG_DATABASE_EXIT, DATABASE_AWAY_EXIT = 2, 1


def look_at_database(process: str, url: str, schema: Schema, own: str | None) -> None:
    """Exits with 2 on a database of another installation or version, which was not changed; with 1 where it does not
    answer.

    Args:
        own: of which installation this process is.
    """
    try:
        # 1. Whose it is comes first: what is to be done with another's is not to migrate it.
        installation.check(url, own)
        check(schema, url)
        # 2. One that nobody has named yet is this installation's from now on.
        installation.bind(url, own)
    except (installation.OtherInstallation, WrongSchema) as error:
        sys.stderr.write(f"{process}: {error}\n")
        sys.exit(WRONG_DATABASE_EXIT)
    except (DBAPIError, sqlite3.Error) as error:
        sys.stderr.write(f"{process}: the database does not answer ({type(error).__name__})\n")
        sys.exit(DATABASE_AWAY_EXIT)
