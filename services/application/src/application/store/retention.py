"""What the job looks through that deletes what has been kept for long enough."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.database.belongings import count_rows, with_children

from application.domain.ids import ApplicationId, DocumentId, DraftId, InvitationId
from application.store.applications import APPLICATION
from application.store.base import Row, Tables
from application.store.documents import DOCUMENT
from application.store.drafts import DRAFT
from application.store.ended_keys import end_keys
from application.store.openings import OPENING
from application.store.people import INVITATION
from application.workflow.retention import KeptApplication


class RetentionTables(Tables):
    """One transaction."""

    def page_of_kept(self, after: ApplicationId | None, limit: int) -> Sequence[KeptApplication]:
        """By id, of all accounts, without their forms: for the job, which works for every authority."""
        columns = APPLICATION.c.id, APPLICATION.c.authority_id, APPLICATION.c.submitted_at, APPLICATION.c.school_year
        query = sa.select(*columns).order_by(APPLICATION.c.id).limit(limit)
        if after is not None:
            query = query.where(APPLICATION.c.id > str(after))
        found = self.session.connection().execute(query)
        return [
            KeptApplication(ApplicationId(UUID(row.id)), row.authority_id, row.submitted_at, row.school_year)
            for row in found
        ]

    def count_document(self, document_id: DocumentId) -> dict[str, int]:
        """Its rows, by table."""
        return self._count(DOCUMENT, DOCUMENT.c.id == str(document_id))

    def old_drafts(self, edited_until: datetime, after: DraftId | None, limit: int) -> Sequence[DraftId]:
        """By id."""
        return [DraftId(each) for each in self._some(DRAFT.c.id, DRAFT.c.edited_at <= edited_until, after, limit)]

    def count_draft(self, draft_id: DraftId) -> dict[str, int]:
        """Its rows, by table."""
        return self._count(DRAFT, DRAFT.c.id == str(draft_id))

    def drop_old_draft(self, draft_id: DraftId, edited_until: datetime) -> None:
        """With its key. One that was edited meanwhile stays."""
        mine = (DRAFT.c.id == str(draft_id)) & (DRAFT.c.edited_at <= edited_until)
        end_keys(self, DRAFT, mine)
        self._execute(DRAFT.delete().where(mine), {})

    def old_invitations(
        self, expired_until: datetime, after: InvitationId | None, limit: int
    ) -> Sequence[InvitationId]:
        """By id."""
        old = INVITATION.c.expires_at <= expired_until
        return [InvitationId(each) for each in self._some(INVITATION.c.id, old, after, limit)]

    def drop_old_invitation(self, invitation_id: InvitationId) -> int:
        """Returns whether it was here, as a number."""
        gone = INVITATION.delete().where(INVITATION.c.id == str(invitation_id)).returning(INVITATION.c.id)
        return len(self._execute(gone, {}).all())

    def count_openings(self, before: datetime) -> int:
        """Older than that."""
        query = sa.select(sa.func.count()).select_from(OPENING).where(OPENING.c.at < before)
        return int(self._execute(query, {}).scalar_one())

    def _some(
        self, column: sa.Column[Any], old: sa.ColumnElement[bool], after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        query = sa.select(column).where(old).order_by(column).limit(limit)
        if after is not None:
            query = query.where(column > str(after))
        return [UUID(each) for each in self.session.connection().execute(query).scalars()]

    def _count(self, table: sa.Table, mine: sa.ColumnElement[bool]) -> dict[str, int]:
        belongings: dict[sa.Table, Any] = with_children(Row.metadata, {table: mine})
        return count_rows(self.session.connection(), belongings)
