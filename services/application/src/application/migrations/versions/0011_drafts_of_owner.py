"""The drafts of an account, last edited first."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("draft_of_owner", "draft", ["owner", "edited_at"])


def downgrade() -> None:
    op.drop_index("draft_of_owner", "draft")
