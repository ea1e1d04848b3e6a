"""What an authority chooses for its passes beside the colours, of all operators or of one, and its pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
COLOURS = ("background", "foreground", "label")


def upgrade() -> None:
    op.create_table(
        "pass_design",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("authority_id", sa.String(32), nullable=False, index=True),
        sa.Column("organisation_id", sa.Integer()),
        *(sa.Column(f"issuer_{language}", sa.String(100), nullable=False) for language in ("de", "en")),
        *(sa.Column(name, sa.String(7), nullable=False) for name in COLOURS),
        sa.Column("wording", sa.Text()),
        *(sa.Column(name, sa.String(64)) for name in ("logo", "icon", "thumbnail")),
    )
    op.create_table(
        "design_picture",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.execute(
        "INSERT INTO pass_design (id, authority_id, issuer_de, issuer_en, background, foreground, label) "
        "SELECT authority_id, authority_id, issuer_de, issuer_en, background, foreground, label FROM authority_design"
    )
    op.drop_table("authority_design")
    with op.batch_alter_table("remake") as table:
        table.alter_column("of", existing_type=sa.String(32), type_=sa.String(40), existing_nullable=False)


def downgrade() -> None:
    """Colours alone stay, and orders for one operator's passes go."""
    op.execute("DELETE FROM remake WHERE of LIKE '%/%'")
    with op.batch_alter_table("remake") as table:
        table.alter_column("of", existing_type=sa.String(40), type_=sa.String(32), existing_nullable=False)
    op.create_table(
        "authority_design",
        sa.Column("authority_id", sa.String(32), primary_key=True),
        *(sa.Column(f"issuer_{language}", sa.String(100), nullable=False) for language in ("de", "en")),
        *(sa.Column(name, sa.String(7), nullable=False) for name in COLOURS),
    )
    op.execute(
        "INSERT INTO authority_design (authority_id, issuer_de, issuer_en, background, foreground, label) "
        "SELECT authority_id, issuer_de, issuer_en, background, foreground, label FROM pass_design "
        "WHERE organisation_id IS NULL"
    )
    op.drop_table("design_picture")
    op.drop_table("pass_design")
