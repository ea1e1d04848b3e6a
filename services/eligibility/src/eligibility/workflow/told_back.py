"""What this service tells an application that was put back to an older copy: whose applications it has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.questions import CaseOut, CasesQuestion, CasesReply

from eligibility.domain.case import Case
from eligibility.domain.ids import CaseId
from eligibility.notice.content import addressee_of

PAGE = 50
"""Cases: about 15 kB of the 64 that a reply may have, with long names and addresses."""


class Store(Protocol):
    def page_of_all(self, after: CaseId | None, limit: int) -> Sequence[Case]: ...


@dataclass(frozen=True)
class ToldBack:
    """Answers; changes nothing."""

    transactions: Transactions[Store]
    now: Callable[[], datetime]

    async def cases(self, question: CasesQuestion) -> CasesReply:
        after = None if question.after is None else CaseId(question.after)
        page = await self.transactions.read(lambda store: store.page_of_all(after, PAGE))
        return CasesReply(cases=tuple(map(self._out, page)), is_last=len(page) < PAGE)

    def _out(self, case: Case) -> CaseOut:
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
        )
