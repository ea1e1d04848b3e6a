"""After this database was put back to an older copy, and before anything is heard or decided: which decisions had
this service made that it has forgotten? The signer knows those that have tickets, `application` those that families
were told of. What is decided anew with the same content bears the same id and is the same; with another it gets an id
of its own.
"""

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from shared.calendar import SchoolYear
from shared.database import Transactions
from shared.questions import (
    DecisionsReply,
    PageQuestion,
    Question,
    Reply,
    TicketDecisionsQuestion,
    ToldDecision,
    ToldDecisionsQuestion,
)

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, CaseId, case_id_of, decision_id_of
from eligibility.domain.keys import Keys
from eligibility.domain.said import digest_of
from eligibility.workflow.ports import DecisionReader, DecisionWriter

Answer = TypeVar("Answer", bound=Reply)
UNKNOWN = ""
"""The digest of a decision that is known by its ticket alone: whoever heard what it said was put back too."""
MOST_ROUNDS = 200
"""Of one case: an id that no round of it gives was given before ids were derived."""
MOST_YEARS = 13
"""Of one application with its renewals: from the first grade to the last."""
QUESTIONS: tuple[type[PageQuestion], ...] = (ToldDecisionsQuestion, TicketDecisionsQuestion)
"""Who knows what a decision said is asked first."""


@dataclass(frozen=True)
class Heard:
    """A decision that others have heard of."""

    case_id: CaseId
    round: int
    digest: str


class CatchUpStore(Protocol):
    def keep_heard(self, heard: Collection[Heard]) -> None: ...
    def note_caught_up(self) -> None: ...


class Asks(Protocol):
    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None: ...


@dataclass(frozen=True)
class CatchingUp:
    transactions: Transactions[CatchUpStore]
    asks: Asks

    async def catch_up(self) -> bool:
        """False where one of the others does not answer: to be asked again."""
        for kind in QUESTIONS:
            async for page in self._pages(kind):
                if page is None:
                    return False
                heard = [found for each in page.decisions if (found := heard_of(each)) is not None]
                await self.transactions.write(lambda store, heard=heard: store.keep_heard(heard))  # type: ignore[misc]
        await self.transactions.write(lambda store: store.note_caught_up())
        return True

    async def _pages(self, kind: type[PageQuestion]) -> AsyncIterator[DecisionsReply | None]:
        after = None
        while True:
            page = await self.asks.ask(kind(after=after), DecisionsReply)
            yield page
            if page is None or page.next_after is None:
                return
            after = page.next_after


def heard_of(told: ToldDecision) -> Heard | None:
    """Which round of which case it is; None of an id that is not derived."""
    for case_id in _cases(told):
        rounds = (each for each in range(1, MOST_ROUNDS) if decision_id_of(case_id, each) == told.decision_id)
        if (number := next(rounds, None)) is not None:
            return Heard(case_id, number, told.digest)
    return None


def _cases(told: ToldDecision) -> Iterator[CaseId]:
    """Those that it may be of: where only the application's school year is told, also those of its renewals."""
    if told.case_id is not None:
        yield CaseId(told.case_id)
    elif told.school_year:
        year = SchoolYear.parse(told.school_year)
        for _ in range(MOST_YEARS):
            yield case_id_of(ApplicationId(told.application_id), str(year))
            year = year.next


class RenumberStore(DecisionReader, DecisionWriter, Protocol):
    """The store, as a decision gets another id in it."""


def under_its_own_id(store: RenumberStore, case: Case, decision: Decision, keys: Keys, now: datetime) -> Decision:
    """`decision`, which is about to be let out; where others have heard something else under its id, in a round of its
    own after all that were ever made."""
    elsewhere = store.told_elsewhere(case.id)
    if elsewhere.get(decision.round) in (None, UNKNOWN, digest_of(decision, case.application_id, keys)):
        return decision
    number = 1 + max(*elsewhere, *(each.round for each in store.decisions_of(case.id)))
    store.set_withdrawn(decision.id, "decided_anew", now)
    renumbered = replace(decision, id=decision_id_of(case.id, number), round=number)
    store.add_decision(renumbered)
    return renumbered
