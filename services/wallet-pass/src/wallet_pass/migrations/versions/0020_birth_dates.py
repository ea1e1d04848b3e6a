"""Birth dates as ISO text: of some only the year or the month is known."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0002"


def upgrade() -> None:
    # SQLite keeps dates as the same text already
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("pass", "birth_date", type_=sa.String(10), postgresql_using="to_char(birth_date, 'YYYY-MM-DD')")
