"""What was asked of who applied; codes for people without an account, letters that bring them, links that only look, and
wrong tries.
"""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("application", sa.Column("demands", sa.String(), nullable=True))
    op.create_table(
        "access_code",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("batch_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.String(255), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("school_number", sa.String(12)),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE")),
        sa.Column("used_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("account"),
    )
    op.create_index("code_of_batch", "access_code", ["authority_id", "batch_id"])
    op.create_index("code_of_application", "access_code", ["application_id"])
    op.create_index("code_by_end", "access_code", ["expires_at"])
    _add_tries()
    _add_letters_and_links()


def _add_tries() -> None:
    op.create_table(
        "code_try",
        sa.Column("client", sa.LargeBinary(), primary_key=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime()),
        sa.Column("locked_until", UtcDateTime()),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_index("code_try_by_time", "code_try", ["at"])


def _add_letters_and_links() -> None:
    op.create_table(
        "code_letter",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE")),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("printed_at", UtcDateTime()),
    )
    op.create_index("letter_of_application", "code_letter", ["application_id", "asked_at"])
    op.create_index("letter_by_time", "code_letter", ["asked_at"])
    waits = sa.text("printed_at IS NULL")
    op.create_index("letter_waiting", "code_letter", ["application_id"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "look_link",
        sa.Column("token_digest", sa.LargeBinary(), primary_key=True),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
    )
    op.create_index("look_link_of_application", "look_link", ["application_id"])
    op.create_index("look_link_by_end", "look_link", ["expires_at"])


def downgrade() -> None:
    for table in ("look_link", "code_letter", "code_try", "access_code"):
        op.drop_table(table)
    with op.batch_alter_table("application") as table:
        table.drop_column("demands")
