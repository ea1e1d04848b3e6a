"""Each round of a case once, and the digest of what a released decision says.

Rounds that are there twice are numbered anew, in the order in which they were decided. Ids stay as they are, and so do
decisions without a digest: what was told of them bore none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DECISION = sa.table("decision", sa.column("id"), sa.column("case_id"), sa.column("round"), sa.column("prepared_at"))


def upgrade() -> None:
    op.add_column("decision", sa.Column("digest", sa.String(64)))
    _number_anew()
    op.create_index("decision_round", "decision", ["case_id", "round"], unique=True)


def _number_anew() -> None:
    connection, columns = op.get_bind(), DECISION.c
    twice = sa.select(columns.case_id).group_by(columns.case_id, columns.round).having(sa.func.count() > 1)
    order = columns.case_id, columns.round, columns.prepared_at, columns.id
    rows = connection.execute(sa.select(columns.id, columns.case_id).where(columns.case_id.in_(twice)).order_by(*order))
    numbers: dict[str, int] = {}
    for decision_id, case_id in rows.all():
        numbers[case_id] = numbers.get(case_id, 0) + 1
        connection.execute(DECISION.update().where(columns.id == decision_id).values(round=numbers[case_id]))


def downgrade() -> None:
    op.drop_index("decision_round", "decision")
    op.drop_column("decision", "digest")
