"""E-mail addresses are kept encrypted: longer, and looked for among those of their owner."""

import sqlalchemy as sa
from alembic import op
from shared.database.schema import WrongSchema

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
    """Only where nothing is encrypted: the program of before would send to what it cannot read, and half the way back
    there is no table any more of which values could be decrypted."""
    for table in ("application", "draft"):
        key = sa.column("key_id")
        found = sa.select(key).select_from(sa.table(table, key)).where(key.is_not(None)).limit(1)
        if op.get_bind().execute(found).first() is not None:
            raise WrongSchema("what families wrote is encrypted: run `application keys decrypt-rows` first")
    op.drop_index("contact_of_owner", "contact")
    with op.batch_alter_table("contact") as table:
        table.alter_column("address", existing_type=sa.String(), type_=sa.String(254), existing_nullable=False)
    op.create_index("contact_of_owner", "contact", ["owner", "address"])
