"""Which rows of the public process are on record: who asked for what of a ticket, and what came of it."""

from shared.audit.rows import Kind

from issuance.store.inspection.tables import Row

REQUEST, TICKET = (Row.metadata.tables[name] for name in ("revocation_request", "known_ticket"))
REQUESTS = Kind(
    "request",
    REQUEST.c.request_id,
    (
        tuple(
            REQUEST.c[name]
            for name in ["ticket_id", "reason", "requested_by", "requested_at", "change", "state", "refused", "tickets"]
        ),
    ),
    chain=TICKET.c.authority_id,
    about=TICKET.c.application_id,
    source=REQUEST.join(TICKET, TICKET.c.ticket_id == REQUEST.c.ticket_id),
)
KINDS = (REQUESTS,)
