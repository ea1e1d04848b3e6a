"""The owner of an application invites others to help and removes them; the pupil takes over once of age."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from shared.database import Transactions
from shared.errors import Conflict, Forbidden, NotFound, Text

from application.domain.draft import TOKEN_BYTES, Visitor, digest_of
from application.domain.ids import ApplicationId, InvitationId, Owner, PersonId
from application.domain.people import (
    MOST_OPEN,
    VALID,
    FamilyAct,
    Invitation,
    InvitationKind,
    Person,
    PersonKind,
)
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.people.acceptance import NO_INVITATION, Joiner, accept_invitation
from application.workflow.people.access import OWNERS_ALONE, application_for, own_application
from application.workflow.people.takeover import check_takeover, takeover_day
from application.workflow.ports import Store

AT_ONCE = 200
"""Invitations that are deleted in one transaction."""
TOO_MANY_OPEN = Text(
    "Es gibt schon zehn Einladungen, die noch niemand angenommen hat. Bitte nehmen Sie eine davon zurück.",
    "There are ten invitations already that nobody has accepted yet. Please take one of them back.",
)
NO_PERSON = Text(
    "Diese Person hilft hier nicht mit, oder nicht mehr.", "This person does not help here, or not any more."
)
NO_OPEN_INVITATION = Text(
    "Diese Einladung gibt es nicht, oder nicht mehr.", "There is no such invitation, or not any more."
)


@dataclass(frozen=True)
class NewInvitation:
    """With the token of its link, which nobody can tell again."""

    invitation: Invitation
    token: str = field(repr=False)


@dataclass(frozen=True)
class PeopleView:
    """Who helps with an application, and who is invited; to who helps, that person alone."""

    people: Sequence[Person]
    invitations: Sequence[Invitation]
    takeover_from: date | None
    """The day from which the pupil can take over; None: the application is the pupil's already."""


@dataclass(frozen=True)
class Acceptance:
    """Which application an invitation has led to, and as whom."""

    application_id: ApplicationId
    you: PersonKind


class People:
    """Who helps, and who is invited to."""

    def __init__(self, database: Transactions[Store]) -> None:
        self._database = database

    async def all(self, account: Owner, application_id: ApplicationId, now: datetime) -> PeopleView:
        """Raises NotFound."""

        def query(store: Store) -> PeopleView:
            application, you = application_for(store, account, application_id, FamilyAct.LOOK)
            people = store.people_of(application_id)
            if you is not PersonKind.OWNER:
                return PeopleView([each for each in people if each.account == account], (), None)
            return PeopleView(people, _open_ones(store, application_id, now), takeover_day(application))

        return await self._database.read(query)

    async def expect(self, owner: Owner, application_id: ApplicationId) -> None:
        """Before an invitation is counted.

        Raises:
            NotFound.
            Forbidden: for who may invite nobody.
        """
        await self._database.read(lambda store: own_application(store, owner, application_id))

    async def invite(
        self, owner: Owner, application_id: ApplicationId, kind: InvitationKind, now: datetime
    ) -> NewInvitation:
        """A link for one person.

        Raises:
            NotFound, Forbidden.
            Conflict: where there are too many, or where the pupil cannot take over.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)

        def write(store: Store) -> NewInvitation:
            # 1. By the owner alone.
            application = own_application(store, owner, application_id, lock=True)
            if kind is InvitationKind.TAKEOVER:
                check_takeover(application, now)
            # 2. No more than somebody keeps in view.
            if len(_open_ones(store, application_id, now)) >= MOST_OPEN:
                raise Conflict(TOO_MANY_OPEN)
            # 3. Of its token the digest alone.
            made = Invitation(
                InvitationId(uuid4()), application_id, digest_of(token), kind, made_at=now, expires_at=now + VALID
            )
            store.add_invitation(made)
            return NewInvitation(made, token)

        return await self._database.write(write, wake=False)

    async def kind_of(self, token: str, now: datetime) -> InvitationKind:
        """What a link leads to, for who is about to accept it.

        Raises:
            NotFound: for one that is old, used, or none.
        """
        digest = Visitor(token=token).digest
        found = await self._database.read(lambda store: None if digest is None else store.find_invitation(digest))
        if found is None or not found.is_open(now):
            raise NotFound(NO_INVITATION)
        return found.kind

    async def accept(self, account: Owner, token: str, name: str, now: datetime) -> Acceptance:
        """Help with the application from now on, or take it over; pressed twice it is the same.

        Raises:
            NotFound: for a link that is old, used, or none.
            Conflict: for what is the account's own already, too many people, or a pupil who cannot take over.
        """
        digest = Visitor(token=token).digest
        if digest is None:
            raise NotFound(NO_INVITATION)
        joiner = Joiner(account, digest, name, now)

        def write(store: Store) -> Acceptance:
            application, you = accept_invitation(store, joiner)
            return Acceptance(application.id, you)

        return await self._database.write(write, wake=False)

    async def take_back(
        self, owner: Owner, application_id: ApplicationId, invitation_id: InvitationId, now: datetime
    ) -> None:
        """Its link leads nowhere any more.

        Raises:
            Forbidden.
            NotFound: also of one that was used.
        """

        def write(store: Store) -> None:
            own_application(store, owner, application_id, lock=True)
            if all(each.id != invitation_id for each in _open_ones(store, application_id, now)):
                raise NotFound(NO_OPEN_INVITATION)
            store.drop_invitation(invitation_id)

        await self._database.write(write, wake=False)

    async def remove(self, account: Owner, application_id: ApplicationId, person_id: PersonId, now: datetime) -> None:
        """At once. The owner removes anybody; who helps, oneself alone.

        Raises:
            NotFound, Forbidden.
        """

        def write(store: Store) -> None:
            _, you = application_for(store, account, application_id, FamilyAct.LOOK, lock=True)
            person = next((each for each in store.people_of(application_id) if each.id == person_id), None)
            if you is not PersonKind.OWNER and (person is None or person.account != account):
                raise Forbidden(OWNERS_ALONE)
            if person is None:
                raise NotFound(NO_PERSON)
            # who helps no longer sees the application: what is to be said there is said before
            store.note(application_id, TimelineEntry(EntryKind.PERSON_LEFT, now, str(person_id)))
            store.end_person(person_id, now)

        await self._database.write(write, wake=False)

    async def forget(self, now: datetime) -> int:
        """Delete invitations whose time is over. Returns how many: none are left once that is 0."""
        return await self._database.write(lambda store: store.drop_old_invitations(now, AT_ONCE), wake=False)


def _open_ones(store: Store, application_id: ApplicationId, now: datetime) -> list[Invitation]:
    return [each for each in store.invitations_of(application_id) if each.is_open(now)]
