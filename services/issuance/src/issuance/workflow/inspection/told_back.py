"""What the API tells a signer that was put back to an older copy: how its tickets stand, and which lists are out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.database import Transactions
from shared.pages import count_fitting
from shared.questions import (
    ListVersionsQuestion,
    ListVersionsReply,
    TicketOut,
    TicketsQuestion,
    TicketsReply,
)

from issuance.workflow.inspection.inspect import KnownTicket

PAGE = 100
"""Tickets at most: about 45 kB; fewer where they do not fit into a reply."""


class Store(Protocol):
    def page_of_tickets(self, after: UUID | None, limit: int) -> Sequence[tuple[KnownTicket, int]]:
        """By id, each with its last step."""

    def list_versions(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """By shard: the highest version of its status lists, and of its lists of issued tickets."""


@dataclass(frozen=True)
class CatchUpAnswers:
    """Answers; changes nothing."""

    transactions: Transactions[Store]

    async def tickets(self, question: TicketsQuestion) -> TicketsReply:
        """A page of tickets after an id, each as it was heard last; `is_last` where no page follows."""
        page = await self.transactions.read(lambda store: store.page_of_tickets(question.after, PAGE))
        found = [_out(known, step) for known, step in page]
        count = count_fitting(found)
        return TicketsReply(tickets=tuple(found[:count]), is_last=len(page) < PAGE and count == len(page))

    async def list_versions(self, _: ListVersionsQuestion) -> ListVersionsReply:
        """The highest versions that are out, by shard."""
        status, issued = await self.transactions.read(lambda store: store.list_versions())
        return ListVersionsReply(status=dict(status), issued=dict(issued))


def _out(known: KnownTicket, step: int) -> TicketOut:
    names = TicketOut.model_fields.keys() - {"step"}
    return TicketOut(step=step, **{name: getattr(known, name) for name in names})
