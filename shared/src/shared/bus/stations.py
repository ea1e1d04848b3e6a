"""Which events are stations of an application's journey, and what a log may say of them: ids and codes alone."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from shared.bus import traces
from shared.database import journey
from shared.events import (
    ApplicationSubmitted,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
    Event,
    PassReady,
    TicketIssued,
)

STATIONS: Mapping[type[Event], tuple[str, Mapping[str, str]]] = {
    ApplicationSubmitted: ("accepted", {}),
    EligibilityReviewOpened: ("decided", {"outcome": "review"}),
    EligibilityGranted: ("decided", {"outcome": "granted"}),
    EligibilityRefused: ("decided", {"outcome": "refused"}),
    TicketIssued: ("signed", {}),
    PassReady: ("made", {}),
}
IDS = ("application_id", "case_id", "decision_id", "ticket_id", "event_id")


def note(session: Session, *events: Event) -> None:
    """A line in the log for each station among these events, when the transaction has committed."""
    for event in events:
        if type(event) in STATIONS:
            station, codes = STATIONS[type(event)]
            ids = {name: str(value) for name in IDS if (value := getattr(event, name, None)) is not None}
            journey.note(session, station, {**codes, **ids, **traces.ids_of(session, event)})
