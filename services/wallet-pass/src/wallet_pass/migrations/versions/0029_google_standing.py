"""How a pass stood when Google was told of it last: only another standing is worth a notification."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("pass", sa.Column("google_standing", sa.String(30)))


def downgrade() -> None:
    op.drop_column("pass", "google_standing")
