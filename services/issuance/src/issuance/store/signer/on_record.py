"""Which rows of the signer are on record: every ticket that was signed, and every step of its life."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from shared.audit.rows import Kind
from sqlalchemy.engine import Connection

from issuance.domain.acts import TicketAct
from issuance.store.signer.tables import Row

TICKET, STEP, COUNTER = (Row.metadata.tables[name] for name in ("ticket", "audit", "counter"))
MOST_NAMED = 5
"""Tickets of one fault that are named."""


def _named(table: sa.Table, names: str) -> tuple[sa.ColumnElement[object], ...]:
    return tuple(table.c[name] for name in names.split())


TICKETS = Kind(
    "ticket",
    TICKET.c.ticket_id,
    (
        _named(
            TICKET,
            "organisation_id number authority_id application_id product product_owner_id valid_from valid_until "
            "first_name last_name birth_date gender token_id sequence issued_at generation state reason ended_at vdv "
            "qr qr_key vdv_module",
        ),
    ),
    chain=TICKET.c.authority_id,
    about=TICKET.c.application_id,
    only=TICKET.c.vdv.is_not(None),
)
"""What waits to be signed is no ticket yet."""
STEPS = Kind(
    "steps of ticket",
    STEP.c.ticket_id,
    (_named(STEP, "at step reason asked_by request_id"),),
    chain=TICKET.c.authority_id,
    about=TICKET.c.application_id,
    source=STEP.join(TICKET, TICKET.c.ticket_id == STEP.c.ticket_id),
)
KINDS = (TICKETS, STEPS)


def count_signatures(connection: Connection) -> tuple[Mapping[str, int], Sequence[str]]:
    """Signatures against tickets: each ticket with a code was let out once, none was without one, and as many were
    written down as the security module has counted."""
    signed = TICKET.c.vdv.is_not(None)
    step = sa.select(STEP.c.ticket_id).where(STEP.c.step == TicketAct.ISSUED)
    count = {
        "tickets": sa.select(sa.func.count()).where(signed),
        "signatures": sa.select(sa.func.count()).select_from(STEP).where(STEP.c.step == TicketAct.ISSUED),
        "written_down": sa.select(sa.func.count()).select_from(TICKET),
        "counted_by_module": sa.select(COUNTER.c.value).where(COUNTER.c.name == "sequence"),
        "unaccounted_for": sa.select(COUNTER.c.value).where(COUNTER.c.name == "unaccounted"),
    }
    counts = {name: int(connection.execute(query).scalar() or 0) for name, query in count.items()}
    without_step = sa.select(TICKET.c.ticket_id).where(signed, TICKET.c.ticket_id.not_in(step))
    without_ticket = step.where(STEP.c.ticket_id.not_in(sa.select(TICKET.c.ticket_id).where(signed)))
    faults = []
    for query, fault in (
        (without_step, "ticket {} has codes, but was never let out"),
        (without_ticket, "ticket {} was let out, but has no codes"),
    ):
        faults += [fault.format(row[0]) for row in connection.execute(query.limit(MOST_NAMED))]
    # counts that a signer had given which was put back to an older copy, for tickets that were never let out
    unaccounted = counts.pop("unaccounted_for")
    if unaccounted:
        counts["unaccounted_for"] = unaccounted
    if counts["written_down"] + unaccounted != counts["counted_by_module"]:
        faults.append(
            f"{counts['written_down']} tickets are written down, the module has counted {counts['counted_by_module']}"
        )
    return counts, faults
