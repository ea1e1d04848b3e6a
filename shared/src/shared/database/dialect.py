"""SQLite and PostgreSQL both know ON CONFLICT, each by an `insert` of its own."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Made = TypeVar("Made")
Insert = Callable[..., Any]
"""`sqlite.insert` or `postgresql.insert`: what it makes has `on_conflict_do_nothing`, `on_conflict_do_update` and
`excluded`, which SQLAlchemy's common type lacks."""


class ByDialect(Generic[Made]):
    """A statement for each of the two, built once: on a busy path building takes longer than running."""

    def __init__(self, make: Callable[[Insert], Made]) -> None:
        self._sqlite, self._postgresql = make(sqlite.insert), make(postgresql.insert)

    def of(self, session: Session) -> Made:
        """The one for this session's database."""
        return self._sqlite if session.get_bind().dialect.name == "sqlite" else self._postgresql


def insert_of(session: Session) -> Insert:
    """For statements that are built where they run."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
