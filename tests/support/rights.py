"""`SERVICE rights …` on a database of a test: what is printed for programs."""

import asyncio
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from shared.rights_commands import FamilyErasure, rights_commands
from typer.testing import CliRunner


async def run_rights(
    name: str, database: Any, handlers: Mapping[Any, Any], *arguments: str, erasure: FamilyErasure | None = None
) -> dict[str, Any]:
    """The tables, as the command prints them."""
    service: Any = SimpleNamespace(name=name, database=database, handlers=handlers)
    app = rights_commands(lambda: service, erasure)
    done = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    assert done.exit_code == 0, (done.output, done.exception)
    printed: dict[str, Any] = json.loads(done.stdout)
    assert printed.keys() == {"service", "tables"} and printed["service"] == name
    tables: dict[str, Any] = printed["tables"]
    return tables
