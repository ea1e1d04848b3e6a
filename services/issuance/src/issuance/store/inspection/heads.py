"""Heads of the services' chains of acts, as the signer has signed them: kept for a year, and published."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, delete, select

from issuance.store.inspection.base import Tables
from issuance.store.inspection.tables import AuditHeadsRow
from issuance.workflow.inspection.inspect import SignedHeads

EACH_FOR = timedelta(days=2)
"""After this the last of each day stays: who was cut off between two of them is missed by the later one too."""
KEPT_FOR = timedelta(days=400)
"""A school year and its objections."""


class HeadTables(Tables):
    """Signed heads, in one session."""

    def keep_heads(self, service: str, signed_at: datetime, statement: bytes) -> None:
        """Keeps a statement; of two days all stay, of 400 days the last of each day."""
        self.session.merge(AuditHeadsRow(service=service, signed_at=signed_at, statement=statement))
        self.session.flush()
        mine = col(AuditHeadsRow.service) == service
        kept = self.session.exec(select(AuditHeadsRow.signed_at).where(mine)).all()
        if over := list(_over(kept)):
            self.session.exec(delete(AuditHeadsRow).where(mine, col(AuditHeadsRow.signed_at).in_(over)))

    def heads(self) -> Sequence[SignedHeads]:
        """The newest statement of each service, by its name."""
        newest = sa.select(col(AuditHeadsRow.service), sa.func.max(col(AuditHeadsRow.signed_at)))
        found = self.session.execute(newest.group_by(col(AuditHeadsRow.service)).order_by(col(AuditHeadsRow.service)))
        return [_signed(self.session.get_one(AuditHeadsRow, tuple(place))) for place in found.all()]

    def heads_before(self, service: str, before: datetime | None, limit: int) -> Sequence[SignedHeads]:
        """Statements of one service, the newest first; with `before`, only those that were signed earlier."""
        query = select(AuditHeadsRow).where(AuditHeadsRow.service == service)
        if before is not None:
            query = query.where(col(AuditHeadsRow.signed_at) < before)
        rows = self.session.exec(query.order_by(col(AuditHeadsRow.signed_at).desc()).limit(limit))
        return [_signed(row) for row in rows]


def _over(signed_at: Sequence[datetime]) -> Iterator[datetime]:
    """Those that need not be kept beside the others."""
    newest = max(signed_at)
    last_of_day = {each.date(): each for each in sorted(signed_at)}
    for each in signed_at:
        is_one_of_many = newest - each > EACH_FOR and last_of_day[each.date()] != each
        if is_one_of_many or newest - each > KEPT_FOR:
            yield each


def _signed(row: AuditHeadsRow) -> SignedHeads:
    return SignedHeads(row.service, row.signed_at, row.statement)
