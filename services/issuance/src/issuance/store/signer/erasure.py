"""How a family goes from the signer's tables, for whoever erases one: names, codes and what acts about it hold."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.birth_dates import PartlyKnownDate
from shared.bus import erasures
from shared.bus.dead_letters import forget_about
from shared.database.belongings import FamilyTables
from shared.errors import Conflict, Text
from shared.events.base import OfApplication

from issuance.domain.ticket import LIVING
from issuance.store.signer.base import Tables
from issuance.store.signer.on_record import STEPS, TICKETS
from issuance.store.signer.tables import Row

TICKET, FORMER, HOLDER, GRANT, CHILD, SUSPENSION, DIGEST = (
    Row.metadata.tables[name]
    for name in ("ticket", "former_code", "waiting_holder", "waiting_grant", "child_application", "suspension",
                 "decision_digest")
)  # fmt: skip
NOBODYS = {"application_id": None, "case_id": None}
"""Of a decision: that it was told stays, and with which digest."""
NOBODY = {
    "first_name": "",
    "last_name": "",
    "birth_date": PartlyKnownDate(1),
    "gender": None,
    "qr": "",
    "child": None,
}
"""Of a ticket there stay number, times, state and whose authority it was: the lists are made of them, the security
module's count is held against them, and no number is given twice. An empty code is one that was erased."""
STILL_LIVES = Text(
    "Zu diesem Antrag gibt es noch ein gültiges Ticket. Bitte beenden Sie erst die Bewilligung.",
    "This application still has a good ticket. Please end the grant first.",
)


FAMILY_TABLES = FamilyTables(
    Row.metadata,
    tuple(each.c.application_id for each in (TICKET, HOLDER, GRANT, DIGEST, CHILD, SUSPENSION)),
    ((FORMER.c.ticket_id, TICKET.c.ticket_id),),
)


class ErasureTables(Tables):
    """One transaction."""

    family_tables: ClassVar = FAMILY_TABLES

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""
        erasures.note(self.session, of.application_id, of.authority_id, now)

    def erase(self, application_id: UUID, now: datetime) -> int:
        """Raises Conflict where a ticket of it lives. Returns how many tickets were emptied. What still stands against
        the right to ride is kept, with the child's digest: it would be lifted otherwise."""
        self._tickets_in_turn()
        connection, mine = self.session.connection(), TICKET.c.application_id == application_id
        tickets = connection.execute(sa.select(TICKET).where(mine).order_by(TICKET.c.ticket_id).with_for_update()).all()
        if any(each.state in LIVING for each in tickets):
            raise Conflict(STILL_LIVES)
        chains = {each.authority_id for each in tickets}
        chains |= set(connection.execute(
            sa.select(HOLDER.c.authority_id).where(HOLDER.c.application_id == application_id)
            .union(sa.select(GRANT.c.authority_id).where(GRANT.c.application_id == application_id))
        ).scalars())  # fmt: skip
        forget_about(self.session, [application_id])
        for table in (HOLDER, GRANT):
            connection.execute(table.delete().where(table.c.application_id == application_id))
        connection.execute(DIGEST.update().where(DIGEST.c.application_id == application_id).values(NOBODYS))
        connection.execute(FORMER.delete().where(FORMER.c.ticket_id.in_([each.ticket_id for each in tickets])))
        stands = (SUSPENSION.c.application_id == application_id) & SUSPENSION.c.lifted_at.is_(None)
        if connection.execute(sa.select(SUSPENSION.c.id).where(stands)).first() is None:
            connection.execute(CHILD.delete().where(CHILD.c.application_id == application_id))
        signed = [each.ticket_id for each in tickets if each.vdv is not None]
        empty = sa.case((TICKET.c.vdv.is_not(None), b""))
        connection.execute(TICKET.update().where(mine).values({**NOBODY, "vdv": empty}))
        for chain in sorted(chains):
            trail.erase(self.session, chain=chain, about=str(application_id), by="erasure", at=now)
        for each in tickets:
            self.on_record(STEPS, each.ticket_id)
        for ticket_id in signed:
            self.on_record(TICKETS, ticket_id)
        return len(tickets)
