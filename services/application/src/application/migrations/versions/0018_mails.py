"""E-mail addresses of families, the mails that go there, and how often an address was asked."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE")),
        sa.Column("draft_id", sa.String(36), sa.ForeignKey("draft.id", ondelete="CASCADE")),
        sa.Column("owner", sa.String(255)),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.Column("failed_at", UtcDateTime()),
        sa.Column("wants_hints", sa.Boolean(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary()),
        sa.Column("token_until", UtcDateTime()),
        sa.UniqueConstraint("application_id"),
        sa.UniqueConstraint("draft_id"),
        sa.UniqueConstraint("token_digest"),
    )
    op.create_index("contact_of_owner", "contact", ["owner", "address"])
    op.create_table(
        "asked_address",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
    )
    op.create_index("asked_address_of", "asked_address", ["mark", "asked_at"])
    op.create_index("asked_address_at", "asked_address", ["asked_at"])
    _create_mail()


def _create_mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("address", sa.String(254)),
        sa.Column("link", sa.String(500)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("next_try_at", UtcDateTime()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("code", sa.String(20), nullable=False, server_default=""),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE")),
        sa.Column("draft_id", sa.String(36), sa.ForeignKey("draft.id", ondelete="CASCADE")),
        sa.Column("contact_id", sa.String(36)),
        sa.Column("dispatch_id", sa.String(36)),
    )
    waits = sa.text("state = 'waiting'")
    op.create_index("mail_waiting", "mail", ["next_try_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("mail_ended_at", "mail", ["ended_at"])
    op.create_index("mail_of_application", "mail", ["application_id"])
    op.create_index("mail_of_draft", "mail", ["draft_id"])


def downgrade() -> None:
    for table in ("mail", "asked_address", "contact"):
        op.drop_table(table)
