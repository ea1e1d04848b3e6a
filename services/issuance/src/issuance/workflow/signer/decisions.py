"""Under which decisions there are tickets, told to an eligibility that was put back to an older copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.database import Transactions
from shared.errors import Text, Unavailable
from shared.questions import DecisionsReply, TicketDecisionsQuestion, ToldDecision

PAGE = 100
"""Decisions: about 40 kB of the 64 that a reply may have."""
BEHIND = Text("Der Signierer holt selbst gerade auf.", "The signer is catching up itself just now.")


class Store(Protocol):
    @property
    def is_behind(self) -> bool:
        """This database was put back, and has not caught up."""

    def page_of_decisions(self, after: UUID | None, limit: int) -> Sequence[ToldDecision]:
        """By the id, those that have a ticket."""


@dataclass(frozen=True)
class Decisions:
    transactions: Transactions[Store]

    async def page(self, question: TicketDecisionsQuestion) -> DecisionsReply:
        """Raises Unavailable while it does not know itself."""

        def look(store: Store) -> Sequence[ToldDecision]:
            if store.is_behind:
                raise Unavailable(BEHIND)
            return store.page_of_decisions(question.after, PAGE)

        page = await self.transactions.read(look)
        return DecisionsReply(decisions=tuple(page), next_after=page[-1].decision_id if len(page) == PAGE else None)
