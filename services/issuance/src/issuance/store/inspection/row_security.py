"""Who sees which rows of the API of issuance at PostgreSQL, beside its own workers, who see all: staff of an operator
what is its own, of an authority the tickets of its children. Lists are for everybody."""

from shared.row_security.access import Access, TableAccess, anybody, by_authority, by_operator, part_of, value_of, where
from shared.row_security.own_tables import OWN_TABLES

_LIST = Access(reads=(anybody(),))
_SEEN = Access((by_operator("operator_id"),))
_FOR_AN_OPERATOR = where(f"{value_of('operator')} IS NOT NULL")

ROW_SECURITY = TableAccess(
    {
        "audit_heads": _LIST,
        "certificate": _LIST,
        "inspection": Access(reads=(by_operator(),), adds=(anybody(),)),
        "issued_list": _LIST,
        "known_ticket": Access((by_authority(), by_operator())),
        "revocation_request": Access((part_of("known_ticket", "ticket_id", "ticket_id"),)),
        "shown": _SEEN,
        "shown_copy": _SEEN,
        "shown_key": Access(reads=(_FOR_AN_OPERATOR,), adds=(_FOR_AN_OPERATOR,)),
        "status_delta": _LIST,
        "status_delta_v2": _LIST,
        "status_list": _LIST,
        "status_list_v2": _LIST,
        "trust_list": _LIST,
    },
    OWN_TABLES.workers | {"forgetting", "outcomes", "scan_entries"},
)
