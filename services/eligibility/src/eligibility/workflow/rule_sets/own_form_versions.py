"""Versions of an authority's form, and what is kept of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType, Protocol
from uuid import UUID

from shared.events import AuthorityId, Event
from shared.events.own_form import OwnForm

from eligibility.domain.transitions import OwnFormState
from eligibility.workflow.ports import AuditTrail, AuthorityReader
from eligibility.workflow.rule_sets.rule_set_versions import mark_of

OwnFormId = NewType("OwnFormId", UUID)


@dataclass(frozen=True)
class OwnFormVersion:
    id: OwnFormId
    authority_id: AuthorityId
    state: OwnFormState
    text: str
    """As the authority wrote it."""
    content: OwnForm
    """Whole, with what is taken over; of a draft its own alone."""
    taken_over_from: AuthorityId | None
    editors: tuple[str, ...]
    """OIDC subjects of all who wrote at it, or `operator`: none of them may publish it."""
    created_at: datetime
    changed_at: datetime
    version: int | None = None
    """1, 2, 3 … of the authority; None: not published yet."""
    published_by: str | None = None
    published_at: datetime | None = None
    valid_from: date | None = None

    @property
    def mark(self) -> str:
        """By which a person says which text was read: another text has another one."""
        return mark_of(self.text)


class OwnFormStore(AuthorityReader, AuditTrail, Protocol):
    """Forms inside a transaction."""

    def own_form(self, form_id: OwnFormId, *, lock: bool = False) -> OwnFormVersion | None:
        """Of whatever authority; None: there is none.

        Args:
            lock: nobody else changes it until this transaction ends.
        """

    def own_forms(self, authority_id: AuthorityId) -> Sequence[OwnFormVersion]:
        """Of an authority, newest first."""
        ...

    def latest_own_form(self, authority_id: AuthorityId, *, lock: bool = False) -> OwnFormVersion | None:
        """The published one with the highest version; None: it has published none.

        Args:
            lock: nobody else publishes one of this authority until this transaction ends.
        """

    def put_own_form(self, version: OwnFormVersion) -> None:
        """Keep a version, or replace the draft that it was."""

    def emit(self, event: Event) -> None:
        """Into the outbox."""
