"""What the API asks for beside cases: notices as files, addresses, distances."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from geography.address_search.answers import Answer
from geography.model import Measurement, Point

from eligibility.domain.ids import NoticeToken
from eligibility.workflow.delivery.letters import Letter


@dataclass(frozen=True)
class NoticePage:
    """A notice as HTML."""

    text: str
    style: str
    """Its only style, as a source of a Content-Security-Policy: `sha256-…`."""


class Notices(Protocol):
    async def pdf(self, token: NoticeToken) -> bytes:
        """Raises NotFound."""

    async def html(self, token: NoticeToken) -> NoticePage:
        """The same content as a page.

        Raises:
            NotFound.
        """


class LetterFiles(Protocol):
    async def archive(self, letters: Sequence[Letter]) -> bytes:
        """A ZIP file with a list and a PDF for each letter, in their order; there is one at least."""


class AddressSearch(Protocol):
    async def find(self, text: str, limit: int) -> Answer:
        """Addresses that a person may mean by what was typed."""


class Distances(Protocol):
    async def distance(self, start: Point, end: Point) -> Measurement:
        """Raises NoWay, UnusablePoint, and Unavailable when too many are waiting."""
