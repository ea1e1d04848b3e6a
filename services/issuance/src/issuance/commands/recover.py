"""`issuance recover`: a signer that was put back to an older copy learns from the others what is out."""

import asyncio
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from issuance.domain.elsewhere import RestoredTickets
    from issuance.main import SignerSettings

TRIES, PAUSE_SECONDS = 15, 2.0
"""What is on its way to the others when the system starts is there within half a minute."""


def add(app: typer.Typer) -> None:
    """Adds `recover`."""
    app.command("recover")(recover)


def recover() -> None:
    """After a restore of the signer's database, with the system running: ask wallet-pass and the API what is out, and
    put tickets, counters and versions of lists above it. Before that the signer signs nothing (environment SIGNER_…).
    Exits with 1 where the others do not know enough: then nothing was changed; run it again."""
    from pydantic import ValidationError
    from shared.runtime import logs

    from issuance.barcode.refusal import Refusal
    from issuance.main import SignerSettings
    from issuance.workflow.signer.recover import Incomplete

    try:
        settings = SignerSettings()
    except ValidationError as error:
        for entry in error.errors():
            typer.echo(f"setting SIGNER_{'.'.join(map(str, entry['loc'])).upper()}: {entry['msg']}", err=True)
        raise typer.Exit(2) from None
    logs.configure("signer", settings.log_level)
    try:
        found = asyncio.run(_recover(settings))
    except (Incomplete, Refusal) as problem:
        typer.echo(f"not recovered, nothing was changed: {problem}", err=True)
        raise typer.Exit(1) from None
    typer.echo(
        f"{len(found.tickets)} tickets taken back, {len(found.newer)} have taken steps since, {len(found.dead)} dead "
        f"ones stay on the list; {len(found.status_lists)} status lists go on above the versions that are out"
    )


async def _recover(settings: "SignerSettings") -> "RestoredTickets":
    from functools import partial

    from shared.bus.connection import connect
    from shared.bus.questions import Asker
    from shared.database import Database
    from shared.runtime.start import own_database

    from issuance.main import now
    from issuance.signer import ceremony
    from issuance.store.signer import SignerStore
    from issuance.verification.read_back import read_back
    from issuance.verification.verifier import Verifier
    from issuance.workflow.signer.recover import Incomplete, TicketRecovery

    database, asker = Database(own_database("signer", settings.database_url), SignerStore), Asker()
    connection = await connect("signer", settings.bus)
    asker.client = connection.client
    verifier = Verifier(ceremony.published_trust(settings.keys).trust)
    recovering = TicketRecovery(database, asker, partial(read_back, verifier), now)
    try:
        for _ in range(TRIES - 1):
            try:
                return await recovering.recover()
            except Incomplete as problem:
                typer.echo(str(problem), err=True)
                await asyncio.sleep(PAUSE_SECONDS)
        return await recovering.recover()
    finally:
        await connection.client.close()
        database.close()
