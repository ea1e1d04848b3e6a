"""`application reconcile`: what this service lost when it was put back to an older copy."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.commands.settings import with_settings

if TYPE_CHECKING:
    from application.main import Settings
    from application.workflow.reconcile import Lost


def add(app: typer.Typer) -> None:
    app.command("reconcile")(reconcile)


def reconcile(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """After a restore of this service's database, with the system running: list the applications that others know and
    that are lost here (case, addressee, day), or a change of which is, so that the authority can write to those
    families. Exit 1: some are."""
    from shared.errors import Unavailable
    from shared.runtime import logs

    from application.main import Settings
    from application.workflow.reconcile import What

    settings = with_settings(Settings)  # the settings come from the environment
    logs.configure("application", settings.log_level)  # to stderr: the answer alone stands in stdout
    try:
        lost = asyncio.run(_lost(settings))
    except Unavailable as problem:
        typer.echo(problem.text.en, err=True)
        raise typer.Exit(3) from None
    if as_json:
        typer.echo(json.dumps([_entry(each) for each in lost], ensure_ascii=False, indent=1))
    else:
        for one in lost:
            each = one.case
            lines = ", ".join(each.addressee.splitlines()) or "(erased)"
            told = f"{each.received_on}  {each.authority_id}  case {each.case_id}  {each.state}  {lines}"
            typer.echo(told + ("  (a change of it alone)" if one.what is What.CHANGE else ""))
        typer.echo(f"{len(lost)} applications are lost here, or changes of them" if lost else "nothing is lost here")
    if lost:
        raise typer.Exit(1)


def _entry(one: "Lost") -> dict[str, Any]:
    told: dict[str, Any] = one.case.model_dump(mode="json")
    return told | {"addressee": one.case.addressee.splitlines(), "lost": str(one.what)}


async def _lost(settings: "Settings") -> "list[Lost]":
    from shared.bus.connection import connect
    from shared.bus.questions import Asker

    from application.main import open_database
    from application.workflow.reconcile import Reconciling

    database, asker = open_database(settings.database_url), Asker()
    connection = await connect("application", settings.bus)
    asker.client = connection.client
    try:
        return await Reconciling(database, asker).lost()
    finally:
        await connection.client.close()
        database.close()
