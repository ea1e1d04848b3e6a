"""Names of families are written in every letter of Unicode, and a PostgreSQL database keeps what its encoding has."""

from typing import Any

NEEDED = "UTF8"


class WrongEncoding(Exception):
    """The database cannot keep each name, or tells nobody which letters its bytes are; the text says what to do."""


def require_utf8(connection: Any) -> None:
    """Looks at a connection of psycopg that was just made; nothing is asked of the server, which says it by itself.

    Raises:
        WrongEncoding: and the connection is closed.
    """
    found = connection.info.parameter_status("server_encoding")
    if found in (None, NEEDED):  # None: a pooler that keeps it to itself
        return
    connection.close()
    raise WrongEncoding(
        f"the database keeps its text as {found}, which has not every letter of a name, and nothing was changed. Make "
        f"another one (CREATE DATABASE … ENCODING '{NEEDED}' TEMPLATE template0), bring into it what is in this one "
        "(pg_dump), and name it in …_DATABASE_URL (docs/how-to/postgresql-roles.md)"
    )
