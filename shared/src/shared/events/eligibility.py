"""What the service `eligibility` tells."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.events.base import ApplicationEvent, Event, Fact, Reason, later_field
from shared.events.own_form import OwnForm


class DatedCents(Fact):
    """Cents a month, from a day on."""

    valid_from: date
    cents: int


class SelfPayerOffer(Fact):
    """A ticket that the family may buy although it is not entitled."""

    product: str
    """Its key in the authority's rule set."""
    product_name: str
    prices: tuple[DatedCents, ...]
    """What the family pays, from the first day on."""
    valid_until: date
    solidarity: bool = False
    """At this school all pupils take the ticket."""
    order_until_day: int | None = later_field()
    """Of a month: ordered later, the ticket begins one month later."""

    def begins(self, ordered: date) -> date:
        """First day of a ticket ordered on that day: of the next month, not before the offer."""
        months = 1 if self.order_until_day is None or ordered.day <= self.order_until_day else 2
        count = ordered.month - 1 + months
        return max(self.prices[0].valid_from, date(ordered.year + count // 12, count % 12 + 1, 1))

    def price(self, day: date) -> int:
        """Cents a month on that day."""
        return next((each.cents for each in reversed(self.prices) if each.valid_from <= day), self.prices[0].cents)


class EligibilityGranted(ApplicationEvent):
    """The decision is released: the child may ride. One grant, one ticket: `decision_id` is the grant's id."""

    subject: ClassVar[str] = "eligibility.granted.v1"

    decision_id: UUID
    valid_from: date
    valid_until: date
    """Last day on which the ticket is valid."""
    own_share_cents: int
    """A month."""
    distance_m: float | None
    """The way to school in metres, unrounded; None where the decision did not need it."""
    limit_m: int | None
    reasons: tuple[Reason, ...]
    rules_version: str
    notice_url: str | None = None
    product: str | None = later_field()
    """Key of the ticket in the authority's rule set; None where it names none."""
    product_name: str | None = later_field()
    transport: str | None = later_field()
    """Kind of transport where one was decided: public, special, car, motorcycle, bicycle, taxi. Only public (or None)
    comes with a ticket."""
    allowance_cents: int | None = later_field()
    """A month, in place of a ticket."""
    own_share_changes: tuple[DatedCents, ...] = later_field(())
    """Own shares that follow during the grant."""
    ground: str | None = later_field()
    """self_payer: the family buys the ticket, and `own_share_cents` is its price. None: entitled."""
    carries_on: UUID | None = later_field()
    """The grant of the school year before, which this one carries on without a new application."""
    decision_digest: str | None = later_field()
    """Keyed, of what the decision says: the same `decision_id` with another one is a conflict, and not acted on. None:
    released before there were digests."""
    ticket_from: date | None = later_field()
    """Where the decision is let out later than `valid_from`: the first day of the ticket. After `valid_until`: there is
    none any more. None: `valid_from`."""
    own_share_from: date | None = later_field()
    """Where it begins later than `valid_from`: nothing is paid for a month without a ticket."""
    reimbursed_until: date | None = later_field()
    """Until when the fares paid before the ticket began can be claimed; None: there are none."""
    holder_change: int | None = later_field()
    """The ticket names the holder of this number (`application.holder_given`); None: as handed in."""
    change_number: int | None = later_field()
    """The newest change of the family that is in it; 0: none. None: told before this was."""
    case_id: UUID | None = later_field()
    """The case of its school year: of it there is one ticket at most. None: told before this was."""
    child: str | None = later_field()
    """Keyed digest of the child, the same in all its applications with this authority: what is said of its right to
    ride holds in the next one too. None: not known, or told apart from another child by a person."""
    instead_of: UUID | None = later_field()
    """The grant whose place it takes: where holder, period and product are the same, its ticket goes on."""
    knows_revocation: bool = later_field(default=False)
    """A person granted it who knew that the child's earlier right to ride was revoked."""
    behind_another: bool = later_field(default=False)
    """Another application's ticket of the child is good on days of this grant: its own comes out once that ends."""
    awaits_school: bool = later_field(default=False)
    """The ticket waits for the school's confirmation: the same grant is told again without this once it may be made."""

    @property
    def with_ticket(self) -> bool:
        """Whether a ticket is to be made: not for a school bus, an allowance per kilometre, or days that are over."""
        return self.transport in (None, "public") and self.ticket_first <= self.valid_until

    @property
    def ticket_first(self) -> date:
        """The first day of the ticket, where there is one."""
        return self.ticket_from or self.valid_from


class EligibilityRefused(ApplicationEvent):
    """The decision is released: no entitlement. A result, not an error."""

    subject: ClassVar[str] = "eligibility.refused.v1"

    decision_id: UUID
    distance_m: float | None
    limit_m: int | None
    reasons: tuple[Reason, ...]
    rules_version: str
    notice_url: str | None = None
    offer: SelfPayerOffer | None = later_field()
    """What the family may buy instead."""
    decision_digest: str | None = later_field()
    change_number: int | None = later_field()
    """As of a grant, like the case."""
    case_id: UUID | None = later_field()


class EligibilityReviewOpened(ApplicationEvent):
    """A person must look: `reasons` hold the questions that the rules could not answer."""

    subject: ClassVar[str] = "eligibility.review_opened.v1"

    case_id: UUID
    reasons: tuple[Reason, ...]


class EligibilityQuestionAsked(ApplicationEvent):
    """A person of the authority asks the family for something that is missing."""

    subject: ClassVar[str] = "eligibility.question_asked.v1"

    question_id: UUID
    case_id: UUID
    text: str
    """What to send, in the words of the person who asks."""
    text_en: str = ""
    due: date
    """Until which day, Germany's calendar. After it the authority may decide on what it has."""
    hearing: bool = later_field(default=False)
    """A grant is to end or to become less: the family is heard before that is decided (§ 28 VwVfG NRW)."""


class EligibilityWithdrawn(ApplicationEvent):
    """A grant ended, or an application without a decision was laid down."""

    subject: ClassVar[str] = "eligibility.withdrawn.v1"

    decision_id: UUID | None
    reason: str
    """A code: application_withdrawn, facts_changed, decided_anew."""
    decision_digest: str | None = later_field()
    """Of the grant that ended."""
    ends_on: date | None = later_field()
    """Last day of the grant, and of its ticket, Germany's calendar; None: at once. Told again, the newest counts."""
    followed_by: UUID | None = later_field()
    """The grant with a ticket that takes its place at once, or before it began: the ticket may go on under it."""
    case_id: UUID | None = later_field()
    """As of the grant."""


class EligibilityShareChanged(ApplicationEvent):
    """The family pays another own share from a day on. The grant stays as it is, and so does its ticket."""

    subject: ClassVar[str] = "eligibility.share_changed.v1"

    decision_id: UUID
    """The decision on the share."""
    grant_id: UUID
    """`decision_id` of the grant that goes on."""
    own_share_cents: int
    """A month."""
    changed_from: date
    reasons: tuple[Reason, ...]
    rules_version: str
    notice_url: str | None = None
    decision_digest: str | None = later_field()
    grant_digest: str | None = later_field()
    """Of the grant that goes on."""
    change_number: int | None = later_field()
    """As of a grant."""


class EligibilityApplicationDue(ApplicationEvent):
    """A grant ends with its school year and is not carried on: for the next one the family applies anew."""

    subject: ClassVar[str] = "eligibility.application_due.v1"

    decision_id: UUID
    """The grant that ends."""
    grant_ends: date
    """Its last day."""
    school_year: str
    """The next one, for example 2027/28."""
    apply_until: date
    """After this day cost of that school year is no longer borne."""
    reason: str
    """A code: yearly, last_grade, another_school, facts_missing."""


class EligibilityMessageFiled(ApplicationEvent):
    """What a family wrote or sent lies with its authority, and somebody will look at it.

    A document that its family deletes before is looked at by nobody: of that nothing more is told.
    """

    subject: ClassVar[str] = "eligibility.message_filed.v1"

    message_id: UUID
    """`change_id` of the answer or change with which it wrote, or `document_id` of what it sent."""
    look_by: date
    """By the end of this day, Germany's calendar, as the authority has chosen."""


class EligibilityMessageRead(ApplicationEvent):
    """A person of the authority has looked at what a family wrote or sent."""

    subject: ClassVar[str] = "eligibility.message_read.v1"

    message_id: UUID


class EligibilityChangeSettled(ApplicationEvent):
    """Nothing is left to be decided of the facts that a family changed: what was decided holds as it is."""

    subject: ClassVar[str] = "eligibility.change_settled.v1"

    change_number: int
    """As the family's change bears it."""
    up_to: bool = later_field(default=False)
    """Nor of those before it."""


class EligibilityTicketChangeRequested(ApplicationEvent):
    """A person at the authority's desk asks the signer for a step of a ticket. `ticket.request_answered` says what
    became of it."""

    subject: ClassVar[str] = "eligibility.ticket_change_requested.v1"

    request_id: UUID
    number: int
    organisation_id: int
    change: str
    """suspend, restore, replace, revoke."""
    reason: str
    """by_authority, fraud, lost. In those told before: also words without names."""
    requested_by: str
    """The OIDC subject of who asked."""


class EligibilityFormPublished(Event):
    """What an authority adds to the form of an application, from a day on: of the versions that hold on a day the
    highest counts."""

    subject: ClassVar[str] = "eligibility.form_published.v1"

    version: int
    """1, 2, 3 … of this authority."""
    valid_from: date
    """Germany's calendar."""
    content: OwnForm
