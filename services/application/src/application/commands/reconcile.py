"""`application reconcile`: what this service lost when it was put back to an older copy."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.commands.settings import with_settings

if TYPE_CHECKING:
    from application.settings import Settings
    from application.workflow.reconcile import MissingItem


def add(app: typer.Typer) -> None:
    """Put the command under `application`."""
    app.command("reconcile")(reconcile)


def reconcile(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """After a restore of this service's database, with the system running: list the applications that others know and
    that are lost here (case, addressee, day), or a change or document of which is, so that the authority can write to
    those families. Exit 1: some are; 3: not all is known yet."""
    from shared.errors import Unavailable
    from shared.runtime import logs

    from application.settings import Settings

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
            typer.echo(told + _part(one))
        typer.echo(f"{len(lost)} are lost here: applications, or parts of them" if lost else "nothing is lost here")
    if lost:
        raise typer.Exit(1)


def _part(one: "MissingItem") -> str:
    """Of a line: what alone is lost; empty where it is the application."""
    if one.document is None:
        return "" if str(one.what) == "application" else "  (a change of it alone)"
    at = f"{one.document.handed_in_at:%Y-%m-%d %H:%M}"
    return f"  (document {one.document.document_id} alone, {one.document.kind}, {at})"


def _entry(one: "MissingItem") -> dict[str, Any]:
    told: dict[str, Any] = one.case.model_dump(mode="json", exclude={"documents"})
    document = one.document.model_dump(mode="json") if one.document is not None else {}
    return told | {"addressee": one.case.addressee.splitlines(), "lost": str(one.what)} | document


async def _lost(settings: "Settings") -> "list[MissingItem]":
    from shared.bus.connection import connect
    from shared.bus.questions import Asker
    from shared.runtime.start import own_database

    from application.main import open_database, open_keys
    from application.workflow.reconcile import Reconciliation

    url = own_database("application", settings.database_url)
    keys = open_keys(settings.keys_url, settings.keys_file)
    database, asker = open_database(url, keys), Asker()
    connection = await connect("application", settings.bus)
    asker.client = connection.client
    try:
        return await Reconciliation(database, asker).lost()
    finally:
        await connection.client.close()
        database.close()
