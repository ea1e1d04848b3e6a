"""What this service tells an eligibility that was put back to an older copy: which decisions families were told of, and
what else they were told of what its people did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.database import Transactions
from shared.pages import page_of
from shared.questions import DecisionsReply, ToldAct, ToldActsQuestion, ToldActsReply, ToldDecision
from shared.questions import ToldDecisionsQuestion as DecisionsQuestion

from application.domain.ids import ApplicationId
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.detail import Detail

PAGE = 25
"""Applications at most, with their decisions: rarely more than four of 400 bytes each, of the 64 kB of a reply."""
ACTS_PAGE = 15
"""Applications at most, with what was done: rarely more than twenty acts of 200 bytes each, of the same 64 kB."""
OUTCOMES = (EntryKind.GRANTED, EntryKind.REFUSED, EntryKind.SHARE_CHANGED)
ACTS = (*OUTCOMES, EntryKind.GRANT_ENDED, EntryKind.QUESTION_ASKED, EntryKind.MESSAGE_READ)


class Store(Protocol):
    def page_of_decisions(
        self, after: ApplicationId | None, limit: int
    ) -> tuple[Sequence[ToldDecision], ApplicationId | None]:
        """Of the next applications that have any, by their ids, and the last of these; None where there are no more."""

    def page_of_ids(self, after: ApplicationId | None, limit: int) -> Sequence[ApplicationId]:
        """The next applications, by their ids."""

    def news_of(self, application_ids: Sequence[ApplicationId]) -> Mapping[ApplicationId, tuple[TimelineEntry, ...]]:
        """By application, each by time; one without any is left out."""


@dataclass(frozen=True)
class EventReplies:
    """Answers; changes nothing."""

    transactions: Transactions[Store]

    async def decisions(self, question: DecisionsQuestion) -> DecisionsReply:
        """1. The decisions. 2. How each ended, and what it was, as its family was told."""

        def look(store: Store) -> DecisionsReply:
            # 1.
            found, last = store.page_of_decisions(_id(question.after), PAGE)
            # 2.
            news = store.news_of(list(dict.fromkeys(ApplicationId(each.application_id) for each in found)))
            told: dict[UUID, list[ToldDecision]] = {}
            for each in found:
                mine = news.get(ApplicationId(each.application_id), ())
                told.setdefault(each.application_id, []).append(_with_end(each, mine))
            page = page_of(sorted(told.items()), question, has_more=last is not None)
            return DecisionsReply(decisions=page.entries, next_after=page.next_after, next_skip=page.next_skip)

        return await self.transactions.read(look)

    async def acts(self, question: ToldActsQuestion) -> ToldActsReply:
        """What families were told of people's acts, from the application after `after` on."""

        def look(store: Store) -> ToldActsReply:
            ids = store.page_of_ids(_id(question.after), ACTS_PAGE)
            news = store.news_of(ids)
            acts = [(of, [_act(of, each) for each in news.get(of, ()) if each.kind in ACTS]) for of in ids]
            page = page_of(acts, question, has_more=len(ids) == ACTS_PAGE)
            return ToldActsReply(acts=page.entries, next_after=page.next_after, next_skip=page.next_skip)

        return await self.transactions.read(look)


def _id(after: UUID | None) -> ApplicationId | None:
    return None if after is None else ApplicationId(after)


def _with_end(told: ToldDecision, news: Sequence[TimelineEntry]) -> ToldDecision:
    mine = [each for each in news if each.reference == str(told.decision_id)]
    outcome = next((each.kind.value for each in mine if each.kind in OUTCOMES), "")
    end = next((each for each in mine if each.kind is EntryKind.GRANT_ENDED), None)
    if end is None:
        return told.model_copy(update={"outcome": outcome})
    last_day = Detail.model_validate_json(end.detail).ends_on
    ended = {"ended_at": end.at, "ended_because": end.reason, "ended_on": last_day}
    return told.model_copy(update={"outcome": outcome} | ended)


def _act(application_id: ApplicationId, news: TimelineEntry) -> ToldAct:
    return ToldAct(
        application_id=application_id, kind=news.kind, reference=news.reference, at=news.at, reason=news.reason
    )
