"""From here on each transaction says for whom it is: at PostgreSQL rows are seen by that alone.

The policies themselves are made of `store/row_security.py` after each migration to the newest version, as they are no
rows and follow the program. A program of before does not say for whom it asks, and sees nothing.
"""

from alembic import op
from shared.row_security.policies import drop_policies

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Nothing that is a table changes."""


def downgrade() -> None:
    """The program of before sees all rows again."""
    drop_policies(op.get_bind())
