"""Codes as families have them: made, typed, lost; and what a database was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random

import sqlalchemy as sa
from application.domain.code_text import LENGTH, draw_code, group_code
from application.store import SqlStore
from application.workflow import Workflow
from application.workflow.codes.codes import ClassOrder
from shared.database import Database

AUTHORITY = "10261"
SCHOOL = "168890"


async def class_codes(workflow: Workflow, now: datetime, count: int = 1, school: str = SCHOOL) -> list[str]:
    """Of a class, in groups, as they are printed."""
    return list((await workflow.codes.make(AUTHORITY, ClassOrder(school, "5a", count), "anna", now)).codes)


def nobodys_code(seed: int, length: int = LENGTH) -> str:
    """A code that could be one and is none."""
    return group_code(draw_code(Random(f"nobody {seed}").randrange, length))


@contextmanager
def statements_of(database: Database[SqlStore]) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, without values."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
