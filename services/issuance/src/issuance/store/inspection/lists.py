"""What scanners follow: the trust list, status lists with snapshots and deltas, lists of issued tickets."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, delete, select

from issuance.store.inspection.base import Tables
from issuance.store.inspection.tables import CertificateRow, DeltaRow, IssuedListRow, StatusRow, TrustRow
from issuance.workflow.inspection.inspect import NOTHING, Lists

KEPT_DELTAS = 500
"""A scanner that is further behind takes the snapshot, which is then smaller than the deltas."""


class ListTables(Tables):
    """Lists, in one session."""

    def keep_trust(self, version: int, trust_list: bytes, certificates: dict[str, bytes]) -> None:
        newest = self.session.exec(select(TrustRow.version).order_by(col(TrustRow.version).desc())).first()
        if newest is not None and newest > version:
            return
        for row in self.session.exec(select(TrustRow).where(TrustRow.version != version)).all():
            self.session.delete(row)
        self.session.merge(TrustRow(version=version, trust_list=trust_list))
        for name, data in certificates.items():
            self.session.merge(CertificateRow(name=name.lower(), certificate=data))

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

    def lists_version(self) -> tuple[int, int, int]:
        """Changes whenever a list does: trust list's version, count and sum of the other lists' versions."""
        count, total = self.session.exec(select(sa.func.count(), sa.func.sum(StatusRow.version))).one()
        version = self.session.exec(select(sa.func.max(TrustRow.version))).one()
        parts, of_parts = self.session.exec(select(sa.func.count(), sa.func.sum(IssuedListRow.version))).one()
        return version or 0, int(count) + int(parts), int(total or 0) + int(of_parts or 0)

    def lists(self) -> Lists:
        trusted = self.session.exec(select(TrustRow).order_by(col(TrustRow.version).desc())).first()
        certificates: Sequence[CertificateRow] = self.session.exec(
            select(CertificateRow).order_by(CertificateRow.name)
        ).all()
        statuses = self.session.exec(select(StatusRow).order_by(StatusRow.shard)).all()
        return Lists(
            trusted.trust_list if trusted else None,
            {row.name: row.certificate for row in certificates},
            {row.shard: row.status_list for row in statuses},
            self.issued_parts(),
            {row.shard: row.version for row in statuses},
        )
