"""Cases as they are answered: the shapes of eligibility.api.desk.case_json."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from eligibility.api.answers import Answer, Both, Facts, Reason, Subject
from eligibility.api.desk.decision_answers import DecisionOfCase
from eligibility.domain.case import CaseState
from eligibility.domain.decision import FinalOutcome
from eligibility.domain.desk import Channel
from eligibility.domain.dispatch import DispatchState, FailureReason, Way
from eligibility.domain.ending import Loss
from eligibility.domain.ticket import Change


class ShortCase(Answer):
    """A case as a list shows it."""

    id: UUID
    application_id: UUID
    state: CaseState
    school_number: str
    school_year: str
    opened_at: datetime
    assigned_to: str | None
    assigned_at: datetime | None
    outcome: FinalOutcome | None = Field(description="Of its latest decision.")
    override_proposed_by: str | None
    questions: list[str] = Field(description="Of the rules, while a person must answer them.")


class CaseList(Answer):
    """A page of cases, newest first."""

    total: int = Field(description="10,000 at most are counted.")
    cases: list[ShortCase]


class ReleaseSummary(Answer):
    """Grants released at once."""

    released: int
    left: int = Field(description="What can be released so again.")


class QuestionOfCase(Answer):
    """What a person asked the family, and what it answered."""

    id: UUID
    text: str
    text_en: str
    due: date
    asked_at: datetime
    asked_by: Subject
    answered_at: datetime | None
    answer: str
    hearing: bool
    overdue: bool


class LossAhead(Answer):
    """What the family would lose by the prepared decision, and what is missing before it may go out."""

    grant_id: UUID
    losses: list[Loss]
    until: date
    heard_on: date | None
    heard_until: date | None
    proposed_end: date | None


class GroundLimit(Answer):
    """Claimed grounds that may end before the school year does."""

    grounds: list[str]
    proposed_valid_until: date | None


class ToldDifference(Answer):
    """A part of what the family told, before and now."""

    field: str
    before: Any
    now: Any


class ChangeOfCase(Answer):
    """What the family told last."""

    number: int
    told_at: datetime
    changed_from: date | None
    answer: str
    leaves_for: str | None
    differences: list[ToldDifference]


class DeliveryOfNotice(Answer):
    """One way by which a notice reached the family, or was sent to it."""

    channel: Channel
    day: date
    noted_at: datetime
    noted_by: Subject
    consent: bool
    instruction_faulty: bool
    recipient: int = Field(description="0: who applied; 1: the other guardian.")
    provided_at: datetime | None = Field(description="When it lay ready.")
    announced_at: datetime | None = Field(description="When the hint went out that says so.")
    excluded: bool = Field(description="The user has excluded the mailbox.")
    failed_at: datetime | None = Field(description="The letter, or the hint, came back: no period runs from it.")


class DispatchOfNotice(Answer):
    """One try to bring a notice to one addressee by one channel."""

    id: UUID
    recipient: int
    channel: Way
    state: DispatchState
    since: datetime
    provided_at: datetime | None
    announced_at: datetime | None
    day: date | None = Field(description="Of a letter: given to the post.")
    failure: FailureReason | None


class PeriodByDelivery(Answer):
    """When a notice counts as notified by one delivery, and the last day for the action."""

    channel: Channel
    sent: date
    notified: date
    last_day: date


class RemedyOfNotice(Answer):
    """The period of the legal remedy."""

    notified: date | None
    last_day: date | None = Field(description="null while the period does not run.")
    over: bool
    legal_basis: str
    certainty: str | None
    by: list[PeriodByDelivery]
    hint: Both | None


class RemedyOfRecipient(Answer):
    """The period of another addressee."""

    recipient: int
    remedy: RemedyOfNotice


class NoticeOfCase(Answer):
    """A notice, how it was delivered, and until when it can be challenged."""

    decision_id: UUID
    token: str
    written_at: datetime
    deliveries: list[DeliveryOfNotice]
    remedy: RemedyOfNotice = Field(description="Of who applied.")
    dispatches: list[DispatchOfNotice]
    other_recipients: list[RemedyOfRecipient]


class MessageOfCase(Answer):
    """What the family wrote, or a document, which is among `documents` by the same id."""

    id: UUID
    kind: Literal["document", "text"]
    text: str
    told_at: datetime
    question_id: UUID | None
    with_change: bool
    look_by: date
    overdue: bool
    read_at: datetime | None
    read_by: str | None


class WaitingTicket(Answer):
    """Why a ticket is not there yet."""

    reason: Literal["signature_quota"]
    until: datetime


class TicketOfCase(Answer):
    """A ticket as the signer told it last."""

    number: int
    organisation_id: int
    state: str
    reason: str | None
    since: datetime
    valid_from: datetime
    valid_until: datetime
    last_day: date | None


class RequestOfTicket(Answer):
    """What a person asked of a ticket, and what became of it."""

    request_id: UUID
    number: int
    change: Change
    reason: str
    asked_by: Subject
    asked_at: datetime
    state: str
    refused: str | None
    answered_at: datetime | None


class DocumentOfCase(Answer):
    """A file that the family handed in: neither its name nor its content."""

    id: UUID
    kind: str
    kind_text: Both
    media_type: str
    size: int = Field(description="Bytes.")
    question_id: UUID | None
    handed_in_at: datetime
    opened_at: datetime | None
    state: Literal["handed_in", "opened"]
    state_text: Both
    staff_link: str | None = Field(description="For a browser, which is asked to sign in.")
    link: str = Field(description="Wants a bearer token.")


class ActOfCase(Answer):
    """Who did what and when. `number` and `hash` are those of the audit trail; null where it holds no such act."""

    at: datetime
    happened_at: datetime
    by: Subject
    act: str
    text: Both
    detail: dict[str, Any]
    number: int | None
    hash: str | None


class AttendanceDifferenceOut(Answer):
    part: str
    says: str


class AttendanceOut(Answer):
    """What the school says of the pupil, and what waits for it."""

    state: Literal["open", "confirmed", "questioned", "ended"]
    school_number: str = Field(description="Of the school that has said so; empty where none has.")
    told_at: datetime | None
    last_day: date | None = Field(description="Of one that ended: the last day at the school; null: never attended.")
    differences: list[AttendanceDifferenceOut]
    proven_at: datetime | None = Field(description="When a person noted other evidence.")
    waits: Literal["nothing", "release", "ticket"] = Field(description="What waits for the school now.")
    look_from: date | None = Field(description="From when on a person looks; null: nothing is to be looked at.")


class CaseAnswer(ShortCase):
    """All that is kept of a case."""

    submission: dict[str, Any] = Field(description="What the notice needs of the application; empty after erasure.")
    reasons: list[Reason]
    settled_questions: list[str]
    dangers: list[dict[str, Any]] = Field(description="Entries of the danger list that may concern the way.")
    facts: Facts
    ways: dict[str, Any] = Field(description="Routes measured to the attended and the nearest school.")
    decision: DecisionOfCase | None
    decisions: list[DecisionOfCase]
    asked: list[QuestionOfCase]
    override: dict[str, Any] | None = Field(description="What another person proposed, and the decision it would be.")
    in_force: DecisionOfCase | None
    ending: LossAhead | None
    limit: GroundLimit | None
    change: ChangeOfCase | None
    notices: list[NoticeOfCase]
    messages: list[MessageOfCase]
    ticket_waits: WaitingTicket | None
    attendance: AttendanceOut | None
    tickets: list[TicketOfCase]
    ticket_requests: list[RequestOfTicket]
    documents: list[DocumentOfCase]
    acts: list[ActOfCase]
