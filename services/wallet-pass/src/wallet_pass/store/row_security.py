"""Who sees which rows of this service at PostgreSQL, beside its own workers, who see all: staff the passes of their
authority. A family and a phone come by a link without a sign-in; their operations work under names of their own."""

from shared.row_security.access import Access, TableAccess, anybody, by_authority, part_of, workers_only
from shared.row_security.own_tables import OWN_TABLES

ROW_SECURITY = TableAccess(
    {
        "authority_design": Access(reads=(anybody(),)),
        "certificate_in_use": workers_only(),
        "device": workers_only(),
        "package": Access((part_of("pass", "digest", "package_digest"),)),
        "pass": Access((by_authority(),)),
        "registration": workers_only(),
        "remake": workers_only(),
        "ticket_told": workers_only(),
        "update_counter": workers_only(),
    },
    OWN_TABLES.workers | {"certificate_end", "google", "packages", "pushes", "remakes"} | {"pass_link", "phone"},
)
