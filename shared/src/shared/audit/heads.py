"""How long the chains are, told every hour for the signer to sign: cutting off what was signed is found out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.audit.tables import HEAD
from shared.bus import outbox
from shared.database import Transactions
from shared.events import EVERY_AUTHORITY, AuditHead, ChainHead

HEADS = "audit"
"""The worker's name."""


def heads_of(session: Session) -> tuple[ChainHead, ...]:
    """The newest act of each chain of this database, by the chain's name."""
    rows = session.connection().execute(sa.select(HEAD).order_by(HEAD.c.chain))
    return tuple(ChainHead(chain=row.chain, acts=row.number, hash=row.hash) for row in rows)


@dataclass
class TellingHeads:
    """Tells how long this service's chains are, where one has grown."""

    transactions: Transactions[Any]
    kind: type[AuditHead]
    clock: Callable[[], datetime]
    _told: tuple[ChainHead, ...] = ()

    async def tell(self) -> None:
        """Emit the heads, where a chain has grown since they were last told. For a worker."""

        def step(store: Any) -> tuple[ChainHead, ...]:
            heads = heads_of(store.session)
            if heads and heads != self._told:
                event = self.kind(occurred_at=self.clock(), authority_id=EVERY_AUTHORITY, heads=heads)
                outbox.emit(store.session, event)
            return heads

        self._told = await self.transactions.write(step)
