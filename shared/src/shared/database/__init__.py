"""SQL, one short transaction per step. SQLite (WAL, synchronous=FULL, one writer thread), or PostgreSQL by URL."""

from shared.database.database import Database, SessionStore, Step, is_temporary
from shared.database.transactions import Transactions
from shared.database.types import BirthDateText, UtcDateTime

__all__ = ["BirthDateText", "Database", "SessionStore", "Step", "Transactions", "UtcDateTime", "is_temporary"]
