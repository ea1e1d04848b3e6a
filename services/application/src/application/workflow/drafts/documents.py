"""Documents that are handed in before the application is: by the same checks, and told to nobody yet."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from uuid import uuid5

from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Text

from application.checks.uploads import MEGABYTE, MOST_DOCUMENTS, TooMuchKept, safe_name
from application.domain.draft import Draft, DraftDocument, Visitor
from application.domain.ids import DocumentId, DraftId
from application.workflow.applications.changes import NO_QUESTION
from application.workflow.documents.documents import KEY_USED, clean_file
from application.workflow.documents.upload import Upload
from application.workflow.drafts.access import open_draft
from application.workflow.drafts.drafts import KEPT
from application.workflow.ports import Store

KEPT_OF_A_DRAFT = 30 * MEGABYTE
"""Of one draft together: some ten photographs. Our own choice: whoever begins drafts may have no account."""
NO_DOCUMENT = Text(
    "Diese Unterlage gibt es zu diesem Entwurf nicht. Bitte sehen Sie in der Liste der Unterlagen nach.",
    "There is no such document on this draft. Please look at the list of documents.",
)
TOO_MANY = Text(
    "Zu diesem Entwurf liegen schon 20 Unterlagen vor. Bitte löschen Sie eine, die nicht mehr gebraucht wird.",
    "This draft has 20 documents already. Please delete one that is no longer needed.",
)


class DraftDocuments:
    """`kept`: drafts, after the last edit. `most_bytes`: of one draft's documents together; 0: as many as come."""

    def __init__(
        self, database: Transactions[Store], kept: timedelta = KEPT, most_bytes: int = KEPT_OF_A_DRAFT
    ) -> None:
        self._database, self._kept, self._most_bytes = database, kept, most_bytes

    async def add(self, visitor: Visitor, draft_id: DraftId, upload: Upload, now: datetime) -> DraftDocument:
        """Keep a document; the same request again changes nothing.

        Raises:
            NotFound, DraftSent.
            Invalid: for a file that cannot be taken.
            Conflict: for a key used before or too many documents.
            TooMuchKept: where the draft's documents together would be too large.
        """
        # 1. What is it, by its content? Without where and when it was photographed.
        if upload.question_id is not None:
            raise Invalid(NO_QUESTION, field="question_id")
        media_type, content = await asyncio.to_thread(clean_file, bytes(upload.content))
        document = DraftDocument(
            id=DocumentId(uuid5(draft_id, upload.key)),
            draft_id=draft_id,
            kind=upload.kind,
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            name=safe_name(upload.name, media_type),
            added_at=now,
        )

        def write(store: Store) -> DraftDocument:
            # 2. Only where the visitor may; the same key is the same document.
            draft = open_draft(store, visitor, draft_id, now, self._kept, lock=True)
            if known := _known(store, document):
                return known
            self._check_room(store, document)
            # 3. Keep it; the draft with it from today on.
            store.add_draft_document(document, content)
            store.set_draft(draft.touched(now))
            return document

        return await self._database.write(write, wake=False)

    async def one(self, visitor: Visitor, draft_id: DraftId, document_id: DocumentId, now: datetime) -> DraftDocument:
        """To be sent to the visitor.

        Raises:
            NotFound, DraftSent.
        """

        def query(store: Store) -> DraftDocument:
            return _present(store, open_draft(store, visitor, draft_id, now, self._kept), document_id)

        return await self._database.read(query)

    async def part(self, document_id: DocumentId, number: int) -> bytes | None:
        """The next piece of a document that `one` has let the visitor see; None behind the last."""
        return await self._database.read(lambda store: store.draft_document_part(document_id, number))

    async def remove(self, visitor: Visitor, draft_id: DraftId, document_id: DocumentId, now: datetime) -> None:
        """For good. Again is NotFound.

        Raises:
            DraftSent.
        """

        def write(store: Store) -> None:
            draft = open_draft(store, visitor, draft_id, now, self._kept, lock=True)
            store.drop_draft_document(_present(store, draft, document_id).id)
            store.set_draft(draft.touched(now))

        await self._database.write(write, wake=False)

    def _check_room(self, store: Store, document: DraftDocument) -> None:
        documents = store.draft_documents(document.draft_id)
        if len(documents) >= MOST_DOCUMENTS:
            raise Conflict(TOO_MANY)
        if self._most_bytes and sum(each.size for each in documents) + document.size > self._most_bytes:
            raise TooMuchKept(self._most_bytes, of_draft=True)


def _known(store: Store, document: DraftDocument) -> DraftDocument | None:
    before = store.draft_document(document.draft_id, document.id)
    if before is not None and (before.sha256, before.kind) != (document.sha256, document.kind):
        raise Conflict(KEY_USED, field="Idempotency-Key")
    return before


def _present(store: Store, draft: Draft, document_id: DocumentId) -> DraftDocument:
    document = store.draft_document(draft.id, document_id)
    if document is None:
        raise NotFound(NO_DOCUMENT)
    return document
