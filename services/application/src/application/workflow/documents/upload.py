"""A file on its way in."""

from dataclasses import dataclass, replace
from uuid import UUID

from application.checks.uploads import DocumentKind


@dataclass(frozen=True)
class Upload:
    """What was sent. `name` is what the family's device called it."""

    key: str
    kind: DocumentKind
    name: str
    question_id: UUID | None
    content: bytes | bytearray

    def with_key(self, key: str) -> "Upload":
        """The same, under the key that its form brought."""
        return replace(self, key=key)
