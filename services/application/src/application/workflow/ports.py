"""What the workflow needs of the store, in narrow ports. The store implements them all, in one transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.events import Event

from application.domain.application import Application
from application.domain.document import Document
from application.domain.ids import ApplicationId, DocumentId, Owner
from application.domain.school import Authority, School
from application.domain.timeline import TimelineEntry
from application.workflow.attendance.statements import StatementStore
from application.workflow.codes.ports import CodeStore, LetterStore, LookStore, PickUpStore
from application.workflow.drafts.ports import DraftDocumentStore, DraftEnds, DraftStore
from application.workflow.erasure import ErasureStore
from application.workflow.mails.ports import ContactStore
from application.workflow.own_forms import OwnFormStore
from application.workflow.people.ports import InvitationStore, PeopleStore


@dataclass(frozen=True)
class Counts:
    """What an import did."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.new + other.new, self.changed + other.changed, self.same + other.same)


@dataclass(frozen=True)
class Opening:
    """One of the authority's people has opened a document."""

    application_id: ApplicationId
    document_id: DocumentId
    subject: str
    """As the identity provider names the person."""
    at: datetime


class Applications(Protocol):
    def add_application(self, application: Application) -> bool:
        """False, and nothing written, where its owner has used the key before."""
        ...

    def find_by_key(self, owner: Owner, key: str) -> Application | None:
        """What this owner handed in under the request's key; None: nothing yet."""

    def find_application(self, application_id: ApplicationId, *, lock: bool = False) -> Application | None:
        """`lock`: nobody else changes it until this transaction ends."""
        ...

    def set_form(self, application_id: ApplicationId, form: str, school_number: str) -> None:
        """In place of the form before."""
        ...

    def others_of_owner(self, application: Application) -> Sequence[Application]:
        """Some of the same account, authority and school year."""
        ...

    def forms_before(self, application: Application) -> Iterator[str]:
        """Forms of some that the same account had handed in before, at the same authority and for the same school year,
        without those that were taken back by then."""
        ...

    def page_of_account(
        self, account: Owner, helped: Collection[ApplicationId], before: Application | None, limit: int
    ) -> Sequence[Application]:
        """Its own and those of `helped`, newest first, from the one after `before` on."""
        ...


class TimelineStore(Protocol):
    def digest_of(self, application_id: ApplicationId, decision_id: UUID) -> str | None:
        """The digest with which the decision was told first; None where it was not told with one."""
        ...

    def first_digest(self, application_id: ApplicationId, decision_id: UUID, digest: str) -> str:
        """The digest with which the decision was told first: this one, which is kept, where it was not told yet."""
        ...

    def keep_digests(self, application_id: ApplicationId, digests: Sequence[tuple[UUID, str]]) -> None:
        """Of these decisions; what is kept already stays."""
        ...

    def note(self, application_id: ApplicationId, news: TimelineEntry) -> None:
        """Write one piece of news down; told again, its detail is replaced, and it stays at its earliest time."""
        ...

    def news_of(self, application_ids: Sequence[ApplicationId]) -> dict[ApplicationId, tuple[TimelineEntry, ...]]:
        """By application, each by time; one without any is left out."""

    def put_back_at(self) -> datetime | None:
        """When this database was last put back to an earlier copy; None: never."""


class Directory(Protocol):
    def school(self, number: str) -> School | None:
        """None where the register does not have this number."""

    def schools(self, numbers: Iterable[str]) -> dict[str, School]:
        """By number; those that the register does not have are left out."""

    def search_schools(self, words: Sequence[str], limit: int) -> Sequence[School]:
        """Schools whose searchable text or postal code has every word; those whose authority takes part first."""
        ...

    def search_schools_nearly(self, words: Sequence[str], limit: int) -> Sequence[School]:
        """The same, with one typing error in each word."""
        ...


class Register(Protocol):
    def put_authorities(self, authorities: Iterable[Authority]) -> Counts:
        """`takes_part` is only ever switched on here, and a name is never replaced by none."""
        ...

    def put_schools(self, schools: Sequence[School]) -> Counts:
        """New and changed ones; none is dropped."""

    def drop_schools_except(self, numbers: frozenset[str]) -> int:
        """Returns how many were dropped."""

    def set_part(self, authority_id: str, *, takes_part: bool) -> bool:
        """False where there is no such authority."""
        ...


class Outbox(Protocol):
    def emit(self, *events: Event) -> None:
        """In this order."""


class DocumentStore(Protocol):
    """Documents that families handed in."""

    def add_document(self, document: Document, content: bytes) -> None:
        """With its bytes, all or nothing."""

    def document(self, application_id: ApplicationId, document_id: DocumentId) -> Document | None:
        """None too where it belongs to another application."""

    def documents_of(self, application_ids: Iterable[ApplicationId]) -> Sequence[Document]:
        """Oldest first."""
        ...

    def bytes_of(self, owner: Owner) -> int:
        """Of all documents in all applications of an account."""
        ...

    def document_part(self, document_id: DocumentId, number: int) -> bytes | None:
        """None behind the last."""
        ...

    def drop_document(self, document_id: DocumentId) -> None:
        """With its bytes; what is not there is no error."""


class DocumentAccessLog(Protocol):
    """Of who opened which document."""

    def add_opening(self, opening: Opening) -> None:
        """For as long as the family may ask who has seen its documents."""

    def openings_of(self, application_id: ApplicationId) -> Sequence[Opening]:
        """Oldest first."""
        ...

    def drop_openings(self, before: datetime) -> None:
        """Those before this moment, whoever's they are."""


AccountRows = Mapping[str, Sequence[Mapping[str, Any]]]
"""By table: all its rows, without the bytes of files and without secrets."""


class OwnDataStore(Protocol):
    def rows_of_account(self, owner: Owner) -> AccountRows:
        """Of its applications, its drafts, and its help with others."""
        ...


class Store(
    Applications, TimelineStore, Directory, Register, DocumentStore, DocumentAccessLog, DraftStore, DraftDocumentStore,
    DraftEnds, ContactStore, PeopleStore, InvitationStore, OwnFormStore, ErasureStore, OwnDataStore, StatementStore,
    CodeStore, LetterStore, LookStore, PickUpStore, Outbox, Protocol,
):  # fmt: skip
    """All ports of one transaction."""
