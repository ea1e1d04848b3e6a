"""Birth dates as ISO text: of some only the year or the month is known."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0008"


def upgrade() -> None:
    # SQLite keeps dates as the same text already
    if op.get_bind().dialect.name != "sqlite":
        for table in ("waiting_holder", "ticket"):
            op.alter_column(
                table, "birth_date", type_=sa.String(10), postgresql_using="to_char(birth_date, 'YYYY-MM-DD')"
            )
