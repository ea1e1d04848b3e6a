"""Holders by the change with which they were given, and grants that end on a day to come."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("waiting_holder", naming_convention={"pk": "%(table_name)s_pkey"}) as holder:
        holder.add_column(sa.Column("change_number", sa.Integer(), nullable=False, server_default="0"))
        holder.drop_constraint("waiting_holder_pkey", type_="primary")
        holder.create_primary_key("waiting_holder_pkey", ["application_id", "change_number"])
    op.add_column("waiting_grant", sa.Column("holder_change", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ticket", sa.Column("holder_change", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ended", sa.Column("last_day", sa.Date(), nullable=True))
    still = sa.text("last_day IS NOT NULL")
    op.create_index("ended_later", "ended", ["last_day"], sqlite_where=still, postgresql_where=still)
