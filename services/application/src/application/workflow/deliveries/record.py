"""What eligibility tells of a notice on its way: news for the family, and the order to send a hint."""

from collections.abc import Callable
from typing import Protocol
from uuid import uuid5

from shared.errors import Conflict, NotFound
from shared.events import EligibilityDeliveryChanged

from application.domain.application import Application
from application.domain.ids import ApplicationId
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.detail import Detail
from application.workflow.ports import Store
from application.workflow.timeline import OTHER_AUTHORITY, UNKNOWN_APPLICATION


class HintSender(Protocol):
    """Sends the hint that a notice lies ready, or says why not."""

    async def record(self, event: EligibilityDeliveryChanged) -> Callable[[Store], None]:
        """The step that does so, for what lies ready; for all else one that does nothing."""


class Deliveries:
    """Hears."""

    def __init__(self, hints: HintSender) -> None:
        self._hints = hints

    async def record(self, event: EligibilityDeliveryChanged) -> Callable[[Store], None]:
        """The step that writes it down, and has the hint sent."""
        hint = await self._hints.record(event)

        def step(store: Store) -> None:
            application = _application(event, store)
            store.note(application.id, delivery_entry(event))
            hint(store)

        return step


def delivery_entry(event: EligibilityDeliveryChanged) -> TimelineEntry:
    """The event as a piece of news."""
    detail = Detail(
        channel=event.channel,
        delivery_state=event.state,
        recipient=event.recipient,
        retrieve_until=event.retrieve_until,
        notified=event.notified,
        last_day=event.last_day,
        administrative_act=event.administrative_act,
    )
    return TimelineEntry(
        EntryKind.DELIVERY_CHANGED,
        event.occurred_at,
        str(uuid5(event.dispatch_id, f"step {event.step}")),
        decision_id=str(event.decision_id),
        step=event.step,
        detail=detail.model_dump_json(exclude_defaults=True),
    )


def _application(event: EligibilityDeliveryChanged, store: Store) -> Application:
    found = store.find_application(ApplicationId(event.application_id))
    if found is None:
        raise NotFound(UNKNOWN_APPLICATION)
    if found.authority_id != event.authority_id:
        raise Conflict(OTHER_AUTHORITY)
    return found
