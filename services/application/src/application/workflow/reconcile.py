"""What an application that was put back to an older copy has lost: applications that others know and that are not here,
and changes of those that are.

They were accepted, and some have a ticket. Nothing can be made up for them: their families are written to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from shared.database import Transactions
from shared.errors import Text, Unavailable
from shared.questions import CaseOut, CasesQuestion, CasesReply, Question, Reply

from application.domain.ids import ApplicationId
from application.domain.timeline import News
from application.domain.under_review import newest_change

Answer = TypeVar("Answer", bound=Reply)
NOBODY = Text("eligibility antwortet nicht: Es muss laufen.", "eligibility does not answer: it must run.")


class What(StrEnum):
    APPLICATION = "application"
    CHANGE = "change"
    """The form here is older than what was decided on: a change of it that is told now would take the lost one back."""


@dataclass(frozen=True)
class Lost:
    what: What
    case: CaseOut


class Store(Protocol):
    def news_of(self, application_ids: Sequence[ApplicationId]) -> Mapping[ApplicationId, tuple[News, ...]]: ...
    def known(self, application_ids: Collection[ApplicationId]) -> Collection[ApplicationId]:
        """Those of them that are here."""


class Asks(Protocol):
    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None: ...


@dataclass(frozen=True)
class Reconciling:
    transactions: Transactions[Store]
    asks: Asks

    async def lost(self) -> list[Lost]:
        """The cases of applications that are not here, or not as they were told. Raises Unavailable where nobody
        answers."""
        lost: list[Lost] = []
        after: UUID | None = None
        while True:
            page = await self.asks.ask(CasesQuestion(after=after), CasesReply)
            if page is None:
                raise Unavailable(NOBODY)
            changes = await self.transactions.read(lambda store, page=page: _changes(store, page))  # type: ignore[misc]
            for each in page.cases:
                known = changes.get(ApplicationId(each.application_id))
                if known is None or known < each.change_number:
                    lost.append(Lost(What.APPLICATION if known is None else What.CHANGE, each))
            if page.is_last:
                return lost
            after = page.cases[-1].case_id


def _changes(store: Store, page: CasesReply) -> Mapping[ApplicationId, int]:
    """Of those that are here: the number of the newest change."""
    known = list(store.known([ApplicationId(each.application_id) for each in page.cases]))
    news = store.news_of(known)
    return {each: newest_change(news.get(each, ())) for each in known}
