"""Rounds that were there twice are numbered anew; ids given before stay as they are."""

from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from eligibility.domain.ids import CaseId
from eligibility.store import Store
from shared.database import Database
from shared.database.migration import configuration, upgrade
from support.databases import administrator_of, on_both, owner_of, upgrade_at

CASE = {"authority_id": "1", "state": "granted", "school_number": "1", "school_year": "2026/27", "submission": "{}",
        "reasons": "[]", "facts": "{}", "ways": "{}", "opened_at": "2026-05-01 10:00:00+00:00",
        "changed_at": "2026-05-01 10:00:00+00:00"}  # fmt: skip
DECISION = {"authority_id": "1", "outcome": "granted", "reasons": "[]", "rules_version": "nrw", "facts": "{}",
            "ways": "{}", "decided_by": "rules"}  # fmt: skip
ROWS = [  # case, id, round, hour
    (1, 11, 1, 10), (1, 12, 2, 11), (1, 13, 2, 12), (1, 14, 3, 13),
    (2, 21, 1, 12), (2, 22, 1, 10), (2, 23, 1, 11),
    (3, 31, 1, 10), (3, 32, 3, 11),
]  # fmt: skip


def insert(connection: sa.Connection, table: str, row: dict[str, object]) -> None:
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


@on_both("url")
def test_a_round_that_was_there_twice_is_numbered_by_time_and_every_id_stays(url: str) -> None:
    command.upgrade(configuration(owner_of(url), "eligibility"), "0010")
    engine = sa.create_engine(owner_of(url))
    with engine.begin() as connection:
        for number in (1, 2, 3):
            ids = {"id": str(UUID(int=number)), "application_id": str(UUID(int=100 + number))}
            insert(connection, "case_file", CASE | ids)
        for case, number, round_, hour in ROWS:
            own = {"id": str(UUID(int=number)), "case_id": str(UUID(int=case)), "round": round_}
            insert(connection, "decision", DECISION | own | {"prepared_at": f"2026-05-01 {hour}:00:00+00:00"})
    engine.dispose()
    upgrade_at(url, "eligibility")
    database: Database[Store] = Database(url, Store)

    def rounds(case: int) -> list[tuple[int, int]]:
        known = database.read_now(lambda store: store.decisions_of(CaseId(UUID(int=case))))
        return [(each.id.int, each.round) for each in known]

    assert rounds(1) == [(11, 1), (12, 2), (13, 3), (14, 4)]
    assert rounds(2) == [(22, 1), (23, 2), (21, 3)]
    assert rounds(3) == [(31, 1), (32, 3)]
    database.close()
    again = sa.create_engine(administrator_of(url))
    with pytest.raises(sa.exc.IntegrityError), again.begin() as connection:
        own = {"id": str(UUID(int=99)), "case_id": str(UUID(int=3)), "round": 3}
        insert(connection, "decision", DECISION | own | {"prepared_at": "2026-05-01 10:00:00+00:00"})
    again.dispose()


def test_down_and_up_again_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    upgrade(url, "eligibility")
    command.downgrade(configuration(url, "eligibility"), "0010")
    upgrade(url, "eligibility")
