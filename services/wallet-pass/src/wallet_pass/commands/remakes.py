"""`wallet-pass remakes`: how far a new design or certificate has come."""

from typing import Annotated

import typer


def remakes(
    follow: Annotated[bool, typer.Option("--follow", help="Until all are done, a line every few seconds.")] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="Between two lines.")] = 5.0,
) -> None:
    """Which passes are being made anew, and how many of them are due or done already."""
    import time

    from shared.database import Database
    from shared.runtime.start import own_database

    from wallet_pass.settings import Settings
    from wallet_pass.store import PassStore

    database = Database(own_database("wallet-pass", Settings().database_url), PassStore)
    try:
        while found := database.read_now(lambda store: store.remakes()):
            for each in found:
                of = "all passes" if each.design_id is None else each.design_id
                since = f"{each.asked_at:%Y-%m-%d %H:%M} UTC"
                typer.echo(f"{of}: {each.made_due:,} of {each.of:,} passes, ordered {since}")
            if not follow:
                return
            time.sleep(seconds)
        typer.echo("no passes wait to be made anew")
    finally:
        database.close()
