"""Documents that families hand in. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from application.domain.ids import ApplicationId, DocumentId


@dataclass(frozen=True)
class Document:
    """What a family handed in. Its name may be personal; the bytes stay in the store."""

    id: DocumentId
    application_id: ApplicationId
    kind: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    name: str
    question_id: UUID | None
    added_at: datetime
