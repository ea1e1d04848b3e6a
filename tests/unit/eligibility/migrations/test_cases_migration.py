"""What was kept before the handling of cases came is carried over."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from eligibility.store import Store
from eligibility.workflow.audit import broken
from shared.database import Database
from shared.database.migration import configuration, upgrade


def test_acts_kept_before_are_linked_into_a_chain_that_goes_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    command.upgrade(configuration(url, "eligibility"), "0003")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for number, (authority, act) in enumerate([("1", "released"), ("2", "released"), ("1", "decided: granted")]):
            connection.exec_driver_sql(
                "INSERT INTO audit (id, at, authority_id, subject, act, case_id) VALUES (?, ?, ?, 'Änne', ?, 'c')",
                (f"id-{9 - number}", f"2026-05-0{number + 1} 10:00:00.000000", authority, act),
            )
    engine.dispose()
    upgrade(url, "eligibility")
    database: Database[Store] = Database(url, Store)

    def add(store: Any) -> None:
        now = store.acts_of("c")[0].at
        store.audit(authority_id="1", subject="anna", act="taken", case_id="c", now=now)

    database.write_now(add)

    def faults(store: Any) -> dict[str, Any]:
        return {name: (head[0], broken(store.chain(name), head)) for name, head in store.heads().items()}

    assert database.read_now(faults) == {"1": (3, None), "2": (1, None)}
    database.close()
