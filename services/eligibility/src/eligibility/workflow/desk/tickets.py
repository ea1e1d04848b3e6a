"""A person of the authority asks the signer to suspend, restore, replace or revoke a ticket of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID, uuid5

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, NotFound, Text
from shared.events import EligibilityTicketChangeRequested, head
from shared.identity import Caller

from eligibility.domain.acts import OF_TICKET
from eligibility.domain.case import Case
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.second_person import PRESET, SecondPersonAct
from eligibility.domain.ticket import LOST, Change, KnownTicket, TicketRequest
from eligibility.workflow.access import free_for, own_authority, own_case
from eligibility.workflow.ports import AuditTrail, AuthorityReader, CaseReader, Environment, Outbox

POSSIBLE: Mapping[str, Sequence[Change]] = {
    "issued": ("suspend", "replace", "revoke"),
    "suspended": ("restore", "suspend", "replace", "revoke"),
}
"""By a ticket's state. A suspended one may be suspended for another reason besides."""
FRAUD, BY_AUTHORITY = "fraud", "by_authority"
NO_TICKET = Text("Zu diesem Fall gibt es dieses Ticket nicht.", "This case has no such ticket.")
NOT_POSSIBLE = Text(
    "Das geht bei diesem Ticket nicht (mehr). Bitte laden Sie den Fall neu.",
    "That cannot be done with this ticket (any more). Please load the case anew.",
)
SECOND_PERSON = Text(
    "Ein Ticket sperren bei Ihnen zwei Personen: Eine setzt es aus, danach kann eine andere es sperren.",
    "At your authority it takes two people to revoke a ticket: one suspends it, then another can revoke it.",
)
WAITS = Text(
    "Derselbe Auftrag läuft noch. Bitte warten Sie das Ergebnis ab.",
    "The same request is on its way. Please wait for its outcome.",
)


@dataclass(frozen=True)
class TicketChange:
    """What a person asks."""

    number: int
    change: Change
    reason: str
    """In words, without names: kept with the request alone, which is erased with the family."""
    fraud: bool = False
    """Of a suspension or revocation: for misuse. The signer is told that, and the family."""


class TicketDeskStore(Outbox, AuthorityReader, CaseReader, AuditTrail, Protocol):
    """The store, as a ticket's change is asked for in it."""

    def tickets_of(self, application_id: ApplicationId) -> Sequence[KnownTicket]:
        """The oldest first."""

    def ticket_requests_of(self, application_id: ApplicationId) -> Sequence[TicketRequest]:
        """What was asked of the application's tickets, the oldest first."""

    def keep_ticket_request(self, request: TicketRequest) -> None:
        """Keep what a person asks of a ticket."""


class TicketDesk:
    """Requests on tickets of the own authority's cases. The signer does them, or refuses and says why."""

    def __init__(self, transactions: Transactions[TicketDeskStore], environment: Environment) -> None:
        self._transactions = transactions
        self._environment = environment

    async def ask(self, caller: Caller, case_id: CaseId, asked: TicketChange) -> None:
        """Raises Conflict where the ticket's state does not allow it, or the same is on its way."""
        own_authority(caller, "case_worker")
        await self._transactions.write(partial(self._ask, caller, case_id, asked))

    def _ask(self, caller: Caller, case_id: CaseId, asked: TicketChange, store: TicketDeskStore) -> None:
        """1. A ticket of this case that allows it. 2. Keep who asked and why. 3. Tell the signer."""
        # 1.
        case = own_case(store, case_id, own_authority(caller, "case_worker"))
        free_for(case, caller.subject)
        now, before = self._environment.now(), store.ticket_requests_of(case.application_id)
        ticket = _ticket(store, case, asked, now)
        chosen = _chosen(store, case) if asked.change == "revoke" else ()
        _check(ticket, asked, before, chosen, caller.subject)
        # 2.
        now = max([now, *(each.asked_at + timedelta(microseconds=1) for each in before)])
        request = _request(case, ticket, asked, caller.subject, now)
        store.keep_ticket_request(request)
        store.audit(
            authority_id=case.authority_id,
            subject=caller.subject,
            act=OF_TICKET[asked.change],
            case_id=case.id,
            now=now,
            detail={"request": str(request.request_id)},
        )
        # 3.
        store.emit(_event(case, request, _told(asked)))


