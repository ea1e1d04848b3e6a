"""How a family goes from these tables: its passes, what was told of their tickets, and what acts about it hold."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.bus import erasures
from shared.bus.dead_letters import forget_about
from shared.database import contents
from shared.database.belongings import FamilyTables
from shared.events.base import OfApplication

from wallet_pass.store.devices import DeviceTables
from wallet_pass.store.tables import KEY, PACKAGE, PASSES, TOLD, Row

FAMILY_TABLES = FamilyTables(
    Row.metadata,
    (PASSES.c.application_id,),
    ((TOLD.c.ticket_id, PASSES.c.ticket_id), (PACKAGE.c.digest, PASSES.c.package_digest)),
)


class ErasureTables(DeviceTables):
    """One transaction."""

    family_tables: ClassVar = FAMILY_TABLES

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""
        erasures.note(self.session, of.application_id, of.authority_id, now)

    def erase(self, application_id: UUID, now: datetime) -> int:
        """Returns how many passes went: their addresses then lead nowhere."""
        connection, mine = self.session.connection(), PASSES.c.application_id == application_id
        columns = PASSES.c.ticket_id, PASSES.c.serial_number, PASSES.c.authority_id, PASSES.c.package_digest
        # its passes, then their devices, then what hangs on both: as whoever registers or pushes does it
        found = connection.execute(sa.select(*columns).where(mine).order_by(PASSES.c.token).with_for_update()).all()
        self._forget_failures(sa.select(KEY).where(mine))
        connection.execute(TOLD.delete().where(TOLD.c.ticket_id.in_([each.ticket_id for each in found])))
        devices = self.devices_of([each.serial_number for each in found])
        self._lock(devices)
        connection.execute(PASSES.delete().where(mine))
        self.forget_devices_without_passes(devices)
        contents.drop_unused(self.session, PACKAGE, PASSES.c.package_digest, [each.package_digest for each in found])
        forget_about(self.session, [application_id])
        for chain in sorted({each.authority_id for each in found}):
            trail.erase(self.session, chain=chain, about=str(application_id), by="erasure", at=now)
        return len(found)
