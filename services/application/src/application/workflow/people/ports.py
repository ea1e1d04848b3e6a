"""What people and invitations need of the store, in narrow ports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from application.domain.application import Application
from application.domain.ids import ApplicationId, InvitationId, Owner, PersonId
from application.domain.people import Invitation, Person


class PeopleStore(Protocol):
    """Who helps with an application."""

    def find_person(self, application_id: ApplicationId, account: Owner) -> Person | None:
        """Who helps now under this account; None: nobody."""
        ...

    def people_of(self, application_id: ApplicationId) -> Sequence[Person]:
        """Those who help now, who came first first."""
        ...

    def helped_by(self, account: Owner, limit: int) -> Sequence[ApplicationId]:
        """With which this account helps now, latest first."""
        ...

    def add_person(self, person: Person) -> None:
        """From now on this account helps; it must not do so already."""

    def end_person(self, person_id: PersonId, now: datetime) -> None:
        """Nobody helps under it any more."""

    def set_owner(self, application: Application, owner: Owner, now: datetime) -> None:
        """From now on it is this account's, which is put on record; the household stays."""


class InvitationStore(Protocol):
    """Links by which somebody comes to help, or takes over."""

    def add_invitation(self, invitation: Invitation) -> None:
        """A new one."""

    def find_invitation(self, token_digest: bytes) -> Invitation | None:
        """Also one that was used, or whose time is over."""
        ...

    def invitations_of(self, application_id: ApplicationId) -> Sequence[Invitation]:
        """Oldest first."""
        ...

    def use_invitation(self, invitation_id: InvitationId, now: datetime) -> bool:
        """False where somebody was faster."""
        ...

    def drop_invitation(self, invitation_id: InvitationId) -> None:
        """It leads nowhere any more; what is not there is no error."""

    def drop_old_invitations(self, expired_until: datetime, limit: int) -> int:
        """Up to so many whose time was over by then. Returns how many were dropped."""
        ...
