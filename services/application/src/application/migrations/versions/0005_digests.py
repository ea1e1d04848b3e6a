"""With which content a decision was told: another one under the same id is not written down. Erased with the application."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision_digest",
        sa.Column(
            "application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("decision_id", sa.String(36), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("decision_digest")
