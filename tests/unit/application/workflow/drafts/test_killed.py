"""Killed between two steps, a process loses nothing that it has answered, and leaves no half of anything."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from application.domain.draft import Visitor
from application.domain.ids import DraftId, Owner
from application.form import EXAMPLE, DraftChange
from application.main import open_database
from application.store import SqlStore
from application.workflow.documents.upload import Upload
from shared.database import Database
from support.application import directory
from support.application.documents import PHOTO

PROGRAM = textwrap.dedent("""
    import asyncio, os, signal, sys
    from datetime import UTC, datetime
    from uuid import UUID
    from application.checks.key_tables import school_keys
    from application.domain.ids import DraftId, Owner
    from application.main import open_database
    from application.store import SqlStore
    from application.workflow import workflow_on
    url, draft, token, step = sys.argv[1:]
    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(SqlStore, step, die)
    workflow = workflow_on(open_database(url), school_keys())
    asyncio.run(workflow.draft_submission.submit(
        Owner("parent-1"), "key-12345678", token, DraftId(UUID(draft)), datetime.now(UTC)))
    die()
""")
STEPS = ("add_application", "emit", "hand_over", "drop_draft", "note", "answered")
"""The last: nothing of the store has this name, so that it dies after the commit, before anybody hears the answer."""


@pytest.mark.parametrize("step", STEPS)
def test_a_submission_that_is_killed_is_whole_or_has_not_begun(step: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    database = directory.open_filled(url, directory.school())
    draft, token = asyncio.run(_draft(database))
    database.close()
    arguments = [sys.executable, "-c", PROGRAM, url, str(draft), token, step]
    ended = subprocess.run(arguments, env={**os.environ}, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    again = directory.workflow_of(database := open_database(url))
    counts = [
        _count(database, each) for each in ("draft", "draft_document", "application", "document", "news", "outbox")
    ]
    assert counts == ([0, 0, 1, 1, 1, 3] if step == "answered" else [1, 1, 0, 0, 0, 0])
    made = asyncio.run(again.draft_submission.submit(Owner("parent-1"), "key-12345678", token, draft, _now()))
    assert json.loads(made.application.form)["grade"] == "05"
    counts = [
        _count(database, each) for each in ("draft", "draft_document", "application", "document", "news", "outbox")
    ]
    assert counts == [0, 0, 1, 1, 1, 3]
    assert _count(database, "document_part") == 1
    database.close()


async def _draft(database: Database[SqlStore]) -> tuple[DraftId, str]:
    workflow = directory.workflow_of(database)
    new = await workflow.drafts.begin(None, DraftChange.of(EXAMPLE), _now())
    upload = Upload("upload-0001", "other", "a.png", None, PHOTO)
    await workflow.draft_documents.add(Visitor(token=new.token), new.draft.id, upload, _now())
    return new.draft.id, new.token


def _now() -> datetime:
    return datetime.now(UTC)


def _count(database: Database[SqlStore], table: str) -> int:
    query = sa.text(f"SELECT count(*) FROM {table}")
    return int(database.read_now(lambda s: s.session.execute(query).scalar_one()))
