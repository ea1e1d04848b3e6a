"""What scanners follow: status lists with their snapshots and deltas, and the lists of issued tickets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, select

from issuance.store.inspection.tables import DeltaRow, IssuedListRow, StatusRow, TicketRow
from issuance.workflow.inspection.inspect import NOTHING

KEPT_DELTAS = 500
"""A scanner that is further behind takes the snapshot, which is then smaller than the deltas."""


class FollowTables:
    """Part of InspectionStore."""

    session: Session

    def keep_status(
        self, shard: str, version: int, published_at: datetime, data: bytes, followed: tuple[bytes, bytes] = NOTHING
    ) -> None:
        """Older ones that come late are not taken; their deltas are."""
        snapshot, delta = followed
        known = self.session.get(StatusRow, shard)
        if known is None or known.version < version:
            row = StatusRow(shard=shard, version=version, published_at=published_at, status_list=data)
            row.snapshot = snapshot or None
            self.session.merge(row)
        if delta:
            self.session.merge(DeltaRow(shard=shard, version=version, delta=delta))
            old = col(DeltaRow.shard) == shard, col(DeltaRow.version) <= version - KEPT_DELTAS
            self.session.exec(delete(DeltaRow).where(*old))

    def snapshot(self, shard: str) -> bytes | None:
        row = self.session.get(StatusRow, shard)
        return row.snapshot if row is not None else None

    def deltas(self, shard: str, since: int) -> Sequence[bytes] | None:
        row = self.session.get(StatusRow, shard)
        if row is None or since > row.version:
            return None
        query = select(DeltaRow).where(DeltaRow.shard == shard, DeltaRow.version > since)
        rows = self.session.exec(query.order_by(col(DeltaRow.version))).all()
        is_whole = [one.version for one in rows] == list(range(since + 1, row.version + 1))
        return [one.delta for one in rows] if is_whole else None

    def keep_issued_part(self, place: tuple[str, str, int], parts: int, version: int, data: bytes) -> None:
        shard, form, part = place
        known = self.session.get(IssuedListRow, place)
        if known is None or known.version < version:
            row = IssuedListRow(shard=shard, form=form, part=part, parts=parts, version=version, issued_list=data)
            self.session.merge(row)

    def issued_parts(self) -> Mapping[str, bytes]:
        rows = self.session.exec(select(IssuedListRow)).all()
        return {f"{row.shard}-{row.form}-{row.part}": row.issued_list for row in rows}

    def keep_suspension(self, ticket_id: UUID, suspended: bool) -> None:
        """News of a revocation stands; of an unknown ticket nothing is kept."""
        row = self.session.get(TicketRow, ticket_id)
        if row is not None and row.state in ("issued", "suspended"):
            row.state = "suspended" if suspended else "issued"
