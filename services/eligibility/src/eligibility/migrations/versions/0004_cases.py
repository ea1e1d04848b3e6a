"""Handling of cases: assignment, questions, overrides, rounds of decisions, deliveries, and the audit trail as a chain."""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEGINNING = "0" * 64


def upgrade() -> None:
    op.add_column("case_file", sa.Column("assigned_to", sa.String(255)))
    op.add_column("case_file", sa.Column("assigned_at", UtcDateTime()))
    op.add_column("case_file", sa.Column("change_number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("decision", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("decision", sa.Column("because", sa.String(24)))
    op.add_column("decision", sa.Column("ended_because", sa.String(24)))
    op.execute("UPDATE decision SET ended_because = 'application_withdrawn' WHERE withdrawn_at IS NOT NULL")
    _questions_and_proposals()
    _deliveries()
    _chain()


def _questions_and_proposals() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.String(255), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("answer", sa.String(), nullable=False),
    )
    op.create_index("ix_question_case_id", "question", ["case_id"])
    op.create_table(
        "override_proposal",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
        sa.Column("proposed_by", sa.String(255), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("closed_because", sa.String(24)),
        sa.Column("closed_by", sa.String(255)),
        sa.Column("closed_at", UtcDateTime()),
    )
    op.create_index("ix_override_proposal_case_id", "override_proposal", ["case_id"])


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("token", sa.String(32), sa.ForeignKey("notice.token", ondelete="CASCADE"), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("noted_by", sa.String(255), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("instruction_faulty", sa.Boolean(), nullable=False),
    )
    op.create_index("delivery_once", "delivery", ["token", "channel", "day"], unique=True)


def _chain() -> None:
    """Acts that were kept before are linked in the order of their time."""
    op.create_table(
        "audit_head",
        sa.Column("authority_id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.add_column("audit", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("audit", sa.Column("detail", sa.String(), nullable=False, server_default="{}"))
    op.add_column("audit", sa.Column("previous", sa.String(64), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    names = ("id", "authority_id", "subject", "act", "case_id", "number", "detail", "previous", "hash")
    audit = sa.table("audit", sa.column("at", UtcDateTime()), *map(sa.column, names))
    head = sa.table("audit_head", *map(sa.column, ("authority_id", "number", "hash")))
    connection = op.get_bind()
    heads: dict[str, tuple[int, str]] = {}
    for row in connection.execute(sa.select(audit).order_by(audit.c.at, audit.c.id)).mappings().all():
        before, previous = heads.get(row["authority_id"], (0, BEGINNING))
        moment = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
        content = [before + 1, moment, row["authority_id"], row["subject"], row["act"], row["case_id"], "{}", previous]
        linked = hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
        values = {"number": before + 1, "previous": previous, "hash": linked}
        connection.execute(audit.update().where(audit.c.id == row["id"]).values(values))
        heads[row["authority_id"]] = (before + 1, linked)
    for authority_id, (number, newest) in heads.items():
        connection.execute(head.insert().values(authority_id=authority_id, number=number, hash=newest))
    op.create_index("audit_chain", "audit", ["authority_id", "number"], unique=True)


def downgrade() -> None:
    op.drop_index("audit_chain", "audit")
    for column in ("hash", "previous", "detail", "number"):
        op.drop_column("audit", column)
    for table in ("audit_head", "delivery", "override_proposal", "question"):
        op.drop_table(table)
    for column in ("ended_because", "because", "round"):
        op.drop_column("decision", column)
    for column in ("change_number", "assigned_at", "assigned_to"):
        op.drop_column("case_file", column)
