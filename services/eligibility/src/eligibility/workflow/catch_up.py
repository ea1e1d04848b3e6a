"""After this database was put back to an older copy, and before anything is heard or decided: which decisions had
this service made that it has forgotten? The signer knows those that have tickets, `application` those that families
were told of. What is decided anew with the same content bears the same id and is the same; with another it gets an id
of its own. Which grants have ended the two know as well.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
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

from eligibility.domain.elsewhere import DecisionElsewhere
from eligibility.domain.ids import ApplicationId, CaseId, case_id_of, decision_id_of
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.decision.elsewhere import EndLearntStore, learn_end

Answer = TypeVar("Answer", bound=Reply)
MOST_ROUNDS = 200
"""Of one case: an id that no round of it gives was given before ids were derived."""
MOST_YEARS = 13
"""Of one application with its renewals: from the first grade to the last."""
QUESTIONS: tuple[type[PageQuestion], ...] = (ToldDecisionsQuestion, TicketDecisionsQuestion)
"""Who knows what a decision said is asked first."""


class CatchUpStore(EndLearntStore, Protocol):
    def keep_heard(self, heard: Collection[DecisionElsewhere]) -> None:
        """Told by two, what either knows counts."""

    def ends_not_known_here(self) -> Sequence[DecisionElsewhere]:
        """Of grants that are in force here."""

    def note_caught_up(self) -> None:
        """Note that everybody has answered what they know: deciding may begin."""


class Asks(Protocol):
    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        """Ask another service over the bus. None: nobody answered in time, or not in a way that can be read."""


@dataclass(frozen=True)
class CatchingUp:
    transactions: Transactions[CatchUpStore]
    asks: Asks
    now: Callable[[], datetime]

    async def catch_up(self) -> bool:
        """False where one of the others does not answer, or does not yet know all itself: to be asked again."""
        for kind in QUESTIONS:
            async for page in self._pages(kind):
                if page is None or not page.is_whole:
                    return False
                heard = [found for each in page.decisions if (found := heard_of(each)) is not None]
                await self.transactions.write(lambda store, heard=heard: store.keep_heard(heard))  # type: ignore[misc]
        await self.transactions.write(self._settle)
        return True

    def _settle(self, store: CatchUpStore) -> None:
        """What a person has ended is over here too. Other ends come about again by what is heard again: a withdrawal,
        or a change that nobody has looked at here."""
        for each in store.ends_not_known_here():
            case = store.case(each.case_id)
            if case is not None and (each.by_person or (case.state in WORK and not each.by_family)):
                learn_end(store, case, each, self.now())
        store.note_caught_up()

    async def _pages(self, kind: type[PageQuestion]) -> AsyncIterator[DecisionsReply | None]:
        question = kind()
        while True:
            page = await self.asks.ask(question, DecisionsReply)
            yield page
            if page is None or page.next_after is None:
                return
            question = kind(after=page.next_after, skip=page.next_skip)


def heard_of(told: ToldDecision) -> DecisionElsewhere | None:
    """Which round of which case it is; None of an id that is not derived."""
    for case_id in _cases(told):
        rounds = (each for each in range(1, MOST_ROUNDS) if decision_id_of(case_id, each) == told.decision_id)
        if (number := next(rounds, None)) is not None:
            return DecisionElsewhere(
                case_id, number, told.digest, told.outcome, told.ended_at, told.ended_because, told.ended_on
            )
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
