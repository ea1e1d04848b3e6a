"""What has been kept for long enough goes: applications by the state of their case, documents and drafts before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from shared.events import ApplicationDocumentRemoved, head
from shared.retention_job import PAGE, DuePage, RetentionTask, Rows

from application.domain.document import Document
from application.domain.ids import ApplicationId, DocumentId, DraftId, InvitationId
from application.domain.retention import holds_of
from application.domain.retention_table import ShortTerms
from application.domain.retention_terms import RETENTION, SENSITIVE, RetentionTerms, keeping_of, sensitive_until
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.erasure import ErasureOnHold, ErasureStore, erase_application

Id = TypeVar("Id")


@dataclass(frozen=True)
class KeptApplication:
    """An application, as far as it decides for how long it is kept."""

    application_id: ApplicationId
    authority_id: str
    submitted_at: datetime
    school_year: str


class RetentionStore(ErasureStore, Protocol):
    def page_of_kept(self, after: ApplicationId | None, limit: int) -> Sequence[KeptApplication]:
        """By id, of all accounts, without their forms."""
        ...

    def documents_of(self, application_ids: Sequence[ApplicationId]) -> Sequence[Document]:
        """Oldest first."""
        ...

    def count_application(self, application_id: ApplicationId) -> Mapping[str, int]:
        """Its rows, by table."""
        ...

    def count_document(self, document_id: DocumentId) -> Mapping[str, int]:
        """Its rows, by table."""
        ...

    def drop_document(self, document_id: DocumentId) -> None:
        """With its content."""

    def note(self, application_id: ApplicationId, entry: TimelineEntry) -> object:
        """What happened to it."""

    def old_drafts(self, edited_until: datetime, after: DraftId | None, limit: int) -> Sequence[DraftId]:
        """By id."""
        ...

    def count_draft(self, draft_id: DraftId) -> Mapping[str, int]:
        """Its rows, by table."""
        ...

    def drop_old_draft(self, draft_id: DraftId, edited_until: datetime) -> None:
        """One that was edited meanwhile stays."""

    def old_invitations(
        self, expired_until: datetime, after: InvitationId | None, limit: int
    ) -> Sequence[InvitationId]:
        """By id."""
        ...

    def drop_old_invitation(self, invitation_id: InvitationId) -> int:
        """Returns whether it was here, as a number."""
        ...

    def count_openings(self, before: datetime) -> int:
        """Older than that."""
        ...

    def drop_openings(self, before: datetime) -> None:
        """Those that are older, each application's with an act of the rules."""


def retention_tasks(terms: RetentionTerms, short: ShortTerms) -> Sequence[RetentionTask]:
    """In this order: what was never handed in, and then what was."""
    applications = _Applications(terms)
    drafts, openings = _Drafts(timedelta(days=short.draft_days)), _Openings(timedelta(days=short.opening_days))
    return (
        RetentionTask("drafts", drafts.find, drafts.count, drafts.erase),
        RetentionTask("invitations", _find_invitations, _count_invitation, _erase_invitation),
        RetentionTask("openings", openings.find, openings.count, openings.erase),
        RetentionTask("applications", applications.find, applications.count, applications.erase),
    )


