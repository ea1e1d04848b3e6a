"""Who of the authority opened which document, and when. No file name: that is in the document's own row."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.audit.chain import SignedHeads
from shared.audit.rows import Kind
from shared.audit.verify import Report, snapshot, verify
from shared.database import UtcDateTime
from sqlmodel import Field

from application.domain.acts import DocumentAct
from application.domain.ids import ApplicationId, DocumentId
from application.store.applications import APPLICATION, AUTHORITY_BY_ID
from application.store.base import Row, Tables
from application.workflow.ports import Opening


class OpeningRow(Row, table=True):
    __tablename__ = "document_opening"
    __table_args__: ClassVar[Any] = (
        sa.Index("opening_of_application", "application_id", "number"),
        sa.Index("opening_by_time", "at"),
    )
    number: int | None = Field(default=None, primary_key=True)
    application_id: str = Field(foreign_key="application.id", ondelete="CASCADE", max_length=36)
    document_id: str = Field(max_length=36)
    """No foreign key: a family may delete the document, that it was opened stays."""
    subject: str = Field(max_length=255)
    at: datetime = Field(sa_type=UtcDateTime)


OPENING: sa.Table = Row.metadata.tables["document_opening"]
OPENINGS = Kind(
    "openings of application",
    OPENING.c.application_id,
    ((OPENING.c.document_id, OPENING.c.subject, OPENING.c.at),),
    chain=APPLICATION.c.authority_id,
    about=APPLICATION.c.id,
    source=OPENING.join(APPLICATION, APPLICATION.c.id == OPENING.c.application_id),
)
KINDS = (OPENINGS,)
"""Rows that are on record."""


class OpeningTable(Tables):
    """A part of the store, in one session."""

    def add_opening(self, opening: Opening) -> None:
        """The row, and an act in the chain of the application's authority, in the name of who opened it."""
        ids = {"application_id": str(opening.application_id), "document_id": str(opening.document_id)}
        self._execute(OPENING.insert(), {**ids, "subject": opening.subject, "at": opening.at})
        about, detail = ids["application_id"], {"document": ids["document_id"]}
        chain = self._execute(AUTHORITY_BY_ID, {"id": about}).scalar_one()
        trail.note(
            self.session,
            chain=chain,
            by=opening.subject,
            act=DocumentAct.OPENED,
            about=about,
            at=opening.at,
            detail=detail,
        )
        trail.keep(self.session, OPENINGS, about)

    def openings_of(self, application_id: ApplicationId) -> Sequence[Opening]:
        """Oldest first; also of documents that the family has deleted since."""
        chosen = sa.select(OPENING).where(OPENING.c.application_id == str(application_id)).order_by(OPENING.c.number)
        return [_opening(row) for row in self.session.execute(chosen)]

    def drop_openings(self, before: datetime) -> None:
        """Those that are older, each application's with an act of the rules, so that the record still fits its rows."""
        old = OPENING.c.at < before
        chosen = sa.select(APPLICATION.c.authority_id, APPLICATION.c.id).where(
            APPLICATION.c.id.in_(sa.select(OPENING.c.application_id).where(old))
        )
        for chain, about in self.session.execute(chosen).all():
            trail.note(
                self.session, chain=chain, by=trail.RULES, act=DocumentAct.FORGOTTEN, about=about, at=datetime.now(UTC)
            )
            trail.keep(self.session, OPENINGS, about, chain=chain, about=about)
        self.session.execute(OPENING.delete().where(old))

    def verify_audit(self, only: str | None, signed: SignedHeads | None) -> Report:
        """Recompute the chains of acts and compare them with the rows on record.

        Args:
            only: one authority's chain, without its rows; None: all.
            signed: heads that the signer has signed, to be found in the chains; None: not compared.
        """
        return verify(snapshot(self.session), KINDS, signed=signed, only=only)


def _opening(row: sa.Row[Any]) -> Opening:
    return Opening(ApplicationId(UUID(row.application_id)), DocumentId(UUID(row.document_id)), row.subject, row.at)
