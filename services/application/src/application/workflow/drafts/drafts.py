"""A family writes an application in pieces, leaves it and comes back by a link, from any device."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, FieldProblem, Invalid, NotFound, Problem, Text

from application.checks import SchoolKeys, check
from application.checks.further import PART, FurtherCheck, refused_answers
from application.domain.application import Application
from application.domain.draft import TOKEN_BYTES, Draft, DraftDocument, Visitor, digest_of
from application.domain.ids import DraftId, Owner
from application.domain.school import School
from application.form import DraftChange, DraftForm, merge_parts, read_draft
from application.workflow.drafts.access import NO_DRAFT, draft_or_application, open_draft
from application.workflow.own_forms import further_in, parts_of
from application.workflow.ports import Store

KEPT = timedelta(days=30)
"""After the last edit."""
LARGEST = 32 * 1024
"""Bytes of a draft's form as JSON. The longest that families send is a tenth of it."""
MOST_OWN = 20
"""Drafts of an account that are listed: as many as it may begin in a day."""
AT_ONCE = 20
"""Drafts that are deleted in one transaction, with their documents."""
CHANGED_ELSEWHERE = Text(
    "Diese Angaben wurden inzwischen in einem anderen Fenster oder auf einem anderen Gerät geändert. Bitte laden Sie "
    "den Entwurf neu, vergleichen Sie, und senden Sie Ihre Änderung noch einmal.",
    "These fields have been changed in another window or on another device meanwhile. Please load the draft anew, "
    "compare, and send your change again.",
)
TOO_LARGE = Text(
    "Der Entwurf ist zu groß. Bitte kürzen Sie die Angaben.", "The draft is too large. Please shorten what is in it."
)


class DraftTooLarge(Problem):
    """More than LARGEST."""

    status = 413
    kind = "too-large"
    title = Text("Die Anfrage ist zu groß.", "The request is too large.")


@dataclass(frozen=True)
class NewLink:
    """A draft with a link that leads to it from now on; nobody can tell the token again."""

    draft: Draft
    token: str


@dataclass(frozen=True)
class DraftView:
    """All that there is of a draft, for whoever may open it."""

    draft: Draft
    documents: Sequence[DraftDocument]
    missing: Sequence[FieldProblem]
    wrong: Sequence[FieldProblem]
    """What does not fit by itself, or beside the directory and the other parts."""
    deleted_at: datetime
    """It is there until this moment, unless it is edited again."""
    dropped: Sequence[str] = ()
    """Keys of further questions that were answered, and are not asked any more: these answers are not sent."""


