"""The alarm for a fact that is told a second time with other content: its sender's database went back, or another
speaks in its name. Whoever hears it acts on the first alone."""

from uuid import UUID

import structlog
from prometheus_client import Counter

from shared.events import Event

log = structlog.get_logger("conflicts")
conflicts = Counter(
    "event_conflicts_total", "Facts told again under one id with other content, left alone", ["subject"]
)


def may_alarm(*kinds: type[Event]) -> None:
    """Show each as 0 before its first: of a figure that begins with 1, Prometheus sees no increase."""
    for kind in kinds:
        conflicts.labels(kind.subject)


def alarm(event: Event, about: UUID) -> None:
    """`about`: the id under which two contents were told. Nothing personal is logged."""
    conflicts.labels(event.subject).inc()
    log.error("event_conflict", subject=event.subject, event_id=str(event.event_id), about=str(about))
