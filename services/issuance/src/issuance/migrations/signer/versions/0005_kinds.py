"""Further areas, service class, payment, means of transport, and the name's form in the VDV code."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for table in ("authority", "ticket"):
        op.add_column(table, sa.Column("area_more", sa.String(), nullable=False, server_default=""))
        for name in ("service_class", "payment", "transport"):
            op.add_column(table, sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        op.add_column(table, sa.Column("name_as_initials", sa.Boolean(), nullable=False, server_default=sa.false()))
