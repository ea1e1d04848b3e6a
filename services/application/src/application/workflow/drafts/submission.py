"""A draft is handed in: application, documents and their events in one transaction, and the draft is gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.database import Transactions
from shared.errors import Conflict, Invalid
from shared.trust import Trust

from application.checks import SchoolKeys
from application.checks.further import PART
from application.checks.uploads import KEPT_OF_ONE, TooMuchKept
from application.domain.application import Application, TakenApplication
from application.domain.document import Document
from application.domain.draft import Draft, DraftDocument, Visitor, application_id_of
from application.domain.ids import DraftId, Owner
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm, read_draft
from application.workflow.applications.applications import (
    CORRECT_THESE,
    KEY_USED,
    named_no_siblings_at_submission,
    take_application,
)
from application.workflow.applications.submission import Submission
from application.workflow.documents.documents import added_event
from application.workflow.drafts.access import DraftSent, draft_or_application
from application.workflow.drafts.drafts import KEPT, faults_of, further_of
from application.workflow.mails.giving import keep_contact_of
from application.workflow.mails.ports import MailOffice
from application.workflow.ports import Store

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class SubmittedApplication:
    """The application that a draft has become, and its form."""

    application: TakenApplication
    form: ApplicationForm


class DraftSubmission:
    """`kept`: drafts, after the last edit. `most_bytes`: of one account's documents in all its applications; 0: as many
    as come."""

    def __init__(
        self,
        database: Transactions[Store],
        keys: SchoolKeys,
        kept: timedelta = KEPT,
        most_bytes: int = KEPT_OF_ONE,
        office: MailOffice | None = None,
    ) -> None:
        self._database, self._keys, self._kept, self._most_bytes = database, keys, kept, most_bytes
        self._office = office

    async def submit(  # noqa: PLR0917  # all that it depends on
        self,
        owner: Owner,
        key: str,
        token: str | None,
        draft_id: DraftId,
        now: datetime,
        trust: Trust | None = None,
    ) -> SubmittedApplication:
        """Hand a draft in, for the account. The same key again is the same application, also once the draft is gone.

        Args:
            trust: how surely the account's person is known; None: nobody says it.

        Raises:
            TooMuchKept.
            NotFound: where account and link do not open it.
            Invalid: with every field that is missing or does not fit.
            Conflict: for a key used before.
            DraftSent: where it was handed in with another key.
        """
        visitor = Visitor(owner, token)

        def write(store: Store) -> SubmittedApplication:
            # 1. The draft, or what became of it a moment or a week ago.
            found = draft_or_application(store, visitor, draft_id, now, self._kept, lock=True)
            if isinstance(found, Application):
                return _same(store, found, key)
            # 2. Check it as any application; write it down and tell it.
            form = self._form(store, found, now)
            submission = Submission(owner, key, form, now, application_id_of(draft_id), trust=trust)
            application = take_application(store, self._keys, submission)
            if application.id != application_id_of(draft_id):
                raise Conflict(KEY_USED)
            # 3. Its documents, as if handed in right after it.
            documents = self._documents(store, found, application)
            store.hand_over_contact(found.id, application.id, owner)
            store.hand_over(found, application.id, documents)
            for each in documents:
                news = TimelineEntry(EntryKind.DOCUMENT_ADDED, each.added_at, str(each.id), detail="{}")
                store.note(application.id, news)
                store.emit(added_event(application, each))
            # 4. Its e-mail address, as the form has it.
            keep_contact_of(store, self._office, application, now)
            return _handed_in(store, application, form)

        return await self._database.write(write)

    def _form(self, store: Store, draft: Draft, now: datetime) -> ApplicationForm:
        content = read_draft(draft.form)
        further = further_of(store, draft, now)
        problems = [*content.missing, *faults_of(store, content, self._keys, now), *further.missing, *further.wrong]
        if problems or content.form is None:
            raise Invalid(CORRECT_THESE, problems=problems)
        return content.form.model_copy(update={PART: dict(further.answers) or None})

    def _documents(self, store: Store, draft: Draft, application: Application) -> list[Document]:
        before = store.draft_documents(draft.id)
        size = sum(each.size for each in before)
        if size and self._most_bytes and store.bytes_of(application.owner) + size > self._most_bytes:
            raise TooMuchKept(self._most_bytes)
        return [_document(each, application, number) for number, each in enumerate(before, 1)]


def _document(before: DraftDocument, application: Application, number: int) -> Document:
    return Document(
        id=before.id,
        application_id=application.id,
        kind=before.kind,
        media_type=before.media_type,
        size=before.size,
        sha256=before.sha256,
        name=before.name,
        question_id=None,
        added_at=application.submitted_at + number * MICROSECOND,
    )


def _same(store: Store, application: Application, key: str) -> SubmittedApplication:
    if application.idempotency_key != key:
        raise DraftSent(application.id)
    return _handed_in(store, application, ApplicationForm.model_validate_json(application.form))


def _handed_in(store: Store, application: Application, form: ApplicationForm) -> SubmittedApplication:
    others = named_no_siblings_at_submission(store, application)
    return SubmittedApplication(TakenApplication(**vars(application), other_children=others), form)
