"""HTTP in: staff see tickets, ask for changes, and read what became of that."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.calendar import in_berlin
from shared.errors import Text
from shared.http.limits import Limit
from shared.identity import Caller, Identity

from issuance.domain.request import ENDING, RENEW, REPLACE, RESTORE, REVOKE, SUSPEND
from issuance.workflow.inspection.inspect import KnownTicket
from issuance.workflow.inspection.requests import Outcome, StaffRequests, TicketRequest

STEPS = {
    "revocations": (REVOKE, "Ask for a ticket to be revoked. Scanners with a network know it within a minute."),
    "replacements": (REPLACE, "The ticket is lost: it dies now, and a new one with another number is issued."),
    "renewals": (RENEW, "Product or area has changed: a new ticket is issued, and this one dies with it."),
    "suspensions": (SUSPEND, "Not good until it is restored; scanners show it as suspended."),
    "restorations": (
        RESTORE,
        "Lifts the suspension for this reason; where none is for it, all that you may lift: for an "
        "authority also what a revocation left behind. Good again where nothing is left.",
    ),
}
TOO_MANY_ENDINGS = Text(
    "In dieser Stunde wurden für Sie schon sehr viele Tickets gesperrt, ausgesetzt oder ersetzt. Das nächste geht in "
    "{seconds} Sekunden. Viele auf einmal sperrt Ihre Administration mit dem Befehl: issuance signer revoke DATEI",
    "Very many tickets were revoked, suspended or replaced for you in this hour. The next one can be in {seconds} "
    "seconds. Your administrators revoke many at once with the command: issuance signer revoke FILE",
)
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {
        "description": "It cannot be done: `ticket_state`, and in `successor` the number of the ticket that has taken "
        "its place (null where there is none). Or several organisations use the number."
    }
}
Number = Annotated[int, Path(ge=0, lt=1 << 32)]
Organisation = Annotated[int | None, Query(ge=0, lt=1 << 16)]


class RequestBody(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "by_authority"}]})

    reason: Annotated[
        str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$")
    ]
    """One of withdrawn, notice, fraud, lost, by_authority, or a text of your own (no personal data)."""
    organisation_id: int | None = Field(default=None, ge=0, lt=1 << 16)


def ending_limit(per_hour: int) -> Limit:
    """Of one authority or operator. The signer has the last word: this one is lost with the process."""
    return Limit(per_hour / 60, max(1, per_hour), name="endings", says=TOO_MANY_ENDINGS)


def router(requesting: StaffRequests, identity: Identity, endings: Limit | None = None) -> APIRouter:
    api = APIRouter(prefix="/v1/tickets", tags=["issuance"])
    caller = Depends(identity.caller)

    @api.get("")
    async def tickets(
        application_id: Annotated[UUID, Query()], who: Annotated[Caller, caller]
    ) -> dict[str, list[dict[str, Any]]]:
        """The tickets of an application: number, state, validity. No names."""
        return {"tickets": [_ticket(one) for one in await requesting.tickets_of(who, application_id)]}

    @api.get("/{number}")
    async def ticket(
        number: Number, who: Annotated[Caller, caller], organisation_id: Organisation = None
    ) -> dict[str, Any]:
        """One ticket: number, state, validity. No names."""
        return _ticket(await requesting.ticket(who, number, organisation_id))

    @api.get("/{number}/requests/{request_id}")
    async def request(number: Number, request_id: UUID, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """What became of a request: asked (the signer has not answered yet), done, or refused and why."""
        return _outcome(await requesting.outcome(who, number, request_id))

    for path, (change, summary) in STEPS.items():
        api.post(f"/{{number}}/{path}", status_code=202, name=change, description=summary, responses=CONFLICT)(
            _asking(requesting, identity, change, endings if change in ENDING else None)
        )
    return api


def _asking(
    requesting: StaffRequests, identity: Identity, change: str, limit: Limit | None
) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The endpoint of one kind of request."""

    async def ask(
        number: Number, body: RequestBody, who: Annotated[Caller, Depends(identity.caller)], request: Request
    ) -> dict[str, Any]:
        def spend() -> None:
            if limit is not None:
                limit.spend(f"{who.authority_id} {who.organisation_id}", request)

        return _made(await requesting.ask(who, number, body.organisation_id, change, body.reason, spend=spend))

    return ask


def _made(request: TicketRequest) -> dict[str, Any]:
    number, request_id = request.ticket.number, str(request.request_id)
    links = {"self": f"/v1/tickets/{number}/requests/{request_id}"}
    return {"request_id": request_id, "links": links, "ticket": _ticket(request.ticket)}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "kind": outcome.change,
        "asked_at": in_berlin(outcome.asked_at).isoformat(),
        "state": outcome.state,
        "reason": outcome.reason or None,
        "tickets": list(outcome.tickets),
    }


def _ticket(ticket: KnownTicket) -> dict[str, Any]:
    start, until = ticket.valid_from, ticket.valid_until
    return {
        "ticket_id": str(ticket.ticket_id),
        "number": ticket.number,
        "organisation_id": ticket.organisation_id,
        "state": ticket.state,
        "product": ticket.product,
        "valid_from": in_berlin(start).isoformat() if start else None,
        "valid_until": in_berlin(until).isoformat() if until else None,
        "reason": ticket.reason,
    }
