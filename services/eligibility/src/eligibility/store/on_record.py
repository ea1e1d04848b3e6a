"""Which rows are on record: what was decided, told and asked, by which rules, and from which places it was measured."""

import sqlalchemy as sa
from shared.audit.rows import Kind
from shared.events import EVERY_AUTHORITY

from eligibility.store.places.tables import DOOR, HAZARD
from eligibility.store.rule_sets.tables import OWN_FORM, RULE_SET
from eligibility.store.tables import CASE, DECISION, DELIVERY, ENTRANCE, NOTICE, PROPOSAL, QUESTION

DOORS_ACT, ENTRANCES_ACT = "doors", "entrances"
"""What such acts are about. No address: it would stay in the chain."""


def _named(table: sa.Table, names: str) -> tuple[sa.ColumnElement[object], ...]:
    return tuple(table.c[name] for name in names.split())


DECISIONS = Kind(
    "decision",
    DECISION.c.id,
    (
        _named(
            DECISION,
            "authority_id outcome valid_from valid_until own_share_cents covered_cents distance_m limit_m reasons "
            "rules_version decided_by prepared_at released_at released_by withdrawn_at round because ended_because "
            "terms digest ended_on",
        ),
    ),
    chain=DECISION.c.authority_id,
    about=DECISION.c.case_id,
)
"""Without facts and ways: they may go before their decision does; what came of them stays."""
NOTICES = Kind(
    "notice",
    NOTICE.c.decision_id,
    (_named(NOTICE, "token content written_at"),),
    chain=DECISION.c.authority_id,
    about=DECISION.c.case_id,
    source=NOTICE.join(DECISION, DECISION.c.id == NOTICE.c.decision_id),
)
DELIVERIES = Kind(
    "delivery",
    DELIVERY.c.id,
    (
        _named(DELIVERY, "token channel day noted_at noted_by consent instruction_faulty"),
        _named(
            DELIVERY,
            "token channel day noted_at noted_by consent instruction_faulty recipient provided_at announced_at "
            "excluded failed_at",
        ),
    ),
    chain=DECISION.c.authority_id,
    about=DECISION.c.case_id,
    source=DELIVERY.join(NOTICE, NOTICE.c.token == DELIVERY.c.token).join(
        DECISION, DECISION.c.id == NOTICE.c.decision_id
    ),
)
QUESTIONS = Kind(
    "question",
    QUESTION.c.id,
    (_named(QUESTION, "case_id asked_at asked_by text text_en due answered_at answer hearing"),),
    chain=CASE.c.authority_id,
    about=CASE.c.id,
    source=QUESTION.join(CASE, CASE.c.id == QUESTION.c.case_id),
)
PROPOSALS = Kind(
    "proposal",
    PROPOSAL.c.case_id,
    (_named(PROPOSAL, "id proposed_by proposed_at content closed_because closed_by closed_at"),),
    chain=CASE.c.authority_id,
    about=CASE.c.id,
    source=PROPOSAL.join(CASE, CASE.c.id == PROPOSAL.c.case_id),
)
RULE_SETS = Kind(
    "rule set",
    RULE_SET.c.id,
    (
        _named(
            RULE_SET,
            "authority_id name state rules_version text content origin editors created_at published_by published_at "
            "in_force_from",
        ),
    ),
    chain=RULE_SET.c.authority_id,
    about=RULE_SET.c.id,
)
OWN_FORMS = Kind(
    "own form",
    OWN_FORM.c.id,
    (
        _named(
            OWN_FORM,
            "authority_id state version text content taken_over_from editors created_at published_by published_at "
            "valid_from",
        ),
    ),
    chain=OWN_FORM.c.authority_id,
    about=OWN_FORM.c.id,
)
HAZARDS = Kind(
    "hazard",
    HAZARD.c.id,
    (
        _named(
            HAZARD,
            "authority_id kind line ways reason levels season decided_on key set_by set_at ended_by ended_at",
        ),
    ),
    chain=HAZARD.c.authority_id,
    about=HAZARD.c.id,
)
DOORS = Kind(
    "door",
    DOOR.c.authority_id + "/" + DOOR.c.key,
    (_named(DOOR, "city_key street house_number postal_code city lat lon reason set_by set_at"),),
    chain=DOOR.c.authority_id,
    about=DOORS_ACT,
)
ENTRANCES = Kind(
    "entrance",
    ENTRANCE.c.school_number,
    (_named(ENTRANCE, "id lat lon origin name"),),
    chain=EVERY_AUTHORITY,
    about=ENTRANCES_ACT,
)
"""In one chain for all: a school is one authority's today and another's tomorrow."""
KINDS = (DECISIONS, NOTICES, DELIVERIES, QUESTIONS, PROPOSALS, RULE_SETS, OWN_FORMS, HAZARDS, DOORS, ENTRANCES)
