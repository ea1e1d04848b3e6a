"""The trail of who did what: what was changed, left out or cut off is seen."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from eligibility.commands.audit import app as audit_app
from eligibility.store.tables import AUDIT, AUDIT_HEAD
from eligibility.workflow.audit import broken
from support.eligibility.cases_api import path_of
from typer.testing import CliRunner


async def test_the_audit_trail_shows_what_was_changed_left_out_or_cut_off(
    world: Any, review: Any, http: httpx.AsyncClient
) -> None:
    case = path_of(world, review)
    for method in ("POST", "DELETE", "POST"):
        await http.request(method, f"{case}/assignment")

    def fault() -> str | None:
        return world.database.read_now(lambda store: broken(store.chain("12345"), store.heads()["12345"]))  # type: ignore[no-any-return]

    def tampered(statement: Any) -> str | None:
        connection = world.database._engine.connect()
        transaction = connection.begin()
        connection.execute(statement)
        transaction.commit()
        connection.close()
        return fault()

    assert fault() is None
    assert tampered(AUDIT.update().where(AUDIT.c.number == 2).values(subject="nobody")) == "act 2 was changed"
    assert tampered(AUDIT.delete().where(AUDIT.c.number == 2)) == "act 2 is missing"
    assert tampered(AUDIT.delete().where(AUDIT.c.number == 3)) == "the chain ends with act 1, but act 3 was written"
    assert tampered(AUDIT_HEAD.update().values(number=1)) is not None
    rows = world.database.read_now(lambda store: store.rows(sa.select(AUDIT)))
    assert len(rows) == 1


async def test_the_command_verifies_the_trail(
    world: Any, review: Any, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await http.post(f"{path_of(world, review)}/assignment")
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", f"sqlite:///{tmp_path / 'eligibility.db'}")
    good = CliRunner().invoke(audit_app, ["verify"])
    assert good.exit_code == 0 and "1 acts hold" in good.output
    anchor = good.output.split("newest ")[1].strip()
    assert CliRunner().invoke(audit_app, ["verify", "--expect", anchor]).exit_code == 0
    assert CliRunner().invoke(audit_app, ["verify", "--expect", f"1:{'0' * 64}"]).exit_code == 1
