"""Decisions as they are answered: the shapes of `decision_json` in eligibility.api.desk.case_json."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from eligibility.api.answers import Answer, Facts, GeoJson, Metres, Reason, Subject
from eligibility.domain.decision import Because, FinalOutcome
from eligibility.domain.ending import Loss
from eligibility.domain.terms import Carriage


class ShareFrom(Answer):
    """An own share a month, from a day on."""

    from_: date = Field(alias="from")
    own_share_cents: int


class PriceFrom(Answer):
    """A price a month, from a day on."""

    from_: date = Field(alias="from")
    cents: int


class ProductName(Answer):
    """A product of the rule set."""

    key: str
    name: str


class OfferedTicket(Answer):
    """A ticket that the family may buy although its cost is not borne."""

    product: ProductName
    prices: list[PriceFrom]
    valid_until: date
    solidarity: bool
    source: str


class EndOfGrant(Answer):
    """How a decision ends a grant or makes it less, and how the family was heard (§ 28 VwVfG NRW)."""

    grant_id: UUID
    losses: list[Loss]
    last_day: date | None
    heard_on: date | None
    exception: str | None
    why: str
    heard_until: date | None
    answered_on: date | None
    with_ticket: bool


class DecisionOfCase(Answer):
    """A decision with all by which it is explained, and what became of it."""

    outcome: FinalOutcome
    limit_m: int | None
    own_share_cents: int | None
    covered_cents: int | None
    product: ProductName | None
    transport: Carriage | None
    allowance_cents: int | None
    kilometre_cents: int | None
    own_share_changes: list[ShareFrom]
    own_share_from: date | None
    ticket_from: date | None
    reimbursed_until: date | None
    grant_id: UUID | None
    approval: Literal["standing", "yearly"]
    solidarity: bool
    ground: Literal["self_payer"] | None
    offer: OfferedTicket | None
    reasons: list[Reason]
    rules_version: str
    decision_id: UUID
    distance_m: Metres | None
    geometry: GeoJson | None
    network: dict[str, Any] | None = Field(description="Hashes and versions of the walking network.")
    facts: Facts
    valid_from: date | None
    valid_until: date | None
    decided_by: Subject
    prepared_at: datetime
    released_at: datetime | None
    released_by: str | None
    round: int
    because: Because | None
    withdrawn_at: datetime | None
    ended_because: Because | None
    ended_on: date | None
    ends: EndOfGrant | None
