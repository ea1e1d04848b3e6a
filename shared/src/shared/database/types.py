"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from shared.birth_dates import PartlyKnownDate, parse_birth_date


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive one is refused: nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: in UTC; SQLite keeps no zone.

        Raises:
            ValueError: the time has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # the interface
        """From the database: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class BirthDateText(TypeDecorator[date | PartlyKnownDate]):
    """As ISO text, because databases know no `2015-00-00`."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: date | PartlyKnownDate | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # the interface
        """To the database: ten characters, `2015-06-01` or `2015-06-00`."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | PartlyKnownDate | None:  # noqa: ARG002  # the interface
        """From the database: a date, or one that is known in part."""
        return None if value is None else parse_birth_date(value)
