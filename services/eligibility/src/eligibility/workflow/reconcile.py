"""What an eligibility that was put back to an older copy has lost of what its people did: others were told of it, and
it is not here. Ids are derived and tickets are the signer's, so nothing is doubled by it; but each must be decided,
asked or looked at once more, and is named for that.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from shared.database import Transactions
from shared.errors import Text, Unavailable
from shared.questions import (
    DecisionsReply,
    Knowledge,
    PageQuestion,
    Question,
    Reply,
    TicketDecisionsQuestion,
    ToldAct,
    ToldActsQuestion,
    ToldActsReply,
    ToldDecision,
)

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, CaseId, decision_id_of
from eligibility.domain.message import Message
from eligibility.workflow.catch_up import MOST_ROUNDS
from eligibility.workflow.ports import CaseReader, DecisionReader, QuestionReader

Answer = TypeVar("Answer", bound=Reply)
Page = TypeVar("Page", bound=Knowledge)
NOBODY = Text(
    "application oder signer antwortet nicht: Beide müssen laufen.",
    "application or signer does not answer: both must run.",
)
STILL_HEARS = Text(
    "application oder signer hört noch, was seit der Sicherung gesagt wurde: Noch ist nicht alles bekannt. Bitte "
    "gleich noch einmal.",
    "application or signer still hears what was said since the copy was made: not all is known yet. Ask again in a "
    "moment.",
)
BEHIND = Text(
    "eligibility selbst holt noch auf: Es wartet, bis application und signer alles wissen (`issuance recover`).",
    "eligibility itself is catching up: it waits until application and signer know all (`issuance recover`).",
)
DECISIONS = ("granted", "refused", "share_changed")


class What(StrEnum):
    """What others were told of and is not here."""

    DECISION = "decision"
    END = "end"
    QUESTION = "question"
    MESSAGE_READ = "message_read"


@dataclass(frozen=True)
class LostAct:
    """One thing that others were told and that is not here. `case`: None where the application has none yet."""

    what: What
    application_id: ApplicationId
    case: Case | None
    kind: str
    reference: str
    """The id of the decision, question or message."""
    at: datetime | None
    """When it was told; None: the signer does not say."""
    reason: str = ""


class Store(DecisionReader, QuestionReader, CaseReader, Protocol):
    """The store, as what is here is read from it."""

    @property
    def is_behind(self) -> bool:
        """This database was put back, and has not caught up."""


class Asks(Protocol):
    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        """Ask another service over the bus. None: nobody answered in time, or not in a way that can be read."""


@dataclass(frozen=True)
class LocalRecords:
    """What this database has of one application."""

    cases: Sequence[Case]
    decisions: Sequence[Decision]
    questions: Collection[str]
    read: Collection[str]

    def case_of(self, reference: str) -> tuple[Case | None, int]:
        """Whose decision it is, and of which round; the newest case and 0 where it is none."""
        cases = {each.id: each for each in self.cases}
        for each in self.decisions:
            if str(each.id) == reference:
                return cases[each.case_id], each.round
        for number in range(1, MOST_ROUNDS):  # nearly always it is one of the first
            for case in self.cases:
                if str(decision_id_of(case.id, number)) == reference:
                    return case, number
        return self.newest, 0

    @property
    def newest(self) -> Case | None:
        """The case of the last school year; None where the application has none."""
        return self.cases[-1] if self.cases else None

    def decided_since(self, case: Case | None, number: int) -> bool:
        """A later round was released here, or the family has taken its application back: the lost one is over."""
        if case is None:
            return False
        mine = (each for each in self.decisions if each.case_id == case.id and each.released_at)
        return case.state == "withdrawn" or any(each.round > number > 0 for each in mine)


@dataclass(frozen=True)
class Reconciliation:
    transactions: Transactions[Store]
    asks: Asks

    async def lost(self) -> list[LostAct]:
        """Each once: first what families were told of, by application, then decisions and ends that the signer knows.

        Raises:
            Unavailable: where one of these two does not answer, or has not heard all yet, or this one has not caught up
                with them: then it has yet to decide again what it decides by itself.
        """
        if await self.transactions.read(lambda store: store.is_behind):
            raise Unavailable(BEHIND)
        found: dict[tuple[What, ApplicationId, str], LostAct] = {}  # the end of a whole application has no reference
        async for acts in self._acts():
            for each in await self.transactions.read(lambda store, acts=acts: list(_lost_of(store, acts))):  # type: ignore[misc]
                found.setdefault((each.what, each.application_id, each.reference), each)
        async for page in self._tickets():
            for each in await self.transactions.read(lambda store, page=page: list(_lost_tickets(store, page))):  # type: ignore[misc]
                found.setdefault((each.what, each.application_id, each.reference), each)
        return list(found.values())

    async def _acts(self) -> AsyncIterator[Sequence[ToldAct]]:
        question = ToldActsQuestion()
        while True:
            page = await self._ask(question, ToldActsReply)
            yield page.acts
            if page.next_after is None:
                return
            question = ToldActsQuestion(after=page.next_after, skip=page.next_skip)

    async def _tickets(self) -> AsyncIterator[Sequence[ToldDecision]]:
        after: UUID | None = None
        while True:
            page = await self._ask(TicketDecisionsQuestion(after=after), DecisionsReply)
            yield page.decisions
            if (after := page.next_after) is None:
                return

    async def _ask(self, question: PageQuestion, answer: type[Page]) -> Page:
        page = await self.asks.ask(question, answer)
        if page is None:
            raise Unavailable(NOBODY)
        if not page.is_whole:
            raise Unavailable(STILL_HEARS)
        return page


def _lost_of(store: Store, acts: Sequence[ToldAct]) -> Iterator[LostAct]:
    by_application: dict[UUID, list[ToldAct]] = {}
    for each in acts:
        by_application.setdefault(each.application_id, []).append(each)
    for application_id, mine in by_application.items():
        here = _local_records(store, ApplicationId(application_id))
        for act in mine:
            # of a question or a message all rounds of all years would be tried
            is_decided = act.kind in (*DECISIONS, "grant_ended") and act.reference
            case, number = here.case_of(act.reference) if is_decided else (here.newest, 0)
            if (what := _missing(here, act, case, number)) is not None:
                place = ApplicationId(application_id), case
                yield LostAct(what, *place, act.kind, act.reference, act.at, act.reason)


def _local_records(store: Store, application_id: ApplicationId) -> LocalRecords:
    cases = store.cases_of(application_id)
    messages: Sequence[Message] = store.messages_of(application_id)
    return LocalRecords(
        cases=cases,
        decisions=[each for case in cases for each in store.decisions_of(case.id)],
        questions={str(each.id) for each in store.questions_of([CaseId(case.id) for case in cases])},
        read={str(each.id) for each in messages if each.read_at is not None},
    )


def _missing(here: LocalRecords, act: ToldAct, case: Case | None, number: int) -> What | None:
    decision = next((each for each in here.decisions if str(each.id) == act.reference), None)
    is_over = here.decided_since(case, number)
    if act.kind in DECISIONS:
        is_here = decision is not None and decision.released_at is not None
        return None if is_here or is_over else What.DECISION
    if act.kind == "grant_ended":
        if not act.reference:
            return None if here.cases and all(each.state == "withdrawn" for each in here.cases) else What.END
        has_ended = decision is not None and decision.withdrawn_at is not None
        return None if has_ended or (decision is None and is_over) else What.END
    if act.kind == "question_asked":
        since = any(each.released_at and each.released_at > act.at for each in here.decisions)
        return None if act.reference in here.questions or since else What.QUESTION
    return None if act.reference in here.read else What.MESSAGE_READ


def _lost_tickets(store: Store, page: Sequence[ToldDecision]) -> Iterator[LostAct]:
    for told in page:
        here, reference = _local_records(store, ApplicationId(told.application_id)), str(told.decision_id)
        case, number = here.case_of(reference)
        decision = next((each for each in here.decisions if str(each.id) == reference), None)
        place = ApplicationId(told.application_id), case
        if decision is None or decision.released_at is None:
            if not here.decided_since(case, number):
                yield LostAct(What.DECISION, *place, told.outcome, reference, None)
        elif told.ended_at is not None and decision.withdrawn_at is None:
            yield LostAct(What.END, *place, "grant_ended", reference, told.ended_at, told.ended_because)
