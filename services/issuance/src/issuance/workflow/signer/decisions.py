"""Which decisions were heard, and under which there are tickets: told to an eligibility that was put back to an older
copy. What it does not know of it would say once more under the same id, and with other content nobody would act on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.database import Transactions
from shared.errors import Text, Unavailable
from shared.pages import count_fitting
from shared.questions import DecisionsReply, TicketDecisionsQuestion, ToldDecision

PAGE = 100
"""Decisions at most: about 45 kB; fewer where they do not fit into a reply."""
BEHIND = Text("Der Signierer holt selbst gerade auf.", "The signer is catching up itself just now.")


class Store(Protocol):
    @property
    def is_behind(self) -> bool:
        """This database was put back, and has not caught up."""

    def page_of_decisions(self, after: UUID | None, limit: int) -> Sequence[ToldDecision]:
        """By the id, those that were heard or have a ticket."""


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
        count = count_fitting(page)
        is_last = len(page) < PAGE and count == len(page)
        return DecisionsReply(
            decisions=tuple(page[:count]), next_after=None if is_last else page[count - 1].decision_id
        )
