"""What a process that was put back to an older copy asks, page by page: what others know of what it has said."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.birth_dates import BirthDate
from shared.questions.base import Question, Reply


class Knowledge(Reply):
    """What the answerer has heard from others."""

    is_whole: bool = True
    """False: since it started it has not yet handled all that its streams keep for it, so that something may be
    missing. Ask again."""


class PageQuestion(Question):
    """The next page of a list that is ordered by ids."""

    after: UUID | None = None
    """The last id of the page before; None: the first page."""
    skip: int = 0
    """How many entries of the next id were on pages before: of one id there may be more than a page holds."""


class PassesQuestion(PageQuestion):
    """The signer asks for the tickets that passes bear."""

    subject: ClassVar[str] = "wallet-pass.ask.passes.v1"


class PassOut(Reply):
    """A ticket as its pass has it: what the signer had told of it."""

    ticket_id: UUID
    application_id: UUID
    authority_id: str
    number: int
    organisation_id: int
    product: int
    first_name: str
    last_name: str
    birth_date: BirthDate
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    vdv: bytes
    qr: str
    is_revoked: bool
    is_suspended: bool
    last_day: date | None = None


class PassesReply(Knowledge):
    passes: tuple[PassOut, ...]
    is_last: bool


class TicketsQuestion(PageQuestion):
    """The signer asks how its tickets stand."""

    subject: ClassVar[str] = "issuance.ask.tickets.v1"


class TicketOut(Reply):
    """A ticket as the API knows it: no name and no code."""

    ticket_id: UUID
    application_id: UUID
    authority_id: str
    organisation_id: int
    number: int
    state: str
    reason: str | None = None
    step: int
    replaces: UUID | None = None
    decision_id: UUID | None = None
    """None, like the case: heard before the API kept it."""
    case_id: UUID | None = None
    number_draw: int | None = None
    last_day: date | None = None


class TicketsReply(Knowledge):
    tickets: tuple[TicketOut, ...]
    is_last: bool


class ListVersionsQuestion(Question):
    """The signer asks which versions of its lists are out."""

    subject: ClassVar[str] = "issuance.ask.list_versions.v1"


class ListVersionsReply(Knowledge):
    """By shard: the highest version of its status list, and of its list of issued tickets."""

    status: dict[str, int]
    issued: dict[str, int]


class TicketDecisionsQuestion(PageQuestion):
    """Eligibility asks which of its decisions the signer has heard, or has tickets under. Ordered by decision."""

    subject: ClassVar[str] = "signer.ask.decisions.v1"


class ToldDecisionsQuestion(PageQuestion):
    """Eligibility asks which decisions families were told of. Ordered by application."""

    subject: ClassVar[str] = "application.ask.decisions.v1"


class ToldDecision(Reply):
    """A decision that was heard of, and the digest of what it said."""

    decision_id: UUID
    application_id: UUID
    case_id: UUID | None = None
    school_year: str | None = None
    """Of the application, where the case is not told."""
    digest: str
    """Empty where it is not known: by who was put back too, and knows the decision by its ticket."""
    outcome: str = ""
    """granted, refused, share_changed; empty where it is not known."""
    ended_at: AwareDatetime | None = None
    """When its end was told; None: it has not ended, as far as is known."""
    ended_because: str = ""
    """A code, as of `eligibility.withdrawn`; empty where it is not known."""
    ended_on: date | None = None
    """Its last day, where it ended from a day to come."""


class DecisionsReply(Knowledge):
    decisions: tuple[ToldDecision, ...]
    next_after: UUID | None = None
    """Where the next page begins; None: this was the last."""
    next_skip: int = 0
    """And with which of that id's entries."""


class ToldActsQuestion(PageQuestion):
    """Eligibility asks what families were told by it, or of what it did. Ordered by application."""

    subject: ClassVar[str] = "application.ask.acts.v1"


class ToldAct(Reply):
    """One thing that was told once."""

    application_id: UUID
    kind: str
    """granted, refused, share_changed, grant_ended, question_asked, message_read."""
    reference: str
    """The id of what it is about: of a decision, a question or a message; empty for an application as a whole."""
    at: AwareDatetime
    reason: str = ""
    """A code, of an end."""


class ToldActsReply(Knowledge):
    acts: tuple[ToldAct, ...]
    next_after: UUID | None = None
    """Where the next page begins; None: this was the last."""
    next_skip: int = 0
    """And with which of that id's entries."""


class CasesQuestion(PageQuestion):
    """Application asks whose applications the authorities have, by the application's id."""

    subject: ClassVar[str] = "eligibility.ask.cases.v1"


class DocumentOut(Reply):
    """A document that a family handed in, as its authority knows it: neither name nor content."""

    document_id: UUID
    kind: str
    handed_in_at: AwareDatetime


class CaseOut(Reply):
    """What an authority needs to write to a family whose application is not there any more."""

    application_id: UUID
    case_id: UUID
    authority_id: str
    state: str
    addressee: str
    """Name and address, in lines."""
    received_on: date
    change_number: int = 0
    """Of the newest change that was told of it; 0: none."""
    documents: tuple[DocumentOut, ...] = ()
    """Those that the family has not deleted."""


class CasesReply(Knowledge):
    cases: tuple[CaseOut, ...]
    is_last: bool
