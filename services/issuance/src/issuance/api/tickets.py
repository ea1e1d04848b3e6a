"""HTTP in: staff see tickets, ask for changes, and read what became of that."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.errors import Text
from shared.http.limits import Limit
from shared.identity import Caller, Identity

from issuance.api.answers import RequestOutcome, RequestReceipt, TicketAnswer, TicketList
from issuance.domain.request import ENDING, RENEW, REPLACE, RESTORE, REVOKE, SUSPEND
from issuance.workflow.inspection.requests import StaffRequests

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
SEVERAL: dict[int | str, dict[str, Any]] = {
    409: {"description": "Several organisations use the number: give organisation_id."}
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
    return Limit(per_hour / 60, max(1, per_hour), name="endings", says=TOO_MANY_ENDINGS, shared=True)


def router(requesting: StaffRequests, identity: Identity, endings: Limit | None = None) -> APIRouter:
    """The routes under /v1/tickets.

    Args:
        endings: how many revocations, suspensions and replacements one party may ask for.
    """
    api = APIRouter(prefix="/v1/tickets", tags=["issuance"])
    caller = Depends(identity.caller)

    @api.get("")
    async def tickets(application_id: Annotated[UUID, Query()], who: Annotated[Caller, caller]) -> TicketList:
        """The tickets of an application: number, state, validity. No names."""
        return TicketList(tickets=[TicketAnswer.of(one) for one in await requesting.tickets_of(who, application_id)])

    @api.get("/{number}", responses=SEVERAL)
    async def ticket(
        number: Number, who: Annotated[Caller, caller], organisation_id: Organisation = None
    ) -> TicketAnswer:
        """One ticket: number, state, validity. No names."""
        return TicketAnswer.of(await requesting.ticket(who, number, organisation_id))

    @api.get("/{number}/requests/{request_id}")
    async def request(number: Number, request_id: UUID, who: Annotated[Caller, caller]) -> RequestOutcome:
        """What became of a request: asked (the signer has not answered yet), done, or refused and why."""
        return RequestOutcome.of(await requesting.outcome(who, number, request_id))

    for path, (change, summary) in STEPS.items():
        api.post(
            f"/{{number}}/{path}",
            status_code=202,
            name=change,
            description=summary,
            response_model=RequestReceipt,
            responses=CONFLICT,
        )(_asking(requesting, identity, change, endings if change in ENDING else None))
    return api


def _asking(
    requesting: StaffRequests, identity: Identity, change: str, limit: Limit | None
) -> Callable[..., Awaitable[RequestReceipt]]:
    """The endpoint of one kind of request."""

    async def ask(
        number: Number, body: RequestBody, who: Annotated[Caller, Depends(identity.caller)], request: Request
    ) -> RequestReceipt:
        def spend() -> None:
            if limit is not None:
                limit.spend(f"{who.authority_id} {who.organisation_id}", request)

        made = await requesting.ask(who, number, body.organisation_id, change, body.reason, spend=spend)
        return RequestReceipt.of(made)

    return ask