def _ticket(store: TicketDeskStore, case: Case, asked: TicketChange, now: datetime) -> KnownTicket:
    """The ticket of this case that is asked of.

    Raises:
        NotFound.
        Conflict: where its state does not allow it.
    """
    found = (each for each in store.tickets_of(case.application_id) if each.number == asked.number)
    ticket = next(found, None)
    if ticket is None:
        raise NotFound(NO_TICKET)
    if asked.change not in possible(ticket, day_in_berlin(now)):
        raise Conflict(NOT_POSSIBLE, field="change")
    return ticket


def _check(
    ticket: KnownTicket,
    asked: TicketChange,
    before: Sequence[TicketRequest],
    chosen: Sequence[SecondPersonAct],
    subject: str,
) -> None:
    """Raises Conflict where it takes another person, or the same is on its way.

    Args:
        before: what was asked already.
        chosen: what the authority lets nobody decide alone, of a revocation.
    """
    if wants_another(ticket, before, chosen, subject):
        raise Conflict(SECOND_PERSON, field="change")
    if any(waits(each, asked) for each in before):
        raise Conflict(WAITS, field="change")


def _request(case: Case, ticket: KnownTicket, asked: TicketChange, subject: str, now: datetime) -> TicketRequest:
    place = ticket.number, ticket.organisation_id, asked.change, asked.reason
    return TicketRequest(_id(case.application_id, asked, now), case.application_id, *place, subject, now)


def _event(case: Case, request: TicketRequest, reason: str) -> EligibilityTicketChangeRequested:
    """`reason`: a code, not the person's words."""
    return EligibilityTicketChangeRequested(
        **head(case, request.asked_at),
        request_id=request.request_id,
        number=request.number,
        organisation_id=request.organisation_id,
        change=request.change,
        reason=reason,
        requested_by=request.asked_by,
    )


def _chosen(store: AuthorityReader, case: Case) -> Sequence[SecondPersonAct]:
    authority = store.authority(case.authority_id)
    return PRESET if authority is None else authority.second_person_for


def wants_another(
    ticket: KnownTicket, requests: Sequence[TicketRequest], chosen: Sequence[SecondPersonAct], subject: str
) -> bool:
    """Whether this person cannot revoke the ticket: it takes two, and no other one has suspended it."""
    first = suspended_by(ticket, requests)
    return "revocation" in chosen and first in (None, subject)


def suspended_by(ticket: KnownTicket, requests: Sequence[TicketRequest]) -> str | None:
    """Who asked here for the suspension that stands."""
    done = [each for each in requests if each.number == ticket.number and each.state == "done"]
    done = sorted((each for each in done if each.change in ("suspend", "restore")), key=lambda each: each.asked_at)
    stands = ticket.state == "suspended" and bool(done) and done[-1].change == "suspend"
    return done[-1].asked_by if stands else None


def possible(ticket: KnownTicket, today: date) -> Sequence[Change]:
    """Of one that is over nothing can be asked, also before the signer has said so."""
    return () if day_in_berlin(ticket.valid_until) < today else POSSIBLE.get(ticket.state, ())


def free_to_ask(ticket: KnownTicket, requests: Sequence[TicketRequest], today: date) -> Sequence[Change]:
    """Those that are possible and not on their way, for misuse and otherwise."""
    return [each for each in possible(ticket, today) if not _all_wait(ticket, each, requests)]


def _all_wait(ticket: KnownTicket, change: Change, requests: Sequence[TicketRequest]) -> bool:
    forms = [TicketChange(ticket.number, change, "", fraud=fraud) for fraud in (False, True)]
    return all(any(waits(each, form) for each in requests) for form in forms)


def waits(request: TicketRequest, asked: TicketChange) -> bool:
    """Whether what is asked is on its way already: what the signer is told counts, as it does there (a suspension for
    misuse stands beside one for anything else)."""
    return request.state == "asked" and request.request_id == _id(request.application_id, asked, request.asked_at)


def _id(application_id: ApplicationId, asked: TicketChange, at: datetime) -> UUID:
    """Made of what the signer is told and when, so that it can be told of a kept request, whose row has the words. No
    two requests of an application are of one moment."""
    return uuid5(application_id, f"{asked.number} {asked.change} {_told(asked)} {at.astimezone(UTC).isoformat()}")


def _told(asked: TicketChange) -> str:
    """A code: what a person types never becomes one, though it may read like one (`lost` is no revocation)."""
    if asked.change == "replace":
        return LOST
    return FRAUD if asked.fraud and asked.change in ("suspend", "revoke") else BY_AUTHORITY
