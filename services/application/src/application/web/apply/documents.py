"""The page with the documents of a draft. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.errors import Language

from application.checks.uploads import KIND_TEXTS
from application.domain.draft import DraftDocument

KILOBYTE = 1024


@dataclass(frozen=True)
class DocumentLine:
    """A document that was handed in."""

    id: str
    kind: str
    name: str
    size: str


@dataclass(frozen=True)
class DocumentsPage:
    """`wanted`: what the authority will ask for. `key`: of this page's upload, so that it counts once."""

    lines: Sequence[DocumentLine]
    wanted: Sequence[str]
    kinds: Sequence[tuple[str, str]]
    kind: str
    key: str


def document_lines(documents: Iterable[DraftDocument], language: Language) -> list[DocumentLine]:
    """Oldest first, as they were handed in."""
    names = {str(key): text.in_language(language) for key, text in KIND_TEXTS.items()}
    return [
        DocumentLine(str(each.id), names.get(each.kind, each.kind), each.name, size_of(each.size)) for each in documents
    ]


def size_of(count: int) -> str:
    """Bytes as kB, at least one."""
    return f"{max(1, round(count / KILOBYTE))}\N{NO-BREAK SPACE}kB"
