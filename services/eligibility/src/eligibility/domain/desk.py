"""What a person at the desk asks, proposes, sends and sees, and the trail of it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NotRequired, TypedDict

from shared.blank import is_blank
from shared.events import ApplicationSubmitted, AuthorityId

from eligibility.domain.decision import FinalOutcome
from eligibility.domain.ending import Exception28
from eligibility.domain.ids import ApplicationId, CaseId, DocumentId, ProposalId, QuestionId
from eligibility.domain.terms import Carriage

Channel = Literal["post", "download", "mailbox", "retrieval"]
"""download: retrieved from the portal after signing in (§ 41 Abs. 2a VwVfG). mailbox: put into the mailbox of the user
account (§ 9 OZG). retrieval: first retrieved from that mailbox."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks the family for."""

    id: QuestionId
    case_id: CaseId
    asked_at: datetime
    asked_by: str
    text: str
    text_en: str
    due: date
    """Until the end of this day, Germany's calendar."""
    answered_at: datetime | None = None
    answer: str = ""
    hearing: bool = False
    """It tells the family that a grant is to end or to become less, and asks what it says to that (§ 28 VwVfG NRW)."""

    def is_overdue(self, today: date) -> bool:
        """The day to answer has passed, in Germany's calendar, and nobody has answered."""
        return self.answered_at is None and today > self.due

    @property
    def is_answered_blank(self) -> bool:
        """By a text in which nothing is seen. A document or changed facts answer without any text."""
        return bool(self.answer) and is_blank(self.answer)


@dataclass(frozen=True, slots=True)
class Change:
    """What a family told later, and the application as it had been told until then."""

    number: int
    told_at: datetime
    changed_from: date | None
    before: ApplicationSubmitted | None
    """None where that is not kept: told before this was."""
    answer: str = ""
    leaves_for: str | None = None
    """Number of a school of another authority."""
    share_only: bool = False
    """Only what the own share depends on, siblings and benefits: grant and ticket stay."""


class ProposedDecision(TypedDict):
    """A person's decision as a proposal keeps it; days as in ISO 8601. One of before knows fewer fields."""

    outcome: FinalOutcome
    reason: str
    legal_basis: str
    valid_from: NotRequired[str | None]
    own_share_cents: NotRequired[int | None]
    transport: NotRequired[Carriage | None]
    valid_until: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    hearing_exception: NotRequired[Exception28 | None]
    hearing_why: NotRequired[str]
    same_child: NotRequired[bool | None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rules' outcome overridden: proposed by one person, in force once another has confirmed it."""

    id: ProposalId
    case_id: CaseId
    proposed_by: str
    proposed_at: datetime
    content: ProposedDecision


@dataclass(frozen=True, slots=True)
class Act:
    """One link of an authority's audit trail."""

    number: int
    at: datetime
    authority_id: AuthorityId
    subject: str
    """The OIDC subject of a person, `family`, or `rules`."""
    act: str
    case_id: str
    detail: str
    """JSON; ids and dates, no names."""
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way by which a notice reached the family, or was sent to it."""

    channel: Channel
    day: date
    """Given to the post, put into the mailbox, or retrieved: Germany's calendar."""
    noted_at: datetime
    noted_by: str
    consent: bool = False
    """The addressee had consented to this electronic way."""
    instruction_faulty: bool = False
    """The instruction on legal remedies was missing or wrong in what was sent (§ 58 Abs. 2 VwGO)."""
    recipient: int = 0
    """0: who applied; 1: the other guardian, where both get the notice."""
    provided_at: datetime | None = None
    """When it lay ready. None: noted by a person who has looked at that."""
    announced_at: datetime | None = None
    """When the hint went out that says so."""
    excluded: bool = False
    """The user has excluded the mailbox (§ 9 Abs. 1 OZG: consent is deemed given otherwise)."""
    failed_at: datetime | None = None
    """The letter or the hint came back: no period runs from this delivery."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a family handed in, as far as this service knows it: neither name nor content."""

    id: DocumentId
    application_id: ApplicationId
    authority_id: AuthorityId
    kind: str
    media_type: str
    size: int
    """Bytes."""
    question_id: QuestionId | None
    added_at: datetime
    removed_at: datetime | None = None
    opened_at: datetime | None = None
    """When a person of the authority first opened it."""
