"""Lists of open work are found by indexes that have only open work, whatever was decided before."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEXES = (
    ("case_in_work", "case_file", ("authority_id", "opened_at", "id"), "state IN ('review', 'prepared')"),
    ("case_by_age", "case_file", ("authority_id", "opened_at", "id"), None),
    ("case_taken", "case_file", ("authority_id", "assigned_to", "opened_at", "id"), "assigned_to IS NOT NULL"),
    ("question_open", "question", ("case_id",), "answered_at IS NULL"),
    ("question_heard", "question", ("case_id",), "hearing"),
    ("proposal_open", "override_proposal", ("case_id",), "closed_at IS NULL"),
    ("message_unread", "message", ("authority_id", "application_id"), "read_at IS NULL"),
    ("right_mark_open", "right_mark", ("application_id",), "settled_at IS NULL OR settled_at < at"),
    ("family_due_oldest", "family_due", ("marked_at", "id"), None),
    ("notice_to_print", "notice", ("written_at",), "pdf_digest IS NULL"),
    ("notice_printed", "notice", ("pdf_digest",), "pdf_digest IS NOT NULL"),
    ("notice_to_move", "notice", ("token",), "pdf IS NOT NULL"),
)


def upgrade() -> None:
    """Printed notices move into their table after it, in small steps (`eligibility migrate`)."""
    op.create_table(
        "notice_pdf",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.add_column("notice", sa.Column("pdf_digest", sa.String(64)))
    op.drop_index("notice_to_print", "notice")
    for name, table, columns, only in INDEXES:
        where = sa.text(only) if only else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Printed notices go back into their rows."""
    op.execute("UPDATE notice SET pdf = (SELECT content FROM notice_pdf WHERE digest = pdf_digest) WHERE pdf IS NULL")
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_column("notice", "pdf_digest")
    op.drop_table("notice_pdf")
    unprinted = sa.text("pdf IS NULL")
    op.create_index("notice_to_print", "notice", ["written_at"], sqlite_where=unprinted, postgresql_where=unprinted)
