"""Heads of chains of acts: those that were signed, and the signer's own."""

from collections.abc import Mapping, Sequence

from shared.audit.heads import heads_of
from shared.events import ChainHead
from sqlmodel import select

from issuance.store.signer.base import Tables
from issuance.store.signer.tables import SignedHeadRow


class AuditHeadTables(Tables):
    """Heads, in one session."""

    def signed_heads(self, service: str) -> Mapping[str, ChainHead]:
        """By chain, as they were signed last; locked until the transaction ends."""
        query = select(SignedHeadRow).where(SignedHeadRow.service == service).order_by(SignedHeadRow.chain)
        rows = self.session.exec(query.with_for_update()).all()
        return {row.chain: ChainHead(chain=row.chain, acts=row.acts, hash=row.hash) for row in rows}

    def keep_signed_heads(self, service: str, heads: Sequence[ChainHead]) -> None:
        """In the place of the heads that were signed before."""
        for each in heads:
            self.session.merge(SignedHeadRow(service=service, **each.model_dump()))

    def own_heads(self) -> Sequence[ChainHead]:
        """The heads of the signer's own chains."""
        return heads_of(self.session)
