"""`SERVICE rights …` on a database of a test: what is printed for programs."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast
from unittest.mock import patch

from shared.database.database import SessionStore
from shared.events import Event
from shared.rights_commands import FamilyErasure, rights_commands
from shared.runtime.service import Service
from support.json import Json, walked
from typer.testing import CliRunner

DESPITE = ("--despite-hold", "order of the court")


async def run_rights(
    name: str,
    database: object,
    handlers: Mapping[type[Event], object],
    *arguments: str,
    erasure: FamilyErasure | None = None,
    exit_code: int = 0,
    at: datetime | None = None,
) -> Mapping[str, Json]:
    """The tables, as the command prints them. `at`: when it is run; what runs out at some time is held until then."""
    service = cast("Service[SessionStore]", SimpleNamespace(name=name, database=database, handlers=handlers))
    app = rights_commands(lambda: service, erasure)
    with patch("shared.rights_commands.now", lambda: at or datetime.now(UTC)):
        done = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    assert done.exit_code == exit_code, (done.output, done.exception)
    printed = walked(json.loads(done.stdout))
    assert set(printed.keys()) == {"service", "tables"} and printed["service"] == name
    return dict(printed["tables"].items())
