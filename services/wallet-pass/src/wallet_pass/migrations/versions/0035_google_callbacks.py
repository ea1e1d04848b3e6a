"""What Google says of passes that are saved in wallets and deleted there."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "google_wallets",
        sa.Column(
            "serial_number", sa.Uuid(), sa.ForeignKey("pass.serial_number", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("deletes", sa.Integer(), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
    )
    held = sa.text("saves > deletes")
    op.create_index(
        "google_wallets_held", "google_wallets", ["serial_number"], sqlite_where=held, postgresql_where=held
    )
    op.create_table(
        "google_callback",
        sa.Column("nonce_digest", sa.String(64), primary_key=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_google_callback_expires_at", "google_callback", ["expires_at"])


def downgrade() -> None:
    op.drop_table("google_callback")
    op.drop_table("google_wallets")