@dataclass(frozen=True)
class _Applications:
    terms: RetentionTerms

    def find(self, store: RetentionStore, after: ApplicationId | None, now: datetime) -> DuePage:
        page = store.page_of_kept(after, PAGE)
        ids = [each.application_id for each in page]
        news = store.news_of(ids)
        whole = {each.application_id for each in page if self._is_due(each, news.get(each.application_id, ()), now)}
        final = [each for each in ids if each not in whole and self._is_final(news.get(each, ()), now)]
        some = {each.application_id for each in store.documents_of(final) if each.kind in SENSITIVE} if final else set()
        return DuePage([each for each in ids if each in whole or each in some], _after(ids))

    def count(self, store: RetentionStore, application_id: ApplicationId, now: datetime) -> Rows:
        kept, news = self._of(store, application_id)
        if kept is None:
            return {}
        if not self._is_due(kept, news, now):
            counted: Counter[str] = Counter()
            for each in self._documents(store, application_id, news, now):
                counted.update(store.count_document(each.id))
            return counted
        holds = holds_of(news, now, self.terms.action_days)
        if holds:
            raise ErasureOnHold(holds)
        return store.count_application(application_id)

    def erase(self, store: RetentionStore, application_id: ApplicationId, now: datetime) -> Rows:
        kept, news = self._of(store, application_id, lock=True)
        if kept is None:
            return {}
        if self._is_due(kept, news, now):
            return erase_application(store, application_id, now, self.terms.action_days)
        gone: Counter[str] = Counter()
        for each in self._documents(store, application_id, news, now):
            gone.update(store.count_document(each.id))
            store.drop_document(each.id)
            entry = TimelineEntry(EntryKind.DOCUMENT_REMOVED, now, str(each.id), reason=RETENTION)
            store.note(application_id, entry)
            store.emit(ApplicationDocumentRemoved(**head(kept, now), document_id=each.id, because=RETENTION))
        return gone

    def _of(
        self, store: RetentionStore, application_id: ApplicationId, *, lock: bool = False
    ) -> tuple[KeptApplication | None, tuple[TimelineEntry, ...]]:
        found = store.find_application(application_id, lock=lock)
        if found is None:
            return None, ()
        kept = KeptApplication(found.id, found.authority_id, found.submitted_at, found.school_year)
        return kept, store.news_of([application_id]).get(application_id, ())

    def _is_due(self, kept: KeptApplication, news: Sequence[TimelineEntry], now: datetime) -> bool:
        return keeping_of(news, kept.submitted_at, kept.school_year, self.terms).until <= now

    def _is_final(self, news: Sequence[TimelineEntry], now: datetime) -> bool:
        until = sensitive_until(news, self.terms)
        return until is not None and until <= now

    def _documents(
        self, store: RetentionStore, application_id: ApplicationId, news: Sequence[TimelineEntry], now: datetime
    ) -> list[Document]:
        if not self._is_final(news, now):
            return []
        return [each for each in store.documents_of([application_id]) if each.kind in SENSITIVE]


@dataclass(frozen=True)
class _Drafts:
    kept: timedelta

    def find(self, store: RetentionStore, after: DraftId | None, now: datetime) -> DuePage:
        ids = store.old_drafts(now - self.kept, after, PAGE)
        return DuePage(ids, _after(ids))

    def count(self, store: RetentionStore, draft_id: DraftId, _now: datetime) -> Rows:
        return store.count_draft(draft_id)

    def erase(self, store: RetentionStore, draft_id: DraftId, now: datetime) -> Rows:
        rows = store.count_draft(draft_id)
        store.drop_old_draft(draft_id, now - self.kept)
        return rows if not store.count_draft(draft_id) else {}


@dataclass(frozen=True)
class _Openings:
    kept: timedelta

    def find(self, store: RetentionStore, _after: str | None, now: datetime) -> DuePage:
        return DuePage(["openings"] if store.count_openings(now - self.kept) else [])

    def count(self, store: RetentionStore, _key: str, now: datetime) -> Rows:
        return {"document_opening": store.count_openings(now - self.kept)}

    def erase(self, store: RetentionStore, _key: str, now: datetime) -> Rows:
        rows = store.count_openings(now - self.kept)
        store.drop_openings(now - self.kept)
        return {"document_opening": rows}


def _find_invitations(store: RetentionStore, after: InvitationId | None, now: datetime) -> DuePage:
    ids = store.old_invitations(now, after, PAGE)
    return DuePage(ids, _after(ids))


def _count_invitation(_store: RetentionStore, _invitation_id: InvitationId, _now: datetime) -> Rows:
    return {"invitation": 1}


def _erase_invitation(store: RetentionStore, invitation_id: InvitationId, _now: datetime) -> Rows:
    return {"invitation": store.drop_old_invitation(invitation_id)}


def _after(ids: Sequence[Id]) -> Id | None:
    """Where the next page begins; None where this one was not full."""
    return ids[-1] if len(ids) == PAGE else None
