"""What the family handed in beside the form: known here by kind and size, kept and shown by `application`.

That a document is there proves nothing. The rules do not read it; a person does, and what the form says of a
certificate stays what the family said.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from shared.events import ApplicationDocumentAdded, ApplicationDocumentOpened, ApplicationDocumentRemoved

from eligibility.domain.acts import ActKind, Detail
from eligibility.domain.case import Case
from eligibility.domain.desk import Document
from eligibility.domain.ids import ApplicationId, CaseId, DocumentId, MessageId, QuestionId
from eligibility.workflow.decision.revise import FAMILY
from eligibility.workflow.messages import FileStore, file_document
from eligibility.workflow.ports import AuditTrail, CaseReader, Environment, QuestionWriter

Event = ApplicationDocumentAdded | ApplicationDocumentRemoved
RULES = "rules"


class DocumentStore(Protocol):
    """Documents inside a transaction."""

    def add_document(self, document: Document) -> bool:
        """False where it is known already, or was removed before."""

    def remove_document(self, document: Document) -> bool:
        """True where it was there. One that is not there yet is remembered as removed."""

    def reopen(self, case_id: CaseId, question_id: QuestionId) -> None:
        """Nobody has answered it in words, and the document that did is gone."""

    def document(self, document_id: DocumentId) -> Document | None:
        """None: it was not heard of."""

    def note_opened(self, document_id: DocumentId, at: datetime) -> None:
        """The first time counts."""


class DocumentsStore(FileStore, QuestionWriter, CaseReader, AuditTrail, DocumentStore, Protocol):
    """The store, as documents are noted in it."""


class Documents:
    """Hears application.document_added, document_removed and document_opened, also before the case is there."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def added(self, event: ApplicationDocumentAdded) -> Callable[[DocumentsStore], None]:
        """Note it, and file it as a message, decided or not; where the case is there already, in its trail too, and as
        the answer to its question. It follows the application: whoever has its case looks at it."""
        return partial(self._add, event)

    async def removed(self, event: ApplicationDocumentRemoved) -> Callable[[DocumentsStore], None]:
        """The step that notes the removal of a document by the family, or because its time is over."""
        return partial(self._remove, event)

    async def opened(self, event: ApplicationDocumentOpened) -> Callable[[DocumentsStore], None]:
        """One that was never heard of stays unknown: its sender told of it first, and an order kept is not lost."""
        return lambda store: store.note_opened(DocumentId(event.document_id), event.occurred_at)

    def _add(self, event: ApplicationDocumentAdded, store: DocumentsStore) -> None:
        cases = store.cases_of(ApplicationId(event.application_id))
        if not store.add_document(_document(event)):
            return  # told twice, or deleted before it was told
        file_document(store, event)
        if not cases:
            return  # it waits for its case
        if event.question_id is not None:
            for case in cases:  # the question is that of one of them
                store.answer(case.id, QuestionId(event.question_id), "", event.occurred_at)
        self._note(store, cases[-1], event, ActKind.DOCUMENT_HANDED_IN, {"kind": event.kind})

    def _remove(self, event: ApplicationDocumentRemoved, store: DocumentsStore) -> None:
        cases = store.cases_of(ApplicationId(event.application_id))
        known = store.document(DocumentId(event.document_id))
        store.drop_message(MessageId(event.document_id))
        if not store.remove_document(_removed(event)) or not cases:
            return
        by_family = not event.because
        if by_family and known is not None and known.question_id is not None:
            for case in cases:
                store.reopen(case.id, known.question_id)
        self._note(store, cases[-1], event, ActKind.DOCUMENT_REMOVED, {}, subject=FAMILY if by_family else RULES)

    def _note(
        self, store: AuditTrail, case: Case, event: Event, act: ActKind, detail: Detail, *, subject: str = FAMILY
    ) -> None:
        store.audit(
            authority_id=case.authority_id,
            subject=subject,
            act=act,
            case_id=case.id,
            now=self._environment.now(),
            detail={"document": str(event.document_id), "at": event.occurred_at.isoformat(), **detail},
        )


def _document(event: ApplicationDocumentAdded) -> Document:
    return Document(
        id=DocumentId(event.document_id),
        application_id=ApplicationId(event.application_id),
        authority_id=event.authority_id,
        kind=event.kind[:32],
        media_type=event.media_type[:32],
        size=event.size,
        question_id=QuestionId(event.question_id) if event.question_id else None,
        added_at=event.occurred_at,
    )


def _removed(event: ApplicationDocumentRemoved) -> Document:
    return Document(
        id=DocumentId(event.document_id),
        application_id=ApplicationId(event.application_id),
        authority_id=event.authority_id,
        kind="",
        media_type="",
        size=0,
        question_id=None,
        added_at=event.occurred_at,
        removed_at=event.occurred_at,
    )
