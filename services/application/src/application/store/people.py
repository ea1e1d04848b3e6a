"""Who helps with an application, and the invitations by which they come. Of a link's token only the digest is here."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.database import UtcDateTime
from shared.encryption import Cell
from sqlmodel import Field

from application.domain.acts import OwnerAct
from application.domain.application import Application
from application.domain.ids import ApplicationId, InvitationId, Owner, PersonId
from application.domain.people import Invitation, InvitationKind, Person, PersonKind
from application.store.applications import APPLICATION, BY_KEY
from application.store.base import Row, Tables
from application.store.drafts import SUBMITTED
from application.store.keys_of_applications import key_of_application

FAMILY = "family"
"""In whose name an owner changes: the act stays after an erasure, and what it holds does not; the accounts stand in
that."""
_NOW = sa.text("ended_at IS NULL")


class PersonRow(Row, table=True):
    __tablename__ = "person"
    __table_args__: ClassVar[Any] = (
        sa.Index("person_once", "application_id", "account_id", unique=True, sqlite_where=_NOW, postgresql_where=_NOW),
        sa.Index("person_of_application", "application_id"),
        sa.Index("person_by_account", "account_id"),
    )
    id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(foreign_key="application.id", ondelete="CASCADE", max_length=36)
    account_id: str = Field(max_length=255)
    kind: str = Field(max_length=16)
    name: str
    since: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InvitationRow(Row, table=True):
    __tablename__ = "invitation"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("token_digest"),
        sa.Index("invitation_of_application", "application_id"),
        sa.Index("invitation_by_end", "expires_at"),
    )
    id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(foreign_key="application.id", ondelete="CASCADE", max_length=36)
    token_digest: bytes
    kind: str = Field(max_length=16)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


PERSON: sa.Table = Row.metadata.tables["person"]
INVITATION: sa.Table = Row.metadata.tables["invitation"]

_HELPS = PERSON.c.ended_at.is_(None)
OF_APPLICATION = PERSON.c.application_id == sa.bindparam("of")
ONE = sa.select(PERSON).where(OF_APPLICATION, PERSON.c.account_id == sa.bindparam("account"), _HELPS)
EVERY = sa.select(PERSON).where(OF_APPLICATION, _HELPS).order_by(PERSON.c.since, PERSON.c.id)
BY_TOKEN = sa.select(INVITATION).where(INVITATION.c.token_digest == sa.bindparam("digest"))
INVITATIONS = (
    sa.select(INVITATION)
    .where(INVITATION.c.application_id == sa.bindparam("of"))
    .order_by(INVITATION.c.made_at, INVITATION.c.id)
)


class PeopleTables(Tables):
    """A part of the store, in one session."""

    def find_person(self, application_id: ApplicationId, account: Owner) -> Person | None:
        """Who helps now under this account; None: nobody."""
        row = self._execute(ONE, {"of": str(application_id), "account": account}).one_or_none()
        return None if row is None else self._person(row)

    def people_of(self, application_id: ApplicationId) -> Sequence[Person]:
        """Those who help now, who came first first."""
        return [self._person(row) for row in self._execute(EVERY, {"of": str(application_id)})]

    def helped_by(self, account: Owner, limit: int) -> Sequence[ApplicationId]:
        """With which this account helps now, latest first."""
        chosen = sa.select(PERSON.c.application_id).where(PERSON.c.account_id == account, _HELPS)
        chosen = chosen.order_by(PERSON.c.since.desc(), PERSON.c.id).limit(limit)
        return [ApplicationId(UUID(each)) for each in self._execute(chosen, {}).scalars()]

    def add_person(self, person: Person) -> None:
        """Raises IntegrityError where this account helps already."""
        values = {name: value for name, value in vars(person).items() if name != "account"}
        ids = {"id": str(person.id), "application_id": str(person.application_id), "account_id": person.account}
        key_id = key_of_application(self, person.application_id)
        name = self._encrypt_text(key_id, person.name, cell_of_person(str(person.id)))
        self._execute(PERSON.insert(), values | ids | {"kind": str(person.kind), "name": name})

    def end_person(self, person_id: PersonId, now: datetime) -> None:
        """The name goes at once: nobody needs it any more."""
        self._execute(PERSON.update().where(PERSON.c.id == str(person_id)).values(ended_at=now, name=""), {})

    def add_invitation(self, invitation: Invitation) -> None:
        """A new one."""
        ids = {"id": str(invitation.id), "application_id": str(invitation.application_id)}
        self._execute(INVITATION.insert(), vars(invitation) | ids | {"kind": str(invitation.kind)})

    def find_invitation(self, token_digest: bytes) -> Invitation | None:
        """Also one that was used, or whose time is over."""
        row = self._execute(BY_TOKEN, {"digest": token_digest}).one_or_none()
        return None if row is None else _invitation(row)

    def invitations_of(self, application_id: ApplicationId) -> Sequence[Invitation]:
        """All that have their rows still, oldest first."""
        return [_invitation(row) for row in self._execute(INVITATIONS, {"of": str(application_id)})]

    def use_invitation(self, invitation_id: InvitationId, now: datetime) -> bool:
        """False where somebody was faster."""
        mine = (INVITATION.c.id == str(invitation_id)) & INVITATION.c.used_at.is_(None)
        used = INVITATION.update().where(mine).values(used_at=now).returning(INVITATION.c.id)
        return self._execute(used, {}).scalar_one_or_none() is not None

    def drop_invitation(self, invitation_id: InvitationId) -> None:
        """What is not there is no error."""
        self._execute(INVITATION.delete().where(INVITATION.c.id == str(invitation_id)), {})

    def drop_old_invitations(self, expired_until: datetime, limit: int) -> int:
        """Those whose time was over first. Returns how many were dropped."""
        old = INVITATION.c.expires_at <= expired_until
        chosen = sa.select(INVITATION.c.id).where(old).order_by(INVITATION.c.expires_at).limit(limit)
        ids = list(self._execute(chosen, {}).scalars())
        if ids:
            self._execute(INVITATION.delete().where(INVITATION.c.id.in_(ids)), {})
        return len(ids)

    def set_owner(self, application: Application, owner: Owner, now: datetime) -> None:
        """From now on it is this account's, which is put on record. The key of its request stays, unless the new owner
        has used it; the link of its draft leads nowhere any more."""
        is_used = self._execute(BY_KEY, {"owner": owner, "key": application.idempotency_key}).first() is not None
        values = {
            "owner": owner,
            "applied_by": application.household_account,
            "idempotency_key": f"taken-over-{application.id}" if is_used else application.idempotency_key,
        }
        about = str(application.id)
        self._execute(APPLICATION.update().where(APPLICATION.c.id == about).values(values), {})
        self._execute(SUBMITTED.delete().where(SUBMITTED.c.application_id == about), {})
        detail = {"from": application.owner, "to": owner}
        trail.note(
            self.session,
            chain=application.authority_id,
            by=FAMILY,
            act=OwnerAct.CHANGED,
            about=about,
            at=now.astimezone(UTC),
            detail=detail,
        )

    def _person(self, row: sa.Row[Any]) -> Person:
        return Person(
            id=PersonId(UUID(row.id)),
            application_id=ApplicationId(UUID(row.application_id)),
            kind=PersonKind(row.kind),
            account=Owner(row.account_id),
            name=self._decrypt_text(row.name, cell_of_person(row.id)),
            since=row.since,
            ended_at=row.ended_at,
        )


def cell_of_person(person_id: str) -> Cell:
    """Where a name stands."""
    return Cell("person", "name", (person_id,))


def _invitation(row: sa.Row[Any]) -> Invitation:
    return Invitation(
        id=InvitationId(UUID(row.id)),
        application_id=ApplicationId(UUID(row.application_id)),
        token_digest=bytes(row.token_digest),
        kind=InvitationKind(row.kind),
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
