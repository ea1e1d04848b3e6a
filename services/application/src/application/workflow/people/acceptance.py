"""An invitation is accepted, by one person and once."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from shared.errors import Conflict, NotFound, Text

from application.domain.application import Application
from application.domain.ids import Owner, PersonId
from application.domain.people import MOST_PEOPLE, Invitation, InvitationKind, Person, PersonKind
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm
from application.workflow.people.takeover import check_takeover
from application.workflow.ports import Store

NO_INVITATION = Text(
    "Dieser Link führt zu keiner Einladung, oder nicht mehr. Jeder Link gilt einmal und sieben Tage lang. Bitte lassen "
    "Sie sich einen neuen geben.",
    "This link leads to no invitation, or not any more. Each link is good once, and for seven days. Please ask for "
    "another one.",
)
IS_YOURS = Text(
    "Dieser Antrag gehört Ihnen schon. Geben Sie den Link an die Person weiter, die Sie einladen; sie meldet sich mit "
    "ihrem eigenen Konto an.",
    "This application is yours already. Pass the link on to the person whom you invite, who signs in with an account "
    "of their own.",
)
TOO_MANY_PEOPLE = Text(
    "Bei diesem Antrag helfen schon fünf Personen mit. Erst wenn eine davon nicht mehr mithilft, können Sie "
    "dazukommen.",
    "Five people help with this application already. You can join once one of them does not help any more.",
)


@dataclass(frozen=True)
class Joiner:
    """An account that accepts the link of this digest, as it wants to be called, at this moment."""

    account: Owner
    digest: bytes = field(repr=False)
    name: str = field(repr=False)
    at: datetime


def accept_invitation(store: Store, joiner: Joiner) -> tuple[Application, PersonKind]:
    """The application, and as whom this account has it from now on.

    Raises:
        NotFound, Conflict.
    """
    # 1. What it is for, as it stands behind the lock that every change of people takes.
    first = store.find_invitation(joiner.digest)
    application = None if first is None else store.find_application(first.application_id, lock=True)
    invitation = store.find_invitation(joiner.digest)
    if application is None or invitation is None or joiner.at >= invitation.expires_at:
        raise NotFound(NO_INVITATION)
    # 2. Who has it already: the same once more, and what the owner tries alone.
    person = store.find_person(application.id, joiner.account)
    you = PersonKind.OWNER if application.owner == joiner.account else person.kind if person else None
    if invitation.used_at is not None:
        if you is None:
            raise NotFound(NO_INVITATION)
        return application, you
    if you is PersonKind.OWNER:
        raise Conflict(IS_YOURS)
    # 3. Once.
    if invitation.kind is InvitationKind.TAKEOVER:
        check_takeover(application, joiner.at)
        _use(store, invitation, joiner.at)
        _take_over(store, application, joiner, person, invitation)
        return application, PersonKind.OWNER
    if person is None:
        _check_room(store, application)
        _use(store, invitation, joiner.at)
        _join(store, application, joiner)
    return application, PersonKind.HELPER


def _check_room(store: Store, application: Application) -> None:
    if len(store.people_of(application.id)) >= MOST_PEOPLE:
        raise Conflict(TOO_MANY_PEOPLE)


def _use(store: Store, invitation: Invitation, now: datetime) -> None:
    """The row itself says who was faster."""
    if not store.use_invitation(invitation.id, now):
        raise NotFound(NO_INVITATION)


def _join(store: Store, application: Application, joiner: Joiner) -> None:
    person = Person(PersonId(uuid4()), application.id, PersonKind.HELPER, joiner.account, joiner.name, joiner.at)
    store.add_person(person)
    store.note(application.id, TimelineEntry(EntryKind.PERSON_JOINED, joiner.at, str(person.id)))


def _take_over(
    store: Store, application: Application, joiner: Joiner, person: Person | None, invitation: Invitation
) -> None:
    """1. The new owner helps no more. 2. The application changes hands. 3. Who had it helps from now on, beside those
    who do. 4. No link of before leads here any more.

    Args:
        person: as whom the new owner has helped.
        invitation: by which it happens.
    """
    # 1.
    if person is not None:
        store.end_person(person.id, joiner.at)
    # 2.
    store.set_owner(application, joiner.account, joiner.at)
    store.drop_contact(application.id)  # it is the address of who has applied
    # 3.
    applied = ApplicationForm.model_validate_json(application.form).guardian
    name = f"{applied.first_name} {applied.last_name}".strip()
    before = Person(PersonId(uuid4()), application.id, PersonKind.HELPER, application.owner, name, joiner.at)
    store.add_person(before)
    store.note(application.id, TimelineEntry(EntryKind.TAKEN_OVER, joiner.at, str(before.id)))
    # 4.
    for each in store.invitations_of(application.id):
        if each.id != invitation.id:
            store.drop_invitation(each.id)
