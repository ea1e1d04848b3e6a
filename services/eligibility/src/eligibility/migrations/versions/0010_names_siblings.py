"""Whether an application names siblings: where nobody of a household does, its cases are not looked at together.

Rows from before may name some: they are looked at as until now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("family_tie", sa.Column("names_siblings", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("family_tie", "names_siblings")
