"""What scanners follow: the trust list, status lists with snapshots and deltas, lists of issued tickets."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from shared.bus.epochs import refuse_from_now
from sqlmodel import col, delete, select

from issuance.store.inspection.base import Tables
from issuance.store.inspection.tables import (
    CertificateRow,
    DeltaRow,
    DeltaV2Row,
    IssuedListRow,
    StatusRow,
    StatusV2Row,
    TrustRow,
)
from issuance.workflow.inspection.inspect import NOTHING, Lists

SIGNER = "signer"
KEPT_DELTAS = 500
"""A scanner that is further behind takes the snapshot, which is then smaller than the deltas."""
_Lists = tuple[type[StatusRow] | type[StatusV2Row], type[DeltaRow] | type[DeltaV2Row]]
_TABLES: dict[int, _Lists] = {1: (StatusRow, DeltaRow), 2: (StatusV2Row, DeltaV2Row)}
"""By bits a place."""


class ListTables(Tables):
    """Lists, in one session."""

    def keep_trust(self, version: int, trust_list: bytes, certificates: dict[str, bytes]) -> None:
        """Replaces the trust list, unless a newer one is here; certificates are only added."""
        newest = self.session.exec(select(TrustRow.version).order_by(col(TrustRow.version).desc())).first()
        if newest is not None and newest > version:
            return
        for row in self.session.exec(select(TrustRow).where(TrustRow.version != version)).all():
            self.session.delete(row)
        self.session.merge(TrustRow(version=version, trust_list=trust_list))
        for name, data in certificates.items():
            self.session.merge(CertificateRow(name=name.lower(), certificate=data))

    def keep_status(
        self,
        shard: str,
        version: int,
        published_at: datetime,
        data: bytes,
        followed: tuple[bytes, bytes] = NOTHING,
        *,
        bits: int = 1,
    ) -> None:
        """Older ones that come late are not taken; their deltas are. One that was published later than the one that is
        known, and is not of a later version, says that the signer's database went back."""
        lists, links = _TABLES[bits]
        snapshot, delta = followed
        known = self._status(shard, bits)
        if known is not None and version <= known.version and published_at > known.published_at:
            refuse_from_now(self.session, SIGNER, published_at)
            return
        if known is None or known.version < version:
            row = lists(shard=shard, version=version, published_at=published_at, status_list=data)
            row.snapshot = snapshot or None
            self.session.merge(row)
        if delta:
            self.session.merge(links(shard=shard, version=version, delta=delta))
            old = col(links.shard) == shard, col(links.version) <= version - KEPT_DELTAS
            self.session.exec(delete(links).where(*old))

    def _status(self, shard: str, bits: int) -> StatusRow | StatusV2Row | None:
        return self.session.get(StatusRow, shard) if bits == 1 else self.session.get(StatusV2Row, shard)

    def snapshot(self, shard: str, bits: int = 1) -> bytes | None:
        """The newest snapshot of a shard, of `bits` a place; None where the shard is not known."""
        row = self._status(shard, bits)
        return row.snapshot if row is not None else None

    def deltas(self, shard: str, since: int, bits: int = 1) -> Sequence[bytes] | None:
        """The signed deltas after `since`, in order; None where one is missing, `since` is not out yet, or the shard
        not known."""
        row, links = self._status(shard, bits), _TABLES[bits][1]
        if row is None or since > row.version:
            return None
        query = sa.select(col(links.version), col(links.delta)).where(
            col(links.shard) == shard, col(links.version) > since
        )
        rows = self.session.execute(query.order_by(col(links.version))).all()
        is_whole = [version for version, _ in rows] == list(range(since + 1, row.version + 1))
        return [delta for _, delta in rows] if is_whole else None

    def keep_issued_part(self, place: tuple[str, str, int], parts: int, version: int, data: bytes) -> None:
        """Keeps a part at (shard, form, part), unless the one that is here is of this version or newer."""
        shard, form, part = place
        known = self.session.get(IssuedListRow, place)
        if known is None or known.version < version:
            row = IssuedListRow(shard=shard, form=form, part=part, parts=parts, version=version, issued_list=data)
            self.session.merge(row)

    def issued_parts(self) -> Mapping[str, bytes]:
        """The signed parts by `<shard>-<form>-<part>`, of whatever version each is."""
        rows = self.session.exec(select(IssuedListRow)).all()
        return {f"{row.shard}-{row.form}-{row.part}": row.issued_list for row in rows}

    def list_versions(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """By shard: the highest version of its status lists, and of its lists of issued tickets."""
        status: dict[str, int] = {}
        for table in (StatusRow, StatusV2Row):
            for shard, version in self.session.exec(select(table.shard, table.version)):
                status[shard] = max(version, status.get(shard, 0))
        highest = sa.select(col(IssuedListRow.shard), sa.func.max(IssuedListRow.version)).group_by(IssuedListRow.shard)
        return status, {row[0]: row[1] for row in self.session.execute(highest)}

    def lists_version(self) -> tuple[int, int, int]:
        """Changes whenever a list does: trust list's version, count and sum of the other lists' versions."""
        version = self.session.exec(select(sa.func.max(TrustRow.version))).one()
        count = total = 0
        for column in (StatusRow.version, StatusV2Row.version, IssuedListRow.version):
            rows, of_versions = self.session.exec(select(sa.func.count(), sa.func.sum(column))).one()
            count, total = count + int(rows), total + int(of_versions or 0)
        return version or 0, count, total

    def lists(self) -> Lists:
        """Everything that the signer published; a handful of queries, so that callers keep it."""
        trusted = self.session.exec(select(TrustRow).order_by(col(TrustRow.version).desc())).first()
        certificates: Sequence[CertificateRow] = self.session.exec(
            select(CertificateRow).order_by(CertificateRow.name)
        ).all()
        statuses = self.session.exec(select(StatusRow).order_by(StatusRow.shard)).all()
        of_two_bits = self.session.exec(select(StatusV2Row).order_by(StatusV2Row.shard)).all()
        return Lists(
            trusted.trust_list if trusted else None,
            {row.name: row.certificate for row in certificates},
            {row.shard: row.status_list for row in statuses},
            self.issued_parts(),
            {row.shard: row.version for row in statuses},
            {row.shard: row.status_list for row in of_two_bits},
            {row.shard: row.version for row in of_two_bits},
        )
