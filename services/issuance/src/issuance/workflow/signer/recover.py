"""A signer that was put back to an older copy asks the others what is out, and puts its tables, counters and lists
above it. Before that it signs nothing and hears nothing.

Ids and numbers are derived, so that a ticket which nobody told of would be made again as it was. What only the others
know are states, steps, and how far counters and versions had come.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from shared.database import Transactions
from shared.questions import (
    Knowledge,
    ListVersionsQuestion,
    ListVersionsReply,
    PageQuestion,
    PassesQuestion,
    PassesReply,
    PassOut,
    Question,
    Reply,
    TicketOut,
    TicketsQuestion,
    TicketsReply,
)

from issuance.domain.elsewhere import Bearer, Codes, LostTicket, ReportedTicket, RestoredTickets
from issuance.domain.right import UNKNOWN, Suspension
from issuance.domain.ticket import TicketState

Answer = TypeVar("Answer", bound=Reply)
Known = TypeVar("Known", bound=Knowledge)
Page = TypeVar("Page", TicketsReply, PassesReply)
_STANDING = ("ticket_id", "application_id", "authority_id", "organisation_id", "number", "step", "reason", "replaces",
             "decision_id", "case_id", "number_draw", "last_day")  # fmt: skip
_BEARER = ("first_name", "last_name", "birth_date", "valid_from", "valid_until", "vdv", "qr")


class Incomplete(Exception):
    """The others do not know enough yet; the text says what is missing. Nothing was changed."""


@dataclass(frozen=True)
class OwnTicket:
    """A ticket as this signer has it."""

    step: int
    qr: str | None
    """None: written down, and not signed here."""
    is_dead: bool = False


class RecoverStore(Protocol):
    def here(self, ticket_ids: Collection[UUID]) -> Mapping[UUID, OwnTicket]:
        """Those of them that are known."""

    def set_reported_state(self, standing: ReportedTicket, now: datetime) -> None:
        """A known ticket has taken steps since: it stands as told."""

    def take_back(self, lost: LostTicket, now: datetime) -> None:
        """Write down a ticket that is out, or its codes; what waited for it waits no more."""

    def list_place(self, organisation_id: int, number: int, now: datetime, ticket_id: UUID | None = None) -> bool:
        """The list shows a place as revoked that has no ticket here. False where this signer gives no such numbers."""

    def suspend_right(self, application_id: UUID, party: str, reason: str, now: datetime, by: str) -> bool:
        """False where this party has suspended it for this reason already."""

    def suspensions_of(self, application_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Suspension]]:
        """What stands against the rights of these applications; without those against which nothing does."""

    def lift(self, suspension_ids: Collection[int], now: datetime) -> None:
        """They stand no more from now on."""

    def raise_lists(self, status: Mapping[str, int], issued: Mapping[str, int], now: datetime) -> None:
        """The next list of each shard has a version above these, and all are due."""

    def raise_counter(self, highest: int) -> None:
        """The next count of the security module is above this, and above those of all tickets."""

    def note_caught_up(self) -> None:
        """The database is not behind any more."""


class Others(Protocol):
    """Asks other services over the bus."""

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        """The reply of the service that this question is for; None where nobody replies."""


@dataclass(frozen=True)
class TicketRecovery:
    transactions: Transactions[RecoverStore]
    others: Others
    read_back: Callable[[Bearer], Codes]
    """Raises Refusal."""
    clock: Callable[[], datetime]

    async def recover(self) -> RestoredTickets:
        """1. How tickets stand, from the API. 2. What they are, from the passes. 3. Which lists are out. 4. All of it
        above what is here, in one transaction.

        Raises:
            Incomplete.
        """
        # 1.
        standings = {each.ticket_id: each async for each in self._standings()}
        # 2.
        lost = await self._lost(standings)
        known = await self._here(standings)
        borne = {each.standing.ticket_id for each in lost}
        gone = [each for ticket_id, each in standings.items() if ticket_id not in borne | known.keys()]
        unsigned = [standings[each] for each in known.keys() - borne if known[each].qr is None]
        if living := [each for each in [*gone, *unsigned] if not each.is_dead]:
            raise Incomplete(
                f"{len(living)} tickets have no pass yet, the first {living[0].ticket_id}: wait, run again"
            )
        # 3.
        lists = await self._ask(ListVersionsQuestion(), ListVersionsReply, "the API")
        newer = tuple(standings[each] for each in known if each not in borne)
        found = RestoredTickets(tuple(lost), tuple(gone), newer, lists.status, lists.issued)
        # 4.
        await self.transactions.write(lambda store: self._put_above(store, found))
        return found

    def _put_above(self, store: RecoverStore, found: RestoredTickets) -> None:
        """Those that died come first: another of the same case may be good in their place."""
        now = self.clock()
        for each in sorted(found.newer, key=lambda one: not one.is_dead):
            store.set_reported_state(each, now)
        for lost in sorted(found.tickets, key=lambda one: (not one.standing.is_dead, one.standing.generation)):
            store.take_back(lost, now)
        self._suspend_and_lift(store, [*found.newer, *(lost.standing for lost in found.tickets)], now)
        # the shards first: a place goes only on a list of which it is known that it is ours
        store.raise_lists(found.status_lists, found.issued_lists, now)
        for dead in found.dead:
            store.list_place(dead.organisation_id, dead.number, now, dead.ticket_id)
        store.raise_counter(max((each.codes.sequence for each in found.tickets), default=0))
        store.note_caught_up()

    @staticmethod
    def _suspend_and_lift(store: RecoverStore, standings: Sequence[ReportedTicket], now: datetime) -> None:
        """What stands against a right that has a suspended ticket is nobody's; of one with a good ticket nothing does,
        or its next ticket would be born suspended."""
        good = [each.application_id for each in standings if each.state is TicketState.ISSUED]
        stands = store.suspensions_of(good) if good else {}
        if over := {one.id for suspensions in stands.values() for one in suspensions}:
            store.lift(over, now)
        for each in standings:
            if each.state is TicketState.SUSPENDED:
                store.suspend_right(each.application_id, UNKNOWN, each.reason or UNKNOWN, now, by="")

    async def _standings(self) -> AsyncIterator[ReportedTicket]:
        """Of tickets that are not known here, or have taken steps since."""
        async for page in self._pages(TicketsQuestion, TicketsReply, "the API"):
            here = await self._here({each.ticket_id for each in page.tickets})
            for each in page.tickets:
                if each.ticket_id not in here or each.step > here[each.ticket_id].step:
                    yield _standing(each)

    async def _lost(self, standings: Mapping[UUID, ReportedTicket]) -> list[LostTicket]:
        """Tickets that passes bear, and that are not here, or not with these codes."""
        lost = []
        async for page in self._pages(PassesQuestion, PassesReply, "wallet-pass"):
            here = await self._here({each.ticket_id for each in page.passes})
            for each in page.passes:
                known, standing = here.get(each.ticket_id), standings.get(each.ticket_id)
                stands = standing or known
                if each.is_revoked and stands is not None and not stands.is_dead:
                    raise Incomplete(
                        f"the API has not heard yet that ticket {each.ticket_id} is revoked: wait, and run again; "
                        "or it was put aside there (`issuance dead-letters list`)"
                    )
                if known is not None and (known.qr == each.qr or standing is None):
                    continue
                if standing is None:
                    raise Incomplete(f"the API does not know ticket {each.ticket_id} yet: wait, and run again")
                bearer = _bearer(each)
                lost.append(LostTicket(standing, bearer, self.read_back(bearer)))
        return lost

    async def _here(self, ticket_ids: Collection[UUID]) -> Mapping[UUID, OwnTicket]:
        found: dict[UUID, OwnTicket] = {}
        ids = list(ticket_ids)
        for start in range(0, len(ids), MOST_ASKED):
            some = ids[start : start + MOST_ASKED]
            found |= await self.transactions.read(lambda store, some=some: store.here(some))  # type: ignore[misc]
        return found

    async def _pages(self, question: type[PageQuestion], answer: type[Page], who: str) -> AsyncIterator[Page]:
        after = None
        while True:
            page = await self._ask(question(after=after), answer, who)
            yield page
            if page.is_last:
                return
            after = (page.tickets if isinstance(page, TicketsReply) else page.passes)[-1].ticket_id

    async def _ask(self, question: Question, answer: type[Known], who: str) -> Known:
        found = await self.others.ask(question, answer)
        if found is None:
            raise Incomplete(f"{who} does not answer: it must run")
        if not found.is_whole:
            raise Incomplete(f"{who} still hears what its streams keep: wait, run again")
        return found


MOST_ASKED = 500


def _standing(each: TicketOut) -> ReportedTicket:
    return ReportedTicket(state=TicketState(each.state), **{name: getattr(each, name) for name in _STANDING})


def _bearer(each: PassOut) -> Bearer:
    return Bearer(**{name: getattr(each, name) for name in _BEARER})
