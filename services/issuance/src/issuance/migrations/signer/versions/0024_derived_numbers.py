"""Numbers that are derived, and one good ticket of a child at a time.

Which child a ticket from before is of is not written down after the fact: of two that are good already none dies.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
MADE = """
    CREATE TRIGGER ticket_one_of_a_child_made BEFORE INSERT ON ticket
    WHEN NEW.state IN ('issued', 'suspended') AND NEW.last_day IS NULL AND NEW.child IS NOT NULL
        AND EXISTS (SELECT 1 FROM ticket WHERE child = NEW.child AND ticket_id <> NEW.ticket_id
                    AND state IN ('issued', 'suspended') AND last_day IS NULL
                    AND valid_from <= NEW.valid_until AND valid_until >= NEW.valid_from)
    BEGIN SELECT RAISE(ABORT, 'ticket_one_of_a_child'); END
"""
CHANGED = """
    CREATE TRIGGER ticket_one_of_a_child_changed 
    BEFORE UPDATE OF state, last_day, child, valid_from, valid_until ON ticket
    WHEN NEW.state IN ('issued', 'suspended') AND NEW.last_day IS NULL AND NEW.child IS NOT NULL
        AND EXISTS (SELECT 1 FROM ticket WHERE child = NEW.child AND ticket_id <> NEW.ticket_id
                    AND state IN ('issued', 'suspended') AND last_day IS NULL
                    AND valid_from <= NEW.valid_until AND valid_until >= NEW.valid_from)
    BEGIN SELECT RAISE(ABORT, 'ticket_one_of_a_child'); END
"""
EXCLUDED = """
    ALTER TABLE ticket ADD CONSTRAINT ticket_one_of_a_child EXCLUDE USING gist (
        int8range(
            ('x' || substr(child, 1, 15))::bit(60)::bigint, ('x' || substr(child, 1, 15))::bit(60)::bigint, '[]'
        ) WITH &&,
        tstzrange(valid_from, valid_until, '[]') WITH &&
    ) WHERE (state IN ('issued', 'suspended') AND last_day IS NULL AND child IS NOT NULL)
"""
OF_CHILDREN = sa.text("child IS NOT NULL")


def upgrade() -> None:
    op.add_column("waiting_grant", sa.Column("child", sa.String(64), nullable=True))
    op.add_column("ticket", sa.Column("child", sa.String(64), nullable=True))
    op.add_column("ticket", sa.Column("number_draw", sa.Integer(), nullable=True))
    op.create_index("ticket_of_case", "ticket", ["case_id", "generation"])
    op.create_index(
        "ticket_of_child", "ticket", ["child"], sqlite_where=OF_CHILDREN, postgresql_where=OF_CHILDREN
    )  # fmt: skip
    for statement in (MADE, CHANGED) if op.get_bind().dialect.name == "sqlite" else (EXCLUDED,):
        op.execute(statement)
