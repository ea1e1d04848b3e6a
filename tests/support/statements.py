"""What SQLAlchemy makes of a statement is kept for a whole process, as in a service, not for one test's engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import sqlalchemy as sa
from shared.database import database
from shared.database.engine import is_sqlite, open_engine
from sqlalchemy.util import LRUCache
from support.making import make

KEPT = 10_000


@contextmanager
def shared_statements() -> Iterator[None]:
    """While it lasts, each database on SQLite that is opened has the dialect and the compiled statements of all others.

    An engine of its own would compile every statement of its test anew, which was a fifth of the tests' work.
    """
    with TemporaryDirectory() as folder:
        first = open_engine(f"sqlite:///{Path(folder) / 'first.db'}", connections=1)
        first.connect().close()  # the dialect has learnt what this SQLite can do
        first.dispose()
    kept = LRUCache(KEPT)  # type: ignore[var-annotated]

    def opened(url: str, **limits: object) -> sa.Engine:
        engine = make(open_engine, url, **limits)
        if is_sqlite(url):
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = kept
        return engine

    with patch.object(database, "open_engine", opened):
        yield
