"""What a rule set's choices make of a decision; the danger list at a case; which entry a drawn hazard is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("terms", sa.String(), nullable=False, server_default="{}"))
    op.add_column("case_file", sa.Column("dangers", sa.String(), nullable=False, server_default="[]"))
    op.add_column("hazard", sa.Column("key", sa.String(48), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("hazard", "key")
    op.drop_column("case_file", "dangers")
    op.drop_column("decision", "terms")
