"""The terms of a decision: what it grants beyond its outcome, and what it offers. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from eligibility.domain.ending import GrantEnd
from eligibility.domain.ids import DecisionId

Carriage = Literal["public", "special", "car", "motorcycle", "bicycle", "taxi"]
DatedCents = tuple[date, int]
"""Cents a month, from a day on."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A ticket that the family may buy although its cost is not borne."""

    product: str
    """Its key in the rule set."""
    name: str
    prices: tuple[DatedCents, ...]
    """What the family pays, from the first day on. Never empty."""
    last: date
    """Last day of the offer's period."""
    solidarity: bool = False
    """At this school all pupils take the ticket: the price is that of the solidarity model."""
    source: str = ""
    how: str = ""
    """How the family takes it, in the authority's own words; "" for the usual way."""
    how_en: str = ""
    order_until_day: int | None = None
    """Of a month: ordered later, the ticket begins one month later."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rule set's choices make of a decision, beyond outcome and reasons."""

    product: str | None = None
    """Its key in the rule set; None where none is named, or no ticket is given."""
    product_name: str = ""
    transport: Carriage | None = None
    """None: nothing was said about it; the family gets a ticket."""
    allowance_cents: int | None = None
    """A month, in place of a ticket."""
    kilometre_cents: int | None = None
    claim_until: date | None = None
    """Until when the allowance can be claimed."""
    own_share_changes: tuple[DatedCents, ...] = ()
    """Own shares that follow in the school year."""
    standing: bool = False
    """The approval carries on: no new application for the next school year."""
    solidarity: bool = False
    """At this school all pupils take the ticket."""
    self_payer: bool = False
    """The family buys the ticket; the refusal of cost stays beside it."""
    offer: Offer | None = None
    """Of a refusal."""
    grant_id: DecisionId | None = None
    """Of a decision on the own share alone: the grant that goes on."""
    share_from: date | None = None
    """From which day its own share is paid; of a grant only where that is later than it begins."""
    ticket_from: date | None = None
    """First day of the ticket, where the grant was let out later than it begins; after its last day: there is none."""
    without_ticket_until: date | None = None
    """Last day of the grant before there was a ticket: the fares paid until then are reimbursed."""
    reimbursed_until: date | None = None
    """Until when they can be claimed; None: there are none."""
    carries_on: DecisionId | None = None
    """The grant of the school year before, which this one carries on."""
    limited: bool = False
    """Of a person's grant: its ground holds until the last day only, before the school year ends."""
    ends: GrantEnd | None = None
    """Of a decision that ends a grant or makes it less: from when, and how the family was heard."""

    @property
    def with_ticket(self) -> bool:
        """Whether the child travels by a ticket: by public transport, or nothing was said about the kind."""
        return self.transport in (None, "public")


NOTHING_MORE = Terms()
