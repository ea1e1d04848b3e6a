"""Who sees which rows of shared's own tables, which every service has, and the workers that every service has."""

from shared.row_security.access import Access, TableAccess, anybody, by_authority, workers_only

OWN_TABLES = TableAccess(
    {
        "application_trace": workers_only(),
        # acts stay: a chain whose links change is found
        "audit_act": Access(reads=(by_authority("chain"),), rights="SELECT, INSERT"),
        "audit_content": Access(reads=(by_authority("chain"),), rights="SELECT, INSERT, DELETE"),
        "audit_newest": workers_only("SELECT, INSERT, UPDATE"),
        "database_state": Access(reads=(anybody(),)),
        "dead_letter": workers_only(),
        "erased_application": workers_only(),
        "erasure_due": workers_only(),
        "failed_work": workers_only(),
        "inbox": workers_only(),
        "installation": workers_only("SELECT, INSERT"),
        "outbox": Access(adds=(anybody(),)),  # it holds names until it is purged: who writes an event reads none
        "probe": workers_only(),
        "sender_state": workers_only(),
        "shared_limit": workers_only(),
        "stream_state": workers_only(),
        "worker_turn": workers_only(),
    },
    frozenset(
        {
            "audit",  # links acts at a commit, and tells how long chains are
            "bus",  # consumers, the relay, answers to other services
            "command",
            "erasures",
            "figures",
            "health",
            "limits",  # what was spent, counted over all copies
            "migrate",
            "periods",
            "remains",
            "retention",
            "start",  # whose database it is, conversions of rows of earlier programs
            "turns",  # of copies, whose turn work is
            "warm_up",
        }
    ),
)
