"""The list of what was erased goes from one database into another, and nothing else is taken for one."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from uuid import uuid4

import pytest
from shared.bus import erasures
from shared.rights_commands import rights_commands
from shared.runtime.service import Service
from support.bus import Store, open_database
from typer.testing import CliRunner

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def run(database: object, *arguments: str) -> tuple[int, str]:
    service = cast("Service[Store]", SimpleNamespace(name="eligibility", database=database, handlers={}))
    done = CliRunner().invoke(rights_commands(lambda: service), list(arguments))
    return done.exit_code, done.stdout


def test_what_one_database_knows_as_erased_is_due_in_another(tmp_path: Path) -> None:
    knows, was_put_back = open_database(tmp_path / "a.db"), open_database(tmp_path / "b.db")
    ids = sorted([uuid4(), uuid4()])
    for each in ids:
        knows.write_now(lambda store: erasures.note(store.session, each, "99001", NOW))  # noqa: B023  # at once
    was_put_back.write_now(lambda store: erasures.note(store.session, ids[0], "99001", NOW))
    code, printed = run(knows, "erased")
    assert code == 0 and [each["application_id"] for each in json.loads(printed)] == list(map(str, ids))
    file = tmp_path / "erased.json"
    file.write_text(printed, encoding="utf-8")
    for _ in range(2):
        code, said = run(was_put_back, "erase-again", str(file))
        assert code == 0 and json.loads(said) == {"service": "eligibility", "due": 1}
    due = was_put_back.read_now(lambda store: erasures.list_due(store.session, 10))
    assert [(each.application_id, each.erased_at) for each in due] == [(ids[1], NOW)]
    for database in (knows, was_put_back):
        database.close()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'[{"application_id": "x"}]', b"\xff", b"[[]]"])
def test_a_file_that_is_no_such_list_is_refused(tmp_path: Path, content: bytes) -> None:
    database, file = open_database(tmp_path / "a.db"), tmp_path / "wrong.json"
    file.write_bytes(content)
    code, _ = run(database, "erase-again", str(file))
    assert code == 2 or content == b"{}"
    assert database.read_now(lambda store: erasures.list_due(store.session, 10)) == []
    database.close()
