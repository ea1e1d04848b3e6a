"""Which of a phone's passes have changed, and what it is given to carry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from shared.database import Transactions

from wallet_pass.domain.carried import CarriedRegistration, Seal
from wallet_pass.workflow.ports import Tables

log = structlog.get_logger("phones")


@dataclass(frozen=True)
class Changes:
    """An answer."""

    passes: Sequence[tuple[UUID, int]]
    """Serial numbers, and the tag of each change."""
    carried: str = ""
    """To be brought back with the tag."""


@dataclass(frozen=True)
class PhoneChanges:
    transactions: Transactions[Tables]
    seal: Seal | None
    clock: Callable[[], datetime]

    async def since(self, device: UUID, tag: int, brought: str) -> Changes:
        """What has changed after `tag`.

        1. where the phone brings what an older copy of the database may not know, take back what is missing
        2. look what has changed: a pass that was taken back is among it
        """
        # 1.
        carried = None if self.seal is None or not brought else self.seal.open(device, brought)
        if carried is not None:
            await self._take_back(device, carried)

        # 2.
        def look(tables: Tables) -> tuple[Sequence[tuple[UUID, int]], CarriedRegistration | None]:
            changed = tables.changed_since(device, tag)
            return changed, tables.registered(device) if changed else None

        changed, now_has = await self.transactions.read(look)
        if self.seal is None or now_has is None:
            return Changes(changed)
        return Changes(changed, self.seal.close(device, now_has))

    async def _take_back(self, device: UUID, carried: CarriedRegistration) -> None:
        missing = await self.transactions.read(lambda tables: tables.missing_of(device, carried))
        if not missing:
            return

        def step(tables: Tables) -> int:
            taken = 0
            tables.hold_passes(missing)
            for serial_number in missing:
                if tables.by_serial(serial_number) is not None:
                    now = self.clock()
                    new = tables.register(device, serial_number, carried.push_token, now, carried=True)
                    taken += new is not None
            return taken

        taken = await self.transactions.write(step)
        log.warning("phone_taken_back", device=str(device), passes=taken, lost=len(missing))
