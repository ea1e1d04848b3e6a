"""What is kept of an application and of an account, and how all of it goes: for whoever erases a family."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.audit.acts import AuditAct
from shared.bus import erasures
from shared.bus.dead_letters import forget_about
from shared.database.belongings import Belongings, FamilyTables, count_rows, with_children
from shared.events.base import OfApplication

from application.domain.ids import ApplicationId, Owner
from application.store.applications import APPLICATION, AUTHORITY_BY_ID
from application.store.base import Row, Tables
from application.store.drafts import DRAFT
from application.store.ended_keys import end_keys
from application.store.people import PERSON

NO_FAMILYS = frozenset({"school", "authority", "ended_session", "own_form", "asked_address", "ended_key", "code_try"})
"""Tables that hold nothing of a family: a session that was ended is a digest, and goes with the session's own end; that
an address was asked, or a wrong code typed, is a keyed digest, and goes within a day; the id of a key was drawn at
random."""


FAMILY_TABLES = FamilyTables(Row.metadata, (APPLICATION.c.id,))


@dataclass(frozen=True)
class ApplicationOfAuthority:
    """Which it is and whose, and nothing of what it says."""

    application_id: UUID
    authority_id: str


class ErasureTables(Tables):
    """One transaction."""

    family_tables: ClassVar = FAMILY_TABLES

    def belongings_of(self, application_id: ApplicationId) -> Belongings:
        """Which rows are kept of an application: its own, and all that go with it."""
        return FAMILY_TABLES.of(application_id)

    def belongings_of_account(self, owner: Owner) -> Belongings:
        """Which rows are kept of what an account has begun and not handed in, and of its help with others."""
        return with_children(Row.metadata, {DRAFT: DRAFT.c.owner == owner, PERSON: PERSON.c.account_id == owner})

    def erasures_due(self, limit: int) -> Sequence[erasures.ErasedApplication]:
        """Erased before this database was put back to an older copy, and here once more."""
        return erasures.list_due(self.session, limit)

    def settle_erasure(self, application_id: ApplicationId) -> None:
        """It is erased once more."""
        erasures.settle(self.session, application_id)

    def count_application(self, application_id: ApplicationId) -> dict[str, int]:
        """How many rows of each table would go with it."""
        return count_rows(self.session.connection(), self.belongings_of(application_id))

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""
        erasures.note(self.session, of.application_id, of.authority_id, now)

    def note_act(self, of: OfApplication, by: str, act: AuditAct, now: datetime, detail: Mapping[str, str]) -> None:
        """On record, in the chain of the application's authority; after an erasure it stays."""
        about = str(of.application_id)
        trail.note(self.session, chain=of.authority_id, by=by, act=act, about=about, at=now, detail=detail)

    def page_of_erased(self, after: ApplicationId | None, limit: int) -> list[erasures.ErasedApplication]:
        """Applications whose families were erased, by id."""
        return erasures.page_of_erased(self.session, after, limit)

    def erase(self, application_id: ApplicationId, now: datetime) -> dict[str, int]:
        """The application, all that goes with it (ON DELETE CASCADE), and what acts about it hold. Returns how many
        rows of each table went; none where it is not here."""
        about, connection = str(application_id), self.session.connection()
        gone = count_rows(connection, self.belongings_of(application_id))
        chain = self._execute(AUTHORITY_BY_ID, {"id": about}).scalar_one_or_none()
        if chain is not None:
            trail.erase(self.session, chain=chain, about=about, by="erasure", at=now)
        end_keys(self, APPLICATION, APPLICATION.c.id == about, "key_id", "draft_key_id")
        connection.execute(APPLICATION.delete().where(APPLICATION.c.id == about))
        forget_about(self.session, [application_id])
        return gone

    def erase_account(self, owner: Owner) -> dict[str, int]:
        """What an account has begun, with its documents, and who it was to others' applications. Returns how many rows
        of each table went."""
        connection = self.session.connection()
        gone = count_rows(connection, self.belongings_of_account(owner))
        end_keys(self, DRAFT, DRAFT.c.owner == owner)
        connection.execute(DRAFT.delete().where(DRAFT.c.owner == owner))
        connection.execute(PERSON.delete().where(PERSON.c.account_id == owner))
        return gone

    def applications_under(self, key_ids: Collection[UUID]) -> list[ApplicationOfAuthority]:
        """That are encrypted under one of these keys. What they say is not read."""
        ids = list(map(str, key_ids))
        found = APPLICATION.c.key_id.in_(ids) | APPLICATION.c.draft_key_id.in_(ids)
        rows = self._execute(sa.select(APPLICATION.c.id, APPLICATION.c.authority_id).where(found), {})
        return [ApplicationOfAuthority(UUID(row.id), row.authority_id) for row in rows]

    def erase_drafts_under(self, key_ids: Collection[UUID]) -> int:
        """Drafts that are encrypted under one of these keys; returns how many went."""
        mine = DRAFT.c.key_id.in_(list(map(str, key_ids)))
        return self._execute(DRAFT.delete().where(mine), {}).rowcount

    def applications_of_account(self, owner: Owner) -> list[ApplicationId]:
        """All of them, oldest first."""
        query = sa.select(APPLICATION.c.id).where(APPLICATION.c.owner == owner)
        found = self.session.connection().execute(query.order_by(APPLICATION.c.submitted_at, APPLICATION.c.id))
        return [ApplicationId(UUID(each)) for each in found.scalars()]