class Drafts:
    """`kept`: after the last edit."""

    def __init__(self, database: Transactions[Store], keys: SchoolKeys, kept: timedelta = KEPT) -> None:
        self._database, self._keys, self.kept = database, keys, kept

    async def begin(self, owner: Owner | None, change: DraftChange, now: datetime) -> NewLink:
        """A new draft with these parts.

        Args:
            owner: None where nobody is signed in.

        Raises:
            DraftTooLarge, Invalid.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        empty = Draft(DraftId(uuid4()), owner, digest_of(token), now, now, version=0)
        draft = _edited(empty, change.differing(empty.form), now)

        def write(store: Store) -> None:
            _check_further(store, draft, change, now)
            store.add_draft(draft)

        await self._database.write(write, wake=False)
        return NewLink(draft, token)

    async def expect(self, visitor: Visitor, draft_id: DraftId, now: datetime) -> None:
        """Before anything that was sent is read.

        Raises:
            NotFound, DraftSent.
        """
        await self._database.read(lambda store: open_draft(store, visitor, draft_id, now, self.kept))

    async def view(self, visitor: Visitor, draft_id: DraftId, now: datetime) -> DraftView | Application:
        """The draft, or to whom it belongs what it became.

        Raises:
            NotFound.
        """

        def query(store: Store) -> DraftView | Application:
            found = draft_or_application(store, visitor, draft_id, now, self.kept)
            return found if isinstance(found, Application) else self._view(store, found, now)

        return await self._database.read(query)

    async def of_owner(self, owner: Owner, now: datetime) -> list[Draft]:
        """That this account has begun and not handed in, last edited first; MOST_OWN at most."""
        found = await self._database.read(lambda store: store.drafts_of(owner, MOST_OWN))
        return [each for each in found if now < each.kept_until(self.kept)]

    async def id_of_link(self, token: str) -> DraftId:
        """Where a link leads, to be opened then as anything by its id.

        Raises:
            NotFound: for one that leads to nothing; that it leads somewhere does not say that it opens.
        """
        digest = Visitor(token=token).digest
        found = await self._database.read(lambda store: None if digest is None else store.find_draft_by_link(digest))
        if found is None:
            raise NotFound(NO_DRAFT)
        return found

    async def put(
        self, visitor: Visitor, draft_id: DraftId, change: DraftChange, now: datetime, seen: int | None = None
    ) -> DraftView:
        """Put parts in place of what was there; parts that are not named stay. The same again only keeps it
        longer.

        Args:
            seen: the version that the visitor saw. A part that was changed since is not overwritten: Conflict.
                None: the last one counts.

        Raises:
            NotFound, DraftSent, DraftTooLarge.
            Invalid: for answers to what the authority does not ask.
        """

        def write(store: Store) -> DraftView:
            draft = open_draft(store, visitor, draft_id, now, self.kept, lock=True)
            parts = change.differing(draft.form)
            if seen is not None:
                _check_unchanged(draft, parts, seen)
            edited = _edited(draft, parts, now)
            _check_further(store, edited, change, now)
            store.set_draft(edited)
            return self._view(store, edited, now)

        return await self._database.write(write, wake=False)

    async def renew_link(self, visitor: Visitor, draft_id: DraftId, now: datetime) -> NewLink:
        """Another link; the one before leads to nothing from now on.

        Raises:
            NotFound, DraftSent.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)

        def write(store: Store) -> NewLink:
            draft = open_draft(store, visitor, draft_id, now, self.kept, lock=True)
            draft = replace(draft, token_digest=digest_of(token))
            store.set_draft(draft)
            return NewLink(draft, token)

        return await self._database.write(write, wake=False)

    async def remove(self, visitor: Visitor, draft_id: DraftId, now: datetime) -> None:
        """With its documents, for good. Again is NotFound.

        Raises:
            DraftSent.
        """

        def write(store: Store) -> None:
            store.drop_draft(open_draft(store, visitor, draft_id, now, self.kept, lock=True).id)

        await self._database.write(write, wake=False)

    async def forget(self, now: datetime) -> int:
        """Delete those whose time is over. Returns how many: none are left once that is 0."""
        return await self._database.write(lambda store: store.drop_old_drafts(now - self.kept, AT_ONCE), wake=False)

    def _view(self, store: Store, draft: Draft, now: datetime) -> DraftView:
        content = read_draft(draft.form)
        wrong = faults_of(store, content, self._keys, now)
        documents = store.draft_documents(draft.id)
        further = further_of(store, draft, now)
        return DraftView(
            draft, documents, [*content.missing, *further.missing], [*wrong, *further.wrong],
            draft.kept_until(self.kept), further.dropped,
        )  # fmt: skip


def faults_of(store: Store, content: DraftForm, keys: SchoolKeys, now: datetime) -> list[FieldProblem]:
    """All that is wrong with what is there, by itself and beside the directory; not what is missing."""
    number = content.readable.school_number
    school = store.school(number) if number else None
    found = check(content.form or content.readable, school, keys, now, day_in_berlin(now))
    unreadable = {each.field for each in content.wrong}
    return [*content.wrong, *(each for each in found if each.field not in unreadable)]


def further_of(store: Store, draft: Draft, now: datetime) -> FurtherCheck:
    """What it answers of the authority's own questions."""
    parts = parts_of(draft.form)
    return further_in(store, parts, _school(store, parts), day_in_berlin(now))


def _school(store: Store, parts: Mapping[str, object]) -> School | None:
    number = parts.get("school_number")
    return store.school(number) if isinstance(number, str) else None


def _check_further(store: Store, draft: Draft, change: DraftChange, now: datetime) -> None:
    """Raises Invalid."""
    given = change.parts.get(PART)
    if not given:
        return
    school = _school(store, parts_of(draft.form))
    own = None if school is None else store.own_form(school.authority.id, day_in_berlin(now))
    problems = refused_answers(own, given)
    if problems:
        raise Invalid(Invalid.title, problems=problems)


def _edited(draft: Draft, parts: Mapping[str, object], now: datetime) -> Draft:
    """With these parts, as a new version; without any it is only kept longer.

    Raises:
        DraftTooLarge.
    """
    draft = draft.touched(now)
    if not parts:
        return draft
    form = merge_parts(draft.form, parts)
    if len(form.encode()) > LARGEST:
        raise DraftTooLarge(TOO_LARGE)
    version = draft.version + 1
    changed = {**draft.changed, **dict.fromkeys(parts, version)}
    return replace(draft, version=version, form=form, changed=changed)


def _check_unchanged(draft: Draft, parts: Mapping[str, object], seen: int) -> None:
    """`seen` may be a version that is not here any more, after a restore: then nobody knows what was seen."""
    since = [each for each in parts if draft.changed.get(each, 0) > seen or seen > draft.version]
    if since:
        problems = [FieldProblem(each, CHANGED_ELSEWHERE) for each in since]
        raise Conflict(CHANGED_ELSEWHERE, problems=problems, more={"version": draft.version})
