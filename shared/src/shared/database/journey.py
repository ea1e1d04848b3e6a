"""One line in the log for each station of an application's journey, once its transaction has committed.

The lines bear ids alone: one grep for the application's, through the logs of all services, tells its journey.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session

log = structlog.get_logger("journey")
_LINES = "journey"


def note(session: Session, station: str, ids: Mapping[str, str]) -> None:
    """Have a line written if, and only if, this transaction commits."""
    session.info.setdefault(_LINES, []).append((station, ids))


def count(session: Session) -> int:
    """How many lines are noted: what a savepoint goes back to."""
    return len(session.info.get(_LINES, ()))


def forget(session: Session, after: int) -> None:
    """A savepoint was rolled back: only the first `after` lines stay."""
    del session.info.get(_LINES, [])[after:]


def tell(session: Session) -> None:
    """Write what was noted: the transaction has committed. Nothing where no log was configured: the output of a command
    is what it was asked for."""
    lines: list[tuple[str, Any]] = session.info.pop(_LINES, [])
    if not structlog.is_configured():
        return
    for station, ids in lines:
        log.info(station, **ids)
