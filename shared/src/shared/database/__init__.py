"""SQL, one short transaction per step. SQLite (WAL, synchronous=FULL, one writer thread), or PostgreSQL by URL."""

from shared.database.database import Database, Step, is_temporary
from shared.database.types import UtcDateTime

__all__ = ["Database", "Step", "UtcDateTime", "is_temporary"]
