"""What this service tells an eligibility that was put back to an older copy: which decisions families were told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.database import Transactions
from shared.questions import DecisionsReply, ToldDecision, ToldDecisionsQuestion

from application.domain.ids import ApplicationId

PAGE = 25
"""Applications, with all their decisions: rarely more than four of 300 bytes each, of the 64 kB of a reply."""


class Store(Protocol):
    def page_of_decisions(
        self, after: ApplicationId | None, limit: int
    ) -> tuple[Sequence[ToldDecision], ApplicationId | None]:
        """Of the next applications that have any, by their ids, and the last of these; None where there are no more."""


@dataclass(frozen=True)
class ToldBack:
    """Answers; changes nothing."""

    transactions: Transactions[Store]

    async def decisions(self, question: ToldDecisionsQuestion) -> DecisionsReply:
        after = None if question.after is None else ApplicationId(question.after)
        found, last = await self.transactions.read(lambda store: store.page_of_decisions(after, PAGE))
        return DecisionsReply(decisions=tuple(found), next_after=last)
