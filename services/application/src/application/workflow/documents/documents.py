"""A family hands documents in, looks at them, deletes them; its authority's people read them."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Text
from shared.events import ApplicationDocumentAdded, ApplicationDocumentOpened, ApplicationDocumentRemoved, head
from shared.identity import Caller

from application.checks.content import examine
from application.checks.faults import Fault
from application.checks.private_data import without_private_data
from application.checks.uploads import (
    FAULTS,
    KEPT_OF_ONE,
    MOST_DOCUMENTS,
    TOO_MANY,
    TooMuchKept,
    safe_name,
)
from application.domain.application import Application
from application.domain.document import Document
from application.domain.ids import ApplicationId, DocumentId, Owner
from application.domain.people import FamilyAct, PersonKind
from application.domain.school import Authority
from application.domain.status import Status, current_status
from application.domain.timeline import EntryKind, TimelineEntry
from application.domain.under_review import DECISIONS
from application.workflow.applications.changes import NO_QUESTION
from application.workflow.detail import Detail
from application.workflow.documents.upload import Upload
from application.workflow.people.access import NOT_HERE, application_for, own_application
from application.workflow.ports import Opening, Store

READERS = ("case_worker", "releaser")
"""Of the responsible authority."""
LAID_DOWN = Text(
    "Dieser Antrag ist zurückgenommen; er nimmt keine Unterlagen mehr an.",
    "This application has been withdrawn; it takes no more documents.",
)
NO_DOCUMENT = Text(
    "Diese Unterlage gibt es zu diesem Antrag nicht. Bitte sehen Sie in der Liste der Unterlagen nach.",
    "There is no such document on this application. Please look at the list of documents.",
)
KEY_USED = Text(
    "Dieser Idempotency-Key gehört schon zu einer anderen Unterlage. Bitte senden Sie die neue mit einem neuen Key.",
    "This Idempotency-Key already belongs to another document. Please send a new one with a new key.",
)
DELETED = Text(
    "Diese Unterlage wurde wieder gelöscht. Bitte senden Sie sie mit einem neuen Idempotency-Key.",
    "This document has been deleted again. Please send it with a new Idempotency-Key.",
)
DECIDED = Text(
    "Über den Antrag ist entschieden; die Unterlage gehört jetzt zur Entscheidung und bleibt, bis der Antrag gelöscht "
    "wird.",
    "The application has been decided; the document now belongs to the decision and stays until the application is "
    "erased.",
)

LOOKED_AT = Text(
    "Der Schulträger hat sich diese Unterlage schon angesehen; sie bleibt, bis der Antrag gelöscht wird.",
    "The authority has looked at this document already; it stays until the application is erased.",
)


class Documents:
    """`most_bytes`: of one account, in all its applications together; 0: as many as come. Two that are handed in at
    once may go beyond it by one."""

    def __init__(self, database: Transactions[Store], most_bytes: int = KEPT_OF_ONE) -> None:
        self._database, self._most_bytes = database, most_bytes

    async def expect(self, account: Owner, application_id: ApplicationId) -> None:
        """Before the bytes are read.

        Raises:
            NotFound: the same for "not there" and "not yours".
        """
        await self._database.read(lambda store: application_for(store, account, application_id, FamilyAct.HAND_IN))

    def _check_room(self, store: Store, owner: Owner, size: int) -> None:
        if self._most_bytes and store.bytes_of(owner) + size > self._most_bytes:
            raise TooMuchKept(self._most_bytes)

    async def add(self, account: Owner, application_id: ApplicationId, upload: Upload, now: datetime) -> Document:
        """Keep and tell a document; the same request again changes nothing.

        Raises:
            Invalid: for a file that cannot be taken.
            Conflict: for a key used before, too many documents, or an application that was withdrawn.
            TooMuchKept: where the documents of its owner's account together would be too large.
        """
        # 1. What is it, by its content? Kept is what shows the page, not where and when it was photographed.
        media_type, content = await asyncio.to_thread(clean_file, bytes(upload.content))
        document = Document(
            id=DocumentId(uuid5(application_id, upload.key)),
            application_id=application_id,
            kind=upload.kind,
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            name=safe_name(upload.name, media_type),
            question_id=upload.question_id,
            added_at=now,
        )

        def write(store: Store) -> Document:
            # 2. Only by who may, while it stands; the same key is the same document.
            application, you = application_for(store, account, application_id, FamilyAct.HAND_IN, lock=True)
            news = store.news_of([application_id]).get(application_id, ())
            if known := _known(store, document, news):
                return known
            _check(store, document, news)
            self._check_room(store, application.owner, document.size)
            # 3. Keep it, note it, tell it, in one transaction.
            store.add_document(document, content)
            by = "" if you is PersonKind.OWNER else str(you)
            detail = Detail(question_id=document.question_id, by=by).model_dump_json(exclude_defaults=True)
            store.note(application_id, TimelineEntry(EntryKind.DOCUMENT_ADDED, now, str(document.id), detail=detail))
            store.emit(added_event(application, document))
            return document

        return await self._database.write(write)

    async def desk_of(self, application_id: ApplicationId) -> Authority:
        """On whose desk what is sent to this application lies.

        Raises:
            NotFound.
        """

        def query(store: Store) -> Authority:
            application = store.find_application(application_id)
            if application is None:
                raise NotFound(NOT_HERE)
            school = store.school(application.school_number)
            name = school.authority.name if school and school.authority.id == application.authority_id else ""
            return Authority(application.authority_id, name, takes_part=True)

        return await self._database.read(query)

    async def all(self, caller: Caller, application_id: ApplicationId) -> Sequence[Document]:
        """Oldest first, for the family and for its authority's people.

        Raises:
            NotFound.
        """

        def query(store: Store) -> Sequence[Document]:
            _readable(store, caller, application_id)
            return store.documents_of([application_id])

        return await self._database.read(query)

    async def one(
        self, caller: Caller, application_id: ApplicationId, document_id: DocumentId, now: datetime
    ) -> Document:
        """To be sent to the caller. That one of the authority's people opens it is noted before, and told the first
        time.

        Raises:
            NotFound.
        """

        def query(store: Store) -> Document:
            _readable(store, caller, application_id)
            return _present(store, application_id, document_id)

        def noted(store: Store) -> Document:
            application, is_family = _readable(store, caller, application_id)
            document = _present(store, application_id, document_id)
            if not is_family:
                if all(each.document_id != document_id for each in store.openings_of(application_id)):
                    store.emit(ApplicationDocumentOpened(**head(application, now), document_id=document_id))
                store.add_opening(Opening(application_id, document_id, caller.subject, now))
            return document

        if caller.roles.isdisjoint(READERS):
            return await self._database.read(query)
        return await self._database.write(noted)

    async def part(self, document_id: DocumentId, number: int) -> bytes | None:
        """The next piece of a document that `one` has let the caller see; None behind the last."""
        return await self._database.read(lambda store: store.document_part(document_id, number))

    async def remove(self, owner: Owner, application_id: ApplicationId, document_id: DocumentId, now: datetime) -> None:
        """Until it is decided with this document, or somebody has looked at one that came later. Again is NotFound.

        Raises:
            Conflict: afterwards.
        """

        def write(store: Store) -> None:
            application = own_application(store, owner, application_id, lock=True)
            document = _present(store, application_id, document_id)
            _check_removal(document, store.news_of([application_id]).get(application_id, ()))
            store.drop_document(document.id)
            store.note(application_id, TimelineEntry(EntryKind.DOCUMENT_REMOVED, now, str(document.id)))
            store.emit(
                ApplicationDocumentRemoved(
                    **head(application, now),
                    document_id=document.id,
                )
            )

        await self._database.write(write)


def clean_file(content: bytes) -> tuple[str, bytes]:
    """Media type, and what is kept: what shows the page, not where and when it was photographed.

    Raises:
        Invalid.
    """
    media_type = examine(content)
    if isinstance(media_type, Fault):
        raise Invalid(FAULTS[media_type], field="file")
    return media_type, without_private_data(content, media_type)


def added_event(application: Application, document: Document) -> ApplicationDocumentAdded:
    """Neither name nor content."""
    return ApplicationDocumentAdded(
        **head(application, document.added_at),
        document_id=document.id,
        kind=document.kind,
        media_type=document.media_type,
        size=document.size,
        question_id=document.question_id,
    )


def _known(store: Store, document: Document, news: tuple[TimelineEntry, ...]) -> Document | None:
    before = store.document(document.application_id, document.id)
    if before is None:
        if any(each.reference == str(document.id) for each in news):
            raise Conflict(DELETED, field="Idempotency-Key")
        return None
    said = (before.sha256, before.kind, before.question_id)
    if said != (document.sha256, document.kind, document.question_id):
        raise Conflict(KEY_USED, field="Idempotency-Key")
    return before


def _check(store: Store, document: Document, news: tuple[TimelineEntry, ...]) -> None:
    if current_status(news).status is Status.WITHDRAWN:
        raise Conflict(LAID_DOWN)
    asked = {each.reference for each in news if each.kind is EntryKind.QUESTION_ASKED}
    if document.question_id is not None and str(document.question_id) not in asked:
        raise Invalid(NO_QUESTION, field="question_id")
    if len(store.documents_of([document.application_id])) >= MOST_DOCUMENTS:
        raise Conflict(TOO_MANY)


def _check_removal(document: Document, news: tuple[TimelineEntry, ...]) -> None:
    if current_status(news).status in (Status.SUBMITTED, Status.IN_REVIEW, Status.WITHDRAWN):
        return
    if any(each.kind in DECISIONS and each.at >= document.added_at for each in news):
        raise Conflict(DECIDED)
    if any(each.kind is EntryKind.MESSAGE_READ and each.reference == str(document.id) for each in news):
        raise Conflict(LOOKED_AT)


def _present(store: Store, application_id: ApplicationId, document_id: DocumentId) -> Document:
    document = store.document(application_id, document_id)
    if document is None:
        raise NotFound(NO_DOCUMENT)
    return document


def _readable(store: Store, caller: Caller, application_id: ApplicationId) -> tuple[Application, bool]:
    """The application, and whether the caller is of its family rather than of its authority.

    Raises:
        NotFound.
    """
    application = store.find_application(application_id)
    works = bool(caller.roles.intersection(READERS)) and caller.authority_id is not None
    if "guardian" in caller.roles:
        account = Owner(caller.subject)
        helps = store.find_person(application_id, account) is not None
        if application is not None and (helps or application.owner == account):
            return application, True
    if application is None or not (works and application.authority_id == caller.authority_id):
        raise NotFound(NOT_HERE)
    return application, False
