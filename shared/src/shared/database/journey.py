"""What is said once a transaction has committed: one line in the log for each station of an application's journey.

The lines bear ids alone: one grep for the application's, through the logs of all services, tells its journey.
"""

from collections.abc import Callable, Mapping
from functools import partial

import structlog
from sqlalchemy.orm import Session

log = structlog.get_logger("journey")
_CALLS = "journey"


def note(session: Session, station: str, ids: Mapping[str, str]) -> None:
    """Have a line written if, and only if, this transaction commits. Nothing where no log was configured: the output of
    a command is what it was asked for."""
    after_commit(session, partial(_write, station, ids))


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Have something told if, and only if, this transaction commits. It must not fail."""
    session.info.setdefault(_CALLS, []).append(call)


def count(session: Session) -> int:
    """How much is noted: what a savepoint goes back to."""
    return len(session.info.get(_CALLS, ()))


def forget(session: Session, after: int) -> None:
    """A savepoint was rolled back: only the first `after` of it stay."""
    del session.info.get(_CALLS, [])[after:]


def tell(session: Session) -> None:
    """Tell what was noted: the transaction has committed."""
    calls: list[Callable[[], None]] = session.info.pop(_CALLS, [])
    for call in calls:
        call()


def _write(station: str, ids: Mapping[str, str]) -> None:
    if structlog.is_configured():
        log.info(station, **ids)
