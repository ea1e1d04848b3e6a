"""Who sees which rows of this service at PostgreSQL, beside its own workers, who see all: an account the applications
that it owns and those with which it helps, a school's office its pupils', staff its authority's. What else there is
belongs to an application or a draft, and is seen with it."""

from shared.row_security.access import (
    Access,
    TableAccess,
    anybody,
    by_account,
    by_authority,
    by_school,
    part_of,
    where,
    workers_only,
)
from shared.row_security.asking import PREFIX
from shared.row_security.own_tables import OWN_TABLES

_HELPED = "applications_helped"
_OF_APPLICATION = part_of("application", "application_id")
_OF_DRAFT = part_of("draft", "draft_id")
_PART = Access((_OF_APPLICATION,))
_FOR_ALL = Access(reads=(anybody(),))
"""What no family wrote."""
_ENDED = Access(adds=(anybody(),))

ROW_SECURITY = TableAccess(
    {
        "access_code": Access((by_authority(), _OF_APPLICATION)),
        "application": Access(
            (
                by_account("owner"),
                where(f"id = ANY (ARRAY(SELECT {_HELPED}()))", "id"),
                by_school(),
                by_authority(),
            )
        ),
        "asked_address": workers_only(),
        "authority": _FOR_ALL,
        "code_letter": _PART,
        "code_try": workers_only(),
        "contact": Access((by_account("owner"), _OF_APPLICATION, _OF_DRAFT)),
        "decision_digest": _PART,
        "document": _PART,
        "document_opening": _PART,
        "document_part": Access((part_of("document", "document_id"),)),
        "draft": Access((by_account("owner"),)),
        "draft_document": Access((_OF_DRAFT,)),
        "draft_document_part": Access((part_of("draft_document", "document_id"),)),
        "ended_key": _ENDED,
        "ended_session": _ENDED,
        "invitation": _PART,
        "look_link": _PART,
        "mail": Access((_OF_APPLICATION, _OF_DRAFT)),
        "news": _PART,
        "own_form": _FOR_ALL,
        "pick_up_code": _PART,
        "person": Access((_OF_APPLICATION, by_account("account_id"))),  # also help that has ended
        "school": _FOR_ALL,
        "school_statement": _PART,
        "submitted_draft": _PART,
    },
    OWN_TABLES.workers
    | {"asked_addresses", "codes", "drafts", "ended_sessions", "family_keys", "forgetting", "invitations"}
    | {"mail_reports", "mails", "reminders"}
    | {"code", "draft_link", "email_link", "invitation", "look_link", "pick_up"},
    {
        # the policy of `application` asks it: a policy that asked `person` itself would ask that of `application` again
        _HELPED: "() RETURNS SETOF varchar LANGUAGE plpgsql STABLE AS $$ "  # noqa: S608  # names of our own
        f"DECLARE before text := current_setting('{PREFIX}worker', true); BEGIN "
        f"PERFORM set_config('{PREFIX}worker', 'policy', true); "
        "RETURN QUERY SELECT p.application_id FROM person AS p WHERE p.ended_at IS NULL "
        f"AND p.account_id = current_setting('{PREFIX}account', true); "
        f"PERFORM set_config('{PREFIX}worker', coalesce(before, ''), true); END $$"
    },
)
