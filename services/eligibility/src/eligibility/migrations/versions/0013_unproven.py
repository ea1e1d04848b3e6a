"""In cases that nobody has decided yet, what a family told of siblings and benefits counted as if it were proven: it is
put beside the facts. Where a decision on the own share is in force, the case gets its facts: what is known of the
siblings was kept with the decision alone. Decisions stay as they are.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CASE = sa.table("case_file", sa.column("id", sa.String), sa.column("state", sa.String), sa.column("facts", sa.Text))
DECISION = sa.table(
    "decision",
    *(sa.column(name, sa.String) for name in ("case_id", "facts", "terms")),
    *(sa.column(name, sa.DateTime) for name in ("released_at", "withdrawn_at")),
)


def upgrade() -> None:
    connection = op.get_bind()
    undecided = ~sa.exists().where(DECISION.c.case_id == CASE.c.id)
    found = connection.execute(sa.select(CASE.c.id, CASE.c.facts).where(CASE.c.state == "review", undecided))
    for case_id, text in found.fetchall():
        facts = apart(json.loads(text))
        if facts is not None:
            kept = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            connection.execute(CASE.update().where(CASE.c.id == case_id).values(facts=kept))
    in_force = DECISION.c.released_at.is_not(None) & DECISION.c.withdrawn_at.is_(None)
    of_share = in_force & DECISION.c.terms.contains('"grant_id"')
    chosen = sa.select(CASE.c.id, DECISION.c.facts).join(DECISION, DECISION.c.case_id == CASE.c.id)
    for case_id, text in connection.execute(chosen.where(of_share, CASE.c.state == "granted")).fetchall():
        connection.execute(CASE.update().where(CASE.c.id == case_id).values(facts=text))


def downgrade() -> None:
    """An older program reads facts with a part that it does not know as unusable: they are put back."""
    connection = op.get_bind()
    found = connection.execute(sa.select(CASE.c.id, CASE.c.facts).where(CASE.c.facts.contains('"unproven"')))
    for case_id, text in found.fetchall():
        facts = json.loads(text)
        told = facts.pop("unproven", {})
        for name, each in told.items():
            facts[name] = [*facts.get(name, []), *each]
        kept = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(CASE.update().where(CASE.c.id == case_id).values(facts=kept))


def apart(facts: dict[str, Any]) -> dict[str, Any] | None:
    """None where there is nothing to put aside."""
    told = {name: facts[name] for name in ("siblings", "benefits") if facts.get(name)}
    return {**facts, **{name: [] for name in told}, "unproven": told} if told else None
