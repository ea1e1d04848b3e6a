"""An index for what belongs to one application: cards of a class, and the erasure of a family."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_index("ix_pass_application_id", "pass", ["application_id"])


def downgrade() -> None:
    op.drop_index("ix_pass_application_id", "pass")
