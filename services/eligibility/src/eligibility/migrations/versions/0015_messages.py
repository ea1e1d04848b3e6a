"""What families write and send, until a person has looked at it; and names as they are looked for."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(36)),
        sa.Column("with_change", sa.Boolean(), nullable=False),
        sa.Column("look_by", sa.Date(), nullable=False),
        sa.Column("read_at", UtcDateTime()),
        sa.Column("read_by", sa.String(255)),
    )
    op.create_index("message_of_application", "message", ["application_id", "told_at"])
    # None: written before this; the service fills it when it starts
    op.add_column("case_file", sa.Column("search_names", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("case_file", "search_names")
    op.drop_index("message_of_application", "message")
    op.drop_table("message")
