"""What the API answers: the shapes, and how they are made. Times of tickets are given in Germany's time, with offset;
an empty field is null and never missing, but for `attention`."""

import base64
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from shared.calendar import in_berlin

from issuance.domain.verdict import Verdict, VerificationResult
from issuance.workflow.inspection.inspect import KnownTicket, SignedHeads
from issuance.workflow.inspection.requests import Outcome, TicketRequest


class TicketAnswer(BaseModel):
    """A ticket as staff see it: no names, no codes."""

    ticket_id: UUID
    number: int
    organisation_id: int
    state: str = Field(description="issued, suspended, expired or revoked.")
    product: int | None
    valid_from: str | None = Field(description="Of a ticket that was issued; ISO 8601 with offset.")
    valid_until: str | None
    reason: str | None = Field(description="A code: why it is suspended or revoked.")

    @classmethod
    def of(cls, ticket: KnownTicket) -> "TicketAnswer":
        """The API's answer on a ticket."""
        start, until = ticket.valid_from, ticket.valid_until
        return cls(
            ticket_id=ticket.ticket_id,
            number=ticket.number,
            organisation_id=ticket.organisation_id,
            state=ticket.state,
            product=ticket.product,
            valid_from=in_berlin(start).isoformat() if start else None,
            valid_until=in_berlin(until).isoformat() if until else None,
            reason=ticket.reason,
        )


class TicketList(BaseModel):
    """The tickets of one application."""

    tickets: list[TicketAnswer]


class RequestLinks(BaseModel):
    """Where a request is read."""

    self: str = Field(description="What became of it: /v1/tickets/NUMBER/requests/ID.")


class RequestReceipt(BaseModel):
    """A request that was passed on to the signer."""

    request_id: UUID
    links: RequestLinks
    ticket: TicketAnswer = Field(description="As it stood when the request came.")

    @classmethod
    def of(cls, request: TicketRequest) -> "RequestReceipt":
        """The receipt, with the address under which its outcome is read."""
        links = RequestLinks(self=f"/v1/tickets/{request.ticket.number}/requests/{request.request_id}")
        return cls(request_id=request.request_id, links=links, ticket=TicketAnswer.of(request.ticket))


class RequestOutcome(BaseModel):
    """What became of a request."""

    kind: str = Field(description="revoke, replace, renew, suspend or restore.")
    asked_at: str = Field(description="ISO 8601 with offset.")
    state: str = Field(description="asked (the signer has not answered yet), done or refused.")
    reason: str | None = Field(description="A code: why it was refused.")
    tickets: list[int] = Field(description="Numbers of the tickets that were changed, or that wait for it.")

    @classmethod
    def of(cls, outcome: Outcome) -> "RequestOutcome":
        """The API's answer on a request."""
        return cls(
            kind=outcome.change,
            asked_at=in_berlin(outcome.asked_at).isoformat(),
            state=outcome.state,
            reason=outcome.reason or None,
            tickets=list(outcome.tickets),
        )


class CertificateList(BaseModel):
    """CV certificates of root and sub-CAs."""

    certificates: dict[str, str] = Field(description="By name (CAR in hex): the certificate (7F21) in base64.")


class IssuedListParts(BaseModel):
    """The parts of the lists of issued tickets."""

    parts: list[str] = Field(description="`<shard>-<form>-<part>`, in order.")


class StatusListVersions(BaseModel):
    """Which status lists there are."""

    shards: list[str]
    versions: dict[str, int] = Field(description="By shard: it rises with each list that is published.")


class SignedStatement(BaseModel):
    """How long the chains of acts of one service were, signed."""

    service: str
    signed_at: str = Field(description="ISO 8601 with offset.")
    statement: str = Field(description="COSE_Sign1 in base64.")

    @classmethod
    def of(cls, heads: SignedHeads) -> "SignedStatement":
        """The statement in base64."""
        statement = base64.b64encode(heads.statement).decode()
        return cls(service=heads.service, signed_at=heads.signed_at.isoformat(), statement=statement)


class StatementPage(BaseModel):
    """Signed heads of chains of acts, the newest first."""

    statements: list[SignedStatement]
    next: str | None = Field(description="Where the rest is; null where this is all.")


class LogReceipt(BaseModel):
    """What was kept of a scanner's log."""

    kept: int = Field(description="How many entries count: those from the future or older than 30 days do not.")
    attention: list[UUID] = Field(description="Entries whose ticket was shown elsewhere too, as if it were copied.")


class VerdictCount(BaseModel):
    """How often one verdict was shown on one day."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    organisation_id: int | None
    verdict: str
    colour: str
    count: int


class SuspectedCopy(BaseModel):
    """A ticket that looks copied."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    organisation_id: int | None
    number: int | None = Field(description="Null where this service does not know the ticket, or it is another's.")
    reason: str = Field(description="too_fast or many_scanners.")
    scanners: int


class InspectionReport(BaseModel):
    """What an operator's own inspectors saw in the last 30 days."""

    verdicts: list[VerdictCount]
    copies: list[SuspectedCopy]


class ScannerSettings(BaseModel):
    """Where the inspectors of the scanner page sign in."""

    issuer: str = Field(description="Of the identity provider; empty where there is none.")
    client_id: str


class AreaAnswer(BaseModel):
    """Where a ticket is good."""

    organisation_id: int
    numbers: list[int]


class ReadTicket(BaseModel):
    """What codes of both kinds say."""

    format: Literal["vdv", "qr"]
    number: int
    product: int
    organisation_id: int
    first_name: str
    last_name: str
    birth_date: str | None = Field(description="YYYY-MM-DD; a part that is not known is 00.")
    valid_from: str | None = Field(description="ISO 8601 with offset.")
    valid_until: str | None


class ReadVdvTicket(ReadTicket):
    """What a VDV code says."""

    format: Literal["vdv"]
    name_form: str | None = Field(description="plain, initials or single.")
    passenger_type: int | None
    product_owner_id: int
    area: AreaAnswer | None
    medium: str | None
    module_number: int
    sub_ca: str = Field(description="CAR in hex.")


class ReadQrTicket(ReadTicket):
    """What a signed QR code says."""

    format: Literal["qr"]
    name_cut: bool
    area: AreaAnswer | None
    token_id: str = Field(description="In hex.")


class VerificationAnswer(BaseModel):
    """Whether a ticket is good now, and why not."""

    verdict: Verdict
    reasons: list[str] = Field(description="Codes; a valid ticket may have some too.")
    ticket: Annotated[ReadVdvTicket | ReadQrTicket, Field(discriminator="format")] | None = Field(
        description="What the code says, where its signature was checked."
    )
    attention: bool = Field(
        default=False,
        description="Whether the ticket was shown elsewhere too, as if it were copied; only for inspectors.",
    )

    @classmethod
    def of(cls, result: VerificationResult, more: Mapping[str, bool]) -> "VerificationAnswer":
        """`more`: `attention`, where the inspection counts as one of an inspector's; else nothing, and it is left out.

        The route must answer with `response_model_exclude_unset`.
        """
        return cls.model_validate({**result.as_json(), **more})
