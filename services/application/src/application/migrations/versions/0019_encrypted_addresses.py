"""E-mail addresses are kept encrypted: longer, and looked for among those of their owner."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("contact_of_owner", "contact")
    with op.batch_alter_table("contact") as table:
        table.alter_column("address", existing_type=sa.String(254), type_=sa.String(), existing_nullable=False)
    op.create_index("contact_of_owner", "contact", ["owner"])


def downgrade() -> None:
    op.drop_index("contact_of_owner", "contact")
    with op.batch_alter_table("contact") as table:
        table.alter_column("address", existing_type=sa.String(), type_=sa.String(254), existing_nullable=False)
    op.create_index("contact_of_owner", "contact", ["owner", "address"])
