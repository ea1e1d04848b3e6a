"""What this service tells an application that was put back to an older copy: whose applications it has."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.pages import count_fitting
from shared.questions import CaseOut, CasesQuestion, CasesReply, DocumentOut

from eligibility.domain.case import Case
from eligibility.domain.desk import Document
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.notice.content import addressee_of

PAGE = 25
"""Cases at most: of many documents and long names fewer fit into a reply."""


class Store(Protocol):
    def page_of_all(self, after: CaseId | None, limit: int) -> Sequence[Case]:
        """Of all authorities, by id, those after `after`."""

    def documents_of_all(self, application_ids: Collection[ApplicationId]) -> Sequence[Document]:
        """Those that were not removed."""


@dataclass(frozen=True)
class EventReplies:
    """Answers; changes nothing."""

    transactions: Transactions[Store]
    now: Callable[[], datetime]

    async def cases(self, question: CasesQuestion) -> CasesReply:
        """A page of all cases with their documents, for a service whose database was put back."""
        after = None if question.after is None else CaseId(question.after)

        def look(store: Store) -> tuple[Sequence[Case], Sequence[Document]]:
            page = store.page_of_all(after, PAGE)
            return page, store.documents_of_all({case.application_id for case in page})

        page, documents = await self.transactions.read(look)
        found = [self._out(each, documents) for each in page]
        count = count_fitting(found)
        return CasesReply(cases=tuple(found[:count]), is_last=len(page) < PAGE and count == len(page))

    def _out(self, case: Case, documents: Sequence[Document]) -> CaseOut:
        # of a family that was erased nothing is told but that there was a case
        lines = addressee_of(case, day_in_berlin(self.now())) if case.submission else []
        return CaseOut(
            application_id=case.application_id,
            case_id=case.id,
            authority_id=case.authority_id,
            state=case.state,
            addressee="\n".join(lines),
            received_on=day_in_berlin(case.opened_at),
            change_number=case.change_number,
            documents=tuple(
                DocumentOut(document_id=each.id, kind=each.kind, handed_in_at=each.added_at)
                for each in documents
                if each.application_id == case.application_id
            ),
        )
