"""What was kept before the handling of cases came is carried over."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from eligibility.store import Store
from shared.database import Database
from shared.database.migration import configuration, upgrade
from sqlmodel import Session


def keep_three_acts(url: str) -> None:
    """As they were kept before there were chains."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for number, (authority, act) in enumerate([("1", "released"), ("2", "released"), ("1", "decided: granted")]):
            connection.exec_driver_sql(
                "INSERT INTO audit (id, at, authority_id, subject, act, case_id) VALUES (?, ?, ?, 'Änne', ?, 'c')",
                (f"id-{9 - number}", f"2026-05-0{number + 1} 10:00:00.000000", authority, act),
            )
    engine.dispose()


def test_acts_kept_before_are_linked_into_a_chain_that_goes_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    command.upgrade(configuration(url, "eligibility"), "0003")
    keep_three_acts(url)
    upgrade(url, "eligibility")
    database: Database[Store] = Database(url, Store)

    def add(store: Store) -> None:
        now = store.acts_of("c")[0].at
        store.audit(authority_id="1", subject="anna", act="taken", case_id="c", now=now)

    database.write_now(add)

    def chains(store: Store) -> dict[str, object]:
        return {each.name: (each.acts, each.fault) for each in store.verify_audit(None, None).chains}

    assert database.read_now(chains) == {"1": (3, None), "2": (1, None)}
    assert [each.act for each in database.read_now(lambda store: store.acts_of("c")) if each.authority_id == "1"] == [
        "released", "decided: granted", "taken",
    ]  # fmt: skip
    tamperings = {
        "UPDATE audit SET subject = 'x' WHERE number = 2 AND authority_id = '1'": "act 2 was changed",
        "DELETE FROM audit WHERE number = 1 AND authority_id = '1'": "act 1 is missing",
        "DELETE FROM audit WHERE number = 2 AND authority_id = '1'": "ends with act 1, but act 2 was written",
        "DELETE FROM audit_head": "act 0 was written",
        "UPDATE audit_head SET number = 1": "act 2",
        "DELETE FROM audit": "act 2 was written",
    }
    for statement, fault in tamperings.items():
        with pytest.raises(_RolledBack), sa.create_engine(url).begin() as connection:
            connection.exec_driver_sql(statement)
            report = Store(Session(connection)).verify_audit(None, None)
            assert fault in str([each.fault for each in report.chains]), statement
            raise _RolledBack
    database.close()


class _RolledBack(Exception):
    pass
