"""Who sees which rows of the signer at PostgreSQL: its own workers alone. No request reaches them."""

from shared.row_security.access import TableAccess, workers_only
from shared.row_security.own_tables import OWN_TABLES

ROW_SECURITY = TableAccess(
    {
        "announcement": workers_only(),
        "audit": workers_only("SELECT, INSERT, DELETE"),
        "authority": workers_only(),
        "child_application": workers_only(),
        "counter": workers_only(),
        "decision_digest": workers_only(),
        "ended": workers_only(),
        "fence": workers_only("SELECT, UPDATE"),
        "fence_beat": workers_only("SELECT, UPDATE"),
        "former_code": workers_only(),
        "hour_count": workers_only(),
        "issued_list": workers_only(),
        "listed_place": workers_only(),
        "published_list": workers_only(),
        "shard": workers_only(),
        "signed_head": workers_only(),
        "suspension": workers_only(),
        "ticket": workers_only(),
        "unlisted_code": workers_only(),
        "waiting_grant": workers_only(),
        "waiting_holder": workers_only(),
    },
    OWN_TABLES.workers | {"ending", "fence", "hourly", "keys", "publishing", "signing"},
)
