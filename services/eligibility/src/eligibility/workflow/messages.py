"""A message of a family is filed: kept with its application, put on the pile, and the family told by when it is read.

It belongs to the application and not to a case: so none is lost that comes before its case, twice, out of order, while
the case is decided, or when it has been withdrawn.
"""

from datetime import date
from typing import Protocol

from shared.blank import is_blank
from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.events import ApplicationChanged, ApplicationDocumentAdded, EligibilityMessageFiled, head
from shared.questions import MessageTermQuestion, MessageTermReply

from eligibility.domain.authority import Authority
from eligibility.domain.ids import ApplicationId, MessageId, QuestionId
from eligibility.domain.message import PRESET_WORKING_DAYS, Message
from eligibility.notice.holidays import working_day_after
from eligibility.workflow.ports import AuthorityReader, Outbox

Told = ApplicationChanged | ApplicationDocumentAdded


class MessageWriter(Protocol):
    def add_message(self, message: Message) -> bool:
        """False where it is there already."""

    def drop_message(self, message_id: MessageId) -> None:
        """The family has deleted what it had sent."""


class FileStore(Outbox, AuthorityReader, MessageWriter, Protocol):
    """The store, as a message is filed in it."""


def file_text(store: FileStore, event: ApplicationChanged, *, with_change: bool) -> None:
    """What was written beside an answer or a change. Without words there is no message."""
    if not is_blank(event.answer):
        _file(store, event, MessageId(event.change_id), event.answer, with_change=with_change)


def file_document(store: FileStore, event: ApplicationDocumentAdded) -> None:
    """Put a document on the authority's desk, as a message without text."""
    _file(store, event, MessageId(event.document_id), "", with_change=False)


def look_by(authority: Authority | None, told_on: date) -> date:
    """The day by which the authority looks at what it is told on that one."""
    chosen = PRESET_WORKING_DAYS if authority is None else authority.messages_within_working_days
    return working_day_after(told_on, chosen)


def _file(store: FileStore, event: Told, message_id: MessageId, text: str, *, with_change: bool) -> None:
    day = look_by(store.authority(event.authority_id), day_in_berlin(event.occurred_at))
    message = Message(
        id=message_id,
        application_id=ApplicationId(event.application_id),
        authority_id=event.authority_id,
        told_at=event.occurred_at,
        text=text,
        question_id=QuestionId(event.question_id) if event.question_id else None,
        with_change=with_change,
        look_by=day,
    )
    if store.add_message(message):
        store.emit(EligibilityMessageFiled(**head(message, event.occurred_at), message_id=message_id, look_by=day))


class MessageTerms:
    """Answers `eligibility.ask.message_term`. Nothing is changed."""

    def __init__(self, transactions: Transactions[AuthorityReader]) -> None:
        self._transactions = transactions

    async def answer(self, question: MessageTermQuestion) -> MessageTermReply:
        """The day by the end of which a message of `told_on` is looked at, by the authority's choice."""
        authority = await self._transactions.read(lambda store: store.authority(question.authority_id))
        return MessageTermReply(look_by=look_by(authority, question.told_on))
