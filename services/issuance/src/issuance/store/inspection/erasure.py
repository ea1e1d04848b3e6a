"""How a family goes from the tables of the public process: its tickets' states, and what was asked about them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.bus import erasures
from shared.bus.dead_letters import forget_about
from shared.database.belongings import FamilyTables
from shared.events.base import OfApplication

from issuance.store.inspection.base import Tables
from issuance.store.inspection.tables import Row

TICKET, REQUEST = (Row.metadata.tables[name] for name in ("known_ticket", "revocation_request"))


FAMILY_TABLES = FamilyTables(Row.metadata, (TICKET.c.application_id,), ((REQUEST.c.ticket_id, TICKET.c.ticket_id),))


class ErasureTables(Tables):
    """One transaction."""

    family_tables: ClassVar = FAMILY_TABLES

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""
        erasures.note(self.session, of.application_id, of.authority_id, now)

    def erase(self, application_id: UUID, now: datetime) -> int:
        """Returns how many tickets went. No name was ever here; marks of inspections go by themselves."""
        connection, mine = self.session.connection(), TICKET.c.application_id == application_id
        found = connection.execute(sa.select(TICKET.c.ticket_id, TICKET.c.authority_id).where(mine)).all()
        connection.execute(REQUEST.delete().where(REQUEST.c.ticket_id.in_([each.ticket_id for each in found])))
        connection.execute(TICKET.delete().where(mine))
        forget_about(self.session, [application_id])
        for chain in sorted({each.authority_id for each in found}):
            trail.erase(self.session, chain=chain, about=str(application_id), by="erasure", at=now)
        return len(found)
