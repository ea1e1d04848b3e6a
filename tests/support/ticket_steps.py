"""What is told of a ticket to those who make no passes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.events import TicketStateChanged

FROM = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


def ticket_step(
    about: dict[str, object], ticket: UUID, happened: str, step: int = 1, **changes: object
) -> TicketStateChanged:
    """`about`: the head of the event. What happened says how it stands, where `changes` does not."""
    states = {"suspended": "suspended", "revoked": "revoked", "expired": "expired"}
    days = {"valid_from": FROM, "valid_until": FROM + timedelta(days=300)}
    place = {"number": ticket.int % (1 << 32), "organisation_id": 32838, "product": 9995, "case_id": None}
    told = {"ticket_id": ticket, "decision_id": UUID(int=1), "step": step, "happened": happened, **place, **days}
    return TicketStateChanged.model_validate({**about, **told, "state": states.get(happened, "issued"), **changes})
