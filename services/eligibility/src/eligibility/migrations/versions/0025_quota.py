"""Until when the tickets of an authority wait, because those of the hour are signed."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signature_quota",
        sa.Column("authority_id", sa.String(32), primary_key=True),
        sa.Column("until", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("signature_quota")
