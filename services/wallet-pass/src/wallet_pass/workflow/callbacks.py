"""Google says that somebody has saved a pass, or deleted it: it is counted, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.database import Transactions

from wallet_pass.domain.callbacks import Callback
from wallet_pass.workflow.ports import GoogleDocuments, Tables

Outcome = Literal["save", "del", "repeated", "unknown"]


@dataclass(frozen=True)
class GoogleCallbacks:
    """What the edge calls with callbacks that it has checked."""

    transactions: Transactions[Tables]
    google: GoogleDocuments
    clock: Callable[[], datetime]

    async def hear(self, callback: Callback) -> Outcome:
        """What became of it. Of a pass that is not here, or not of this class, nothing is kept."""
        serial_number = _serial_of(callback.object_id)

        def step(tables: Tables) -> Outcome:
            now = self.clock()
            if not tables.hear_callback(callback, now):
                return "repeated"
            kept = None if serial_number is None else tables.by_serial(serial_number)
            if kept is None or serial_number is None:
                return "unknown"
            named = self.google.class_id(kept.wallet_pass), self.google.object_id(kept.wallet_pass)
            if named != (callback.class_id, callback.object_id):
                return "unknown"
            tables.count_callback(serial_number, callback.kind, now)
            return callback.kind.value

        return await self.transactions.write(step, wake=False)


def _serial_of(object_id: str) -> UUID | None:
    """Behind the issuer's number and a dot."""
    try:
        return UUID(object_id.partition(".")[2])
    except ValueError:
        return None
