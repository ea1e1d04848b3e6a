"""A signer whose tables are in memory and whose keys are no keys: some thousand steps a second. It can be killed before
a commit, and its module can be stolen."""

from collections.abc import Callable, Collection
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.lists.audit_heads import AuditHeads
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.issued import IssuedPart
from issuance.lists.status_list import StatusList
from issuance.store.signer import Row, SignerStore
from issuance.store.signer.tables import TicketRow
from shared.bus.tables import metadata, outbox
from shared.calendar import day_in_berlin
from shared.errors import Text, Unavailable
from shared.events import ALL, Event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session
from support.issuance.rights.model import Seen

Result = TypeVar("Result")
KINDS = {kind.subject: kind for kind in ALL}
TICKET = TicketRow.metadata.tables["ticket"]
TICKETS = sa.select(TICKET).where(TICKET.c.application_id.in_(sa.bindparam("ids", expanding=True)))
TOLD, FORGET = sa.select(outbox.c.subject, outbox.c.payload).order_by(outbox.c.position), outbox.delete()
KILLED = Unavailable(Text("Weg.", "Away."))


class Memory:
    """Implements Transactions. `dies`: before the next commit, once."""

    def __init__(self) -> None:
        self.dies = False
        self.engine = sa.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        sa.event.listen(self.engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        sa.event.listen(self.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        for tables in (Row.metadata, metadata):
            tables.create_all(self.engine)

    async def write(self, step: Callable[[SignerStore], Result], *, wake: bool = True) -> Result:
        return self.write_now(step)

    async def read(self, query: Callable[[SignerStore], Result]) -> Result:
        return self.read_now(query)

    def write_now(self, step: Callable[[SignerStore], Result]) -> Result:
        with Session(self.engine) as session:
            result = step(SignerStore(session))
            session.flush()
            if self.dies:
                self.dies = False
                raise KILLED
            session.commit()
        return result

    def read_now(self, query: Callable[[SignerStore], Result]) -> Result:
        with Session(self.engine) as session:
            return query(SignerStore(session))

    def tickets_of(self, application_ids: Collection[UUID]) -> list[Seen]:
        with self.engine.connect() as connection:
            return [_seen(row) for row in connection.execute(TICKETS, {"ids": list(application_ids)})]

    def told(self) -> list[Event]:
        """Since it was asked last."""
        with self.engine.begin() as connection:
            rows = connection.execute(TOLD).all()
            if rows:
                connection.execute(FORGET)
        return [KINDS[row.subject].model_validate_json(row.payload) for row in rows]


def _seen(row: sa.Row[tuple[object, ...]]) -> Seen:
    last = day_in_berlin(row.valid_until)
    place = row.ticket_id, row.application_id, row.decision_id, row.case_id, row.number, row.state, row.reason
    return Seen(*place, row.replaces, day_in_berlin(row.valid_from), min(last, row.last_day or last), row.child)


class NoKeys:
    """Implements LiveSigner. `codes`: what it gives for every ticket. `is_stolen`: signs nothing, tickets are held.
    `meanwhile`: happens while the first of a batch is signed."""

    def __init__(self, codes: SignedTicket) -> None:
        self.codes, self.is_stolen = codes, False
        self.meanwhile: Callable[[], None] | None = None

    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        if self.is_stolen:
            raise Refuse("module_stolen")
        return self.codes

    def confirm(self, ticket: Ticket, signed: SignedTicket, shown_from: datetime | None = None) -> None:
        """Nothing was signed."""

    def sign_status_list(self, status: StatusList) -> bytes:
        return status.sign("none", b"none", _no_signature)

    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes:
        return one.sign(b"none", _no_signature)

    def sign_audit_heads(self, heads: AuditHeads) -> bytes:
        return heads.sign(b"none", _no_signature)

    def issued_keys(self, vdv: bytes, qr: str) -> tuple[bytes, bytes]:
        return sha256(vdv).digest(), sha256(qr.encode()).digest()


def _no_signature(_: bytes) -> bytes:
    return bytes(64)
