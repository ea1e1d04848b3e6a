"""A document as its family, and its authority's people, read of it."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from shared.calendar import in_berlin

from application.api.applications.decision import Text
from application.checks.uploads import KIND_TEXTS
from application.domain.document import Document


class DocumentAnswer(BaseModel):
    """Eine Unterlage. Dass sie eingereicht ist, beweist noch nichts; ein Mensch sieht sie an."""

    id: UUID
    kind: str
    kind_text: Text
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    question_id: UUID | None
    added_at: datetime
    link: str = Field(description="GET lädt sie herunter, DELETE löscht sie, solange mit ihr nicht entschieden ist.")
    look_by: date | None = Field(default=None, description="Bis zum Ende dieses Tages wird sie angesehen.")
    read_at: datetime | None = Field(default=None, description="Wann sie angesehen wurde; fehlt bis dahin.")


class ReceivedDocument(DocumentAnswer):
    """Eine Unterlage, die gerade angekommen ist."""

    received: Text = Field(description="Bei wem sie liegt, und bis wann sie angesehen wird.")


def document_answer(
    document: Document, base: str, *, look_by: date | None = None, read_at: datetime | None = None
) -> DocumentAnswer:
    """A document without its bytes, with the link to them.

    Args:
        look_by: None until the authority has said the day.
        read_at: None until somebody has looked at it.
    """
    text = next(text for kind, text in KIND_TEXTS.items() if kind == document.kind)
    return DocumentAnswer(
        id=document.id,
        kind=document.kind,
        kind_text=Text.of(text),
        name=document.name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        question_id=document.question_id,
        added_at=in_berlin(document.added_at),
        link=f"{base}/v1/applications/{document.application_id}/documents/{document.id}",
        look_by=look_by,
        read_at=in_berlin(read_at) if read_at is not None else None,
    )
