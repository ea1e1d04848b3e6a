"""What the signer tells eligibility of a ticket."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from shared.events import ApplicationSubmitted, EligibilityGranted, TicketRequestAnswered, TicketStateChanged
from support.eligibility.world import World

NUMBER = 436208003


class Signer:
    """Of one application's first ticket."""

    def __init__(self, world: World, event: ApplicationSubmitted, number: int = NUMBER) -> None:
        self.world, self.event, self.number = world, event, number
        self.ticket_id, self.step = uuid4(), 0

    async def tells(self, state: str, happened: str = "", reason: str = "", **more: object) -> TicketStateChanged:
        self.step += 1
        granted = self.world.told_of(self.event, EligibilityGranted)
        told: dict[str, object] = {
            "occurred_at": self.world.clock[0],
            "authority_id": self.event.authority_id,
            "application_id": self.event.application_id,
            "ticket_id": self.ticket_id,
            "case_id": self.world.case_of(self.event.application_id).id,
            "decision_id": granted[0].decision_id if granted else uuid4(),
            "number": self.number,
            "organisation_id": 32838,
            "product": 9995,
            "valid_from": datetime(2026, 8, 1, tzinfo=UTC),
            "valid_until": datetime(2027, 7, 31, tzinfo=UTC) + timedelta(hours=22),
            "step": self.step,
            "state": state,
            "happened": happened or state,
            "reason": reason,
        }
        event = TicketStateChanged(**told | more)
        await self.world.hear(event)
        return event

    async def answers(self, kind: str, outcome: str = "done", request_id: UUID | None = None, **more: object) -> None:
        told: dict[str, object] = {
            "occurred_at": self.world.clock[0],
            "authority_id": self.event.authority_id,
            "request_id": request_id or uuid4(),
            "kind": kind,
            "number": self.number,
            "organisation_id": 32838,
            "outcome": outcome,
            "application_id": self.event.application_id,
        }
        await self.world.hear(TicketRequestAnswered(**told | more))
