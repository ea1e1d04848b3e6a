"""What an application that was put back to an older copy has lost: applications that others know and that are not here.

They were accepted, and some have a ticket. Nothing can be made up for them: their families are written to.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from shared.database import Transactions
from shared.errors import Text, Unavailable
from shared.questions import CaseOut, CasesQuestion, CasesReply, Question, Reply

from application.domain.ids import ApplicationId

Answer = TypeVar("Answer", bound=Reply)
NOBODY = Text("eligibility antwortet nicht: Es muss laufen.", "eligibility does not answer: it must run.")


class Store(Protocol):
    def known(self, application_ids: Collection[ApplicationId]) -> Collection[ApplicationId]:
        """Those of them that are here."""


class Asks(Protocol):
    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None: ...


@dataclass(frozen=True)
class Reconciling:
    transactions: Transactions[Store]
    asks: Asks

    async def lost(self) -> list[CaseOut]:
        """The cases of applications that are not here. Raises Unavailable where nobody answers."""
        lost: list[CaseOut] = []
        after: UUID | None = None
        while True:
            page = await self.asks.ask(CasesQuestion(after=after), CasesReply)
            if page is None:
                raise Unavailable(NOBODY)
            ids = [ApplicationId(each.application_id) for each in page.cases]
            known = await self.transactions.read(lambda store, ids=ids: set(store.known(ids)))  # type: ignore[misc]
            lost += [each for each in page.cases if each.application_id not in known]
            if page.is_last:
                return lost
            after = page.cases[-1].case_id
