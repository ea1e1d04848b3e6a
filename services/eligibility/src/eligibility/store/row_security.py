"""Who sees which rows of this service at PostgreSQL, beside its own workers, who see all: a case worker those of the
own authority. What has no column for it belongs to a case, and is seen with it."""

from shared.row_security.access import Access, TableAccess, anybody, by_authority, part_of, where, workers_only
from shared.row_security.own_tables import OWN_TABLES

_OF_AUTHORITY = Access((by_authority(),))
_OF_CASE = Access((part_of("case_file", "case_id"),))
_OF_APPLICATION = Access((part_of("case_file", "application_id", "application_id"),))
_TAKEN_OVER = Access((by_authority(),), reads=(where(f"state = 'published' AND {anybody().sql}", "state"),))
"""What other authorities may take over once it is published."""
_FOR_ALL = Access(reads=(anybody(),))
"""Places, and what is in the law: no family's, and asked without a sign-in too."""

ROW_SECURITY = TableAccess(
    {
        "address": _FOR_ALL,
        "attendance": _OF_AUTHORITY,
        "audit": Access(reads=(by_authority(),), rights="SELECT"),
        "audit_head": workers_only("SELECT"),
        "authority": Access((by_authority("id"),), reads=(anybody(),)),
        "case_file": _OF_AUTHORITY,
        "child_mark": _OF_CASE,
        "decision": _OF_AUTHORITY,
        "delivery": Access((part_of("notice", "token", "token"),)),
        "dispatch": _OF_AUTHORITY,
        "dispatch_step": Access((part_of("notice", "token", "token"),)),
        "document": _OF_AUTHORITY,
        "door": _OF_AUTHORITY,
        "ended_session": Access(adds=(anybody(),)),
        "entrance": _FOR_ALL,  # drawn by the authority that bears the school, as the register says: `entrances`
        "entrance_set": _FOR_ALL,
        "family_due": _OF_CASE,
        "family_tie": _OF_CASE,
        "hazard": _OF_AUTHORITY,
        "import_run": workers_only(),
        "message": _OF_AUTHORITY,
        "not_siblings": _OF_CASE,
        "notice": Access((part_of("decision", "decision_id"),)),
        "notice_pdf": Access((part_of("notice", "digest", "pdf_digest"),)),
        "override_proposal": _OF_CASE,
        "own_form": _TAKEN_OVER,
        "question": _OF_CASE,
        "renewal": _OF_CASE,
        "right_mark": _OF_APPLICATION,
        "rule_set": _TAKEN_OVER,
        "rule_set_archive": Access(reads=(anybody(),), adds=(anybody(),), rights="SELECT, INSERT"),
        "school": _FOR_ALL,
        "signature_quota": _OF_AUTHORITY,
        "street": _FOR_ALL,
        "ticket": _OF_AUTHORITY,
        "ticket_request": _OF_APPLICATION,
        "told": _OF_CASE,
        "told_apart": _OF_CASE,
        "told_change": _OF_CASE,
        "told_child": _OF_APPLICATION,
        "told_elsewhere": _OF_CASE,
    },
    OWN_TABLES.workers | {"delivery", "ended_sessions", "entrances", "families", "notice_link", "printing", "sealing"},
)
