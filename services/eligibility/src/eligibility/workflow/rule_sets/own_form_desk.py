"""What people of an authority do with its words and questions on the form: draft, publish, take over."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Text
from shared.events import AuthorityId, EligibilityFormPublished
from shared.events.own_form import OwnForm, WrittenForm
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.transitions import OWN_FORM_STATES
from eligibility.rules.own_form.document import merge_forms, read_form
from eligibility.workflow.ports import AuditTrail, Environment
from eligibility.workflow.rule_sets.own_form_versions import OwnFormId, OwnFormStore, OwnFormVersion
from eligibility.workflow.rule_sets.rule_set_versions import READERS, check_read, second_person

LONGEST_CHAIN = 8
"""Forms on top of one another."""
NOTHING_HERE = Text("Dieses Formular gibt es hier nicht.", "There is no such form here.")
NO_AUTHORITY = Text("Diesen Schulträger gibt es hier nicht.", "There is no such school authority here.")
NOTHING_TO_TAKE = Text(
    "Dieser Schulträger hat nichts veröffentlicht, was man übernehmen kann.",
    "This authority has published nothing that could be taken over.",
)
CIRCLE = Text(
    "Das Formular übernimmt auf Umwegen sich selbst. Nehmen Sie einen anderen Schulträger.",
    "The form takes itself over by a detour. Take another authority.",
)
TOO_LONG = Text(
    f"Es wird über mehr als {LONGEST_CHAIN} Schulträger übernommen. Nehmen Sie einen näheren.",
    f"This takes over across more than {LONGEST_CHAIN} authorities. Take a nearer one.",
)
IN_THE_PAST = Text("Ein Formular kann nicht rückwirkend gelten.", "A form cannot hold in the past.")


class OwnFormDesk:
    """Draft -> published by a second person -> asked from a day on."""

    def __init__(self, transactions: Transactions[OwnFormStore], environment: Environment) -> None:
        self._transactions = transactions
        self._environment = environment
        self._reading = asyncio.Semaphore(1)

    async def versions(self, caller: Caller, authority_id: AuthorityId) -> Sequence[OwnFormVersion]:
        """Newest first.

        Raises:
            NotFound: for another authority's.
        """
        caller.require(*READERS)
        _own(caller, authority_id)

        def query(store: OwnFormStore) -> Sequence[OwnFormVersion]:
            return store.own_forms(authority_id)

        return await self._transactions.read(query)

    async def show(self, caller: Caller, authority_id: AuthorityId, form_id: OwnFormId) -> OwnFormVersion:
        """One version.

        Raises:
            NotFound.
        """
        caller.require(*READERS)
        _own(caller, authority_id)

        def query(store: OwnFormStore) -> OwnFormVersion:
            return of_authority(store.own_form(form_id), authority_id)

        return await self._transactions.read(query)

    async def draft(
        self,
        caller: Caller,
        authority_id: AuthorityId,
        text: str,
        form_id: OwnFormId | None = None,
        read: str | None = None,
    ) -> OwnFormVersion:
        """A new draft, or what is written in place of one.

        Args:
            read: see `check_read`.

        Raises:
            Invalid: with line and column.
            Conflict: where it is published, or was changed since.
        """
        caller.require("administrator")
        _own(caller, authority_id)
        async with self._reading:  # beside the event loop, one at a time
            form = await asyncio.to_thread(read_form, text)
        written = WrittenDraft(text, form, caller.subject, self._environment.now(), read)

        def step(store: OwnFormStore) -> OwnFormVersion:
            return draft_form(store, authority_id, written, form_id)

        return await self._transactions.write(step)

    async def publish(
        self, caller: Caller, authority_id: AuthorityId, form_id: OwnFormId, valid_from: date, read: str | None = None
    ) -> OwnFormVersion:
        """By a second person, unless the authority has chosen otherwise for its rule sets, from today or later.

        Args:
            read: see `check_read`.

        Raises:
            Conflict: where the draft was changed since.
        """
        caller.require("administrator")
        _own(caller, authority_id)
        now = self._environment.now()

        def step(store: OwnFormStore) -> OwnFormVersion:
            form = of_authority(store.own_form(form_id, lock=True), authority_id)
            if form.state == "draft":
                check_read(form.text, read)
            return publish_form(store, form, caller.subject, valid_from, now)

        return await self._transactions.write(step)


def publish_form(
    store: OwnFormStore, form: OwnFormVersion, subject: str, valid_from: date, now: datetime
) -> OwnFormVersion:
    """Within the caller's transaction. 1. Who may, and from when. 2. What is taken over is put beneath it, as it is
    published now. 3. State and content are kept for good, and told.

    Raises:
        Forbidden, Conflict, Invalid.
    """
    # 1.
    authority = store.authority(form.authority_id)
    alone = authority is not None and "rule_set" not in authority.second_person_for
    OWN_FORM_STATES.check(form.state, "published")
    second_person(form.editors, subject, alone=alone)
    if valid_from < day_in_berlin(now):
        raise Conflict(IN_THE_PAST, field="valid_from")
    # 2.
    content = _whole(store, form, form.content)
    # 3.
    latest = store.latest_own_form(form.authority_id, lock=True)
    version = replace(
        form,
        state="published",
        content=content,
        version=(latest.version or 0) + 1 if latest else 1,
        published_by=subject,
        published_at=now,
        valid_from=valid_from,
    )
    store.put_own_form(version)
    _kept(store, version, subject, ActKind.FORM_PUBLISHED, now)
    store.emit(published_event(version))
    return version


@dataclass(frozen=True)
class WrittenDraft:
    """A form that was read, and who wrote it, when."""

    text: str
    form: WrittenForm
    by: str
    at: datetime
    read: str | None = None
    """The mark of what the writer had read of the draft; see `check_read`."""


def draft_form(
    store: OwnFormStore, authority_id: AuthorityId, written: WrittenDraft, form_id: OwnFormId | None = None
) -> OwnFormVersion:
    """Keep it, within the caller's transaction.

    Args:
        form_id: in place of which draft.

    Raises:
        NotFound, Invalid.
        Conflict: once that is published.
    """
    form = written.form
    if store.authority(authority_id) is None:
        raise NotFound(NO_AUTHORITY)
    earlier = None
    if form_id is not None:
        earlier = of_authority(store.own_form(form_id, lock=True), authority_id)
        OWN_FORM_STATES.check(earlier.state, "draft")
        check_read(earlier.text, written.read, written.text)
    version = OwnFormVersion(
        id=earlier.id if earlier else OwnFormId(uuid4()),
        authority_id=authority_id,
        state="draft",
        text=written.text,
        content=OwnForm(texts=form.texts, questions=form.questions, demands=form.demands),
        taken_over_from=form.taken_over_from,
        editors=tuple(dict.fromkeys([*(earlier.editors if earlier else ()), written.by])),
        created_at=earlier.created_at if earlier else written.at,
        changed_at=written.at,
    )
    _whole(store, version, version.content)  # so that who writes hears it, and not the second person
    store.put_own_form(version)
    _kept(store, version, written.by, ActKind.FORM_DRAFTED if earlier is None else ActKind.FORM_CHANGED, written.at)
    return version


def published_event(version: OwnFormVersion) -> EligibilityFormPublished:
    """What is told of a published version."""
    if version.version is None or version.valid_from is None or version.published_at is None:
        raise ValueError("only what is published is told")
    return EligibilityFormPublished(
        occurred_at=version.published_at,
        authority_id=version.authority_id,
        version=version.version,
        valid_from=version.valid_from,
        content=version.content,
    )


def _whole(store: OwnFormStore, form: OwnFormVersion, own: OwnForm) -> OwnForm:
    """On top of what the other authority asks now, which has in it what that one took over.

    Raises:
        Invalid: for a circle.
    """
    seen, wanted, found = {form.authority_id}, form.taken_over_from, [own]
    while wanted is not None:
        if wanted in seen:
            raise Invalid(CIRCLE, field="taken_over_from")
        if len(seen) > LONGEST_CHAIN:
            raise Invalid(TOO_LONG, field="taken_over_from")
        beneath = store.latest_own_form(wanted)
        if beneath is None:
            raise Invalid(NOTHING_TO_TAKE, field="taken_over_from")
        if len(seen) == 1:
            found.append(beneath.content)
        seen.add(wanted)
        wanted = beneath.taken_over_from
    return merge_forms(found)


def _own(caller: Caller, authority_id: AuthorityId) -> None:
    """Not there and not yours are the same answer."""
    if caller.authority_id != authority_id:
        raise NotFound(NOTHING_HERE)


def of_authority(version: OwnFormVersion | None, authority_id: AuthorityId) -> OwnFormVersion:
    """Raises NotFound, the same for "not there" and "not yours"."""
    if version is None or version.authority_id != authority_id:
        raise NotFound(NOTHING_HERE)
    return version


def _kept(store: AuditTrail, version: OwnFormVersion, subject: str, act: ActKind, now: datetime) -> None:
    store.audit(authority_id=version.authority_id, subject=subject, act=act, case_id=version.id, now=now)
