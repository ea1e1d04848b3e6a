"""People who help with an application, the invitations by which they come, and who handed in what belongs to another
account since.
"""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("application", sa.Column("applied_by", sa.String(255)))
    op.create_table(
        "person",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), nullable=False),
        sa.Column("account_id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
    )
    now = sa.text("ended_at IS NULL")
    op.create_index(
        "person_once", "person", ["application_id", "account_id"], unique=True, sqlite_where=now, postgresql_where=now
    )
    op.create_index("person_of_application", "person", ["application_id"])
    op.create_index("person_by_account", "person", ["account_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.UniqueConstraint("token_digest"),
    )
    op.create_index("invitation_of_application", "invitation", ["application_id"])
    op.create_index("invitation_by_end", "invitation", ["expires_at"])


def downgrade() -> None:
    for table in ("invitation", "person"):
        op.drop_table(table)
    op.drop_column("application", "applied_by")
