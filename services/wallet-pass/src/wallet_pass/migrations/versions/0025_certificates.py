"""With what passes are signed, as it was seen last."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "certificate_in_use",
        sa.Column("name", sa.String(10), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("of", sa.String(200), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("certificate_in_use")
