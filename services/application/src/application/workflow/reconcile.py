"""What an application that was put back to an older copy has lost: applications that others know and that are not here,
changes of those that are, and documents whose bytes are gone.

They were accepted, and some have a ticket. Nothing can be made up for them: their families are written to.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from shared.database import Transactions
from shared.errors import Text, Unavailable
from shared.questions import CaseOut, CasesQuestion, CasesReply, DocumentOut, Question, Reply

from application.domain.ids import ApplicationId, DocumentId
from application.domain.timeline import TimelineEntry
from application.domain.under_review import newest_change

Answer = TypeVar("Answer", bound=Reply)
NOBODY = Text("eligibility antwortet nicht: Es muss laufen.", "eligibility does not answer: it must run.")
STILL_HEARS = Text(
    "eligibility hört noch, was seit der Sicherung gesagt wurde: Noch ist nicht alles bekannt. Bitte gleich noch "
    "einmal.",
    "eligibility still hears what was said since the copy was made: not all is known yet. Ask again in a moment.",
)


class What(StrEnum):
    APPLICATION = "application"
    CHANGE = "change"
    """The form here is older than what was decided on: a change of it that is told now would take the lost one back."""
    DOCUMENT = "document"
    """Its authority knows that it was handed in, and nobody has it any more, or not all of it."""


@dataclass(frozen=True)
class MissingItem:
    what: What
    case: CaseOut
    document: DocumentOut | None = None


@dataclass(frozen=True)
class LocalRecords:
    """Of the applications of one page: the number of each one's newest change, and the documents that are whole."""

    changes: Mapping[ApplicationId, int]
    documents: Collection[DocumentId]

    def lost_of(self, case: CaseOut) -> Iterator[MissingItem]:
        """The application alone where it is not here; else its newest change, where ours is older, and each document
        that is not whole here."""
        known = self.changes.get(ApplicationId(case.application_id))
        if known is None:
            yield MissingItem(What.APPLICATION, case)
            return
        if known < case.change_number:
            yield MissingItem(What.CHANGE, case)
        for each in case.documents:
            if each.document_id not in self.documents:
                yield MissingItem(What.DOCUMENT, case, each)


class Store(Protocol):
    def news_of(self, application_ids: Sequence[ApplicationId]) -> Mapping[ApplicationId, tuple[TimelineEntry, ...]]:
        """By application; one without any is left out."""

    def known(self, application_ids: Collection[ApplicationId]) -> Collection[ApplicationId]:
        """Those of them that are here."""

    def whole_documents(self, document_ids: Collection[DocumentId]) -> Collection[DocumentId]:
        """Those of them that are here with all their bytes."""


class Asks(Protocol):
    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        """None where nobody answers."""


@dataclass(frozen=True)
class Reconciliation:
    transactions: Transactions[Store]
    asks: Asks

    async def lost(self) -> list[MissingItem]:
        """The cases of applications that are not here, or not as they were told, and of documents.

        Raises:
            Unavailable: where nobody answers, or has not heard all yet.
        """
        lost: list[MissingItem] = []
        after: UUID | None = None
        while True:
            page = await self.asks.ask(CasesQuestion(after=after), CasesReply)
            if page is None:
                raise Unavailable(NOBODY)
            if not page.is_whole:
                raise Unavailable(STILL_HEARS)
            here = await self.transactions.read(lambda store, page=page: _local_records(store, page))  # type: ignore[misc]
            lost += (one for each in page.cases for one in here.lost_of(each))
            if page.is_last:
                return lost
            after = page.cases[-1].case_id


def _local_records(store: Store, page: CasesReply) -> LocalRecords:
    known = list(store.known([ApplicationId(each.application_id) for each in page.cases]))
    news = store.news_of(known)
    documents = [DocumentId(each.document_id) for case in page.cases for each in case.documents]
    return LocalRecords({each: newest_change(news.get(each, ())) for each in known}, store.whole_documents(documents))
