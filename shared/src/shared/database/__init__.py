"""SQL, one short transaction per step. SQLite (WAL, synchronous=FULL, one writer thread), or PostgreSQL by URL."""

from shared.database.database import Database, SessionStore, Step, is_temporary
from shared.database.transactions import Transactions
from shared.database.types import UtcDateTime

__all__ = ["Database", "SessionStore", "Step", "Transactions", "UtcDateTime", "is_temporary"]
