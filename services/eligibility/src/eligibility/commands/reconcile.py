"""`eligibility reconcile`: what this service lost of its people's acts when it was put back to an older copy."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from eligibility.main import Settings
    from eligibility.workflow.reconcile import LostAct


def add_to(app: typer.Typer) -> None:
    """Add `reconcile`."""
    app.command()(reconcile)


def reconcile(as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False) -> None:
    """After a restore of this service's database, with the system running: list, one by one, the decisions, ends,
    questions and messages looked at of which others were told and which are lost here, so that people do them once
    more. Exit 1: some are; 3: not all is known yet."""
    from pydantic import ValidationError
    from shared.errors import Unavailable
    from shared.runtime import logs

    from eligibility.main import Settings

    logs.configure("eligibility", stays=False)
    try:
        lost = asyncio.run(_lost(Settings()))
    except ValidationError as error:
        for entry in error.errors():
            typer.echo(f"setting ELIGIBILITY_{str(entry['loc'][0]).upper()}: {entry['msg']}", err=True)
        raise typer.Exit(2) from None
    except Unavailable as problem:
        typer.echo(problem.text.en, err=True)
        raise typer.Exit(3) from None
    told = [_entry(each) for each in lost]
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for each in told:
            names = ("at", "authority_id", "lost", "kind", "case_id", "reference", "reason", "state")
            typer.echo("  ".join(str(each[name]) for name in names if each[name]))
        typer.echo(f"{len(told)} acts are lost here" if told else "nothing is lost here")
    if told:
        raise typer.Exit(1)


def _entry(one: "LostAct") -> dict[str, Any]:
    return {
        "lost": str(one.what),
        "kind": one.kind,
        "application_id": str(one.application_id),
        "case_id": str(one.case.id) if one.case else None,
        "authority_id": one.case.authority_id if one.case else None,
        "state": one.case.state if one.case else None,
        "reference": one.reference,
        "at": one.at.isoformat() if one.at else None,
        "reason": one.reason,
    }


async def _lost(settings: "Settings") -> "list[LostAct]":
    from shared.bus.connection import connect
    from shared.bus.questions import Asker

    from eligibility.main import open_database
    from eligibility.workflow.reconcile import Reconciliation

    database, asker = open_database(), Asker()
    connection = await connect("eligibility", settings.bus)
    asker.client = connection.client
    try:
        return await Reconciliation(database, asker).lost()
    finally:
        await connection.client.close()
        database.close()
