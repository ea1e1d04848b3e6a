"""A grant ends on a day to come: whoever shows its tickets hears of that day, for what is signed says a later one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from issuance.domain.ticket import SEEN, StoredTicket
from issuance.workflow.signer.trail import StepStore, end_changed, state_changed


class LastDayStore(StepStore, Protocol):
    def end(self, ended_id: UUID, now: datetime, last_day: date | None = None) -> None:
        """An application or a decision that is over: what still comes for it is not kept.

        Args:
            last_day: of a grant that is over only after it.
        """

    def living_under(
        self, *, decision_id: UUID | None = None, application_ids: Collection[UUID] = ()
    ) -> Sequence[StoredTicket]:  # fmt: skip
        """Tickets that are good, suspended, or still to be signed; locked."""


def end_later(store: LastDayStore, decision_id: UUID, last_day: date | None, now: datetime) -> None:
    """Keep the day, and tell of it where it is another than before."""
    before = early_ends(store.living_under(decision_id=decision_id))
    store.end(decision_id, now, last_day)
    for known in store.living_under(decision_id=decision_id):
        if known.state in SEEN and known.order.early_end != before.get(known.order.ticket.ticket_id):
            step = store.next_step(known.order.ticket.ticket_id)
            store.emit(end_changed(known.order, step, now), state_changed(known, "end_changed", step, now))


def early_ends(tickets: Collection[StoredTicket]) -> Mapping[UUID, date | None]:
    """By ticket, the day on which its grant ends before its time; None where it does not."""
    return {each.order.ticket.ticket_id: each.order.early_end for each in tickets}
