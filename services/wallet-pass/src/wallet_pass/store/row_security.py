"""Who sees which rows of this service at PostgreSQL, beside its own workers, who see all: staff the passes of their
authority. A family and a phone come by a link without a sign-in; their operations work under names of their own."""

from shared.row_security.access import (
    Access,
    TableAccess,
    anybody,
    by_authority,
    part_of,
    value_of,
    where,
    workers_only,
)
from shared.row_security.own_tables import OWN_TABLES

_STAFF = value_of("authority")

ROW_SECURITY = TableAccess(
    {
        "authority_rotation": workers_only(),
        "certificate_in_use": workers_only(),
        # a phone fetches the logo without a sign-in; what no design names any more goes by its digest, whosever it was
        "design_picture": Access(reads=(anybody(),), adds=(where(f"{_STAFF} IS NOT NULL"),)),
        "device": workers_only(),
        "ended_link": workers_only(),
        "google_callback": workers_only(),
        "google_wallets": workers_only(),
        "package": Access((part_of("pass", "digest", "package_digest"),)),
        "pass": Access((by_authority(),)),
        "pass_design": Access((by_authority(),), reads=(anybody(),)),
        "registration": workers_only(),
        "remake": Access((where(f"split_part(remake.of, '/', 1) = {_STAFF}", "of"),)),  # as a design's id
        "ticket_told": workers_only(),
        "update_counter": workers_only(),
    },
    OWN_TABLES.workers
    | {"certificate_end", "designs", "google", "packages", "pushes", "remakes"}
    | {"google_callback", "pass_link", "phone"},
)
