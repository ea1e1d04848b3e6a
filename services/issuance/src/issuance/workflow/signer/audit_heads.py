"""The heads of all services' chains of acts, signed: what was signed once is never signed shorter or otherwise."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from prometheus_client import Counter
from shared.database import Step, Transactions
from shared.events import (
    EVERY_AUTHORITY,
    ApplicationAuditHead,
    AuditHead,
    AuditHeadsSigned,
    ChainHead,
    EligibilityAuditHead,
    Event,
    IssuanceAuditHead,
    WalletPassAuditHead,
)

from issuance.lists.audit_heads import AuditHeads

log = structlog.get_logger("audit")
shortened = Counter("audit_heads_refused_total", "Heads that are shorter than, or other than, signed ones", ["service"])
SIGNER = "signer"
for kind in (ApplicationAuditHead, EligibilityAuditHead, IssuanceAuditHead, WalletPassAuditHead):
    shortened.labels(kind.service())  # shown as 0 before the first: an alert asks whether it rises
shortened.labels(SIGNER)


class Store(Protocol):
    def signed_heads(self, service: str) -> Mapping[str, ChainHead]:
        """By chain, as they were signed last."""

    def keep_signed_heads(self, service: str, heads: Sequence[ChainHead]) -> None:
        """In the place of the heads that were signed before."""

    def own_heads(self) -> Sequence[ChainHead]:
        """Of the signer's own chains."""

    def emit(self, *events: Event) -> None:
        """Puts the events into the outbox, in this transaction."""


class HeadSigner(Protocol):
    def sign_audit_heads(self, heads: AuditHeads) -> bytes:
        """COSE_Sign1."""


@dataclass(frozen=True)
class AuditHeadPublisher:
    transactions: Transactions[Store]
    signer: HeadSigner
    clock: Callable[[], datetime]

    async def heard(self, event: AuditHead) -> Step[Store, None]:
        """1. Nothing that was signed may be gone. 2. Signed, and 3. published with the lists."""
        return await self._signed(event.service(), event.heads)

    async def sign_own(self) -> None:
        """The signer's chains, every hour."""
        heads = await self.transactions.read(lambda store: store.own_heads())
        known = await self.transactions.read(lambda store: store.signed_heads(SIGNER))
        if heads and list(known.values()) != list(heads):
            await self.transactions.write(await self._signed(SIGNER, heads))

    async def _signed(self, service: str, heads: Sequence[ChainHead]) -> Step[Store, None]:
        # 1.
        known = await self.transactions.read(lambda store: store.signed_heads(service))
        if gone := _gone(known, heads):
            shortened.labels(service).inc()
            log.error("audit_heads_refused", service=service, chains=len(gone))
            return lambda _store: None
        # 2.
        at = self.clock()
        statement = await asyncio.to_thread(self.signer.sign_audit_heads, AuditHeads(service, at, heads))

        # 3.
        def step(store: Store) -> None:
            if _gone(store.signed_heads(service), heads):
                return  # told out of order: a later one was signed meanwhile
            store.keep_signed_heads(service, heads)
            signed = AuditHeadsSigned(
                occurred_at=at, authority_id=EVERY_AUTHORITY, service=service, signed_at=at, statement=statement
            )
            store.emit(signed)

        return step


def _gone(known: Mapping[str, ChainHead], heads: Sequence[ChainHead]) -> list[str]:
    """Chains that are shorter than they were signed, of the same length with another end, or not there any more."""
    told = {each.chain: each for each in heads}
    return [
        chain
        for chain, before in known.items()
        if chain not in told
        or told[chain].acts < before.acts
        or (told[chain].acts == before.acts and told[chain].hash != before.hash)
    ]
