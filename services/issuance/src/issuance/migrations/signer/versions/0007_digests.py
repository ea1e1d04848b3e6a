"""With which content a decision was told: another one under the same id is not acted on."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "decision_digest",
        sa.Column("decision_id", sa.Uuid(), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_decision_digest_heard_at", "decision_digest", ["heard_at"])
