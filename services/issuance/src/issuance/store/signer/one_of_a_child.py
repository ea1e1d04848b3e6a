"""Of one child one ticket is good at a time: what the database refuses, and which ticket another one waits for."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update

from issuance.domain.ticket import SEEN, TICKET_STATES, StoredTicket
from issuance.domain.ticket import TicketState as State
from issuance.store.signer import convert
from issuance.store.signer.rights import RightTables
from issuance.store.signer.tables import Row, TicketRow
from issuance.workflow.signer.one_of_a_child import ANOTHER_TICKET

SQLITE = (
    """
    CREATE TRIGGER ticket_one_of_a_child_made BEFORE INSERT ON ticket
    WHEN NEW.state IN ('issued', 'suspended') AND NEW.last_day IS NULL AND NEW.child IS NOT NULL
        AND EXISTS (SELECT 1 FROM ticket WHERE child = NEW.child AND ticket_id <> NEW.ticket_id
                    AND state IN ('issued', 'suspended') AND last_day IS NULL
                    AND valid_from <= NEW.valid_until AND valid_until >= NEW.valid_from)
    BEGIN SELECT RAISE(ABORT, 'ticket_one_of_a_child'); END
    """,
    """
    CREATE TRIGGER ticket_one_of_a_child_changed 
    BEFORE UPDATE OF state, last_day, child, valid_from, valid_until ON ticket
    WHEN NEW.state IN ('issued', 'suspended') AND NEW.last_day IS NULL AND NEW.child IS NOT NULL
        AND EXISTS (SELECT 1 FROM ticket WHERE child = NEW.child AND ticket_id <> NEW.ticket_id
                    AND state IN ('issued', 'suspended') AND last_day IS NULL
                    AND valid_from <= NEW.valid_until AND valid_until >= NEW.valid_from)
    BEGIN SELECT RAISE(ABORT, 'ticket_one_of_a_child'); END
    """,
)
"""One transaction writes at a time, so what a trigger sees is all there is."""
POSTGRESQL = """
    ALTER TABLE ticket ADD CONSTRAINT ticket_one_of_a_child EXCLUDE USING gist (
        int8range(
            ('x' || substr(child, 1, 15))::bit(60)::bigint, ('x' || substr(child, 1, 15))::bit(60)::bigint, '[]'
        ) WITH &&,
        tstzrange(valid_from, valid_until, '[]') WITH &&
    ) WHERE (state IN ('issued', 'suspended') AND last_day IS NULL AND child IS NOT NULL)
"""
"""The child as a range of one number, its first 60 bits: so that no extension is needed."""


@sa.event.listens_for(Row.metadata.tables["ticket"], "after_create")
def _constrain(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
    for statement in SQLITE if connection.dialect.name == "sqlite" else (POSTGRESQL,):
        connection.exec_driver_sql(statement)


class ChildTables(RightTables):
    """The tickets of children, in one session."""

    def good_of(self, application_ids: Collection[UUID]) -> list[StoredTicket]:
        """Their tickets that somebody holds, by sequence; locked until the transaction ends."""
        self._tickets_in_turn()
        good = col(TicketRow.application_id).in_(application_ids), col(TicketRow.state).in_(SEEN)
        query: Any = select(TicketRow).where(*good).order_by(col(TicketRow.sequence)).with_for_update()
        return [convert.stored_ticket(row) for row in self.session.exec(query).all()]

    def try_others_of(self, application_id: UUID) -> None:
        """What waits because another ticket of the right is good may be signed again."""
        held = col(TicketRow.state).in_(TICKET_STATES.before(State.APPROVED))
        waits = held, col(TicketRow.reason) == ANOTHER_TICKET
        others = update(TicketRow).where(col(TicketRow.application_id).in_(self.right_of(application_id)), *waits)
        self._execute(others.values(state=State.APPROVED, reason=None))
