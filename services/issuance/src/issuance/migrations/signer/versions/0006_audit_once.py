"""What happens once in the life of a ticket is in its audit record once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
ONCE = sa.text("step IN ('issued', 'revoked', 'expired', 'dropped')")


def upgrade() -> None:
    op.create_index("audit_once", "audit", ["ticket_id", "step"], unique=True, sqlite_where=ONCE, postgresql_where=ONCE)
